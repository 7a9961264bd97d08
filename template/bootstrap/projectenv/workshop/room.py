"""Bring the wheels for this machine from the instructor's laptop: over plain HTTP, each held against its hash.

The manifest comes the same way, so it is not believed either: pip and uv check every wheel against the pins again.
"""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from ..console import Console
from ..failure import Failure
from ..machine import Machine
from ..settings import Settings
from .copies import digest_of
from .described import Workshop, pins_digest
from .house import MANIFEST, MB, File, House, megabytes, read_house, write_house
from .sources import Source, narrow, this_target

_SECONDS = 20
_BLOCK = 1 << 16
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
    missing = [each for each in wanted if not _is_there(folder / each.name, each)]
    total = sum(each.size for each in missing)
    console.say(f"From {address}: {len(missing)} files, {megabytes(total)} to fetch.")
    with console.progress(f"fetching {megabytes(total)}") as progress:
        download(address, missing, folder, progress.note)
    key = f"{target} {version[0]}.{version[1]}"
    write_house(folder, House(house.pins, {each.name: each for each in wanted}, {key: house.sets[key]}))
    return Source(f"Fetched from {address}.", folder, narrow(house, target, settings))


def download(address: str, files: list[File], folder: Path, note: Callable[[str], None]) -> None:
    """Download files into a folder; what is not what the manifest says is thrown away."""
    total, done = sum(each.size for each in files), 0
    for each in files:
        unfinished = folder / (each.name + ".part")
        digest = hashlib.sha256()
        try:
            with (
                urllib.request.urlopen(f"{address}/wheels/{each.name}", timeout=_SECONDS) as answer,
                unfinished.open("wb") as file,
            ):
                while block := answer.read(_BLOCK):
                    digest.update(block)
                    file.write(block)
                    done += len(block)
                    note(f"{done // MB} of {total // MB} MB")
        except (OSError, http.client.HTTPException) as error:
            raise _not_served(
                address, f"stopped answering ({_plainly(error)})", "bootstrap start   (it goes on from there)"
            ) from error
        if digest.hexdigest() != each.sha256:
            unfinished.unlink()
            raise _not_served(address, f"sent {each.name} damaged", "bootstrap start")
        unfinished.replace(folder / each.name)


def _manifest(address: str) -> House:
    try:
        with urllib.request.urlopen(f"{address}/{MANIFEST}", timeout=_SECONDS) as answer:
            return read_house(answer.read(_MOST).decode())
    except (OSError, http.client.HTTPException) as error:
        raise _not_served(
            address,
            f"does not answer ({_plainly(error)})",
            "join the room's Wi-Fi and start again; or: bootstrap start",
        ) from error
    except ValueError as error:
        raise _not_served(
            address, "answers, but is not the instructor's laptop", "look at the address again"
        ) from error


def _not_served(address: str, what: str, next_step: str) -> Failure:
    return Failure(f"{address} {what}.", "It was to give this computer the workshop's packages.", next_step)


def _is_there(path: Path, file: File) -> bool:
    return path.is_file() and path.stat().st_size == file.size and digest_of(path) == file.sha256


def _plainly(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason) or type(error).__name__
