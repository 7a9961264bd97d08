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
from ..record import replace
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
    roster.add_argument("file", nargs="?", default="-", metavar="FILE", help="what was pasted; without it, paste here")
    roster.add_argument("--expected", metavar="FILE", help="the names of all, one a line")
    _declare_wheelhouse(verbs, common)


def _declare_wheelhouse(verbs: Any, common: Callable[[], argparse.ArgumentParser]) -> None:
    house = verbs.add_parser(
        "wheelhouse",
        parents=[common()],
        conflict_handler="resolve",
        help="workshop: fetch, verify or share what the room's laptops need, for no network",
    )
    house.add_argument(
        "--python", metavar="X-Y", help="which Pythons, such as 3.11-3.13; default: all the pins are for"
    )
    house.add_argument("--target", metavar="A,B", help="which laptops: win-x64,mac-arm64,mac-x64,linux-x64, or all")
    house.add_argument("--folder", metavar="DIR", help="where the wheels are; default: ./wheelhouse")
    house.add_argument("--zip", action="store_true", help="write one ZIP for each operating system as well")
    mode = house.add_mutually_exclusive_group()
    mode.add_argument(
        "--check",
        nargs="?",
        const="",
        metavar="DIR",
        help="verify this folder or ZIP, such as a stick's; fetch nothing",
    )
    mode.add_argument("--serve", action="store_true", help="share it with the room's laptops, read-only")
    house.add_argument("--port", type=int, metavar="N", help="for --serve; default: 8000, or the next that is free")
    house.add_argument("--address", metavar="IP", help="for --serve: this laptop's address, where it has several")


def run(
    options: argparse.Namespace, project: Path, settings: Settings, machine: Machine, console: Console
) -> int | None:
    """Run a workshop's command and return its exit code; None when the command is one that every project has."""
    workshop = read_workshop(project)
    if options.command in ("start", "open", "roster", "wheelhouse") and workshop is None:
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

        request = Request(
            project, options.python, options.installer, options.offline, options.recreate, options.dry_run
        )
        return start(workshop, settings, machine, console, Wish(request, options.given))
    if options.command == "open":
        from .notebooks import open_notebooks

        return open_notebooks(workshop, console)
    if options.command == "check":
        return _check(options, room)
    if options.command == "roster":
        from .roster import roster

        return roster(room, options.file, options.expected)
    if options.command == "wheelhouse":
        return _wheelhouse(options, room)
    return None


def _wheelhouse(options: argparse.Namespace, room: Room) -> int:
    from .house import MANIFEST

    own = room.workshop.project / "wheelhouse"
    given = options.check or options.folder
    folder = Path(given).expanduser().absolute() if given else own
    if not (folder / MANIFEST).is_file() and (folder / "wheelhouse" / MANIFEST).is_file():
        folder /= "wheelhouse"  # a stick, or a workshop's folder on it
    if options.check is not None:
        from .stick import verify

        return verify(room, folder)
    if options.serve:
        from .serve import serve

        return serve(room, folder, options.port, options.address)
    from .wheelhouse import Order, wheelhouse

    if options.offline:
        room = replace(room, machine=replace(room.machine, environ={**room.machine.environ, "PIP_NO_INDEX": "1"}))
    code = wheelhouse(room, Order(folder, options.python, options.target, options.dry_run, options.zip))
    if code == 0 and not options.dry_run:
        from .noting import note

        note(room, folder)
    return code


def _check(options: argparse.Namespace, room: Room) -> int:
    from .check import accept_data, check

    if options.accept_data:
        return accept_data(room.workshop, room)
    if options.rehearse:
        from .rehearsal import rehearse

        return rehearse(room)
    return check(room)
