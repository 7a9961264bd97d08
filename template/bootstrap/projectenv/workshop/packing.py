"""Pack a wheelhouse into one ZIP for each operating system, for a download or a stick that is too small for all."""

from __future__ import annotations

import zipfile
from pathlib import Path

from .examine import Room
from .house import MANIFEST, House, manifest_text, megabytes


def pack(folder: Path, house: House, room: Room) -> list[Path]:
    """Write wheelhouse-windows.zip and so on beside the folder; unpacked in the workshop's folder, each is ./wheelhouse."""
    systems = list(dict.fromkeys(key.partition("-")[0] for key in house.sets))
    packed = []
    for system in systems:
        part = house.only(f"{system}-")
        file = folder.with_name(f"wheelhouse-{system}.zip")
        with room.console.progress(f"packing {file.name}"):
            _write(file, folder, part)
        room.console.say(f"  {file.name:<24}{megabytes(file.stat().st_size):>8}   {', '.join(part.sets)}")
        packed.append(file)
    room.console.say(
        "Next: give each person the one for their system; unpacked in the workshop's folder, it is used by itself."
    )
    return packed


def _write(file: Path, folder: Path, part: House) -> None:
    unfinished = file.with_name(file.name + ".part")
    # Wheels are compressed already: storing them is ten times faster, and no bigger.
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(part.files):
            archive.write(folder / name, f"wheelhouse/{name}")
        # Last, as everywhere: what was cut off has none.
        archive.writestr(f"wheelhouse/{MANIFEST}", manifest_text(part))
    unfinished.replace(file)
