"""Verify a wheelhouse, such as on a stick: what is tampered with, missing or stale is named, with the one next command."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .. import tools
from ..failure import Failure
from ..pins import normalised
from ..process import pasteable
from ..record import Record
from .described import pins_digest
from .examine import Room
from .house import MANIFEST, House, house_in, megabytes, read_house
from .laptops import from_keys, in_words, kinds
from .proof import prove
from .selection import Pin, read, use_packaging_of


class Wrong(Record):
    """One file, and what is wrong with it."""

    kind: str
    """damaged, tampered, missing, stale or unknown."""
    name: str
    says: str


def verify(room: Room, folder: Path) -> int:
    """Print what is wrong with a folder, or with a ZIP of one, and return 0 when nothing is."""
    house, opened = _opened(folder)
    pip = tools.pip_tool(room.machine, room.console, folder if folder.is_dir() else None, offline=False)
    use_packaging_of(pip)
    pins = read(room.workshop.project, room.settings.pins)
    with room.console.progress(f"reading {megabytes(house.size())}"):
        found = list(examine(house, opened, pins))
    for each in found:
        room.console.say(f"  NO  {each.name}: {each.says}")
    wanted = from_keys(house.sets)
    again = f"bootstrap wheelhouse {in_words(wanted)}{_folder_option(room, folder)}"
    stale = house.pins != pins_digest(room.workshop.project, room.settings.pins)
    serious = [each for each in found if each.kind != "unknown"]
    if serious or stale:
        raise Failure(
            f"{folder} is {'for another version of this workshop' if stale else 'not what it should be'}: "
            f"{_counted(serious) or 'no file of it is wrong, but some may be missing'}.",
            "Laptops that install from it would stop with an error; none would install what the pins do not name.",
            f"{again}   (it fetches only what is wrong)",
        )
    if folder.is_dir():
        prove(room, folder, pins, wanted, may_fetch=False)
    if found:
        room.console.say("Files that no manifest names do no harm; they only take room.")
    files = f"{len(house.files)} wheels, {megabytes(house.size())}"
    room.console.say(f"Right: {files} in {folder}, for {kinds(wanted)}: {', '.join(house.sets)}.")
    return 0


def examine(house: House, opened: dict[str, Opener], pins: list[Pin]) -> Iterator[Wrong]:
    """Yield what is wrong with each file, held against its manifest and against the pins; neither is believed alone."""
    genuine = frozenset[str]().union(*(pin.hashes for pin in pins))
    versions: dict[str, set[str]] = {}
    for pin in pins:
        versions.setdefault(pin.name, set()).add(pin.version)
    for name, file in sorted(house.files.items()):
        if name not in opened:
            yield Wrong("missing", name, "missing: the manifest names it, and it is not there")
            continue
        size, digest = opened[name].measured()
        if digest in genuine and digest == file.sha256:
            continue
        if digest == file.sha256:
            project, version, *_ = name.split("-")
            now = versions.get(normalised(project), set())
            if version in now:
                yield Wrong("tampered", name, "tampered with, and the manifest too: the pins name another file")
            else:
                told = f"the pins name version {' or '.join(sorted(now))} now" if now else "the pins no longer name it"
                yield Wrong("stale", name, f"stale: {told}")
        elif size != file.size:
            yield Wrong("damaged", name, f"damaged: it has {size:,} bytes, and should have {file.size:,}")
        else:
            yield Wrong("damaged", name, "damaged or tampered with: its SHA-256 is not what it should be")
    for name in sorted(set(opened) - set(house.files)):
        yield Wrong("unknown", name, "not in the manifest: left from earlier, or put there by somebody")


class Opener(Record):
    """A file in a folder or in a ZIP."""

    place: Path
    inside: str = ""

    def measured(self) -> tuple[int, str]:
        """Return its size and SHA-256; a damaged ZIP or a bad spot on the disk gives what can be read."""
        digest, size = hashlib.sha256(), 0
        try:
            with self._open() as content:
                while block := content.read(1 << 20):
                    digest.update(block)
                    size += len(block)
        except (OSError, zipfile.BadZipFile):
            return size, ""
        return size, digest.hexdigest()

    def _open(self) -> IO[bytes]:
        if self.inside:
            return zipfile.ZipFile(self.place).open(self.inside)
        return self.place.open("rb")


def _opened(folder: Path) -> tuple[House, dict[str, Opener]]:
    if zipfile.is_zipfile(folder):
        return _in_zip(folder)
    house = house_in(folder)
    if house is None:
        raise Failure(
            f"there is no {MANIFEST} in {folder}.",
            "It is written last: without it, the wheels were never complete. Or this is another folder.",
            "bootstrap wheelhouse",
        )
    files = (each for each in folder.glob("*.whl") if each.is_file() and not each.is_symlink())
    return house, {file.name: Opener(file) for file in files}


def _in_zip(file: Path) -> tuple[House, dict[str, Opener]]:
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.endswith((".whl", f"/{MANIFEST}"))]
        manifest = next((name for name in names if name.endswith(MANIFEST)), "")
        try:
            house = read_house(archive.read(manifest).decode()) if manifest else None
        except (ValueError, zipfile.BadZipFile):
            house = None
    if house is None:
        raise Failure(f"{file} is no ZIP of a wheelhouse.", "It holds no manifest.", "bootstrap wheelhouse --zip")
    return house, {name.rpartition("/")[2]: Opener(file, name) for name in names if name != manifest}


def _counted(found: list[Wrong]) -> str:
    kinds = [each.kind for each in found]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))


def _folder_option(room: Room, folder: Path) -> str:
    if folder == room.workshop.project / "wheelhouse":
        return ""
    if not folder.is_dir():
        return " --zip"
    return f" --folder {pasteable([folder], windows=room.machine.system == 'windows')}"
