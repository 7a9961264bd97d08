"""Say who is ready, who has an old copy, what fails on which system, who is missing, and who mistyped."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from ..console import Console
from ..failure import Failure
from .chat import Entry, key_of, read_entries
from .described import pins_digest
from .examine import Room
from .verdict import Verdict, part_of

_FAILING = {
    "python": "with the wrong Python",
    "environment": "not set up",
    "pins": "with other packages than the pins",
    "imports": "with a package that cannot be loaded",
    "blocked": "blocked by the computer's owner",
    "kernel": "whose notebooks do not start",
    "data": "with other data files",
    "notebooks": "with damaged notebooks",
}
_UNREAD = 0
"""The pins in the code that start-windows.cmd and its like carry for a laptop without any Python: nobody could read them."""
_SYSTEMS = {"macos": "macOS", "windows": "Windows", "linux": "Linux"}


def roster(room: Room, file: str, expected: str | None) -> int:
    """Print the report on a file of codes, `-` for what is pasted; return 0 when all are ready, else 1."""
    text = _pasted(room.console) if file == "-" else _read(file, "the codes, as they were pasted from the chat")
    told = _read(expected, "the names of all who were invited, one on a line") if expected else ""
    names = [line.strip() for line in told.splitlines() if line.strip()]
    entries = read_entries(text)
    if not entries:
        raise Failure(
            "there is no code in that.",
            "A code looks like 880C-1SGC-BXFH; each person's `start` ends with one.",
            "bootstrap roster FILE   with the chat pasted into FILE, or a CSV",
        )
    pins = part_of(pins_digest(room.workshop.project, room.settings.pins))
    for line in report(entries, names, pins):
        room.console.say(line)
    all_ready = all(each.verdict and each.verdict.ready and each.verdict.pins == pins for each in entries)
    return 0 if all_ready and not missing(entries, names) else 1


def report(entries: list[Entry], expected: list[str], pins: int) -> list[str]:
    """Return the lines to show: first how many are ready, then whoever needs help."""
    known = [(each, each.verdict) for each in entries if each.verdict]
    old = [each for each, verdict in known if verdict.pins not in (pins, _UNREAD)]
    ready = [each for each, verdict in known if verdict.ready and each not in old]
    absent = missing(entries, expected)
    lines = [f"{len(ready)} of {len(entries) + len(absent)} ready: {_names(ready)}"]
    if old:
        lines.append(
            f"{len(old)} with an old copy: {_names(old)}\n    next: get the workshop's folder again, then start"
        )
    lines += _failing([(each, verdict) for each, verdict in known if not verdict.ready and each not in old])
    lines += [
        f"mistyped: {each.name} wrote {each.code}, meant {each.meant} (counted as that)"
        for each in entries
        if each.meant
    ]
    lines += [f"mistyped: {each.name} wrote {each.code}: ask again" for each in entries if not each.verdict]
    if absent:
        lines.append(f"{len(absent)} missing: {', '.join(absent)}")
    laptops = Counter(_laptop(verdict) for _, verdict in known)
    return [
        *lines,
        *([f"laptops: {', '.join(f'{count} {what}' for what, count in laptops.most_common())}"] if laptops else []),
    ]


def _failing(several: list[tuple[Entry, Verdict]]) -> list[str]:
    """Return who fails what, by system; only the first failing check counts, the others follow from it."""
    found: dict[str, dict[str, list[str]]] = {}
    for each, verdict in several:
        systems = found.setdefault(verdict.failed[0], {})
        systems.setdefault(_SYSTEMS.get(verdict.system, "other"), []).append(f"{each.name} ({_python(verdict)})")
    return [
        f"{sum(map(len, systems.values()))} {_FAILING[check]}: "
        + "; ".join(f"{system}: {', '.join(names)}" for system, names in sorted(systems.items()))
        for check, systems in sorted(found.items(), key=lambda item: -sum(map(len, item[1].values())))
    ]


def missing(entries: list[Entry], expected: list[str]) -> list[str]:
    """Return whom none of the codes belongs to; a name may be shorter in the chat, as long as only one person has it."""
    present = {key_of(each.name) for each in entries}
    return [name for name in expected if key_of(name) not in present and not _shortened(name, present, expected)]


def _shortened(name: str, present: set[str], expected: list[str]) -> bool:
    def alike(said: str, whole: str) -> bool:
        left, right = set(re.findall(r"\w+", said)), set(re.findall(r"\w+", key_of(whole)))
        return bool(left and right) and (left <= right or right <= left)

    return any(alike(said, name) and [alike(said, each) for each in expected].count(True) == 1 for said in present)


def _names(entries: list[Entry]) -> str:
    return ", ".join(each.name for each in entries) or "nobody"


def _laptop(verdict: Verdict) -> str:
    return f"{_SYSTEMS.get(verdict.system, 'other')} {verdict.processor} {_python(verdict)}"


def _python(verdict: Verdict) -> str:
    return f"Python 3.{verdict.minor}" if verdict.minor else "no Python"


def _pasted(console: Console) -> str:
    if sys.stdin.isatty():
        console.say("Paste the chat or the codes here; then Ctrl-D (Windows: Ctrl-Z and Enter) on a line of its own.")
    return sys.stdin.read()


def _read(file: str, what: str) -> str:
    try:
        content = Path(file).expanduser().read_bytes()
    except OSError as error:
        raise Failure(f"{file}: {error.strerror}.", f"It was to hold {what}.", "bootstrap roster codes.txt") from error
    # Notepad and PowerShell write this where they are asked for Unicode.
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return content.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
