"""Fetch the wheels that a room of laptops needs, and prove that they are enough: nothing to download on the day."""

from __future__ import annotations

import http.client
import shutil
from pathlib import Path

from .. import tools
from ..causes import cause_of
from ..console import masked
from ..failure import Failure
from ..process import pasteable
from ..ready import typed
from ..record import Record
from ..turn import our_turn
from .copies import digest_of
from .described import pins_digest
from .examine import Room
from .fetching import PART, Damaged, fetch
from .house import MB, File, House, house_in, megabytes, write_house
from .laptops import Laptop, from_keys, kinds, laptops
from .needs import SECONDS, Needs, gather
from .selection import read, use_packaging_of
from .stock import Ware


class Order(Record):
    """What was asked for."""

    folder: Path
    pythons: str | None = None
    targets: str | None = None
    dry_run: bool = False
    zipped: bool = False


def wheelhouse(room: Room, order: Order) -> int:
    """Select, show the sizes, fetch what is not there, prove it, and write the manifest last; return the exit code."""
    wanted = laptops(order.pythons, order.targets, room.settings)
    kept = from_earlier(order.folder, wanted, room)
    if kept:
        room.console.say(
            f"It stays complete for {', '.join(each.key for each in kept)}, too; delete the folder to begin anew."
        )
    wanted += kept
    use_packaging_of(tools.pip_tool(room.machine, room.console, order.folder, offline=False))
    pins = read(room.workshop.project, room.settings.pins)
    needs = gather(pins, wanted, room)
    there = present(needs, order.folder, room)
    missing = [ware for name, ware in needs.wares.items() if name not in there]
    show(needs, wanted, missing, room)
    if order.dry_run:
        return 0
    refuse_full_disk(missing, order.folder)
    bring(missing, order.folder, room)
    house = house_of(needs, order.folder, there, room)
    from .proof import prove

    prove(room, order.folder, pins, wanted)
    with our_turn(order.folder, room.console):
        # Another run's unfinished files are not ours to remove.
        dropped = tidy(order.folder, house)
        write_house(order.folder, house)
    if dropped:
        room.console.say(f"Removed {dropped} older wheel{'' if dropped == 1 else 's'}.")
    files = f"{len(house.files)} wheels, {megabytes(house.size())}"
    room.console.say(f"Ready: {files} in {order.folder}, enough for {kinds(wanted)} without a network.")
    if order.zipped:
        from .packing import pack

        pack(order.folder, house, room)
    else:
        room.console.say(_what_next(room, order.folder))
    return 0


def from_earlier(folder: Path, wanted: list[Laptop], room: Room) -> list[Laptop]:
    """Return the laptops that the folder was made for before, with the same pins, and that were not named this time.

    Who adds a Python to a stick does not mean to take the others away.
    """
    try:
        house = house_in(folder)
    except Failure:
        return []
    if house is None or house.pins != pins_digest(room.workshop.project, room.settings.pins):
        return []
    settings = room.settings
    return [
        each
        for each in from_keys(house.sets)
        if each not in wanted
        and each.target.name in settings.targets
        and settings.oldest <= each.python <= settings.newest
    ]


def present(needs: Needs, folder: Path, room: Room) -> dict[str, File]:
    """Return what is in the folder already and is what it must be, however it came there."""
    found = {}
    with room.console.progress("looking at what is there already"):
        for name, ware in needs.wares.items():
            file = folder / name
            if file.is_file() and not file.is_symlink() and (digest := digest_of(file)) in ware.hashes:
                found[name] = File(name, file.stat().st_size, digest)
    return found


def show(needs: Needs, wanted: list[Laptop], missing: list[Ware], room: Room) -> None:
    """Say how much each kind of laptop needs, what that makes together, and what is left to fetch."""
    say = room.console.say
    for name in dict.fromkeys(laptop.target.name for laptop in wanted):
        its = [laptop for laptop in wanted if laptop.target.name == name]
        together = needs.size({each for laptop in its for each in needs.sets[laptop.key]})
        singly = ", ".join(f"{each.dotted}: {needs.size(needs.sets[each.key]) / MB:.0f}" for each in its)
        say(f"  {name:<14}{megabytes(together):>9}   (Python {singly} MB)")
    say(f"  {'all together':<14}{megabytes(needs.size(needs.wares)):>9}   {len(needs.wares)} wheels")
    fetched = sum(ware.size for ware in missing)
    say(f"  {'to fetch':<14}{megabytes(fetched) if missing else 'nothing':>9}")


def refuse_full_disk(missing: list[Ware], folder: Path) -> None:
    """Raise a Failure when what is to be fetched does not fit on the disk."""
    amount = sum(ware.size for ware in missing)
    place = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(place).free
    if amount > free:
        raise Failure(
            f"{megabytes(amount)} are to be fetched, and {place} has {megabytes(free)} left.",
            "Nothing was fetched yet.",
            "free some space, or name another folder: bootstrap wheelhouse --folder DIR",
        )


def bring(missing: list[Ware], folder: Path, room: Room) -> None:
    """Download what is missing; what was fetched stays, so that the next run goes on from there."""
    folder.mkdir(parents=True, exist_ok=True)
    total = megabytes(sum(ware.size for ware in missing))
    try:
        with our_turn(folder, room.console), room.console.progress(f"fetching {total}") as progress:
            fetch(missing, folder, progress.note, seconds=SECONDS, at_once=8)
    except Damaged as error:
        raise Failure(
            f"{error}.",
            "The download was damaged, or somebody changed the file on its way. It was thrown away.",
            "run this again; if it stays, tell whoever runs that package index, and do not bypass the check",
        ) from error
    except (OSError, http.client.HTTPException) as error:
        told = str(getattr(error, "reason", "") or error) or type(error).__name__
        cause, next_step = cause_of(told, "the package index") or (f"the download broke off: {told}", "run this again")
        done = sum(1 for ware in missing if (folder / ware.name).is_file())
        raise Failure(
            f"{masked(cause)}.",
            f"{done} of {len(missing)} files are there, and stay; the others go on from where they are.",
            next_step,
        ) from error


def house_of(needs: Needs, folder: Path, there: dict[str, File], room: Room) -> House:
    """Return the manifest of what is in the folder now."""
    files = {}
    for name in needs.wares:
        file = folder / name
        files[name] = there.get(name) or File(name, file.stat().st_size, digest_of(file))
    return House(pins_digest(room.workshop.project, room.settings.pins), files, needs.sets)


def tidy(folder: Path, house: House) -> int:
    """Remove the wheels that an earlier manifest names and this one does not; return how many. Foreign files stay."""
    try:
        earlier = house_in(folder)
    except Failure:
        earlier = None
    old = set(earlier.files if earlier else ()) - set(house.files)
    for name in old:
        (folder / name).unlink(missing_ok=True)
    for file in folder.glob(f"*.whl{PART}"):
        file.unlink()
    return len(old)


def _what_next(room: Room, folder: Path) -> str:
    own = folder == room.workshop.project / "wheelhouse"
    copy = (
        "copy this whole folder to a USB stick"
        if own
        else "on a USB stick, let it be a folder called wheelhouse at the top"
    )
    more = "" if own else f" --folder {pasteable([folder], windows=room.machine.system == 'windows')}"
    return typed(f"Next: {copy}, or share it in the room: bootstrap wheelhouse --serve{more}")
