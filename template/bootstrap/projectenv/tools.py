"""Have the pinned pip, and uv where it is there or asked for, without installing either into a Python.

What only fetching or unpacking needs (zipfile and the like) is imported there: with uv at hand nothing of it is used.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .console import Console
from .failure import Failure
from .machine import Machine
from .process import clean_environment, run
from .record import Record

FILE = Path(__file__).parent.parent / "tools.txt"
_LINE = re.compile(r"^(?P<name>[a-z]+)==(?P<version>\S+)", re.M)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Tool(Record):
    """A pinned tool: its requirement, as tools.txt has it."""

    name: str
    version: str
    hashes: frozenset[str]

    @property
    def requirement(self) -> str:
        """Return it as one line in requirements syntax."""
        return (
            f"{self.name}=={self.version} " + " ".join(f"--hash=sha256:{each}" for each in sorted(self.hashes)) + "\n"
        )


def pinned(name: str) -> Tool:
    """Return what tools.txt pins for a tool."""
    blocks = re.split(r"\n(?=\S)", FILE.read_text(encoding="utf-8").replace("\\\n", " "))
    for block in blocks:
        match = _LINE.match(block)
        if match and match["name"] == name:
            return Tool(name, match["version"], frozenset(_HASH.findall(block)))
    raise Failure(
        f"bootstrap/tools.txt pins no {name}.", "The bootstrap needs it.", "git checkout -- bootstrap/tools.txt"
    )


class Pip(Record):
    """A pip that runs from a folder or a wheel; `links` holds its wheel, for putting it into the environment."""

    runs_from: Path
    version: str
    links: Path
    is_pinned: bool = True


def pip_tool(machine: Machine, console: Console, wheelhouse: Path | None, *, offline: bool) -> Pip:
    """Return the pinned pip: from the cache, the wheelhouse, or the index; last, the copy inside ensurepip."""
    tool = pinned("pip")
    home = cache_folder(machine)
    wheels = home / "wheels"
    wheel = wheels / f"pip-{tool.version}-py3-none-any.whl"
    if not _is_genuine(wheel, tool):
        carried = wheelhouse / wheel.name if wheelhouse else None
        if carried and _is_genuine(carried, tool):
            wheels.mkdir(parents=True, exist_ok=True)
            unfinished = wheel.with_name(f"{wheel.name}.{os.getpid()}")
            shutil.copyfile(carried, unfinished)
            unfinished.replace(wheel)  # another run may be reading it
        else:
            failure = _obtain(tool, wheels, machine, console, offline=offline)
            if failure:
                return _bundled_pip(failure, home)
    return Pip(_unpacked(wheel, home), tool.version, wheels)


def _obtain(tool: Tool, wheels: Path, machine: Machine, console: Console, *, offline: bool) -> Failure | None:
    from . import index

    if offline:
        return Failure(
            f"pip {tool.version} is not on this machine yet, and --offline forbids fetching it.",
            f"It was looked for in the cache ({wheels}) and in ./wheelhouse.",
            "run this once with a network, or put the wheel into ./wheelhouse",
        )
    try:
        with console.progress(f"fetching pip {tool.version}"):
            index.fetch_wheel(tool.name, tool.version, tool.hashes, wheels, machine)
    except Failure as failure:
        console.detail(f"fetching pip: {failure.what}")
        return failure
    return None


def _bundled_pip(failure: Failure, home: Path) -> Pip:
    import importlib.util

    found = importlib.util.find_spec("ensurepip")
    folders = [Path(found.origin).parent / "_bundled"] if found and found.origin else []
    for folder in [*folders, Path("/usr/share/python-wheels")]:
        for wheel in sorted(folder.glob("pip-*.whl")):
            return Pip(_unpacked(wheel, home), wheel.name.split("-")[1], folder, is_pinned=False)
    raise failure


def _is_genuine(wheel: Path, tool: Tool) -> bool:
    import hashlib

    try:
        return hashlib.sha256(wheel.read_bytes()).hexdigest() in tool.hashes
    except OSError:
        return False


def _unpacked(wheel: Path, home: Path) -> Path:
    """Return the folder of the unpacked wheel: with its bytecode kept it starts three times faster (FACTS, Speed)."""
    folder = home / wheel.name.rsplit("-", 3)[0]
    if not (folder / "pip" / "__main__.py").is_file():
        import tempfile
        import zipfile

        unfinished = Path(tempfile.mkdtemp(prefix="pip-", dir=home))
        try:
            with zipfile.ZipFile(wheel) as archive:
                # Without its .dist-info: else this pip would call itself already installed, and leave none in .venv.
                archive.extractall(unfinished, [name for name in archive.namelist() if ".dist-info/" not in name])
            with suppress(OSError):  # another run was first
                unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def cache_folder(machine: Machine) -> Path:
    """Return the cache, made if need be; where the home cannot be written, a temporary folder of this user's."""
    with suppress(OSError):
        machine.cache.mkdir(parents=True, exist_ok=True)
        if os.access(machine.cache, os.W_OK):
            return machine.cache
    import atexit
    import tempfile

    folder = tempfile.mkdtemp(prefix="venv-template-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def find_uv(machine: Machine, wheelhouse: Path | None) -> Path | None:
    """Return a uv that is already here: on PATH, in the cache, or in the wheelhouse; never one to be fetched."""
    on_path = shutil.which("uv", path=machine.environ.get("PATH"))
    if on_path:
        return Path(on_path)
    for place in _uv_places(machine):
        if os.path.isfile(place):  # no trouble where the cache is somebody else's
            return place
    if wheelhouse:
        tool = pinned("uv")
        for wheel in wheelhouse.glob(f"uv-{tool.version}-*.whl"):
            if _is_genuine(wheel, tool) and _fits(wheel.name, machine):
                return _extract_uv(wheel, machine)
    return None


def fetch_uv(machine: Machine, console: Console, wheelhouse: Path | None, *, offline: bool) -> Path:
    """Download the pinned uv with the pinned pip, hash-checked, into the cache, after saying so."""
    import tempfile

    tool = pinned("uv")
    pip = pip_tool(machine, console, wheelhouse, offline=offline)
    if offline:
        raise Failure(
            "uv is not on this machine, and --offline forbids fetching it.",
            "It was looked for on PATH, in the cache and in ./wheelhouse.",
            "run this once without --offline, or leave out --installer uv",
        )
    console.say(f"Fetching uv {tool.version} (about 20 MB) from the package index into {machine.cache}")
    with tempfile.TemporaryDirectory(prefix="venv-template-") as folder, console.progress("fetching uv") as progress:
        wanted = Path(folder) / "uv.txt"
        wanted.write_text(tool.requirement, encoding="utf-8")
        command = [sys.executable, "-I", str(pip.runs_from / "pip"), "download", "--no-deps", "--require-hashes"]
        command += ["--only-binary=:all:", "--progress-bar=off", "-d", folder, "-r", str(wanted)]
        done = run(command, environ=clean_environment(machine.environ), on_line=progress.note)
        for wheel in Path(folder).glob("uv-*.whl"):
            return _extract_uv(wheel, machine)
    raise Failure(
        f"uv {tool.version} could not be fetched.",
        done.output.strip(),
        "leave out --installer uv: pip does the same work, only slower",
    )


def _uv_places(machine: Machine) -> Iterator[Path]:
    yield machine.cache / f"uv-{pinned('uv').version}" / ("uv.exe" if machine.system == "windows" else "uv")


def _extract_uv(wheel: Path, machine: Machine) -> Path:
    import zipfile

    target = next(iter(_uv_places(machine)))
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        inside = next(name for name in archive.namelist() if name.endswith(f"/scripts/{target.name}"))
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        unfinished.write_bytes(archive.read(inside))
    unfinished.chmod(0o755)
    unfinished.replace(target)
    return target


def _fits(wheel: str, machine: Machine) -> bool:
    cpu = {"amd64": "x86_64", "aarch64": "aarch64", "arm64": "arm64"}.get(machine.architecture, machine.architecture)
    family = {"linux": "manylinux", "macos": "macosx", "windows": "win"}[machine.system]
    names = {"arm64", "aarch64"} if cpu in ("arm64", "aarch64") else {cpu, "amd64"} if cpu == "x86_64" else {cpu}
    return family in wheel and any(wheel.endswith(f"_{name}.whl") for name in names)
