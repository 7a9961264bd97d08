"""Pin what is declared: one universal, hashed file for each layer, with wheels proven for every named platform."""

from __future__ import annotations

import difflib
import os
import sys
import tempfile
from pathlib import Path

from .. import tools
from ..configuration import engine_environment
from ..console import Console
from ..declaration import read_declaration
from ..failure import Failure
from ..index import why_missing
from ..lockfile import Change, changes, header, table
from ..machine import Machine
from ..network import explain
from ..pins import normalised, read_pins
from ..process import run
from ..resolution import resolve
from ..resolver import Uv, Wish
from ..settings import Settings
from ..turn import our_turn

TURN = ".venv.pins"
"""What one run at a time may change; not the environment's own turn, which is taken while this one is held."""


def lock(project: Path, settings: Settings, machine: Machine, console: Console, wish: Wish, *, pylock: bool) -> int:
    """Write the pin files anew, print what changed, and return the exit code."""
    with our_turn(project / TURN, console):
        old = read_pin_files(project, settings)
        found, platform = resolve_pins(project, settings, machine, console, wish)
        new = headed(project, found, platform, settings, machine, console)
        if not wish.dry_run:
            write_pin_files(project, new)
    tell_changes(console, changes("\n".join(old.values()), "\n".join(new.values())))
    _refuse_unknown(wish, "\n".join((*old.values(), *new.values())))
    if wish.dry_run:
        console.say("Nothing was written.")
        return 0
    if pylock:
        _export(project, settings, machine, console, new)
        console.say("pylock.toml holds the same pins.")
    if new != old:
        console.say(f"Pinned: {' '.join(new)}. Next: {_typed('bootstrap')}")
    return 0


def _refuse_unknown(wish: Wish, text: str) -> None:
    """Tell of a package that was to be renewed and is not pinned at all: mistyped, most likely."""
    known = read_pins(text)
    unknown = [name for name in wish.upgrade or () if normalised(name) not in known]
    if unknown:
        near = difflib.get_close_matches(normalised(unknown[0]), known, 1)
        raise Failure(
            f"{', '.join(unknown)}: not among the pins, so there was nothing to renew.",
            "All else was pinned as asked." if len(unknown) < len(wish.upgrade or ()) else "",
            f"bootstrap lock --upgrade {near[0]}" if near else "bootstrap add NAME   declares a new package",
        )


def resolve_pins(
    project: Path, settings: Settings, machine: Machine, console: Console, wish: Wish
) -> tuple[dict[str, str], str]:
    """Return the pins of each file, without header, and the only platform that they fit (empty: those of settings.ini).

    Nothing of the project is changed.
    """
    declaration = read_declaration(project, settings, machine, console)
    old = read_pin_files(project, settings)
    program = find_or_fetch_uv(project, machine, console, offline=wish.offline)
    if program is None:
        from ..resolvehere import resolve_here

        console.warn("there is no uv for this machine: pip resolves, and the pins will fit this machine alone")
        return resolve_here(project, declaration, settings, machine, console, wish, old)
    where = f"{len(settings.targets)} platforms and Python {settings.allowed}"
    with tempfile.TemporaryDirectory(prefix="venv-template-") as folder:
        uv = Uv(program, Path(folder), project, settings, machine, console, wish)
        with console.progress(f"resolving for {where}"):
            return resolve(uv, declaration, old), ""


def headed(
    project: Path, found: dict[str, str], platform: str, settings: Settings, machine: Machine, console: Console
) -> dict[str, str]:
    """Return the text of each pin file: pins, and a header that tells what they were made from."""
    declaration = read_declaration(project, settings, machine, console)
    return {
        layer.pins: header(layer.source, declaration.digest, settings, platform) + found[layer.pins]
        for layer in declaration.layers
    }


def _export(project: Path, settings: Settings, machine: Machine, console: Console, pins: dict[str, str]) -> None:
    """Write the pins as pylock.toml (PEP 751), for pip 26.1 and later and for uv: the same versions, nothing resolved."""
    program = find_or_fetch_uv(project, machine, console, offline=False)
    if program is None:
        raise Failure("pylock.toml is written by uv, and there is none for this machine.", "", "bootstrap lock")
    with tempfile.TemporaryDirectory(prefix="venv-template-") as folder:
        Path(folder, "all.txt").write_text("".join(pins.values()), encoding="utf-8")
        command: list[str | Path] = [program, "pip", "compile", "--quiet", "--universal", "--no-deps", "--no-header"]
        command += ["--python", sys.executable, "--no-python-downloads", "--format", "pylock.toml"]
        command += ["--python-version", f"{settings.oldest[0]}.{settings.oldest[1]}", "-o", "pylock.toml", "all.txt"]
        done = run(command, environ=engine_environment(machine, "uv"), cwd=Path(folder))
        if done.code != 0:
            raise explain(done, machine)
        text = Path(folder, "pylock.toml").read_text(encoding="utf-8")
    write_pin_files(project, {"pylock.toml": text})


def find_or_fetch_uv(project: Path, machine: Machine, console: Console, *, offline: bool) -> Path | None:
    """Return uv: the one that is here, else the pinned one, fetched after saying so; None where none exists."""
    house = project / "wheelhouse"
    here = tools.find_uv(machine, house if house.is_dir() else None)
    if here:
        return here
    try:
        return tools.fetch_uv(machine, console, house if house.is_dir() else None, offline=offline)
    except Failure as failure:
        # pip says the same of an index that cannot be reached (FAILURES, section D): ask the index itself.
        missing = why_missing("uv", "uv", machine) if "No matching distribution" in failure.why else failure
        if "does not offer" in missing.what:
            return None
        what = (
            missing.what.rstrip(".") if missing is failure else f"uv could not be fetched: {missing.what.rstrip('.')}"
        )
        raise Failure(f"pins are resolved by uv, and {what}.", missing.why, missing.next_step) from failure


def read_pin_files(project: Path, settings: Settings) -> dict[str, str]:
    """Return the pin files as they are; an empty text for one that is not there."""
    files = {name: project / name for name in settings.pins}
    return {
        name: file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
        for name, file in files.items()
    }


def write_pin_files(project: Path, texts: dict[str, str]) -> None:
    """Write each pin file in one step; one that would stay the same is not touched."""
    for name, text in texts.items():
        file = project / name
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            unfinished = file.with_name(file.name + ".new")
            unfinished.write_bytes(text.encode())
            os.replace(unfinished, file)


def tell_changes(console: Console, rows: list[Change]) -> None:
    """Print what changed, or that nothing did."""
    console.say(table(rows) if rows else "No pin changed.")


def _typed(command: str) -> str:
    from ..ready import typed

    return typed(command)
