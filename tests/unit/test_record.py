"""A record holds what it was made of, and stays as it is."""

from __future__ import annotations

import pytest
from projectenv.record import Record, replace


class Point(Record):
    """Two fields, one of them with a default."""

    x: int
    y: int = 0

    @property
    def sum(self) -> int:
        """Return both together."""
        return self.x + self.y


class Other(Record):
    """The same fields in another class."""

    x: int
    y: int = 0


def test_fields_are_given_by_place_by_name_or_by_default() -> None:
    """As for any class that type checkers know as a dataclass (PEP 681)."""
    assert vars(Point(1, y=2)) == {"x": 1, "y": 2}
    assert vars(Point(y=2, x=1)) == {"x": 1, "y": 2}
    assert list(vars(Point(1))) == ["x", "y"]
    assert Point(3, 4).sum == 7


@pytest.mark.parametrize(
    ("values", "named", "error"),
    [
        ((), {}, "has no attribute 'x'"),
        ((1, 2, 3), {}, "Point takes x, y, each once"),
        ((1,), {"x": 1}, "Point takes x, y, each once"),
        ((1,), {"z": 1}, "Point takes x, y, each once"),
    ],
)
def test_wrong_fields_are_refused(values: tuple[int, ...], named: dict[str, int], error: str) -> None:
    """None is missing, none is given twice, and there are no others."""
    with pytest.raises((TypeError, AttributeError), match=error):
        Point(*values, **named)


def test_what_was_read_stays() -> None:
    """A field can be neither set nor deleted; another record is made in its place."""
    point = Point(1, 2)
    with pytest.raises(AttributeError, match=r"Point is frozen: make another one with replace\(x=...\)"):
        point.x = 5  # type: ignore[misc]
    with pytest.raises(AttributeError, match="Point is frozen: x stays"):
        del point.x
    assert (replace(point, x=5), point) == (Point(5, 2), Point(1, 2))


def test_records_are_equal_by_class_and_content() -> None:
    """So are their hashes, as far as what they hold has one."""
    assert len({Point(1), Point(1, 0), Point(1, 1)}) == 2
    assert Point(1) != Other(1)
    assert repr(Point(1, y=2)) == "Point(x=1, y=2)"
