"""Read what settings.ini says of the workshop."""

from __future__ import annotations

import configparser
import hashlib
from dataclasses import dataclass
from pathlib import Path

MY_WORK = "my-work"
"""Where attendees work: copies, ignored by git, so that pulling an update never conflicts."""
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Workshop:
    """What differs between workshops."""

    project: Path
    notebooks: str = "notebooks"
    data: str = "data"
    cloud: str = ""
    """Where a laptop that cannot run it finds it running; an empty string where nobody set it up."""
    address: str = ""
    """The instructor's laptop on the room's network, or an empty string."""
    download: str = ""
    """How much the package index will send, in words."""


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
        download=said.get("download", "").strip(),
    )


def pins_digest(project: Path, names: tuple[str, ...]) -> str:
    """Return the SHA-256 of the pin files, whatever the line endings of this copy."""
    files = [project / name for name in names]
    texts = [file.read_bytes().replace(b"\r\n", b"\n") if file.is_file() else b"" for file in files]
    return hashlib.sha256(b"".join(texts)).hexdigest()
