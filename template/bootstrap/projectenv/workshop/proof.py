"""Prove that a wheelhouse is enough: uv chooses a file for every pin, as each laptop would, from that folder alone."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .. import tools
from ..configuration import engine_environment
from ..failure import Failure
from ..process import Finished, run
from .examine import Room
from .laptops import Laptop, in_words, kinds
from .selection import Pin, patch_levels

_PLACES = ("UV_FIND_LINKS", "UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL")


def prove(room: Room, folder: Path, pins: list[Pin], wanted: list[Laptop], *, may_fetch: bool = True) -> None:
    """Raise a Failure that names the laptops for which a wheel is missing, and what uv said.

    Where there is no uv, and none may be fetched for it, that is said instead.
    """
    uv = tools.find_uv(room.machine, folder)
    if uv is None and not may_fetch:
        room.console.say(
            "Not proven again that this is enough: there is no uv here. It was proven when the manifest was written."
        )
        return
    uv = uv or tools.fetch_uv(room.machine, room.console, folder, offline=False)
    asked = [(laptop, patch) for laptop in wanted for patch in patch_levels(pins, laptop)]
    with (
        tempfile.TemporaryDirectory(prefix="venv-template-") as place,
        room.console.progress(f"proving it for {kinds(wanted)}"),
        ThreadPoolExecutor(4) as several,
    ):
        Path(place, "pip.txt").write_text(tools.pinned("pip").requirement, encoding="utf-8")
        files = [*room.pins, Path(place, "pip.txt")]
        done = list(several.map(lambda each: _dry_run(room, uv, folder, files, *each), asked))
    wrong = {laptop: each for (laptop, _), each in zip(asked, done, strict=True) if each.code != 0}
    if wrong:
        raise not_enough(wrong)
    room.console.say(f"Proven with uv: every pin has its wheel here, for {len(wanted)} of {kinds(wanted)}.")


def not_enough(wrong: dict[Laptop, Finished]) -> Failure:
    """Return the failure for laptops that would not be served."""
    said = "\n".join(f"  {line}" for line in _essence(next(iter(wrong.values())).output))
    return Failure(
        f"this wheelhouse is not enough for {', '.join(each.key for each in wrong)}.",
        f"uv says of the first:\n{said}",
        f"bootstrap wheelhouse {in_words(wrong)}",
    )


def _essence(output: str) -> Iterator[str]:
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    yield from lines[:6]


def _dry_run(room: Room, uv: Path, folder: Path, files: list[Path], laptop: Laptop, patch: int) -> Finished:
    command: list[str | Path] = [uv, "pip", "install", "--quiet", "--dry-run"]
    command += ["--offline", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--python-platform", laptop.target.uv, "--python-version", f"{laptop.dotted}.{patch}"]
    command += ["--python", sys.executable, "--no-index", "--find-links", folder]
    environ = engine_environment(room.machine, "uv")
    for name in _PLACES:  # what the instructor can reach, the room cannot
        environ.pop(name, None)
    environ.update(UV_NO_CONFIG="1", MACOSX_DEPLOYMENT_TARGET="14.0")
    command += [word for file in files for word in ("-r", file)]
    # Even a dry run makes that folder.
    with tempfile.TemporaryDirectory() as nowhere:
        return run([*command, "--target", nowhere], environ=environ)
