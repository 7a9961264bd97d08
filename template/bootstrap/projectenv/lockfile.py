"""Write and compare pin files: header, blocks of pins, and the table of what changed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .engines import LOCKED
from .pins import has_conflict_markers, normalised, read_pins
from .record import Record
from .settings import Settings

_BLOCK = re.compile(r"^[A-Za-z0-9].*\n(?:[ \t]+.*\n)*", re.M)
_HEADER = re.compile(r"^# for: Python (\d+)\.(\d+) to (\d+)\.(\d+) on (.*)$", re.M)
_INPUTS = re.compile(r"^# inputs: sha256:([0-9a-f]{64})$", re.M)


class Change(Record):
    """What happened to one package: the versions before and after, and why."""

    name: str
    before: str
    after: str
    why: str = ""


def header(source: str, digest: str, settings: Settings, platform: str = "") -> str:
    """Return the lines that a pin file begins with; `platform` names the only one that it is for."""
    where = platform or f"Python {settings.allowed} on {' '.join(settings.targets)}"
    return (
        f"{LOCKED} from {source}; to change them, edit that file, then run: sh bootstrap.sh lock\n"
        f"# for: {where}\n"
        f"# inputs: sha256:{digest}\n"
    )


def drift(text: str, digest: str, settings: Settings) -> str:
    """Return why a locked pin file no longer answers to what is declared; empty when it does, or was never locked."""
    recorded, made_for = _INPUTS.search(text), _HEADER.search(text)
    if recorded and recorded[1] != digest:
        return "the declared requirements changed since the pins were locked"
    if not recorded or not made_for:
        return ""
    oldest, newest = (int(made_for[1]), int(made_for[2])), (int(made_for[3]), int(made_for[4]))
    if settings.oldest < oldest or settings.newest > newest:
        return f"the pins were locked for Python {made_for[1]}.{made_for[2]} to {made_for[3]}.{made_for[4]}"
    missing = set(settings.targets) - set(made_for[5].split())
    return f"the pins were not locked for {' '.join(sorted(missing))}" if missing else ""


def blocks(text: str) -> list[str]:
    """Return each pin with its hashes and comments."""
    return _BLOCK.findall(text)


def without(text: str, earlier: Iterable[str]) -> str:
    """Return the pins that are not the same in an earlier file: same name, version and marker."""
    known = {_first_line(block) for each in earlier for block in blocks(each)}
    return "".join(block for block in blocks(text) if _first_line(block) not in known)


def preferences(texts: Iterable[str]) -> str:
    """Return old pins for a resolver to prefer; after a merge that left its markers, without hashes."""
    kept = []
    for text in texts:
        broken = has_conflict_markers(text)
        kept += [_first_line(block) + "\n" if broken else block for block in blocks(text)]
    return "".join(kept)


def tidy(text: str, *hidden: str) -> str:
    """Return uv's output without what only it needed: our constraints file, and the path to the project."""
    for path in hidden:
        text = text.replace(path, "")
    text = re.sub(r"^    #   -c \S+\n", "", text, flags=re.M)
    # Not the project's name: shipped pins serve projects of any name.
    text = re.sub(r"\S+ \(((?:pyproject\.toml|setup\.py|setup\.cfg)[^)]*)\)", r"\1", text)
    # One origin fits beside "via", as uv itself writes it.
    return re.sub(r"    # via\n    #   ([^\n]+)\n(?!    #)", r"    # via \1\n", text)


def changes(before: str, after: str) -> list[Change]:
    """Return what changed between two sets of pins, by name."""
    old, new = read_pins(before), read_pins(after)
    found = []
    for name in sorted(set(old) | set(new)):
        was, now = _versions(old.get(name)), _versions(new.get(name))
        if was != now:
            down = bool(old.get(name) and new.get(name)) and major(new[name]) < major(old[name])
            found.append(Change(name, was, now, "WARNING: a lower major version" if down else _origin(after, name)))
    return found


def table(rows: list[Change]) -> str:
    """Return the changes as lines in columns: package, from, to, why."""
    cells = [("package", "from", "to", "why"), *((row.name, row.before, row.after, row.why) for row in rows)]
    widths = [max(len(cell[column]) for cell in cells) for column in range(3)]
    return "\n".join(
        "  ".join([*(cell[column].ljust(widths[column]) for column in range(3)), cell[3]]).rstrip() for cell in cells
    )


def order(version: str) -> list[int]:
    """Return a version as numbers to compare; enough for telling old from new."""
    return [int(part) for part in re.findall(r"\d+", version.partition("!")[2] or version)]


def major(versions: Iterable[str]) -> int:
    """Return the highest major version among several."""
    return max((order(version) or [0])[0] for version in versions)


def _versions(versions: set[str] | None) -> str:
    return " / ".join(sorted(versions, key=order)) if versions else "-"


def _origin(text: str, name: str) -> str:
    """Return who asked for a package, as the comments of its pins tell."""
    for block in blocks(text):
        if normalised(re.split(r"[=\[ ]", block)[0]) == name:
            said = " ".join(re.findall(r"^    #[ ]+(?:via\b[ ]*)?(.*)$", block, re.M)).strip()
            return "declared" if re.search(r"-r |\.toml|setup\.", said) else f"for {said}" if said else ""
    return ""


def _first_line(block: str) -> str:
    return block.partition("\n")[0].rstrip(" \\")
