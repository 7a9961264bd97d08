"""Fetch the wheels that a room of laptops needs, and prove that they are enough: nothing to download on the day."""

from __future__ import annotations

import http.client
import shutil
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from .. import tools
from ..causes import cause_of
from ..console import masked
from ..failure import Failure
from ..process import pasteable
from ..ready import typed
from .copies import digest_of
from .described import pins_digest
from .examine import Room
from .fetching import PART, Damaged, fetch
from .house import MB, File, House, house_in, megabytes, write_house
from .laptops import Laptop, in_words, laptops
from .selection import Pin, best, needed, read, use_packaging_of
from .stock import Ware, look_up

SECONDS = 30
"""How long an index may be silent."""


@dataclass(frozen=True)
class Order:
    """What was asked for."""

    folder: Path
    pythons: str | None = None
    targets: str | None = None
    dry_run: bool = False
    zipped: bool = False


@dataclass(frozen=True)
class Selection:
    """Which laptop needs which wheels."""

    wares: dict[str, Ware]
    sets: dict[str, tuple[str, ...]]

    def size(self, names: Iterable[str]) -> int:
        """Return how many bytes some of the wheels have together."""
        return sum(self.wares[name].size for name in names)


def wheelhouse(room: Room, order: Order) -> int:
    """Select, show the sizes, fetch what is not there, prove it, and write the manifest last; return the exit code."""
    wanted = laptops(order.pythons, order.targets, room.settings)
    use_packaging_of(tools.pip_tool(room.machine, room.console, order.folder, offline=False))
    pins = read(room.workshop.project, room.settings.pins)
    selection = select(pins, wanted, room)
    there = present(selection, order.folder, room)
    missing = [ware for name, ware in selection.wares.items() if name not in there]
    show(selection, wanted, missing, room)
    refuse_full_disk(missing, order.folder)
    if order.dry_run:
        return 0
    bring(missing, order.folder, room)
    house = house_of(selection, order.folder, there, room)
    from .proof import prove

    prove(room, order.folder, pins, wanted)
    dropped = tidy(order.folder, house)
    write_house(order.folder, house)
    if dropped:
        room.console.say(f"Removed {dropped} older wheel{'' if dropped == 1 else 's'}.")
    files = f"{len(house.files)} wheels, {megabytes(house.size())}"
    room.console.say(f"Ready: {files} in {order.folder}, enough for {len(wanted)} kinds of laptop without a network.")
    if order.zipped:
        from .packing import pack

        pack(order.folder, house, room)
    else:
        room.console.say(_what_next(room, order.folder))
    return 0


def select(pins: list[Pin], wanted: list[Laptop], room: Room) -> Selection:
    """Return which wheels are needed, with their sizes; a pin without a wheel for some laptop is a Failure."""
    by_laptop = {laptop: needed(pins, laptop) for laptop in wanted}
    every = list(dict.fromkeys(pin for each in by_laptop.values() for pin in each))
    with room.console.progress(f"asking the package index for {len(every)} packages"):
        found = look_up(every, room.machine)
        wares: dict[str, Ware] = {}
        sets: dict[str, tuple[str, ...]] = {}
        lacking: dict[str, list[str]] = {}
        for laptop, its in by_laptop.items():
            names = []
            for pin in its:
                name = best((ware.name for ware in found[pin]), laptop)
                if not name:
                    lacking.setdefault(f"{pin.name} {pin.version}", []).append(laptop.key)
                    continue
                names.append(name)
                wares[name] = next(ware for ware in found[pin] if ware.name == name)
            sets[laptop.key] = tuple(sorted(names))
        if lacking:
            raise _without_wheel(lacking, wanted)
        return Selection({name: _weighed(wares[name]) for name in sorted(wares)}, sets)


def _weighed(ware: Ware) -> Ware:
    """Ask for the size where the index did not tell; where nobody tells it counts as nothing."""
    if ware.size:
        return ware
    try:
        with ware.opener.open(urllib.request.Request(ware.url, method="HEAD"), timeout=SECONDS) as answer:
            return replace(ware, size=int(answer.headers.get("Content-Length") or 0))
    except (OSError, ValueError, http.client.HTTPException):
        return ware


def _without_wheel(lacking: dict[str, list[str]], wanted: list[Laptop]) -> Failure:
    named = {place for places in lacking.values() for place in places}
    rest = [laptop for laptop in wanted if laptop.key not in named]
    return Failure(
        "some packages have no wheel for some of these laptops.",
        "\n".join(f"  {what}: none for {', '.join(places)}" for what, places in lacking.items()),
        f"bootstrap wheelhouse {in_words(rest)}" if rest else "bootstrap lock",
    )


def present(selection: Selection, folder: Path, room: Room) -> dict[str, File]:
    """Return what is in the folder already and is what it must be, however it came there."""
    found = {}
    with room.console.progress("looking at what is there already"):
        for name, ware in selection.wares.items():
            file = folder / name
            if file.is_file() and not file.is_symlink() and (digest := digest_of(file)) in ware.hashes:
                found[name] = File(name, file.stat().st_size, digest)
    return found


def show(selection: Selection, wanted: list[Laptop], missing: list[Ware], room: Room) -> None:
    """Say how much each kind of laptop needs, what that makes together, and what is left to fetch."""
    say = room.console.say
    for name in dict.fromkeys(laptop.target.name for laptop in wanted):
        its = [laptop for laptop in wanted if laptop.target.name == name]
        together = selection.size({each for laptop in its for each in selection.sets[laptop.key]})
        singly = ", ".join(f"{each.dotted}: {selection.size(selection.sets[each.key]) / MB:.0f}" for each in its)
        say(f"  {name:<14}{megabytes(together):>9}   (Python {singly} MB)")
    say(f"  {'all together':<14}{megabytes(selection.size(selection.wares)):>9}   {len(selection.wares)} wheels")
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
        with room.console.progress(f"fetching {total}") as progress:
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


def house_of(selection: Selection, folder: Path, there: dict[str, File], room: Room) -> House:
    """Return the manifest of what is in the folder now."""
    files = {}
    for name in selection.wares:
        file = folder / name
        files[name] = there.get(name) or File(name, file.stat().st_size, digest_of(file))
    return House(pins_digest(room.workshop.project, room.settings.pins), files, selection.sets)


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
    copy = "copy this whole folder to a USB stick" if own else f"keep {folder.name} beside the workshop's folder"
    more = "" if own else f" --folder {pasteable([folder], windows=room.machine.system == 'windows')}"
    return typed(f"Next: {copy}, or share it in the room: bootstrap wheelhouse --serve{more}")
