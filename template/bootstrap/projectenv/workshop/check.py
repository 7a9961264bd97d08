"""Say whether this laptop is ready; the last lines are for reading aloud, or for the chat."""

from __future__ import annotations

from pathlib import Path

from ..failure import Failure
from ..ready import typed
from .copies import digest_of
from .described import SUMS, Workshop, pins_digest
from .examine import Finding, Room, examine
from .verdict import Verdict, encode, part_of
from .words import as_begun, for_attendees

NO_PYTHON = 2
_PROCESSORS = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64", "x86": "x86", "i686": "x86"}


def check(room: Room, failed: Failure | None = None) -> int:
    """Print what was found, then the verdict; return 0 ready, 1 not ready, 2 not with this Python.

    What a set-up that failed asks for comes before what is found: it knows more than the check.
    """
    findings = []
    if failed and failed.exit_code == NO_PYTHON:
        findings.append(Finding("python", False, failed.what.rstrip("."), failed.next_step))
        room.console.say(f"  NO  {findings[0].says}")
    for each in examine(room):
        findings.append(each)
        room.console.say(f"  {'ok' if each.right else 'NO'}  {each.says}")
    wrong = [each for each in findings if not each.right]
    # Not through say(): --quiet asks for less, and this is the least.
    room.console.write(room.console.stream, last_lines(room, wrong, for_attendees(failed.next_step) if failed else ""))
    return 0 if not wrong else NO_PYTHON if wrong[0].check == "python" else 1


def last_lines(room: Room, wrong: list[Finding], next_step: str = "") -> str:
    """Return what everything ends with: the verdict, and the one next step on a line of its own."""
    code = code_of(room, wrong)
    if not wrong:
        return f"READY  code: {code}\n"
    step = " ".join((next_step or wrong[0].next_step).split())
    return f"NOT READY  code: {code}\nnext: {typed(as_begun(step, room.machine.system, room.workshop.project))}\n"


def code_of(room: Room, wrong: list[Finding]) -> str:
    """Return the code for what is wrong on this laptop."""
    parts = room.environment.version.split(".")
    verdict = Verdict(
        failed=tuple(dict.fromkeys(each.check for each in wrong)),
        pins=part_of(pins_digest(room.workshop.project, room.settings.pins)),
        system=room.machine.system,
        processor=_PROCESSORS.get(room.machine.architecture, "other"),
        minor=int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0,
    )
    return encode(verdict)


def accept_data(workshop: Workshop, room: Room) -> int:
    """Write down what the data files are now, for every attendee's check."""
    folder = workshop.project / workshop.data
    if not workshop.data or not folder.is_dir():
        told = f"there is no folder {workshop.data}" if workshop.data else "this workshop names no folder of data"
        raise Failure(
            f"{told}.",
            "The check compares the files of the folder that `data =` in bootstrap/settings.ini names.",
            "make the folder, name it there, then: bootstrap check --accept-data",
        )
    files = sorted(path for path in folder.rglob("*") if path.is_file() and _is_data(path.relative_to(folder)))
    lines = [f"{digest_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SUMS).write_bytes("".join(lines).encode())
    room.console.say(f"{workshop.data}/{SUMS} now holds {len(files)} files.")
    return 0


def _is_data(path: Path) -> bool:
    """Tell data from what a system leaves in a folder: no attendee has those."""
    return path.name not in (SUMS, "Thumbs.db") and not any(part.startswith(".") for part in path.parts)
