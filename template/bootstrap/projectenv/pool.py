"""Keep the wheels that pip fetched, so that the same pins are installed again without a network, and without asking an index.

pip's own cache does neither: it finds a file only by way of the index's pages, and many indexes forbid it to keep
anything. Nothing here has to be believed, as pip holds every wheel against the pins' hashes when it installs it.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path

from .bytecode import is_own
from .interpreters import Interpreter
from .machine import Machine

_UNUSED = 120 * 24 * 3600
"""For how many seconds a wheel is kept that nothing was installed from."""
# What pip says of each file, and has said so since `pip download` exists.
_FETCHED = re.compile(r"^\s*(?:Saved|File was already downloaded) (.+)$", re.M)


def folder_in(machine: Machine) -> Path:
    """Return where the wheels are kept."""
    return machine.cache / "pool"


def note_for(pins: str, pip: str, interpreter: Interpreter, machine: Machine) -> Path | None:
    """Return the file that lists the wheels of these pins for this kind of Python; None where no cache can be kept."""
    import hashlib

    kind = f"{interpreter.implementation} {interpreter.dotted} {interpreter.platform}"
    key = hashlib.sha256(f"{pip}\n{kind}\n{pins}".encode()).hexdigest()[:32]
    note = folder_in(machine) / f"{key}.txt"
    return note if is_own(str(note)) and os.access(machine.cache, os.W_OK) else None


def recall(note: Path) -> bool:
    """Tell whether every wheel of the list is there, and mark them as used."""
    try:
        for name in note.read_text(encoding="utf-8").splitlines():
            os.utime(note.with_name(name))
        os.utime(note)
    except OSError:
        return False
    return True


def keep(note: Path, output: str) -> bool:
    """Write the list from what `pip download` printed; tell whether wheels is all that it fetched."""
    names = [re.split(r"[\\/]", line.strip())[-1] for line in _FETCHED.findall(output)]
    if not names or not all(name.endswith(".whl") for name in names):
        return False
    unfinished = note.with_suffix(f".{os.getpid()}")
    try:
        unfinished.write_text("\n".join(names) + "\n", encoding="utf-8")
        unfinished.replace(note)
    except OSError:  # a full disk: what was fetched need not be listed to be installed
        return False
    return True


def sweep(folder: Path) -> None:
    """Remove what was not used for a long time."""
    before = time.time() - _UNUSED
    for file in folder.glob("*.*"):
        # Another run may sweep as well, or install from it just now.
        with suppress(OSError):
            if file.stat().st_mtime < before:
                file.unlink()
