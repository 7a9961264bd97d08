"""Know what is shared with the room: a table that is made beforehand, of the manifest's wheels and a few pages.

A path is looked up in it, and never in the file system: what is not in the table is not there.
"""

from __future__ import annotations

import html
import os
import stat
from pathlib import Path
from typing import BinaryIO

from ..record import Record
from .house import MANIFEST, House, manifest_text

_KINDS = {".whl": "application/octet-stream", ".json": "application/json", ".html": "text/html; charset=utf-8"}


class Shared(Record):
    """One thing that can be asked for: a file, or a text that is kept here."""

    size: int
    kind: str
    file: Path | None = None
    text: bytes = b""
    counts: bool = False
    """Whether who asks for it is a laptop that comes for packages."""


def table(folder: Path, house: House, start_page: Path) -> dict[str, Shared]:
    """Return all that is shared, by path."""
    shared = {
        f"/wheels/{name}": Shared(each.size, _KINDS[".whl"], folder / name, counts=True)
        for name, each in house.files.items()
    }
    links = "".join(
        f'<a href="{html.escape(each.name)}#sha256={each.sha256}">{html.escape(each.name)}</a><br>\n'
        for each in house.files.values()
    )
    listing = _text(f"<!DOCTYPE html><html><head><title>wheels</title></head><body>\n{links}</body></html>\n")
    manifest = manifest_text(house).encode()
    shared["/wheels/"] = shared["/wheels"] = listing
    shared[f"/{MANIFEST}"] = Shared(len(manifest), _KINDS[".json"], text=manifest, counts=True)
    page = _text(start_page.read_text(encoding="utf-8") if start_page.is_file() else _PAGE)
    return shared | {"/": page, "/index.html": page, "/START-HERE.html": page}


def _text(text: str) -> Shared:
    return Shared(len(text.encode()), _KINDS[".html"], text=text.encode())


_PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Workshop</title>
<h1>The workshop's packages</h1><p>In the workshop's folder, type:</p>
<pre id="line">bootstrap start --from ADDRESS</pre>
<script>document.getElementById("line").textContent = "bootstrap start --from " + location.origin</script></html>
"""


def open_file(shared: Shared) -> BinaryIO | None:
    """Open a file that is still what it was: no link that was put there since, and of the same size."""
    try:
        opened = os.open(shared.file or "", os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    seen = os.fstat(opened)
    if stat.S_ISREG(seen.st_mode) and seen.st_size == shared.size:
        return os.fdopen(opened, "rb")
    os.close(opened)
    return None
