"""Search this machine for Pythons and choose the one that carries the environment."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .failure import Failure
from .interpreters import Interpreter, Refused, in_environment, probe, refusal
from .machine import Machine
from .record import Record
from .settings import Settings


class Choice(Record):
    """The interpreter to use, where it was asked for, and what was passed over on the way."""

    interpreter: Interpreter
    source: str
    refused: tuple[Refused, ...] = ()


def choose(settings: Settings, machine: Machine, project: Path, asked: str | None) -> Choice:
    """Return the Python to use: an explicit choice, else the newest that fits.

    An explicit choice that cannot be used is a Failure; it never falls through to another one.
    """
    explicit = _explicit(project, asked)
    if explicit:
        return _choose_exactly(explicit[0], explicit[1], settings, machine)
    refused: list[Refused] = []
    for candidate in candidates(settings, machine):
        found = probe(candidate, machine)
        reason = found.reason if isinstance(found, Refused) else refusal(found, settings)
        if reason is None and isinstance(found, Interpreter):
            return Choice(found, "", tuple(refused))
        refused.append(Refused(str(candidate), reason or ""))
    raise Failure(
        f"no Python found here that this project can use ({settings.allowed}).",
        "\n".join(f"  {each.candidate}: {each.reason}" for each in refused) or "  none was found at all",
        f"{machine.how_to_install_python}   and run this again, or name one with --python PATH",
        exit_code=2,
    )


def candidates(settings: Settings, machine: Machine) -> Iterator[Path]:
    """Yield the programs that may be Pythons, best first, each file once."""
    seen: set[str] = set()
    for program in _named(settings, machine):
        real = os.path.realpath(program)
        # Environments made by venv are links to one file, yet differ: compare the folder too.
        key = real if not in_environment(program) else str(program)
        if key not in seen:
            seen.add(key)
            yield Path(program)


def _named(settings: Settings, machine: Machine) -> Iterator[str]:
    minors = [f"3.{minor}" for minor in range(settings.newest[1], settings.oldest[1] - 1, -1)]
    path = machine.environ.get("PATH", os.defpath)
    names = [f"python{minor}" for minor in minors] + ["python3", "python"]
    if settings.system_packages:
        # The system's packages are for the system's own Python, however new the others are (FAILURES C12).
        yield from (each for each in ("/usr/bin/python3", "/opt/homebrew/bin/python3") if os.path.exists(each))
    for name in names:
        # Not only the first on PATH: a shim of pyenv's may stand before a Python that works (FAILURES A9).
        for folder in path.split(os.pathsep):
            found = shutil.which(name, path=folder) if folder else None
            if found:
                yield found
    if machine.system == "windows":
        yield from _from_launcher(machine)
    for pattern, place in _well_known(machine):
        # Somebody else's folder, by a variable that sudo or su left: what cannot be read is passed over.
        there: list[str] = []
        with suppress(OSError):
            there = [str(program) for program in place.glob(pattern)]
        yield from sorted(there, key=_by_version, reverse=True)


def _well_known(machine: Machine) -> list[tuple[str, Path]]:
    data = Path(machine.environ.get("XDG_DATA_HOME") or machine.home / ".local" / "share")
    if machine.system == "windows":
        local = Path(machine.environ.get("LOCALAPPDATA") or machine.home / "AppData" / "Local")
        roaming = Path(machine.environ.get("APPDATA") or machine.home / "AppData" / "Roaming")
        return [
            ("Python3*/python.exe", local / "Programs" / "Python"),
            ("Python3*/python.exe", Path(machine.environ.get("ProgramFiles") or "C:/Program Files")),
            ("cpython-3*/python.exe", Path(machine.environ.get("UV_PYTHON_INSTALL_DIR") or roaming / "uv" / "python")),
        ]
    places = [
        (
            "cpython-3*/bin/python3.[0-9]*[0-9]",
            Path(machine.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python"),
        ),
        ("3*/bin/python3", Path(machine.environ.get("PYENV_ROOT") or machine.home / ".pyenv") / "versions"),
        ("python3", Path("/usr/local/bin")),
        ("python3", Path("/usr/bin")),
    ]
    if machine.system == "macos":
        places += [
            ("python3.[0-9]*[0-9]", Path("/opt/homebrew/bin")),
            ("3.*/bin/python3", Path("/Library/Frameworks/Python.framework/Versions")),
        ]
    return places


def _from_launcher(machine: Machine) -> list[str]:
    launcher = shutil.which("py", path=machine.environ.get("PATH"))
    if not launcher:
        return []
    try:
        done = subprocess.run([launcher, "-0p"], capture_output=True, text=True, errors="replace", timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return []
    # A line is: -V:3.13 *  C:\...\python.exe
    return [
        word for line in done.stdout.splitlines() for word in [line.split("  ")[-1].strip()] if word.endswith(".exe")
    ]


def _explicit(project: Path, asked: str | None) -> tuple[str, str] | None:
    if asked:
        return asked, "--python"
    try:
        lines = (project / ".python-version").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    wanted = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return (wanted[0], ".python-version") if wanted else None


def _choose_exactly(wanted: str, source: str, settings: Settings, machine: Machine) -> Choice:
    tried: list[str] = []
    for candidate in _meant_by(wanted, settings, machine):
        found = probe(candidate, machine)
        reason = found.reason if isinstance(found, Refused) else refusal(found, settings)
        if reason is None and isinstance(found, Interpreter):
            if not _version_asked(wanted) or _matches(found, wanted):
                return Choice(found, source)
            reason = f"it is Python {found.dotted}"
        tried.append(f"  {candidate}: {reason}")
    fetch = machine.how_to_install_python
    if _version_asked(wanted) and shutil.which("uv", path=machine.environ.get("PATH")):
        fetch = f"uv python install {wanted}"
    elif here := _first_that_fits(settings, machine):
        # The system's package manager has the one that is here already.
        fetch = f"bootstrap --python {here.version[0]}.{here.version[1]}"
    instead = "leave out --python: the newest that fits is taken"
    if source != "--python":
        instead = "change .python-version, or name another one with --python"
    raise Failure(
        f"the Python that {source} asks for, {wanted}, cannot be used.",
        "\n".join(tried) or "  it is not on this machine",
        f"{fetch}   or {instead}" if _version_asked(wanted) else instead,
        exit_code=2,
    )


def _first_that_fits(settings: Settings, machine: Machine) -> Interpreter | None:
    for candidate in candidates(settings, machine):
        found = probe(candidate, machine)
        if isinstance(found, Interpreter) and refusal(found, settings) is None:
            return found
    return None


def _meant_by(wanted: str, settings: Settings, machine: Machine) -> Iterator[Path]:
    if not _version_asked(wanted):
        found = shutil.which(wanted, path=machine.environ.get("PATH"))
        if found or os.path.exists(wanted):
            yield Path(found or wanted)
        return
    for candidate in candidates(settings, machine):
        told = probe(candidate, machine)
        if isinstance(told, Interpreter) and _matches(told, wanted):
            yield candidate


def _version_asked(wanted: str) -> bool:
    return wanted.replace(".", "").isdigit()


def _matches(interpreter: Interpreter, wanted: str) -> bool:
    parts = tuple(int(part) for part in wanted.split(".") if part)
    return interpreter.version[: len(parts)] == parts


def _by_version(path: str) -> list[int]:
    return [int(part) for part in "".join(c if c.isdigit() else " " for c in path).split()]
