"""Note in settings.ini how much a laptop will fetch, so that attendees are told before it begins."""

from __future__ import annotations

import re
from pathlib import Path

from .described import pins_digest
from .examine import Room
from .house import MB, House, house_in

_TOOLS = ("pip-", "uv-")
"""In a wheelhouse for the sake of laptops without a network; who has one may have them already."""


def note(room: Room, folder: Path) -> None:
    """Note the sizes that a wheelhouse tells, when those in settings.ini are for other pins."""
    workshop, file = room.workshop, room.workshop.project / "bootstrap" / "settings.ini"
    house, digest = house_in(folder), pins_digest(workshop.project, room.settings.pins)
    known = bool(workshop.downloads) and digest.startswith(workshop.downloads_for)
    if house is None or house.pins != digest or known:
        return
    before = file.read_bytes().decode("utf-8")
    sizes = ", ".join(f"{target} {size // MB}" for target, size in weighed(house).items())
    after = re.sub(r"^download[ \t]*=.*?(\r?)$", rf"download = {sizes}\1", before, flags=re.M)
    after = re.sub(r"^download-for[ \t]*=.*?(\r?)$", rf"download-for = {digest[:16]}\1", after, flags=re.M)
    if after != before:
        file.write_bytes(after.encode("utf-8"))
        room.console.say("Noted in bootstrap/settings.ini: how much a laptop fetches that has no wheelhouse.")


def weighed(house: House) -> dict[str, int]:
    """Return how many bytes each platform needs, with the Python that needs most."""
    found: dict[str, int] = {}
    for key, names in house.sets.items():
        target = key.partition(" ")[0]
        size = house.size([name for name in names if not name.startswith(_TOOLS)])
        found[target] = max(found.get(target, 0), size)
    return dict(sorted(found.items()))
