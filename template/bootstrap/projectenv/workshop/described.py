"""Read what settings.ini says of the workshop."""

from __future__ import annotations

import configparser
import hashlib
from pathlib import Path

from ..record import Record

MY_WORK = "my-work"
"""Where attendees work: copies, ignored by git, so that pulling an update never conflicts."""
SUMS = "SHA256SUMS"


class Workshop(Record):
    """What differs between workshops."""

    project: Path
    notebooks: str = "notebooks"
    data: str = "data"
    cloud: str = ""
    """Where a laptop that cannot run it finds it running; an empty string where nobody set it up."""
    address: str = ""
    """The instructor's laptop on the room's network, or an empty string."""
    downloads: tuple[tuple[str, int], ...] = ()
    """How many MB the package index will send, by platform."""
    downloads_for: str = ""
    """How the SHA-256 of the pins begins that these numbers belong to."""


def read_workshop(project: Path) -> Workshop | None:
    """Return what settings.ini says under [workshop], or None where it says nothing."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(project / "bootstrap" / "settings.ini", encoding="utf-8-sig")
    if not parser.has_section("workshop"):
        return None
    said = parser["workshop"]
    return Workshop(
        project,
        notebooks=said.get("notebooks", "notebooks").strip(),
        data=said.get("data", "data").strip(),
        cloud=said.get("cloud", "").strip(),
        address=said.get("address", "").strip().rstrip("/"),
        downloads=_downloads(said.get("download", "")),
        downloads_for=said.get("download-for", "").strip(),
    )


def _downloads(text: str) -> tuple[tuple[str, int], ...]:
    """Read `linux-x64 147, mac-arm64 128`; what cannot be read is only a hint that is missing."""
    words = [each.split() for each in text.split(",")]
    return tuple((pair[0], int(pair[1])) for pair in words if len(pair) == 2 and pair[1].isdigit())


def pins_digest(project: Path, names: tuple[str, ...]) -> str:
    """Return the SHA-256 of the pin files, whatever the line endings of this copy."""
    files = [project / name for name in names]
    texts = [file.read_bytes().replace(b"\r\n", b"\n") if file.is_file() else b"" for file in files]
    return hashlib.sha256(b"".join(texts)).hexdigest()
