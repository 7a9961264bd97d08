"""Make the environment match the pins: prepare, act, and leave a true stamp."""

from __future__ import annotations

import time
from pathlib import Path

from . import pins, stamp
from .actions import carry_out
from .console import Console
from .disk import of_the_disk
from .environment import Environment
from .failure import Failure
from .layout import ENVIRONMENT
from .machine import Machine
from .place import refuse_separator, warning_for_root, warnings
from .plan import Step
from .preparation import Job, Request, prepare
from .record import Record
from .settings import Settings
from .transaction import recover
from .turn import our_turn


class Outcome(Record):
    """What came of it: the environment, and the steps taken (or, in a dry run, to be taken)."""

    environment: Environment
    steps: tuple[Step, ...]
    seconds: float


def ensure(request: Request, settings: Settings, machine: Machine, console: Console) -> Outcome:
    """Create, repair or sync the environment, or find nothing to do; Failure when it cannot be done."""
    began = time.monotonic()
    environment = Environment(request.project / ENVIRONMENT)
    job = Job(request, settings, machine, console, environment)
    refuse_separator(request.project)
    _refuse_conflicts(request.project, settings)
    if request.dry_run:
        return Outcome(environment, prepare(job)[0], 0.0)
    written = stamp.read(str(environment.folder))
    try:
        with our_turn(environment.folder, console):
            recover(environment)
            steps, work = prepare(job)
            if work:
                for warning in (*warnings(request.project, machine), warning_for_root(request.project, machine)):
                    if warning:
                        console.warn(warning)
                carry_out(steps, work)
            else:
                _refresh_stamp(request.project, environment)
    except OSError as error:
        left = "The environment could not be written; what was there before is still there."
        raise of_the_disk(error, left) or error from error
    if written:
        _tell_drift(request.project, settings, console, written[1])
    return Outcome(environment, steps, time.monotonic() - began)


def _refuse_conflicts(project: Path, settings: Settings) -> None:
    for name in settings.pins:
        file = project / name
        if not file.is_file():
            raise Failure(
                f"{name} is missing.",
                "bootstrap/settings.ini names it as a pin file.",
                "bootstrap lock   (or git checkout it)",
            )
        if pins.has_conflict_markers(file.read_text(encoding="utf-8", errors="replace")):
            from .declaration import after_a_merge

            raise Failure(
                f"{name} holds merge-conflict markers (<<<<<<<), so nothing was installed.",
                "A merge or an update left two versions of the pins in it.",
                f"{after_a_merge(file, name)}   and then run this again",
            )


def _tell_drift(project: Path, settings: Settings, console: Console, before: stamp.Inputs) -> None:
    """Say once after an edit of pyproject.toml that the pins are behind; other edits than to dependencies are not told."""
    was = before.get(stamp.WATCHED) or before.get("pyproject.toml")
    if was is None or was == stamp.read_inputs(str(project), ["pyproject.toml"])["pyproject.toml"]:
        return
    from .commands.check import drift_of
    from .ready import typed

    if drift_of(project, settings, console).startswith("the declared"):
        console.say(f"pyproject.toml has changed since the pins. Next: {typed('bootstrap lock')}")


def _refresh_stamp(project: Path, environment: Environment) -> None:
    """Note what changed without harm, such as a package installed by hand, so that the next run is quick again."""
    written = stamp.read(str(environment.folder))
    if written:
        header = {**written[0], "installed": stamp.distributions(str(environment.site_packages))}
        stamp.write(str(environment.folder), header, stamp.read_inputs(str(project), list(written[1])))
