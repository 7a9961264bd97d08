"""Make a laptop ready: look at the place, find the packages, install, copy the notebooks, check."""

from __future__ import annotations

from ..console import Console
from ..ensure import ensure
from ..environment import health
from ..failure import Failure
from ..machine import Machine
from ..preparation import Request
from ..settings import Settings
from . import before, room, sources
from .check import check
from .copies import make_copies
from .described import Workshop
from .examine import Room
from .sources import Source

INDEX = "index"


def start(
    workshop: Workshop, settings: Settings, machine: Machine, console: Console, request: Request, given: str | None
) -> int:
    """Do all that, and return the exit code of the check; whatever happens, its verdict comes last."""
    look = Room(workshop, settings, machine, console)
    try:
        if request.recreate or health(look.environment, workshop.project, settings.pins):
            _install(workshop, settings, machine, console, request, given)
        for each in make_copies(workshop):
            console.say(each)
    except Failure as failure:
        console.fail(Failure(failure.what, failure.why))
        return check(look, failure.next_step)
    return check(look)


def _install(
    workshop: Workshop, settings: Settings, machine: Machine, console: Console, request: Request, given: str | None
) -> None:
    before.refuse_obstacles(workshop.project, machine)

    def fetch(address: str) -> Source:
        return room.bring(address, workshop, settings, machine, console, request.python)

    source = Source("From the package index.")
    if given != INDEX:
        source = sources.choose_source(workshop, settings, machine, given, request.python, fetch)
    console.say(source.says)
    order = Request(
        workshop.project,
        request.python,
        request.installer,
        request.offline or source.wheelhouse is not None,
        request.recreate,
        wheelhouse=source.wheelhouse,
    )
    ensure(order, source.settings or settings, machine, console)
