"""Give the attendee copies of the notebooks to work on; what somebody has worked on is never written over."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from .described import MY_WORK, Workshop

_RECORD = ".copied"


def make_copies(workshop: Workshop) -> list[str]:
    """Copy what is new, renew what nobody changed, and return in words what was done with the others.

    A copy that was worked on stays; the new original is put beside it under a name that says so.
    """
    source, target = workshop.project / workshop.notebooks, workshop.project / MY_WORK
    if not source.is_dir():
        return []
    target.mkdir(exist_ok=True)
    # git would not see it anyway; a ZIP of the folder, or another repository around it, may not know .gitignore.
    if not (target / ".gitignore").exists():
        (target / ".gitignore").write_text("*\n", encoding="ascii")
    recorded = _read(target / _RECORD)
    told = []
    for original in sorted(path for path in source.rglob("*") if path.is_file()):
        name = original.relative_to(source).as_posix()
        if any(part.startswith((".", "__")) for part in Path(name).parts):
            continue
        told += _copy(original, target, name, recorded)
    unfinished = target / (_RECORD + ".part")
    unfinished.write_text("".join(f"{digest}  {name}\n" for name, digest in recorded.items()), encoding="utf-8")
    unfinished.replace(target / _RECORD)
    return told


def _copy(original: Path, target: Path, name: str, recorded: dict[str, str]) -> list[str]:
    mine, new = target / name, digest_of(original)
    before = recorded.get(name)
    recorded[name] = new
    if mine.is_file() and before is not None:
        if before == new:
            return []
        if digest_of(mine) not in (before, new):
            beside = _beside(mine, before)
            _whole(original, beside)
            return [f"{name} has changed, and so has your copy: the new one is {beside.name}"]
    elif mine.is_file() and digest_of(mine) != new:
        return [f"{name} was there already and stays as it is"]
    mine.parent.mkdir(parents=True, exist_ok=True)
    _whole(original, mine)
    return []


def _whole(original: Path, copy: Path) -> None:
    """Copy all or nothing: half a notebook would be kept as somebody's own work."""
    unfinished = copy.with_name(f".{copy.name}.part")
    shutil.copyfile(original, unfinished)
    unfinished.replace(copy)


def _beside(mine: Path, before: str) -> Path:
    """Return the name for a new original beside a copy; one that somebody went on in is not written over."""
    number = 1
    while True:
        beside = mine.with_name(f"{mine.stem}-new{f'-{number}' if number > 1 else ''}{mine.suffix}")
        if not beside.exists() or digest_of(beside) == before:
            return beside
        number += 1


def _read(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
