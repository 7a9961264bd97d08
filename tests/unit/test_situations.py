"""The page of situations says what the tests show, and every known failure mode has its place on it."""

from __future__ import annotations

from tests.support.modes import MODES
from tests.support.situations import TABLE, stated_in, table


def test_the_page_is_current() -> None:
    """docs/reference/situations.md is what `python -m tests.support.situations` writes."""
    assert TABLE.read_text(encoding="utf-8") == table()


def test_every_mode_is_shown_or_explained() -> None:
    """Each of the 95 failure modes is shown by a test here, or says where else it is shown."""
    shown = {mode for each in stated_in() for mode in each.situation.modes.split()}
    assert [mode for mode, (_, elsewhere) in MODES.items() if mode not in shown and not elsewhere] == []
    assert len(MODES) == 95


def test_only_known_modes_are_named() -> None:
    """A test that names a failure mode names one of the catalogue's."""
    assert {mode for each in stated_in() for mode in each.situation.modes.split()} <= set(MODES)
