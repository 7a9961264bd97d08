"""Gather what each laptop needs, before anything is fetched: which wheels, from where, and how big they are."""

from __future__ import annotations

import http.client
import urllib.request
from collections.abc import Iterable
from dataclasses import replace

from ..failure import Failure
from ..record import Record
from .examine import Room
from .laptops import Laptop, in_words
from .selection import Pin, best, needed
from .stock import Ware, look_up

SECONDS = 30
"""How long an index may be silent."""


class Needs(Record):
    """Which laptop needs which wheels."""

    wares: dict[str, Ware]
    sets: dict[str, tuple[str, ...]]

    def size(self, names: Iterable[str]) -> int:
        """Return how many bytes some of the wheels have together."""
        return sum(self.wares[name].size for name in names)


def gather(pins: list[Pin], wanted: list[Laptop], room: Room) -> Needs:
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
        return Needs({name: _weighed(wares[name]) for name in sorted(wares)}, sets)


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
