"""The QR code is the one that other programs draw."""

from __future__ import annotations

import hashlib
import re

import pytest
from projectenv.workshop.qr import LONGEST, QUIET, in_ascii, in_half_blocks, qr_code

# What the library `qrcode` 8 draws for these texts in byte mode, level L and the same mask; zxing-cpp reads them.
DRAWN = {
    "http://10.0.0.7": "537bd4e52e6a191d12f42f1e27d597471ccaaf654cbeead95e6b86c8f62e026b",
    "http://192.168.1.20:8000": "b32b3c8633b0f1ef52782c9b502fecccb8aac74788d06cc754a5a9cc5ee7b9eb",
    "http://192.168.123.231:8000/START-HERE.html": "41ddc6a6fa3bfa2e139b05c440bcf386d047cd4f3bdaa3649b2085bcf39d5624",
    "http://instructors-laptop.fritz.box:8000/START-HERE.html#from": "d2d35f0eb0bf5b11f8e0b943e59522d7da561105cdd58f6d4d768a0c3deebef9",
    "http://instructors-laptop.fritz.box:8000/START-HERE.html?os=windows&from=here-and-now-and-then": "3d34e9f3ea3d70a972839484e5dd45e0a108b089b511cb535897c05dcbe2eb19",
}


@pytest.mark.parametrize("text", DRAWN)
def test_the_code_is_what_others_draw(text: str) -> None:
    """One text for each of the five versions, so that every pattern and every count of correction words is in it."""
    rows = "\n".join("".join("01"[module] for module in row) for row in qr_code(text))
    assert hashlib.sha256(rows.encode()).hexdigest() == DRAWN[text]


def test_the_smallest_version_is_taken() -> None:
    """A code grows by four modules when the text no longer fits."""
    assert [len(qr_code("a" * size)) for size in (17, 18, 32, 33, 53, 54, 78, 79, LONGEST)] == [
        21, 25, 25, 29, 29, 33, 33, 37, 37,
    ]  # fmt: skip


def test_a_text_that_is_too_long_is_refused() -> None:
    """There is no code of a single block for it."""
    with pytest.raises(ValueError, match="107 bytes"):
        qr_code("a" * (LONGEST + 1))


def test_it_is_drawn_with_its_margin() -> None:
    """A reader may count on four light modules around it, in every way of drawing."""
    matrix = qr_code("http://192.168.1.20:8000")
    size = len(matrix) + 2 * QUIET
    plain = in_half_blocks(matrix, colours=False).splitlines()
    assert {len(row) for row in plain} == {size}
    assert len(plain) == (size + 1) // 2
    assert set(plain[0]) == set(plain[1]) == {"\u2588"}
    assert all(row[:QUIET] == "\u2588" * QUIET for row in plain)
    wide = in_ascii(matrix).splitlines()
    assert (len(wide), {len(row) for row in wide}, wide[0]) == (size, {2 * size}, "##" * size)
    assert all(row.isascii() for row in wide)


@pytest.mark.parametrize("colours", [True, False])
def test_what_is_drawn_is_the_code(colours: bool) -> None:
    """Dark on light where there are colours; light on dark, the other way round, where the terminal has its own."""
    matrix = qr_code("http://192.168.1.20:8000")
    text = in_half_blocks(matrix, colours=colours)
    assert text.count("\033[30;107m") == (len(text.splitlines()) if colours else 0)
    rows: list[list[bool]] = []
    for line in re.sub(r"\033\[[0-9;]*m", "", text).splitlines():
        rows += [[each in upper for each in line] for upper in ("\u2580\u2588", "\u2584\u2588")]
    inside = [row[QUIET:-QUIET] for row in rows[QUIET : QUIET + len(matrix)]]
    assert inside == [[module == colours for module in row] for row in matrix]
