"""Decide what to do, as a list of named steps, from facts alone; nothing is touched here."""

from __future__ import annotations

from .environment import Trouble
from .failure import Failure
from .record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Name = Literal[
        "set aside", "create", "mark", "install", "uninstall", "link", "editable", "open", "verify", "stamp", "discard"
    ]


class Step(Record):
    """One thing to do, and the words for it."""

    name: Name
    says: str


class Situation(Record):
    """All that a plan depends on."""

    trouble: Trouble | None
    exists: bool
    recreate: bool
    python: str
    """The interpreter as a reader knows it: Python 3.11.2 (/usr/bin/python3.11)."""
    engine: str
    pins: tuple[str, ...]
    dropped: tuple[str, ...] = ()
    """What an earlier run installed and the pins no longer name."""
    source: str = ""
    editable: bool = False
    system_packages: bool = False


def make_plan(situation: Situation) -> tuple[Step, ...]:
    """Return the steps that make the environment match the pins; none when it does.

    Raises Failure when something that is no environment stands in its place: that is never removed.
    """
    trouble = situation.trouble
    if trouble and trouble.kind == "not ours":
        raise Failure(
            f"{trouble.reason}.",
            "The bootstrap only ever replaces a folder that holds a pyvenv.cfg, so it leaves this alone.",
            "move it away (mv .venv .venv-old), then run this again",
        )
    if trouble is None and not situation.recreate:
        return ()
    if situation.recreate or (trouble and trouble.kind in ("missing", "broken")):
        return _rebuild(situation)
    return _sync(situation)


def _rebuild(situation: Situation) -> tuple[Step, ...]:
    steps = [Step("set aside", "set the present .venv aside, to be put back if this fails")] if situation.exists else []
    steps += [Step("create", f"create .venv with {situation.python}")]
    steps += _fill(situation)
    steps += [Step("discard", "remove the environment that was set aside")] if situation.exists else []
    return tuple(steps)


def _sync(situation: Situation) -> tuple[Step, ...]:
    steps = [Step("mark", "mark .venv as being changed")]
    steps += _fill(situation)
    return tuple(steps)


def _fill(situation: Situation) -> list[Step]:
    steps = [Step("install", f"install {' and '.join(situation.pins)} with {situation.engine}")]
    if situation.dropped:
        steps.append(Step("uninstall", f"remove what the pins dropped: {', '.join(situation.dropped)}"))
    if situation.source:
        steps.append(Step("link", f"put {situation.source} on the environment's import path"))
    if situation.editable:
        steps.append(Step("editable", "install the project itself, editable"))
    if situation.system_packages:
        steps.append(Step("open", "let .venv see the system's own packages"))
    return [
        *steps,
        Step("verify", "verify each pin from the environment itself"),
        Step("stamp", "note that .venv is complete"),
    ]
