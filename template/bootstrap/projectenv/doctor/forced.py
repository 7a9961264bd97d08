"""Find what pip was forced to put into a Python that a package manager looks after, by the records it left."""

from __future__ import annotations

import csv
import os
import re

from ..machine import Machine
from ..pins import normalised
from ..record import Record
from . import managers
from .asking import ask
from .managers import Manager, command
from .pythons import Found

# Nothing that could end a comment or a word of the shell: these names are written into the plan.
_METADATA = re.compile(r"(?P<name>[\w.~]+)-(?P<version>[\w.+!]+?)(-py[0-9.]+)?\.(dist|egg)-info")
_LISTS = ("RECORD", "installed-files.txt")
_AT_ONCE = 1000  # paths on one command line: systems bound its length
# What dpkg --verify, rpm -V (flags, kind, path), pacman -Qkk and apk audit print of one file. A kind c is a configuration
# file, g one that the package only names; a file whose time or owner alone differs is not damaged.
_FLAGGED = re.compile(r"^(?:missing|(?=\S*[5S])\S{8,}) +(?:(?P<kind>[a-z]) )? *(?P<path>/.*?)(?: \(.*\))?$", re.M)
_WARNED = re.compile(r"^warning: \S+: (?P<path>/.*) \((?:Size|MD5|SHA256|No such|.*checksum).*\)$", re.M)
_LETTERED = re.compile(r"^[UX] /?(?P<path>[^/].*)$", re.M)
_BREWED = ("pip", "setuptools", "wheel")  # brew lets pip install these, and looks after them


class Forced(Record):
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
                installer = _text(f"{metadata}/INSTALLER").strip()
                if kind == "system" and (installer not in ("pip", "uv") or _is_brewed(name, metadata)):
                    continue
                hides = theirs.get(name, "") if kind != "system" else ""
                # A ~ is what a killed pip leaves; without a list of files pip removes nothing.
                complete = name[0].isalnum() and any(os.path.isfile(f"{metadata}/{each}") for each in _LISTS)
                found.append(Forced(name, version, place, metadata, kind, python.path, installer, hides, complete))
    return _not_owned(found, manager, machine), list(dict.fromkeys(troubles))


def _distributions(place: str, troubles: list[str]) -> list[tuple[str, str, str]]:
    try:
        names = sorted(os.listdir(place))
    except FileNotFoundError:
        return []
    except OSError as error:
        troubles.append(f"{place} cannot be read: {error.strerror}")
        return []
    matches = [match for match in map(_METADATA.fullmatch, names) if match]
    return [(normalised(match["name"]), match["version"], f"{place}/{match[0]}") for match in matches]


def _is_brewed(name: str, metadata: str) -> bool:
    return "/Cellar/" in os.path.realpath(metadata) or ("/homebrew/" in metadata and name in _BREWED)


def _not_owned(found: list[Forced], manager: Manager | None, machine: Machine) -> list[Forced]:
    """Take away what the manager says is its own: some distributions build their packages with pip."""
    suspects = [each.metadata for each in found if each.kind == "system"]
    theirs = owners(suspects, manager, machine) if manager else {}
    return [each for each in found if each.metadata not in theirs]


def owners(paths: list[str], manager: Manager, machine: Machine) -> dict[str, str]:
    """Return path -> package for those that the manager knows."""
    found: dict[str, str] = {}
    for start in range(0, len(paths) if manager.owner else 0, _AT_ONCE):
        some = paths[start : start + _AT_ONCE]
        output = ask(command(manager.owner, *some), machine).output
        if manager.owner.startswith("rpm"):
            found |= _of_rpm(output, some, machine)
            continue
        known = re.findall(r"^(?!diversion by )(?P<package>[^:\s,]+)[^\n]*: (?P<path>/.*)$", output, re.M)
        known += [(package, path) for path, package in re.findall(r"^(/.*) is owned by (\S+)", output, re.M)]
        # Alpine's version is part of the word.
        found |= {path: re.sub(r"-[0-9][^-]*-r[0-9]+$", "", package) for package, path in known}
    return found


