"""Choose where the packages come from: what was given, a folder, a drive, the instructor's laptop, the package index."""

from __future__ import annotations

import os
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path

from .. import search
from ..failure import Failure
from ..machine import Machine
from ..preparation import Request
from ..record import Record, replace
from ..settings import Settings
from .described import pins_digest
from .examine import Room
from .house import MANIFEST, House, first_wrong, house_in, megabytes, target_of

INDEX = "index"
"""The word for it after --from."""


class Source(Record):
    """Where the packages come from."""

    says: str
    wheelhouse: Path | None = None
    settings: Settings | None = None
    """With the Pythons narrowed down to those that the wheels are for."""

    @property
    def complete(self) -> bool:
        """Tell whether nothing else is needed: only a manifest promises that."""
        return self.wheelhouse is not None and self.settings is not None


def choose_source(look: Room, request: Request, given: str | None, fetch: Callable[[str], Source]) -> Source:
    """Return the first source that serves this machine; one that was given and does not serve it is a Failure."""
    if given == INDEX:
        return _from_index(look, request)
    if given and not Path(given).is_dir() and (address := address_in(given)):
        return fetch(address)
    if given:
        folder = _house_folder(Path(given).expanduser())
        return _from_folder(folder, look, request) or _nothing_in(folder)
    for folder in (look.workshop.project / "wheelhouse", *drives(look.machine)):
        try:
            found = _from_folder(folder, look, request)
        except Failure as failure:
            # Half a copy, or an older one: said, because whoever carried the stick around wants to know.
            look.console.say(f"Not from {folder}: {failure.what}")
            continue
        if found:
            return found
    if look.workshop.address and not request.offline:
        try:
            return fetch(address_in(look.workshop.address) or look.workshop.address)
        except Failure as failure:
            look.console.say(f"Not from the instructor's laptop: {failure.what}")
    return _from_index(look, request)


def address_in(given: str) -> str:
    """Return the instructor's address that somebody typed, or took from a browser; empty when it is a folder."""
    typed = re.fullmatch(
        r"(?P<http>https?://)?(?P<host>[\w.-]+)(?P<port>:\d+)?/?(?:START-HERE\.html|index\.html)?", given, re.I
    )
    if not typed:
        return given.rstrip("/") if given.startswith(("http://", "https://")) else ""
    if typed["http"]:
        return typed["http"].lower() + typed["host"] + (typed["port"] or "")
    # Without http:// it could be the name of a folder; four numbers, or a port, hardly.
    if typed["port"] or re.fullmatch(r"\d+\.\d+\.\d+\.\d+", typed["host"]):
        return f"http://{typed['host']}{typed['port'] or ':8000'}"
    return ""


def _from_index(look: Room, request: Request) -> Source:
    if request.offline:
        return Source("From what this computer has fetched before.")
    workshop, settings = look.workshop, look.settings
    amount = dict(workshop.downloads).get(this_target(settings, look.machine, workshop.project, request.python))
    if amount and pins_digest(workshop.project, settings.pins).startswith(workshop.downloads_for):
        return Source(f"From the package index: up to {amount} MB to fetch.")
    return Source("From the package index.")


def _nothing_in(folder: Path) -> Source:
    raise Failure(
        f"there are no wheels in {folder}.",
        "--from was to say where the packages are.",
        "name the folder that holds manifest.json, or leave out --from",
    )


def _from_folder(folder: Path, look: Room, request: Request) -> Source | None:
    if not folder.is_dir() or next(folder.glob("*.whl"), None) is None:
        return None
    house = house_in(folder)
    if house is None:
        return Source(f"From {folder}, and what is not there from the package index.", folder)
    problem, narrowed = _serves(house, folder, look, request)
    if problem:
        raise Failure(
            f"{folder} {problem}.",
            "So nothing was installed from it.",
            "ask the instructor for the newest one; or: bootstrap start --from index",
        )
    return Source(f"From {folder}: nothing to fetch ({megabytes(house.size())} are there).", folder, narrowed)


def _serves(house: House, folder: Path, look: Room, request: Request) -> tuple[str, Settings | None]:
    """Return why a wheelhouse does not serve this machine, or the settings with which it does."""
    settings, machine, project = look.settings, look.machine, look.workshop.project
    if house.pins != pins_digest(project, settings.pins):
        return "is for another version of this workshop", None
    target = this_target(settings, machine, project, request.python)
    narrowed = narrow(house, target, settings)
    if narrowed is None:
        return f"has nothing for this kind of computer ({target})", None
    try:
        version = search.choose(narrowed, machine, project, request.python).interpreter.version[:2]
    except Failure:
        return f"is for Python {narrowed.allowed}, and there is none here", None
    if version not in house.pythons(target):
        return f"has nothing for Python {version[0]}.{version[1]}", None
    # An installer would find it, too, and could not tell whose fault it is.
    wrong = first_wrong(folder, house.wanted(target, version))
    return (f"is damaged: {wrong} is not what it should be" if wrong else ""), narrowed


def narrow(house: House, target: str, settings: Settings) -> Settings | None:
    """Return the settings with only the Pythons that a wheelhouse is complete for; None where there are none."""
    versions = [each for each in house.pythons(target) if settings.oldest <= each <= settings.newest]
    return replace(settings, oldest=versions[0], newest=versions[-1]) if versions else None


def this_target(settings: Settings, machine: Machine, project: Path, python: str | None) -> str:
    """Return our name for this platform, as the Python that will be used sees it."""
    return target_of(search.choose(settings, machine, project, python).interpreter.platform, machine.architecture)


def drives(machine: Machine) -> Iterator[Path]:
    """Yield the wheelhouses on mounted drives, at their top or one folder below."""
    for root in _mounted(machine):
        try:
            if not root.is_dir():
                continue
            if (root / MANIFEST).is_file():
                yield root
            for place in (root, *sorted(each for each in root.iterdir() if each.is_dir())):
                if (place / "wheelhouse" / MANIFEST).is_file():
                    yield place / "wheelhouse"
        except OSError:  # an empty card reader, or somebody else's
            continue


def _mounted(machine: Machine) -> Iterator[Path]:
    if machine.system == "windows":
        yield from (Path(f"{letter}:\\") for letter in string.ascii_uppercase[3:] if os.path.isdir(f"{letter}:\\"))
        return
    user = machine.environ.get("USER", "")
    places = {
        "macos": ["/Volumes"],
        "linux": [f"/media/{user}", f"/run/media/{user}", "/media", "/mnt"],
    }[machine.system]
    for place in machine.environ.get("BOOTSTRAP_DRIVES", os.pathsep.join(places)).split(os.pathsep):
        if place and os.path.isdir(place):
            try:
                yield from sorted(Path(place).iterdir())
            except OSError:  # another person's drives, or a share whose server is gone
                continue


def _house_folder(folder: Path) -> Path:
    inner = folder / "wheelhouse"
    return inner if inner.is_dir() else folder
