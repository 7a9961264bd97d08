"""Renew a project's pins on update: never by a text merge.

Copier leaves the pin files alone once they are there (`_skip_if_exists`), so nothing can put conflict markers into them.
A project with the pins that an earlier version shipped gets those that this version ships. One with pins of its own
keeps them; where its pin of a package is still the shipped one, the newly shipped one becomes the preference, and the
project's own `lock` resolves again. When that fails, every pin is as it was.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FILES = ("requirements.txt", "requirements-dev.txt")
_BLOCK = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==.*(?:\n[ \t]+.*)*\n?", re.M)


@dataclass(frozen=True)
class Pins:
    """One pin file in three states; `before` is None when the template's history cannot show it."""

    mine: str
    before: str | None
    shipped: str


def shipped_before(source: Path, version: str, path: str) -> str | None:
    """Return a file of the template as an earlier version had it, or None."""
    command = ["git", "-C", str(source), "show", f"{version}:{path}"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace").replace("\r\n", "\n") if done.returncode == 0 else None


def read(project: Path, source: Path, starter: str, version: str) -> dict[str, Pins]:
    """Return the pin files that both the project and this version of the template have."""
    found = {}
    for name in FILES:
        mine, shipped = project / name, source / "pins" / starter / name
        if mine.is_file() and shipped.is_file():
            before = shipped_before(source, version, f"pins/{starter}/{name}")
            found[name] = Pins(_text(mine), before, _text(shipped))
    return found


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def blocks(text: str) -> dict[str, str]:
    """Return each package's pins in a pin file: name -> its lines, hashes and comments included."""
    found: dict[str, str] = {}
    for match in _BLOCK.finditer(text):
        name = re.sub(r"[-_.]+", "-", match["name"]).lower()
        found[name] = found.get(name, "") + match[0]
    return found


def preferred(pins: Pins) -> str:
    """Return the project's pins with those renewed that it never changed itself."""
    before, shipped = blocks(pins.before or ""), blocks(pins.shipped)

    def renewed(match: re.Match[str]) -> str:
        name = re.sub(r"[-_.]+", "-", match["name"]).lower()
        untouched = name in shipped and before.get(name) == blocks(pins.mine)[name]
        # Forks of one package stand in several blocks: the first brings all of the new ones.
        first = pins.mine.index(match[0]) == match.start() and blocks(pins.mine)[name].startswith(match[0])
        return (shipped[name] if first else "") if untouched else match[0]

    return _BLOCK.sub(renewed, pins.mine)


def renew(project: Path, source: Path, starter: str, version: str, lock: Callable[[], bool]) -> str:
    """Renew the pins in a project and return a sentence on what was done; empty when nothing was to do."""
    found = read(project, source, starter, version)
    if all(pins.shipped in (pins.mine, pins.before) for pins in found.values()):
        return ""
    if all(pins.mine in (pins.before, pins.shipped) for pins in found.values()):
        for name, pins in found.items():
            _write(project / name, pins.shipped)
        return "The pins are those of the template's new version."
    for name, pins in found.items():
        _write(project / name, preferred(pins))
    if lock():
        return "Your pins were locked again, with the template's new versions as preferences."
    for name, pins in found.items():
        _write(project / name, pins.mine)
    return "Your pins are as they were: they could not be locked again now. Later: sh bootstrap.sh lock --upgrade"


def _write(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
