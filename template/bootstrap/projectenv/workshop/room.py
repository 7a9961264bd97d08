"""Bring the wheels for this machine from the instructor's laptop: over plain HTTP, each held against its hash.

The manifest comes the same way, so it is not believed either: pip and uv check every wheel against the pins again.
"""

from __future__ import annotations

import errno
import http.client
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from ..console import Console
from ..failure import Failure
from ..machine import Machine
from ..settings import Settings
from ..turn import our_turn
from .described import Workshop, pins_digest
from .fetching import Damaged, fetch
from .house import MANIFEST, MB, File, House, is_right, megabytes, read_house, write_house
from .sources import Source, narrow, this_target
from .stock import Ware

_SECONDS = 20
_MOST = 5 * MB
"""A manifest is never bigger; a page of a hotel's login may be anything."""


def bring(
    address: str, workshop: Workshop, settings: Settings, machine: Machine, console: Console, python: str | None
) -> Source:
    """Download what this machine needs into ./wheelhouse, as far as it is not there, and return it as a source."""
    house = _manifest(address)
    if house.pins != pins_digest(workshop.project, settings.pins):
        raise _not_served(address, "has another version of this workshop", "download the workshop's folder again")
    target = this_target(settings, machine, workshop.project, python)
    narrowed = narrow(house, target, settings)
    if narrowed is None:
        raise _not_served(address, f"has nothing for this kind of computer ({target})", "bootstrap start --from index")
    from .. import search

    chosen = search.choose(narrowed, machine, workshop.project, python).interpreter
    version = chosen.version[:2]
    wanted = house.wanted(target, version)
    folder = workshop.project / "wheelhouse"
    folder.mkdir(exist_ok=True)
    # A second double-click would write into the same unfinished files.
    with our_turn(folder, console):
        missing = [each for each in wanted if not is_right(folder / each.name, each)]
        total = megabytes(sum(each.size for each in missing))
        what = (
            f"{len(missing)} file{'' if len(missing) == 1 else 's'}, {total} to fetch"
            if missing
            else "nothing left to fetch"
        )
        console.say(f"From {address}: {what}.")
        with console.progress(f"fetching {total}") as progress:
            download(address, missing, folder, progress.note)
        key = f"{target} {version[0]}.{version[1]}"
        write_house(folder, House(house.pins, {each.name: each for each in wanted}, {key: house.sets[key]}))
    return Source(f"Fetched from {address}.", folder, narrow(house, target, settings))


def download(address: str, files: list[File], folder: Path, note: Callable[[str], None]) -> None:
    """Download files into a folder, those that broke off from where they did; what is not what it must be is thrown away."""
    wares = [
        Ware(each.name, f"{address}/wheels/{quote(each.name)}", each.size, frozenset([each.sha256]), _directly())
        for each in files
    ]
    try:
        # Two at a time: thirty people share one access point, which more connections make no faster.
        fetch(wares, folder, note, seconds=_SECONDS, at_once=2)
    except Damaged as error:
        raise _not_served(address, f"sent a damaged file: {error}", "bootstrap start") from error
    except OSError as error:
        raise of_disk(error) or _broke_off(address, error) from error
    except http.client.HTTPException as error:
        raise _broke_off(address, error) from error


def of_disk(error: OSError) -> Failure | None:
    """Return what is wrong with this computer's own disk, if that is what failed."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return Failure(
            "the disk is full.", "The packages have to be there first.", "empty the bin, then: bootstrap start"
        )
    if error.errno in (errno.EACCES, errno.EROFS):
        return Failure(
            f"{error.filename or 'the folder of the workshop'} cannot be written: {error.strerror}.",
            "The workshop is kept there.",
            "copy the workshop's folder to your home folder and start there",
        )
    return None


def _broke_off(address: str, error: Exception) -> Failure:
    return _not_served(
        address, f"stopped answering ({_plainly(error)})", "bootstrap start   (it goes on from where it was)"
    )


def _directly() -> urllib.request.OpenerDirector:
    """Return what opens addresses without a proxy: none of them leads into the room."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _manifest(address: str) -> House:
    try:
        with _directly().open(f"{address}/{MANIFEST}", timeout=_SECONDS) as answer:
            return read_house(answer.read(_MOST).decode())
    except (OSError, http.client.HTTPException) as error:
        raise _not_served(
            address,
            f"does not answer ({_plainly(error)})",
            "join the room's Wi-Fi and start again; or, from the package index: bootstrap start --from index",
        ) from error
    except ValueError as error:
        raise _not_served(
            address, "answers, but is not the instructor's laptop", "look at the address again"
        ) from error


def _not_served(address: str, what: str, next_step: str) -> Failure:
    return Failure(f"{address} {what}.", "It was to give this computer the workshop's packages.", next_step)


def _plainly(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason) or type(error).__name__
