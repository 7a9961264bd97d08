"""Find codes in what was pasted, and whose they are: a chat of any of the usual programs, a form's CSV, or a list."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from ..record import Record
from .verdict import LENGTH, Verdict, decode, nearest, tidied

_JOIN = r"[ \t\u00a0\-\u2010-\u2015_.]{0,3}"
_FOUR = r"[A-Za-z0-9]{4}"
# Any dash, any blanks or none: chats turn hyphens into others, and people read codes in groups.
_CODE = re.compile(rf"(?<![A-Za-z0-9]){_FOUR}{_JOIN}{_FOUR}{_JOIN}{_FOUR}(?![A-Za-z0-9])")
_SAID = re.compile(
    r"\b(?:(?P<sure>code\s*[:=])|ready\b\W{0,3})\s*(?P<code>[A-Za-z0-9]{2,6}(?:[ \-\u2010-\u2015_.]{1,3}[A-Za-z0-9]{2,6}){1,3})",
    re.I,
)

_CLOCK = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[ \u00a0\u202f]?[AaPp]\.?[ \u00a0]?[Mm]\.?)?"
_DAY = (
    r"(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]?(?:\d{2,4})?|today|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?)"
)
_WHEN = rf"(?:{_DAY}[, T]*(?:at )?)?{_CLOCK}"
_NAME = r"(?P<name>[^\n:]{1,80}?)"
_TO = r"(?:\s+(?:to|an|to:)\s+(?P<to>[^:\n]{1,60}?))?"
# Ways in which chats tell who speaks. Each says whether what was said follows on the same line.
_SPEAKS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        # Zoom's file: 10:02:31 From Ada to Everyone: ...
        rf"^\W*{_WHEN}\s+from\s+{_NAME}{_TO}\s*(?:\(direct message\))?\s*:\s*(?P<rest>.*)$",
        # WhatsApp, Discord, IRC: [23.11.26, 10:02] Ada: ...   and   10:02 - Ada: ...   and   [10:02] <Ada> ...
        rf"^\W*{_WHEN}\W*?[\])\-\s>]+\s*<?{_NAME}{_TO}\s*[:>]\s+(?P<rest>.*)$",
        # Teams: [10:02 AM] Ada
        rf"^\[\s*{_WHEN}\s*\]\s*{_NAME}(?P<rest>)$",
        # Discord: Ada - Today at 10:02.   Slack: Ada  [10:02 AM].   Zoom's window: Ada to Everyone 10:02 AM
        rf"^{_NAME}{_TO}\s*(?:[\u2010-\u2015\-|,\u2022\u00b7]|\s)\s*[\[(]?{_WHEN}[\])]?\s*(?:\(edited\))?(?P<rest>)$",
    )
)
_TIME_ALONE = re.compile(rf"^\W*{_WHEN}\W*$", re.I)
_ANSWER = re.compile(r"\s*(next:|`|>|http)", re.I)
_WORDS = re.compile(r"\b(not ready|ready|code|next|everyone)\b", re.I)
_BADGES = re.compile(
    r"\((?:edited|guest|host|co-host|me|you|unverified|external|gast|direct message)[^)]*\)|\bAPP\b", re.I
)


class Entry(Record):
    """One code, and whose it seems to be."""

    name: str
    code: str
    verdict: Verdict | None
    meant: str = ""
    """What a mistyped code was meant to be, where only one is near."""


def read_entries(text: str) -> list[Entry]:
    """Return every code in a text; of one name the last one counts, because people try again."""
    found: dict[str, Entry] = {}
    text = text.replace("\0", "")  # before 3.11 csv refuses it
    for name, code in _in_table(text) or _in_chat(text):
        verdict = decode(code)
        meant = "" if verdict else nearest(code)
        found.pop(key_of(name), None)
        found[key_of(name)] = Entry(name, _spelled(code), verdict or decode(meant), meant)
    return list(found.values())


def key_of(name: str) -> str:
    """Return a name as it is compared: without pronouns in brackets, blanks and capitals."""
    return " ".join(re.sub(r"\([^)]*\)", " ", name).casefold().split()) or name.casefold()


def _in_chat(text: str) -> Iterator[tuple[str, str]]:
    lines = text.replace("\u202f", " ").replace("\u200e", "").splitlines()
    speaker = ""
    for number, line in enumerate(lines):
        around = [lines[place] if 0 <= place < len(lines) else "" for place in (number - 1, number + 1)]
        who, said = ("", line) if _TIME_ALONE.match(line) else _speaker(line, *around)
        speaker = who or speaker
        for code, rest in _codes(said):
            yield speaker or _name(rest) or f"line {number + 1}", code


def _speaker(line: str, before: str, following: str) -> tuple[str, str]:
    """Return who a line says will speak, if it does, and what is said in it."""
    for pattern in _SPEAKS:
        found = pattern.match(line.strip())
        if found and not _CODE.search(found["name"]):
            return _name(found["name"]), found["rest"]
    # Slack and Teams in narrow windows: the name on a line of its own, the time on the next. A bare time may also stand
    # above the same person's next message.
    heads = _TIME_ALONE.match(following) and (not before.strip() or not re.fullmatch(r"\[?[\d:.]+\]?", following))
    if heads and line.strip() and len(line) < 80 and not _ANSWER.match(line) and not any(_codes(line)):
        return _name(line), ""
    return "", line


def _codes(said: str) -> list[tuple[str, str]]:
    """Return what is a code, or was meant to be one, each with what stands around it up to the one before."""
    found, end = [], 0
    for each in _CODE.finditer(said):
        before = said[end : each.start()]
        if _meant_as_code(each[0], before):
            found.append((each[0], before))
            end = each.end()
    cut = None if found else _SAID.search(said)
    if cut and (cut["sure"] or _has_the_look(cut["code"])):
        found, end = [(cut["code"].strip(), said[: cut.start()])], cut.end()
    return [(code, f"{before} {said[end:]}") for code, before in found] if len(found) == 1 else found


def _meant_as_code(word: str, before: str) -> bool:
    """Tell a code from four letter words: it is one, or nearly, or has the look of one."""
    if decode(word) or nearest(word) or re.search(r"\bcode\s*[:=]\s*$", before, re.I):
        return True
    return _has_the_look(word)


def _has_the_look(word: str) -> bool:
    plain = tidied(word)
    return word.upper() == word and not plain.isdigit() and any(letter.isdigit() for letter in plain)


def _name(text: str) -> str:
    plain = _WORDS.sub(" ", _BADGES.sub(" ", text))
    return " ".join(re.sub(r"[\[\]{}<>\"|,;:*_=\t]+|\s[\-\u2010-\u2015]+(?=\s|$)", " ", plain).split()).strip(" -.")


def _spelled(code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    whole = len(tidied(code)) == LENGTH
    return "-".join(letters[place : place + 4] for place in (0, 4, 8)) if whole else code.upper()


def _in_table(text: str) -> list[tuple[str, str]]:
    """Return names and codes when a text is a table with a line of headings, such as a form gives; else nothing."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(cell.strip() for cell in row)]
    if not first.count(delimiter) or any(_codes(first)) or len({len(row) for row in rows}) != 1:
        return []
    headings = [cell.strip().casefold() for cell in rows[0]]
    codes = [sum(any(_codes(row[place])) for row in rows[1:]) for place in range(len(headings))]
    if not any(codes):
        return []
    column = codes.index(max(codes))
    who = _column_of_names(headings, rows[1:], column)
    found = []
    for number, row in enumerate(rows[1:], 2):
        code = next((code for code, _ in _codes(row[column])), row[column].strip())
        if code:
            found.append((" ".join(row[place].strip() for place in who).strip() or f"line {number}", code))
    return found


def _column_of_names(headings: list[str], rows: list[list[str]], column: int) -> list[int]:
    """Return which columns hold the name: those that say so, else the first that is neither a time nor an address."""
    others = [place for place in range(len(headings)) if place != column]
    named = [place for place in others if re.search(r"name|nom\b|nombre|surname|who are you", headings[place])]
    if named:
        return named[:2]
    plain = [place for place in others if not any(re.search(r"\d[:/.]\d|@", row[place]) for row in rows)]
    return plain[:1] or [place for place in others if any("@" in row[place] for row in rows)][:1]
