"""Turn pasted chat, or a CSV, into who is ready, who has an old copy, what fails where, who is missing, and typos."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ..failure import Failure
from .described import pins_digest
from .examine import Room
from .verdict import Verdict, decode, nearest, part_of

# Any dash, any blanks: chats turn hyphens into others, and people read codes in groups.
_CODE = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z0-9]{4})[\s\-\u2010-\u2015_.]{1,3}([A-Za-z0-9]{4})[\s\-\u2010-\u2015_.]{1,3}([A-Za-z0-9]{4,5})(?![A-Za-z0-9])"
)
_TIME = re.compile(r"^\W*(\d{4}-\d\d-\d\d[T ]?)?(\d{1,2}[:.]\d\d([:.]\d\d)?\s*(?:[AaPp]\.?[Mm]\.?)?)?\W*")
_WORDS = re.compile(r"\b(not ready|ready|code|from|to|everyone|next)\b", re.I)
_FAILING = {
    "python": "wrong Python",
    "environment": "not set up",
    "pins": "packages differ",
    "imports": "a package cannot be loaded",
    "blocked": "blocked by the computer's owner",
    "kernel": "notebooks do not start",
    "data": "data files differ",
    "notebooks": "notebooks are damaged",
}


@dataclass(frozen=True)
class Entry:
    """One code, and whose it seems to be."""

    name: str
    code: str
    verdict: Verdict | None
    meant: str = ""
    """What a mistyped code was meant to be, where only one is near."""


def read_entries(text: str) -> list[Entry]:
    """Return every code in a text; of one name the last one counts, because people try again."""
    found: dict[str, Entry] = {}
    speaker = ""
    for number, line in enumerate(text.splitlines(), 1):
        code = _CODE.search(line)
        name = _name(line[: code.start()] if code else line)
        if not code:
            # Many chats put the name on a line of its own, above what was said.
            speaker = name if name and len(name) < 60 else speaker
            continue
        name = name or _name(line[code.end() :]) or speaker or f"line {number}"
        spelled = "-".join(code.groups()).upper()
        verdict = decode(spelled)
        meant = "" if verdict else nearest(spelled)
        found[_key(name)] = Entry(name, spelled, verdict or decode(meant), meant)
    return list(found.values())


def _name(text: str) -> str:
    text = _WORDS.sub(" ", _TIME.sub("", text))
    return " ".join(re.sub(r"[\[\](){}<>\"|,;:*_=]+", " ", text).split()).strip(" -.")


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def report(entries: list[Entry], expected: list[str], pins: int) -> list[str]:
    """Return the lines to show: first how many, then whoever needs help."""
    known = [each for each in entries if each.verdict]
    old = [each for each in known if each.verdict and each.verdict.pins != pins]
    ready = [each for each in known if each.verdict and each.verdict.ready and each not in old]
    present = {_key(each.name) for each in entries}
    missing = [name for name in expected if _key(name) not in present]
    lines = [f"{len(ready)} ready of {max(len(entries) + len(missing), len(expected))}: {_names(ready)}"]
    if old:
        lines.append(f"{len(old)} have an old copy (download it again, then start again): {_names(old)}")
    failing: dict[str, list[str]] = {}
    for each in known:
        if each.verdict and not each.verdict.ready and each not in old:
            failing.setdefault(_FAILING[each.verdict.failed[0]], []).append(f"{each.name} ({_laptop(each.verdict)})")
    lines += [f"{len(names)} {what}: {', '.join(names)}" for what, names in failing.items()]
    lines += _typing_errors(entries)
    if missing:
        lines.append(f"{len(missing)} missing: {', '.join(missing)}")
    laptops = Counter(_laptop(each.verdict) for each in known if each.verdict)
    return [*lines, "laptops: " + ", ".join(f"{count} x {what}" for what, count in laptops.most_common())]


def _typing_errors(entries: list[Entry]) -> list[str]:
    lines = [f"mistyped: {each.name} wrote {each.code}, read as {each.meant}" for each in entries if each.meant]
    return lines + [f"mistyped: {each.name} wrote {each.code}; ask again" for each in entries if not each.verdict]


def _names(entries: list[Entry]) -> str:
    return ", ".join(each.name for each in entries) or "nobody"


def _laptop(verdict: Verdict) -> str:
    python = f"Python 3.{verdict.minor}" if verdict.minor else "no Python"
    system = {"macos": "macOS", "windows": "Windows", "linux": "Linux"}.get(verdict.system, "other")
    return f"{system} {verdict.processor}, {python}"


def roster(room: Room, file: str, expected: str | None) -> int:
    """Print the report on a file of codes, `-` for standard input; return 0 when all are ready, else 1."""
    text = sys.stdin.read() if file == "-" else _read(file)
    names = [line.strip() for line in _read(expected).splitlines() if line.strip()] if expected else []
    entries = read_entries(text)
    pins = part_of(pins_digest(room.workshop.project, room.settings.pins))
    for line in report(entries, names, pins):
        room.console.say(line)
    present = {_key(each.name) for each in entries}
    all_ready = all(each.verdict and each.verdict.ready and each.verdict.pins == pins for each in entries)
    return 0 if entries and all_ready and all(_key(name) in present for name in names) else 1


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise Failure(
            f"{file}: {error.strerror}.",
            "It was to hold the codes, as they were pasted from the chat.",
            "bootstrap roster codes.txt",
        ) from error
