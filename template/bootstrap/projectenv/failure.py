"""Name the failures that a person can do something about."""

from __future__ import annotations


class Failure(Exception):
    """An expected failure in three parts: what happened, why, and what to type next.

    `exit_code` is 1, or 2 for wrong usage and for a missing Python.
    """

    def __init__(self, what: str, why: str = "", next_step: str = "", *, exit_code: int = 1) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.next_step = next_step
        self.exit_code = exit_code
