"""Know what the project asks for by name, as far as comparing it with a distribution's packages needs."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from pathlib import Path

from ..pins import normalised
from ..record import Record

_REQUIREMENT = re.compile(r"^\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?(?P<range>[^;#)@\\]*)")
_CLAUSE = re.compile(r"^\s*(~=|===?|!=|<=|>=|<|>)\s*v?([0-9][0-9A-Za-z.*+!-]*)\s*$")


class Wanted(Record):
    """One requirement: a normalised name and a range of versions, which may be empty."""

    name: str
    range: str = ""


def read(requirement: str) -> Wanted | None:
    """Return what one line of requirements names; None for options, comments and addresses."""
    match = _REQUIREMENT.match(requirement)
    return Wanted(normalised(match["name"]), match["range"].strip()) if match else None


def declared(project: Path, pin_names: tuple[str, ...]) -> list[Wanted]:
    """Return what pyproject.toml declares; without it, or on a Python that cannot read TOML, what the first pins name."""
    lines: list[str] = []
    if sys.version_info >= (3, 11):
        import tomllib

        with suppress(OSError, ValueError, KeyError, TypeError):
            text = (project / "pyproject.toml").read_text(encoding="utf-8")
            lines = list(tomllib.loads(text)["project"]["dependencies"])
    if not lines and pin_names and (project / pin_names[0]).is_file():
        lines = (project / pin_names[0]).read_text(encoding="utf-8", errors="replace").splitlines()
    found = (read(line) for line in lines if isinstance(line, str) and not line[:1].isspace())
    return list({each.name: each for each in found if each}.values())


def satisfies(version: str, wanted: str) -> bool | None:
    """Tell whether a version lies in a range; None when that takes a real resolver."""
    have = _numbers(version)
    for clause in filter(None, (part.strip() for part in wanted.split(","))):
        match = _CLAUSE.match(clause)
        if not match or not have:
            return None
        if not _holds(have, match[1], match[2]):
            return False
    return True


def _holds(have: list[int], operator: str, text: str) -> bool:
    limit = _numbers(text)
    length = max(len(have), len(limit))
    left, right = (each + [0] * (length - len(each)) for each in (have, limit))
    if operator == "~=":
        return left >= right and have[: len(limit) - 1] == limit[:-1]
    equal = have[: len(limit)] == limit if text.endswith(".*") else left == right
    return {
        "==": equal, "===": equal, "!=": not equal,
        "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right,
    }[operator]  # fmt: skip


def _numbers(version: str) -> list[int]:
    match = re.match(r"\d+(\.\d+)*", version)
    return [int(part) for part in match[0].split(".")] if match else []
