"""Know a wheelhouse: a folder of wheels, and the manifest that tells for which machines it is complete."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ..failure import Failure
from ..record import Record
from ..settings import Version
from .copies import digest_of

MANIFEST = "manifest.json"
MB = 1_000_000
_WHEEL = re.compile(r"[\w.+!]+-[\w.+!]+(-[\w.]+){3,4}\.whl", re.ASCII)
_KEY = re.compile(r"[a-z]+-\w+ [0-9]{1,2}\.[0-9]{1,3}", re.ASCII)


class File(Record):
    """One wheel: where it came from, how big it is, and what it must be."""

    name: str
    size: int
    sha256: str


class House(Record):
    """What a manifest says."""

    pins: str
    """The SHA-256 of the pins that the wheels are for."""
    files: dict[str, File]
    sets: dict[str, tuple[str, ...]]
    """What a machine needs, as `windows-x64 3.12` -> names of wheels."""

    def pythons(self, target: str) -> list[Version]:
        """Return the Pythons that it is complete for on a platform."""
        versions = (key.partition(" ")[2].split(".") for key in self.sets if key.partition(" ")[0] == target)
        return sorted((int(major), int(minor)) for major, minor in versions)

    def wanted(self, target: str, python: Version) -> list[File]:
        """Return the wheels for one machine."""
        return [self.files[name] for name in self.sets[f"{target} {python[0]}.{python[1]}"]]

    def size(self, names: list[str] | None = None) -> int:
        """Return how many bytes the wheels, or some of them, have together."""
        return sum(self.files[name].size for name in (self.files if names is None else names))

    def only(self, begin: str) -> House:
        """Return the part that is for the machines whose key begins like this."""
        sets = {key: names for key, names in self.sets.items() if key.startswith(begin)}
        return House(self.pins, {name: self.files[name] for names in sets.values() for name in names}, sets)


def read_house(text: str) -> House:
    """Return what the text of a manifest says; ValueError when it is none."""
    try:
        told = json.loads(text)
        files = {
            str(each["name"]): File(str(each["name"]), int(each["size"]), str(each["sha256"])) for each in told["files"]
        }
        sets = {str(key): tuple(names) for key, names in told["sets"].items()}
        pins = str(told["pins"])
    except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"not a manifest: {error}") from error
    # A manifest comes from a stick or the network: nothing in it may lead elsewhere.
    if not all(_WHEEL.fullmatch(name) and file.size >= 0 for name, file in files.items()):
        raise ValueError("a name in the manifest is no wheel")
    if not all(_KEY.fullmatch(key) for key in sets):
        raise ValueError("the manifest names no kind of laptop")
    if not all(name in files for names in sets.values() for name in names):
        raise ValueError("the manifest lacks a wheel")
    return House(pins, files, sets)


def first_wrong(folder: Path, files: list[File]) -> str:
    """Return the name of the first file that is missing or is not what the manifest says; empty when all are right."""
    return next((each.name for each in files if not is_right(folder / each.name, each)), "")


def is_right(path: Path, file: File) -> bool:
    """Tell whether a file is there, of the right size and content."""
    return path.is_file() and path.stat().st_size == file.size and digest_of(path) == file.sha256


def house_in(folder: Path) -> House | None:
    """Return the manifest of a folder, or None where there is none; one that cannot be read is a Failure."""
    try:
        return read_house((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Failure(
            f"{folder / MANIFEST} cannot be read: {error}.",
            "It says which wheels are in the folder.",
            "copy the wheelhouse folder again, all of it",
        ) from error


def manifest_text(house: House) -> str:
    """Return the manifest as it is written."""
    told = {
        "about": "Made by `bootstrap wheelhouse`; `bootstrap wheelhouse --check` verifies it.",
        "pins": house.pins,
        "bytes": house.size(),
        "sets": {key: list(names) for key, names in sorted(house.sets.items())},
        "files": [vars(house.files[name]) for name in sorted(house.files)],
    }
    return json.dumps(told, indent=1) + "\n"


def write_house(folder: Path, house: House) -> None:
    """Write the manifest, in one step and last: a folder that has one was complete."""
    unfinished = folder / (MANIFEST + ".part")
    unfinished.write_text(manifest_text(house), encoding="utf-8")
    unfinished.replace(folder / MANIFEST)


_PROCESSORS = {"amd64": "x64", "x86_64": "x64", "arm64": "arm64", "aarch64": "arm64", "win32": "x86", "i686": "x86"}


def target_of(platform: str, architecture: str) -> str:
    """Return our name for what `sysconfig.get_platform()` says: win-amd64, macosx-11.0-arm64, linux-x86_64 ...

    python.org's Python for macOS runs on both processors, and is macosx-10.13-universal2 on either: there this machine's counts.
    """
    system = {"win": "windows", "mac": "mac"}.get(platform[:3], "linux")
    processor = platform.rpartition("-")[2]
    if processor.startswith("universal"):
        processor = architecture
    return f"{system}-{_PROCESSORS.get(processor, processor)}"


def megabytes(size: int) -> str:
    """Return a size as a person says it."""
    return f"{size / MB:.0f} MB" if size >= 10 * MB else f"{size / MB:.1f} MB"
