"""Put what a check found into a code that can be read aloud, and take it out again.

Twelve characters: eight say what failed, part of the pins' digest, system, processor and Python; four are a Reed-Solomon
check over GF(32). Two codes differ in at least five places, so up to four wrong characters are always found, and one
wrong character or two swapped neighbours can be put right. Nothing in it belongs to a person: equal laptops, equal codes.
"""

from __future__ import annotations

from ..record import Record

CHECKS = ("python", "environment", "pins", "imports", "blocked", "kernel", "data", "notebooks")
SYSTEMS = ("linux", "macos", "windows", "other")
PROCESSORS = ("x64", "arm64", "x86", "other")

# Crockford's: without I, L, O and U, which are misread or misheard.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
_WIDTHS = (2, 10, 18, 2, 2, 6)
_EDITION = 1
LENGTH, _CHECKED = 12, 8
# (x + 1)(x + 2)(x + 4)(x + 8) modulo x^5 + x^2 + 1, without its leading 1.
_GENERATOR = (15, 19, 23, 10)


class Verdict(Record):
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
    symbols = [number >> 5 * place & 31 for place in reversed(range(_CHECKED))]
    letters = "".join(ALPHABET[each] for each in (*symbols, *_check(symbols)))
    return "-".join(letters[place : place + 4] for place in (0, 4, 8))


def decode(code: str) -> Verdict | None:
    """Return what a code says, or None when it was mistyped."""
    letters = tidied(code)
    if len(letters) != LENGTH or set(letters) - set(ALPHABET):
        return None
    symbols = [ALPHABET.index(letter) for letter in letters]
    if _check(symbols[:_CHECKED]) != symbols[_CHECKED:]:
        return None
    number = 0
    for each in symbols[:_CHECKED]:
        number = number << 5 | each
    values = []
    for width in reversed(_WIDTHS):
        values.append(number & (1 << width) - 1)
        number >>= width
    minor, processor, system, pins, failed, edition = values
    if edition != _EDITION:
        return None
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


def _check(symbols: list[int]) -> list[int]:
    """Return the four symbols that go with eight others."""
    rest = [0, 0, 0, 0]
    for symbol in symbols:
        first = symbol ^ rest[0]
        rest = [each ^ _times(first, factor) for each, factor in zip([*rest[1:], 0], _GENERATOR, strict=True)]
    return rest


def _times(left: int, right: int) -> int:
    """Multiply in GF(32), modulo x^5 + x^2 + 1."""
    product = 0
    while right:
        product ^= left if right & 1 else 0
        left = left << 1 ^ (0b100101 if left & 16 else 0)
        right >>= 1
    return product
