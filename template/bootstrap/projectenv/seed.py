"""Put the pinned pip into a new environment by hard links to its unpacked copy, as uv does with every package.

pip itself would unpack, write and hash its own 500 files again: up to half of the time that a small environment takes.
Each file is held against the wheel first, whose own hash is pinned; what does not agree is left to pip.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import zipfile
import zlib
from pathlib import Path

from .environment import Environment
from .tools import Pip

_SCRIPT = (
    "#!{python}\nimport sys\nfrom {module} import {function}\nif __name__ == '__main__':\n    sys.exit({function}())\n"
)
_LONGEST_LINE = 127
"""What every kernel reads of a script's first line; where it is not enough, pip knows how to go around it."""


class _Unfit(Exception):
    """Raised when something is not as expected, so that pip has to do it."""


def plant_pip(pip: Pip, environment: Environment) -> bool:
    """Put pip into an environment that has none; return whether it is there, else nothing of it is left."""
    library, python = environment.site_packages, str(environment.python)
    wheel = pip.links / f"pip-{pip.version}-py3-none-any.whl"
    # Windows' programs are more than a script, and a blank ends the interpreter's name.
    if os.name == "nt" or " " in python or len(python) > _LONGEST_LINE - 3 or any(library.glob("pip*")):
        return False
    try:
        _plant(wheel, pip, environment)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, _Unfit):
        shutil.rmtree(library / "pip", ignore_errors=True)
        shutil.rmtree(library / f"pip-{pip.version}.dist-info", ignore_errors=True)
        return False
    return True


def _plant(wheel: Path, pip: Pip, environment: Environment) -> None:
    library = environment.site_packages
    info = library / f"pip-{pip.version}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        for folder in {os.path.dirname(name) for name in archive.namelist()}:
            os.makedirs(library / folder, exist_ok=True)
        for member in archive.infolist():
            if member.filename.startswith("pip/"):
                _link(member, pip.runs_from, library)
            elif not member.is_dir():
                (library / member.filename).write_bytes(archive.read(member))
    rows = [row for row in (info / "RECORD").read_text(encoding="utf-8").splitlines() if row]
    entry_points = (info / "entry_points.txt").read_text(encoding="utf-8")
    for name, text in (
        *_scripts(entry_points, environment),
        (f"{info.name}/INSTALLER", "pip\n"),
        (f"{info.name}/REQUESTED", ""),
    ):
        (library / name).write_text(text, encoding="utf-8")
        rows.append(f"{name},sha256={_digest(text)},{len(text.encode())}")
    # Last, as pip reads from it what belongs to the installation.
    (info / "RECORD").write_text("\n".join(rows) + "\n", encoding="utf-8")
    for script in environment.scripts.glob("pip*"):
        script.chmod(0o777 & ~_umask())


def _link(member: zipfile.ZipInfo, unpacked: Path, library: Path) -> None:
    source = unpacked / member.filename
    content = source.read_bytes()
    if len(content) != member.file_size or zlib.crc32(content) != member.CRC:
        raise _Unfit(member.filename)
    target = library / member.filename
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        target.write_bytes(content)


def _scripts(entry_points: str, environment: Environment) -> list[tuple[str, str]]:
    """Return (path from site-packages, text) of pip's programs, among them that with the version of Python in its name."""
    programs = {}
    for line in entry_points.splitlines():
        name, equals, target = line.replace(" ", "").partition("=")
        if equals:
            module, _, function = target.partition(":")
            programs[name] = _SCRIPT.format(python=environment.python, module=module, function=function)
    programs["pip" + ".".join(environment.version.split(".")[:2])] = programs["pip"]
    away = os.path.relpath(environment.scripts, environment.site_packages)
    return [(f"{away}/{name}", text) for name, text in programs.items()]


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
