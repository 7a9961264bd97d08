"""Find what pip was forced to put into a Python that a package manager looks after, by the records it left."""

from __future__ import annotations

import csv
import os
import re
from dataclasses import dataclass
from pathlib import Path

from ..machine import Machine
from ..pins import normalised
from .asking import ask
from .managers import Manager, command
from .pythons import Found

# Nothing that could end a comment or a word of the shell: these names are written into the plan.
_METADATA = re.compile(r"(?P<name>[\w.~]+)-(?P<version>[\w.+!]+?)(-py[0-9.]+)?\.(dist|egg)-info")
_LISTS = ("RECORD", "installed-files.txt")
_BREWED = ("pip", "setuptools", "wheel")  # brew lets pip install these, and looks after them


@dataclass(frozen=True)
class Forced:
    """One package that is there against the package manager: where, by whom, and what it hides."""

    name: str
    version: str
    place: str
    metadata: str
    kind: str
    """user: one person's folder; local: for everyone, beside the manager's own; system: among the manager's files."""
    python: str
    installer: str = ""
    hides: str = ""
    """The version of the distribution's own copy, which is no longer the one imported."""
    complete: bool = True
    """Whether its files are listed, so that they can be removed."""


def find(pythons: list[Found], manager: Manager | None, machine: Machine) -> tuple[list[Forced], list[str]]:
    """Return the forced packages of every externally managed Python, and in words what could not be looked into."""
    found: list[Forced] = []
    troubles: list[str] = []
    for python in pythons:
        if not python.managed:
            continue
        own = [place for place in python.places if not place.startswith("/usr/local/lib/python")]
        theirs = {name: version for place in own for name, version, _ in _distributions(place, troubles)}
        for place in dict.fromkeys((python.user, *python.places)):
            if any(each.place == place for each in found):
                continue
            kind = "user" if place == python.user else "system" if place in own else "local"
            for name, version, metadata in _distributions(place, troubles):
                installer = _text(metadata / "INSTALLER").strip()
                if kind == "system" and (installer not in ("pip", "uv") or _is_brewed(name, metadata)):
                    continue
                hides = theirs.get(name, "") if kind != "system" else ""
                # A ~ is what a killed pip leaves; without a list of files pip removes nothing.
                complete = name[0].isalnum() and any((metadata / each).is_file() for each in _LISTS)
                found.append(Forced(name, version, place, str(metadata), kind, python.path, installer, hides, complete))
    return _not_owned(found, manager, machine), list(dict.fromkeys(troubles))


def _distributions(place: str, troubles: list[str]) -> list[tuple[str, str, Path]]:
    try:
        names = sorted(os.listdir(place))
    except FileNotFoundError:
        return []
    except OSError as error:
        troubles.append(f"{place} cannot be read: {error.strerror}")
        return []
    matches = [match for match in map(_METADATA.fullmatch, names) if match]
    return [(normalised(match["name"]), match["version"], Path(place, match[0])) for match in matches]


def _is_brewed(name: str, metadata: Path) -> bool:
    return "/Cellar/" in os.path.realpath(metadata) or ("/homebrew/" in str(metadata) and name in _BREWED)


def _not_owned(found: list[Forced], manager: Manager | None, machine: Machine) -> list[Forced]:
    """Take away what the manager says is its own: some distributions build their packages with pip."""
    suspects = [each.metadata for each in found if each.kind == "system"]
    theirs = owners(suspects, manager, machine) if manager else {}
    return [each for each in found if each.metadata not in theirs]


def owners(paths: list[str], manager: Manager, machine: Machine) -> dict[str, str]:
    """Return path -> package for those that the manager knows."""
    if not paths or not manager.owner:
        return {}
    if "%{NAME}" in manager.owner:  # rpm answers in the order of the paths, one line each
        lines = ask(command(manager.owner, *paths), machine).output.splitlines()
        return {path: line for path, line in zip(paths, lines, strict=False) if " is not owned" not in line}
    output = ask(command(manager.owner, *paths), machine).output
    known = re.findall(r"^(?P<package>[^:\s,]+)[^\n]*: (?P<path>/.*)$", output, re.M)
    known += [(package, path) for path, package in re.findall(r"^(/.*) is owned by (\S+)", output, re.M)]
    return {path: package for package, path in known}


def files(forced: Forced) -> list[str]:
    """Return the files that its record lists, as absolute paths."""
    rows = csv.reader(_text(Path(forced.metadata, "RECORD")).splitlines())
    listed = [os.path.join(forced.place, row[0]) for row in rows if row and row[0]]
    # Before wheels there was another list, relative to its own folder.
    older = [os.path.join(forced.metadata, line) for line in _text(Path(forced.metadata, _LISTS[1])).splitlines()]
    return [os.path.normpath(each) for each in listed or older]


def damaged(pythons: list[Found], manager: Manager | None, machine: Machine) -> tuple[dict[str, str], str]:
    """Return file -> package for the distribution's own files that are missing or changed, and why that may not be all."""
    if manager is None or manager.name != "apt":
        return {}, "" if manager is None else f"which files of {manager.name}'s are damaged was not asked"
    own = {place for each in pythons if each.managed for place in each.places if not place.startswith("/usr/local/")}
    known = owners([f"{place}/*" for place in sorted(own)], manager, machine)
    if not known:
        return {}, ""
    answer = ask(["dpkg", "--verify", *sorted(set(known.values()))], machine, 20)
    wrong = re.findall(r"^(?:missing|\S{9,}) +(?:c )?(/.*?)(?: \(.*\))?$", answer.output, re.M)
    return {path: known[path] for path in wrong if path in known}, answer.trouble


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
