"""Add a workshop's commands to the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..console import Console
from ..failure import Failure
from ..machine import Machine
from ..preparation import Request
from ..settings import Settings
from .described import read_workshop
from .examine import Room


def declare(verbs: Any, common: Callable[[], argparse.ArgumentParser]) -> None:
    """Declare the commands and options that only a workshop has."""
    start = verbs.add_parser("start", parents=[common()], help="workshop: make this laptop ready, and check it")
    start.add_argument(
        "--from", dest="given", metavar="PLACE", help="a folder of wheels, the instructor's address, or index"
    )
    verbs.add_parser("open", parents=[common()], help="workshop: open the notebooks")
    check = verbs.choices["check"]
    check.add_argument("--rehearse", action="store_true", help="workshop: show what each failure looks like")
    check.add_argument("--accept-data", action="store_true", help="workshop: note what the data files are now")
    roster = verbs.add_parser(
        "roster", parents=[common()], help="workshop: who is ready, from a chat or a CSV of codes"
    )
    roster.add_argument("file", metavar="FILE", help="what was pasted; - reads from the keyboard")
    roster.add_argument("--expected", metavar="FILE", help="the names of all, one a line")


def run(
    options: argparse.Namespace, project: Path, settings: Settings, machine: Machine, console: Console
) -> int | None:
    """Run a workshop's command and return its exit code; None when the command is one that every project has."""
    workshop = read_workshop(project)
    if options.command in ("start", "open", "roster") and workshop is None:
        raise Failure(
            f"{options.command} is for workshops, and this project is none.",
            "bootstrap/settings.ini has no section [workshop].",
            "bootstrap --help",
            exit_code=2,
        )
    if workshop is None or (options.command == "check" and options.json):
        return None
    room = Room(workshop, settings, machine, console)
    if options.command == "start":
        from .start import Wish, start

        request = Request(project, options.python, options.installer, options.offline, options.recreate)
        return start(workshop, settings, machine, console, Wish(request, options.given))
    if options.command == "open":
        from .notebooks import open_notebooks

        return open_notebooks(workshop, console)
    if options.command == "check":
        return _check(options, room)
    if options.command == "roster":
        from .roster import roster

        return roster(room, options.file, options.expected)
    return None


def _check(options: argparse.Namespace, room: Room) -> int:
    from .check import accept_data, check

    if options.accept_data:
        return accept_data(room.workshop, room)
    if options.rehearse:
        from .rehearsal import rehearse

        return rehearse(room)
    return check(room)
