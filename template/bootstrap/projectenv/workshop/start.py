"""Make a laptop ready: look at the place, find the packages, install, copy the notebooks, check."""

from __future__ import annotations

import os
from pathlib import Path

from ..console import Console
from ..ensure import ensure
from ..environment import health
from ..failure import Failure
from ..machine import Machine
from ..preparation import Request
from ..record import Record, replace
from ..settings import Settings
from . import before, room, sources
from .check import check
from .copies import make_copies
from .described import Workshop
from .examine import Room
from .sources import Source


class Wish(Record):
    """What the person asked for: as everywhere, and where the packages are."""

    request: Request
    given: str | None = None


def start(workshop: Workshop, settings: Settings, machine: Machine, console: Console, wish: Wish) -> int:
    """Do all that, and return the exit code of the check; whatever happens, its verdict comes last.

    A dry run only says what would be done.
    """
    look = Room(workshop, settings, machine, console)
    try:
        trouble = health(look.environment, workshop.project, settings.pins)
        if trouble or wish.request.recreate or wish.request.python:
            _install(look, wish)
        elif wish.request.dry_run:
            console.say("Nothing to install.")
        if wish.request.dry_run:
            return 0
        for each in make_copies(workshop):
            console.say(each)
    except Failure as failure:
        console.fail(Failure(failure.what, failure.why))
        return check(look, failure)
    except OSError as error:
        about = room.of_disk(error) or Failure(
            f"{error.filename or workshop.project}: {error.strerror or error}.",
            "It could not be read or written.",
            "copy the workshop's folder to your home folder and start there",
        )
        console.fail(Failure(about.what, about.why))
        return check(look, about)
    return check(look)


def _install(look: Room, wish: Wish) -> None:
    request, project = wish.request, look.workshop.project
    before.refuse_obstacles(project, look.machine, anew=request.recreate or not look.environment.is_one)
    before.refuse_foreign(sources.this_target(look.settings, look.machine, project, request.python), look)

    def fetch(address: str) -> Source:
        if request.dry_run:
            return Source(f"From {address}.")
        return room.bring(address, look.workshop, look.settings, look.machine, look.console, request.python)

    source = sources.choose_source(look, request, wish.given, fetch)
    look.console.say(source.says)
    # Said even when it is none: the project's own folder of wheels may be the one that was passed over.
    house = source.wheelhouse or Path(os.devnull)
    order = replace(request, offline=request.offline or source.complete, wheelhouse=house)
    outcome = ensure(order, source.settings or look.settings, look.machine, look.console)
    for step in outcome.steps if request.dry_run else ():
        look.console.say(f"would {step.says}")
