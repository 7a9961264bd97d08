"""Know which packages a pin file names; what a requirement means is left to pip and uv.

Only the shape that every lock tool writes is read: `name==version` at the start of a line.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*===?\s*(?P<version>[^\s;\\]+)(?P<rest>.*)$", re.M
)
_INCLUDE = re.compile(r"^\s*(?:-r|-c|--requirement|--constraint)[ =]*([^\s#]+)", re.MULTILINE)
_CONFLICT = re.compile(r"^(<{7} |={7}$|>{7} )", re.M)

Pins = dict[str, set[str]]
"""Normalised name -> the versions it is pinned to; several where the pins fork by a marker."""


def normalised(name: str) -> str:
    """Return a project name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_pins(text: str) -> Pins:
    """Return what a pin file pins."""
    pins: Pins = {}
    for match in _PIN.finditer(text):
        pins.setdefault(normalised(match["name"]), set()).add(match["version"])
    return pins


def always_installed(text: str) -> set[str]:
    """Return the names that are pinned without a marker: those belong in every environment."""
    marked = {normalised(match["name"]) for match in _PIN.finditer(text) if ";" in match["rest"]}
    return set(read_pins(text)) - marked


def has_conflict_markers(text: str) -> bool:
    """Tell whether a merge left its markers in the text."""
    return bool(_CONFLICT.search(text))


def with_included(project: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return pin files and the files that they include with -r or -c, each once, as paths relative to the project."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        file = project / name
        if name in found or not (name in names or file.is_file()):
            continue
        found[name] = None
        if file.is_file():
            text = file.read_text(encoding="utf-8", errors="replace")
            waiting += [(Path(name).parent / included).as_posix() for included in _INCLUDE.findall(text)]
    return tuple(found)


def installed(site_packages: Path) -> dict[str, str]:
    """Return normalised name -> version of every distribution in a site-packages folder."""
    found = {}
    for folder in site_packages.glob("*.dist-info"):
        name, _, version = folder.name.removesuffix(".dist-info").rpartition("-")
        # A folder without METADATA is what a killed installation leaves.
        if name and (folder / "METADATA").is_file():
            found[normalised(name)] = version
    return found


def is_complete(text: str) -> bool:
    """Tell whether the pins name all that they need: a lock wrote them, or they have hashes, which pip then asks of all."""
    return "# Locked by bootstrap" in text or "--hash=" in text


def gone(site_packages: Path) -> dict[str, str]:
    """Return name -> a file of each distribution that is recorded and missing; one file of each top-level name is looked at."""
    found = {}
    for record in sorted(site_packages.glob("*.dist-info/RECORD")):
        first: dict[str, str] = {}
        for line in record.read_text(encoding="utf-8", errors="replace").splitlines():
            file = line.partition(",")[0]
            if file.endswith((".py", ".so", ".pyd")) and not file.startswith(("..", "/", '"')):
                first.setdefault(file.partition("/")[0], file)
        for file in first.values():
            if not (site_packages / file).exists():
                found[normalised(record.parent.name.removesuffix(".dist-info").rpartition("-")[0])] = file
    return found


def editable_from(project: Path, site_packages: Path) -> list[str]:
    """Return the names of the distributions that are installed editable from this project, the newest last (PEP 610)."""
    import json
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    found = []
    for file in site_packages.glob("*.dist-info/direct_url.json"):
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            folder, editable = url2pathname(urlsplit(told["url"]).path), told["dir_info"]["editable"]
        except (OSError, ValueError, KeyError):
            continue
        if editable and os.path.realpath(folder) == os.path.realpath(project):
            name = file.parent.name.removesuffix(".dist-info").rpartition("-")[0]
            found.append((file.stat().st_mtime_ns, normalised(name)))
    return [name for _, name in sorted(found)]


def same_version(left: str, right: str) -> bool:
    """Tell whether two spellings are one version, as far as pins spell them (1.0 and 1.0.0, 2024.01 and 2024.1)."""
    return _canonical(left) == _canonical(right)


def _canonical(version: str) -> list[str]:
    parts = [part.lstrip("0") or "0" for part in re.split(r"[._+-]", version.lower())]
    while len(parts) > 1 and parts[-1] == "0":
        parts.pop()
    return parts


def differences(text: str, present: dict[str, str]) -> list[str]:
    """Return, in words, how an environment differs from its pins; empty when it holds them all."""
    words = []
    required = always_installed(text)
    for name, versions in sorted(read_pins(text).items()):
        version = present.get(name)
        if version is None and name in required:
            words.append(f"{name} is not installed")
        elif version is not None and not any(same_version(version, pinned) for pinned in versions):
            words.append(f"{name} is {version}, pinned to {' or '.join(sorted(versions))}")
    return words
