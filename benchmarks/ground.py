"""Choose where everything that is measured happens: in memory, so that no disk takes part in it, or on the disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 the folder below it is made by tempfile
_GB = 1 << 30
NEEDED = {"small": 2 * _GB, "medium": 3 * _GB, "workshop": 9 * _GB}
"""Size of pins -> bytes for what all ways to them make, and for their caches."""


@contextmanager
def ground(folder: Path, needed: int, *, on_disk: bool = False) -> Iterator[Path]:
    """Give a new folder in memory where there is room for it, else the given one on the disk."""
    if on_disk or not has_room(MEMORY, needed):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="benchmarks-", dir=MEMORY, ignore_cleanup_errors=True) as place:
        yield Path(place)


def has_room(memory: Path, needed: int) -> bool:
    """Tell whether so many bytes fit there, and whether programs may be run there: containers often forbid it."""
    try:
        found = os.statvfs(memory)
    except (OSError, AttributeError):  # none on macOS, no statvfs on Windows
        return False
    free = min(found.f_bavail * found.f_frsize, os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return os.access(memory, os.W_OK) and not found.f_flag & os.ST_NOEXEC and free >= needed
