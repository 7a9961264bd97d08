"""Draw an address as a QR code (ISO/IEC 18004): bytes only, versions 1 to 5, error correction L, so a single block.

That much holds 106 characters, and every address of a room is shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_DATA = (19, 34, 55, 80, 108)
"""Codewords for data, by version."""
_CORRECTION = (7, 10, 15, 20, 26)
LONGEST = _DATA[-1] - 2
QUIET = 4
"""Modules of margin that a reader may count on."""

Matrix = list[list[bool]]

_MASKS: tuple[Callable[[int, int], int], ...] = (
    lambda y, x: (y + x) % 2,
    lambda y, _: y % 2,
    lambda _, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)


def qr_code(text: str) -> Matrix:
    """Return the modules of the smallest code that holds a text, row by row, dark ones True; ValueError if too long."""
    data = text.encode()
    version = next((number for number, room in enumerate(_DATA, 1) if len(data) <= room - 2), 0)
    if not version:
        raise ValueError(f"{len(data)} bytes do not fit into a QR code of version 5")
    words = _codewords(data, _DATA[version - 1])
    words += _correction(words, _CORRECTION[version - 1])
    bits = [bool(word >> place & 1) for word in words for place in range(7, -1, -1)]
    candidates = [_drawn(version, bits, mask) for mask in range(len(_MASKS))]
    return min(candidates, key=_penalty)


def _codewords(data: bytes, room: int) -> list[int]:
    # Byte mode, eight bits of length, the bytes, four bits of end: so every byte is shifted by half.
    number = int.from_bytes(data, "big") | (0b0100 << 8 | len(data)) << 8 * len(data)
    words = list((number << 4).to_bytes(len(data) + 2, "big"))
    return words + [(0xEC, 0x11)[place % 2] for place in range(room - len(words))]


def _correction(words: list[int], count: int) -> list[int]:
    """Return the Reed-Solomon codewords of one block."""
    generator = [1]
    root = 1
    for _ in range(count):
        longer = [*generator, 0]
        for place, factor in enumerate(generator):
            longer[place + 1] ^= _times(factor, root)
        generator, root = longer, _times(root, 2)
    rest = [*words, *[0] * count]
    for place in range(len(words)):
        first = rest[place]
        for offset, factor in enumerate(generator):
            rest[place + offset] ^= _times(factor, first)
    return rest[len(words) :]


def _times(left: int, right: int) -> int:
    """Multiply in GF(256), modulo x^8 + x^4 + x^3 + x^2 + 1."""
    product = 0
    while right:
        product ^= left if right & 1 else 0
        left = left << 1 ^ (0x11D if left & 0x80 else 0)
        right >>= 1
    return product


def _drawn(version: int, bits: list[bool], mask: int) -> Matrix:
    size = 17 + 4 * version
    fixed = dict(_patterns(version, size)) | dict(_format(mask, size))
    matrix = [[fixed.get((y, x), False) for x in range(size)] for y in range(size)]
    free = [place for place in _path(size) if place not in fixed]
    for place, (y, x) in enumerate(free):
        bit = bits[place] if place < len(bits) else False
        matrix[y][x] = bit ^ (_MASKS[mask](y, x) == 0)
    return matrix


def _patterns(version: int, size: int) -> Iterator[tuple[tuple[int, int], bool]]:
    """Yield the modules that are the same in every code of a version."""
    for place in range(8, size - 8):
        yield (6, place), place % 2 == 0
        yield (place, 6), place % 2 == 0
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        for y in range(max(top - 1, 0), min(top + 8, size)):
            for x in range(max(left - 1, 0), min(left + 8, size)):
                yield (y, x), max(abs(y - top - 3), abs(x - left - 3)) in (0, 1, 3)
    if version > 1:
        centre = size - 7
        for y in range(centre - 2, centre + 3):
            for x in range(centre - 2, centre + 3):
                yield (y, x), max(abs(y - centre), abs(x - centre)) != 1
    yield (size - 8, 8), True


def _format(mask: int, size: int) -> Iterator[tuple[tuple[int, int], bool]]:
    """Yield the modules that tell the level (L is 01) and the mask, twice."""
    told = 0b01 << 3 | mask
    rest = told << 10
    for place in range(14, 9, -1):
        if rest >> place & 1:
            rest ^= 0b10100110111 << place - 10
    word = (told << 10 | rest) ^ 0b101010000010010
    first = [*((8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)), *((y, 8) for y in (7, 5, 4, 3, 2, 1, 0))]
    second = [*((size - 1 - y, 8) for y in range(7)), *((8, size - 8 + x) for x in range(8))]
    for places in (first, second):
        for place, position in enumerate(places):
            yield position, bool(word >> 14 - place & 1)


def _path(size: int) -> Iterator[tuple[int, int]]:
    """Yield every module in the order in which bits are laid: in columns of two, up and down, from the right."""
    upwards = True
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        for y in range(size - 1, -1, -1) if upwards else range(size):
            yield y, right
            yield y, right - 1
        upwards = not upwards


def _penalty(matrix: Matrix) -> int:
    """Return how hard a code is to read: long runs, blocks, what looks like a finder, and a tilt to dark or light."""
    size = len(matrix)
    lines = [*matrix, *map(list, zip(*matrix, strict=True))]
    runs = 0
    for line in lines:
        length = 0
        for place, module in enumerate(line):
            length = length + 1 if place and module == line[place - 1] else 1
            runs += 3 if length == 5 else 1 if length > 5 else 0
    blocks = sum(
        3
        for y in range(size - 1)
        for x in range(size - 1)
        if matrix[y][x] == matrix[y][x + 1] == matrix[y + 1][x] == matrix[y + 1][x + 1]
    )
    looks = ("10111010000", "00001011101")
    texts = ["".join("01"[module] for module in line) for line in lines]
    finders = sum(40 for text in texts for place in range(size - 10) if text[place : place + 11] in looks)
    dark = sum(map(sum, matrix)) * 100 / size**2
    return runs + blocks + finders + 10 * int(abs(dark - 50) / 5)


def in_half_blocks(matrix: Matrix, *, colours: bool) -> str:
    """Return a code for a terminal, two rows in one line; without colours it is meant for light text on dark."""
    size = len(matrix)

    def shown(y: int, x: int) -> bool:
        dark = 0 <= y < size and 0 <= x < size and matrix[y][x]
        return dark if colours else not dark

    rows = []
    for y in range(-QUIET, size + QUIET, 2):
        pairs = ((shown(y, x), shown(y + 1, x)) for x in range(-QUIET, size + QUIET))
        row = "".join(" \u2584\u2580\u2588"[2 * upper + lower] for upper, lower in pairs)
        rows.append(f"\033[30;107m{row}\033[0m" if colours else row)
    return "\n".join(rows)


def in_ascii(matrix: Matrix) -> str:
    """Return a code for a console that shows nothing but ASCII, meant for light text on dark."""
    width = len(matrix) + 2 * QUIET
    margin = ["##" * width] * QUIET
    rows = ["##" * QUIET + "".join("  " if dark else "##" for dark in row) + "##" * QUIET for row in matrix]
    return "\n".join([*margin, *rows, *margin])
