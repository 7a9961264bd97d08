"""Put what a check found into a code that can be read aloud, and take it out again.

Twelve characters hold 60 bits: what failed, part of the pins' digest, system, processor, Python, and a check sum that
finds every single typing error. Nothing in it belongs to a person: equal laptops have equal codes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

CHECKS = ("python", "environment", "pins", "imports", "blocked", "kernel", "data", "notebooks")
SYSTEMS = ("linux", "macos", "windows", "other")
PROCESSORS = ("x64", "arm64", "x86", "other")

# Crockford's: without I, L, O and U, which are misread or misheard.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
_WIDTHS = (2, 10, 18, 2, 2, 6)
_EDITION = 1
_SUM = 20
LENGTH = 12


@dataclass(frozen=True)
class Verdict:
    """What a code says."""

    failed: tuple[str, ...]
    pins: int
    """The first 18 bits of the pins' digest."""
    system: str
    processor: str
    minor: int
    """12 for Python 3.12; 0 where there is none."""

    @property
    def ready(self) -> bool:
        """Tell whether nothing failed."""
        return not self.failed


def part_of(digest: str) -> int:
    """Return the part of a SHA-256 in hex that a code holds."""
    return int(digest[:5], 16) >> 2


def encode(verdict: Verdict) -> str:
    """Return the code: three groups of four characters."""
    failed = sum(1 << CHECKS.index(name) for name in verdict.failed)
    system, processor = SYSTEMS.index(verdict.system), PROCESSORS.index(verdict.processor)
    number = 0
    for value, width in zip((_EDITION, failed, verdict.pins, system, processor, verdict.minor), _WIDTHS, strict=True):
        number = number << width | value & (1 << width) - 1
    number = number << _SUM | _check_sum(number)
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(letters[place : place + 4] for place in (0, 4, 8))


def decode(code: str) -> Verdict | None:
    """Return what a code says, or None when it was mistyped."""
    letters = tidied(code)
    if len(letters) != LENGTH or set(letters) - set(ALPHABET):
        return None
    number = 0
    for letter in letters:
        number = number << 5 | ALPHABET.index(letter)
    number, check_sum = number >> _SUM, number & (1 << _SUM) - 1
    if _check_sum(number) != check_sum:
        return None
    values = []
    for width in reversed(_WIDTHS):
        values.append(number & (1 << width) - 1)
        number >>= width
    minor, processor, system, pins, failed, _ = values
    names = tuple(name for place, name in enumerate(CHECKS) if failed >> place & 1)
    return Verdict(names, pins, SYSTEMS[system], PROCESSORS[processor], minor)


def nearest(code: str) -> str:
    """Return the only code that one wrong or two swapped characters make of this one; empty when there is none."""
    letters = tidied(code)
    if len(letters) != LENGTH:
        return ""
    near = {letters[:at] + each + letters[at + 1 :] for at in range(LENGTH) for each in ALPHABET}
    near |= {letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :] for at in range(LENGTH - 1)}
    found = [each for each in near if decode(each)]
    return "-".join(found[0][place : place + 4] for place in (0, 4, 8)) if len(found) == 1 else ""


def tidied(code: str) -> str:
    """Return a code without its dashes, as it is compared."""
    return "".join(letter for letter in code.upper().translate(_MISREAD) if letter.isalnum())


def _check_sum(number: int) -> int:
    digest = hashlib.sha256(b"workshop %d" % number).digest()
    return int.from_bytes(digest[:4], "big") & (1 << _SUM) - 1
