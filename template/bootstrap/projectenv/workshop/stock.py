"""Find the files that pins name: in folders that the user's configuration names, and on the package indexes in force."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ..failure import Failure
from ..index import Offer, offered
from ..machine import Machine
from ..pins import normalised
from ..pipconf import configured, index_url
from .copies import digest_of
from .selection import Pin

_AT_ONCE = 8


@dataclass(frozen=True)
class Ware:
    """One file that can be had."""

    name: str
    url: str
    size: int
    """0 where nobody says."""
    hashes: frozenset[str]
    """Any of these it must have."""
    opener: urllib.request.OpenerDirector = field(
        compare=False, repr=False, default_factory=urllib.request.build_opener
    )


def look_up(pins: Iterable[Pin], machine: Machine) -> dict[Pin, list[Ware]]:
    """Return, for each pin, the wheels that may be had; one of which there is none is a Failure."""
    wanted = list(pins)
    with ThreadPoolExecutor(_AT_ONCE) as several:
        return dict(zip(wanted, several.map(lambda pin: _wheels(pin, machine), wanted), strict=True))


def _wheels(pin: Pin, machine: Machine) -> list[Ware]:
    begin = f"{pin.name.replace('-', '_')}-"
    told: list[Failure] = []
    found: list[Ware] = []
    for offers, opener in _places(pin, machine, told):
        for name, url, sha256, size in offers:
            if not name.endswith(".whl") or not normalised(name).startswith(normalised(begin)):
                continue
            # An index that tells no hashes has to be believed until the file is there.
            hashes = frozenset([sha256]) & pin.hashes if sha256 else pin.hashes
            if hashes and (sha256 or f"-{pin.version}-" in name):
                found.append(Ware(name, url, size, hashes, opener))
        if found:
            return found
    if told:
        raise told[0]
    raise Failure(
        f"no place offers {pin.name} {pin.version} as a wheel that the pins name.",
        "A wheelhouse holds exactly the files that the pins name, and wheels only.",
        f"bootstrap lock --upgrade {pin.name}",
    )


def _places(
    pin: Pin, machine: Machine, told: list[Failure]
) -> Iterator[tuple[list[Offer], urllib.request.OpenerDirector]]:
    """Yield what each place has, the nearest first; what went wrong with one is told to the caller."""
    for place in configured("find-links", machine).split():
        folder = Path(url2pathname(urlsplit(place).path) if place.startswith("file:") else place)
        if folder.is_dir():
            yield list(_in_folder(folder, pin)), urllib.request.build_opener()
    if configured("no-index", machine) not in ("", "0", "no", "false"):
        return
    more = [url for url in configured("extra-index-url", machine).split() if url.startswith("http")]
    for index in (index_url(machine), *more):
        try:
            yield offered(pin.name, machine, index)
        except Failure as failure:
            told.append(failure)


def _in_folder(folder: Path, pin: Pin) -> Iterator[Offer]:
    begin = f"{pin.name.replace('-', '_')}-{pin.version}-"
    for file in folder.glob("*.whl"):
        if file.name.lower().replace("-", "_").startswith(begin.lower().replace("-", "_")):
            yield Offer(file.name, file.as_uri(), digest_of(file), file.stat().st_size)
