"""Choose the wheels that a laptop needs, as pip on that laptop would: its markers, its tags, not those of this computer.

pip's own `packaging` does it. Its `download` cannot: it takes markers from the Python that runs it, and a tag literally.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .. import tools
from ..failure import Failure
from ..lockfile import blocks
from ..pins import normalised, with_included
from .laptops import Laptop

_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_HEAD = re.compile(
    r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*==\s*(?P<version>[^\s;\\]+)\s*(?:;(?P<marker>[^\\]*))?"
)
_GLIBC = (17, 28)
"""manylinux_2_17 fits the oldest systems still in use, 2_28 is what the pins were proven for."""
_MACOS = ((11, 0), (12, 0), (13, 0), (14, 0))


@dataclass(frozen=True)
class Pin:
    """One line of the pins: when it applies, and which files it may be."""

    name: str
    version: str
    marker: str
    hashes: frozenset[str]
    applies: Callable[[dict[str, str]], bool] = field(compare=False, default=lambda _: True)


def use_packaging_of(pip: tools.Pip) -> None:
    """Let this process import what pip carries with it."""
    if str(pip.runs_from) not in sys.path:
        sys.path.insert(0, str(pip.runs_from))


def read(project: Path, names: tuple[str, ...]) -> list[Pin]:
    """Return the pins of a project, and those of pip and uv; a pin without hashes is a Failure."""
    texts = [(project / name).read_text(encoding="utf-8") for name in with_included(project, names)]
    return [*parse("".join(texts)), *parse(tools.pinned("pip").requirement + tools.pinned("uv").requirement)]


def parse(text: str) -> list[Pin]:
    """Return the pins in a text; one without hashes is a Failure, because no file could be told from another."""
    from pip._vendor.packaging.markers import Marker

    found = []
    for block in blocks(text):
        head, hashes = _HEAD.match(block), frozenset(_HASH.findall(block))
        if not head or not hashes:
            raise Failure(
                f"{block.partition(chr(10))[0].rstrip(chr(92) + ' ')!r} is not pinned with its hashes.",
                "A wheelhouse holds exactly the files that the pins name.",
                "bootstrap lock",
            )
        marker = (head["marker"] or "").partition(" --hash")[0].strip()
        applies = Marker(marker).evaluate if marker else (lambda _: True)
        found.append(Pin(normalised(head["name"]), head["version"], marker, hashes, applies))
    return found


def patch_levels(pins: Iterable[Pin], laptop: Laptop) -> list[int]:
    """Return the patch levels of a laptop's Python that the pins tell apart: a laptop may have any of them."""
    major, minor = laptop.python
    levels = {0}
    for pin in pins:
        for found in re.findall(rf"\b{major}\.{minor}\.(\d+)", pin.marker):
            levels.update({max(int(found) - 1, 0), int(found), int(found) + 1})
    return sorted(levels)


def needed(pins: list[Pin], laptop: Laptop) -> list[Pin]:
    """Return the pins that a laptop needs with any patch level of its Python."""
    worlds = [world(laptop, patch) for patch in patch_levels(pins, laptop)]
    return [pin for pin in pins if any(pin.applies(each) for each in worlds)]


def world(laptop: Laptop, patch: int) -> dict[str, str]:
    """Return a laptop's marker variables (PEP 508)."""
    full = f"{laptop.dotted}.{patch}"
    system = laptop.target.system
    return {
        "implementation_name": "cpython",
        "implementation_version": full,
        "os_name": "nt" if system == "win32" else "posix",
        "platform_machine": laptop.target.processor,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
        "platform_version": "",
        "python_full_version": full,
        "python_version": laptop.dotted,
        "sys_platform": system,
    }


def best(names: Iterable[str], laptop: Laptop) -> str:
    """Return the wheel that serves most laptops of a kind, those with an old system too; empty where none does."""
    tagged = [(name, _tags_of(name)) for name in names]
    for ranks in _ranks(laptop):
        fitting = [
            (min(found), name) for name, tags in tagged if (found := [ranks[tag] for tag in tags if tag in ranks])
        ]
        if fitting:
            return min(fitting)[1]
    return ""


def _tags_of(name: str) -> frozenset[Any]:
    from pip._vendor.packaging.utils import InvalidWheelFilename, parse_wheel_filename

    try:
        return frozenset(parse_wheel_filename(name)[3])
    except (InvalidWheelFilename, ValueError):
        return frozenset()


@cache
def _ranks(laptop: Laptop) -> tuple[dict[Any, int], ...]:
    """Return the ranks of the tags that a laptop accepts, for its oldest system first."""
    from pip._vendor.packaging.tags import compatible_tags, cpython_tags

    every = []
    for platforms in _platforms(laptop):
        abi = f"cp{laptop.python[0]}{laptop.python[1]}"
        tags = [*cpython_tags(laptop.python, [abi], platforms), *compatible_tags(laptop.python, abi, platforms)]
        every.append({tag: rank for rank, tag in reversed(list(enumerate(tags)))})
    return tuple(every)


def _platforms(laptop: Laptop) -> Iterator[list[str]]:
    from pip._vendor.packaging.tags import mac_platforms

    processor = laptop.target.processor
    if laptop.target.system == "linux":
        old = ["manylinux2010", "manylinux1"] if processor == "x86_64" else []
        for newest in _GLIBC:
            names = [f"manylinux_2_{minor}" for minor in range(newest, 4, -1)]
            yield [f"{name}_{processor}" for name in (*names, "manylinux2014", *old, "linux")]
    elif laptop.target.system == "darwin":
        for version in _MACOS:
            yield list(mac_platforms(version, processor))
    else:
        yield [f"win_{processor.lower()}"]
