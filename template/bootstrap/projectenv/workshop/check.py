"""Say whether this laptop is ready; the last lines are for reading aloud, or for the chat."""

from __future__ import annotations

from ..ready import typed
from .copies import digest_of
from .described import SUMS, Workshop, pins_digest
from .examine import Finding, Room, examine
from .verdict import Verdict, encode, part_of

_NO_PYTHON = ("python",)
_PROCESSORS = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64", "x86": "x86", "i686": "x86"}


def check(room: Room, next_step: str = "") -> int:
    """Print what was found, then the verdict; return 0 ready, 1 not ready, 2 not with this Python.

    `next_step` is what a set-up that failed asks for: it knows more than the check.
    """
    findings = []
    for each in examine(room):
        findings.append(each)
        room.console.say(f"  {'ok' if each.right else 'NO'}  {each.says}")
    wrong = [each for each in findings if not each.right]
    code = encode(_verdict(room, wrong))
    # Not through say(): --quiet asks for less, and this is the least.
    room.console.write(room.console.stream, _last_lines(code, wrong, next_step))
    return 0 if not wrong else 2 if wrong[0].check in _NO_PYTHON else 1


def _last_lines(code: str, wrong: list[Finding], next_step: str) -> str:
    if not wrong:
        return f"READY  code: {code}\n"
    return f"NOT READY  code: {code}\nnext: {next_step or typed(wrong[0].next_step)}\n"


def _verdict(room: Room, wrong: list[Finding]) -> Verdict:
    parts = room.environment.version.split(".")
    return Verdict(
        failed=tuple(dict.fromkeys(each.check for each in wrong)),
        pins=part_of(pins_digest(room.workshop.project, room.settings.pins)),
        system=room.machine.system,
        processor=_PROCESSORS.get(room.machine.architecture, "other"),
        minor=int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0,
    )


def accept_data(workshop: Workshop, room: Room) -> int:
    """Write down what the data files are now, for every attendee's check."""
    folder = workshop.project / workshop.data
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [f"{digest_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SUMS).write_bytes("".join(lines).encode())
    room.console.say(f"{workshop.data}/{SUMS} now holds {len(files)} files.")
    return 0