def _of_rpm(output: str, paths: list[str], machine: Machine) -> dict[str, str]:
    """Return path -> package, by the files of those packages: the first answer has no paths, and not one line for each."""
    packages = sorted({line for line in output.splitlines() if line and " " not in line})
    if not packages:
        return {}
    listed = ask(command(r"rpm -q --qf [%{=NAME}|%{FILENAMES}\n] {}", *packages), machine).output
    owned = {path: package for package, _, path in (line.partition("|") for line in listed.splitlines())}
    return {path: owned[path] for path in paths if path in owned}


def files(forced: Forced) -> list[str]:
    """Return the files that its record lists, as absolute paths."""
    rows = csv.reader(_text(f"{forced.metadata}/RECORD").splitlines())
    listed = [os.path.join(forced.place, row[0]) for row in rows if row and row[0]]
    # Before wheels there was another list, relative to its own folder.
    older = [os.path.join(forced.metadata, line) for line in _text(f"{forced.metadata}/{_LISTS[1]}").splitlines()]
    return [os.path.normpath(each) for each in listed or older]


def damaged(
    forced: list[Forced], pythons: list[Found], manager: Manager | None, machine: Machine
) -> tuple[dict[str, str], str]:
    """Return file -> package for the distribution's files that pip removed or overwrote, and why that may not be all.

    Only packages that pip can have touched are asked about: whose files it listed as its own, or that hold the same
    project. Of those, a changed file counts when pip listed it; what else changed it is not pip's to take back.
    """
    if manager is None:
        return {}, ""
    if not manager.verify:
        return {}, f"{manager.name} cannot tell which of its files are damaged"
    own = sorted({place for each in pythons if each.managed for place in each.places if "/usr/local/" not in place})
    # What lies in a user's folder or in /usr/local is nobody else's.
    listed = {path for each in forced if each.kind == "system" for path in files(each)}
    known = owners(sorted(listed), manager, machine)
    packages = set(known.values()) | _same_projects(forced, own, manager, machine)
    asked = sorted(packages) if manager.name != "apk" else [place for place in own if os.path.isdir(place)]
    if not packages or not asked:
        return {}, ""
    answer = ask(command(manager.verify, *asked), machine, 20)
    wrong = _wrong(answer.output + answer.errors)
    wrong = [path for path in wrong if path in listed or not os.path.lexists(path)]
    known |= owners([path for path in wrong if path not in known], manager, machine)
    return {path: known[path] for path in wrong if path in known}, answer.trouble


def _same_projects(forced: list[Forced], own: list[str], manager: Manager, machine: Machine) -> set[str]:
    """Return the manager's installed packages that hold a forced project, or one whose own record was removed."""
    names = {each.name for each in forced}
    found: set[str] = set()
    if manager.name == "apt":  # which says by a pattern also what is no longer there
        for path, package in owners([f"{place}/*-info" for place in own], manager, machine).items():
            match = _METADATA.fullmatch(os.path.basename(path))
            if (match and normalised(match["name"]) in names) or not os.path.lexists(path):
                found.add(package)
    elif names:
        words = [word for name in sorted(names) for word in managers.guesses(name, manager.prefix)]
        told = manager.read(ask(command(manager.installed or manager.question, *words), machine).output)
        found = {each.package for _, each in told if each.installed or manager.installed}
    return found


def _wrong(said: str) -> list[str]:
    """Return the damaged files that a manager named."""
    flagged = [match["path"] for match in _FLAGGED.finditer(said) if match["kind"] not in ("c", "g")]
    warned = [match["path"] for match in _WARNED.finditer(said)]
    return list(dict.fromkeys([*flagged, *warned, *(f"/{match['path']}" for match in _LETTERED.finditer(said))]))


def _text(file: str) -> str:
    try:
        with open(file, encoding="utf-8", errors="replace") as opened:
            return opened.read()
    except OSError:
        return ""
