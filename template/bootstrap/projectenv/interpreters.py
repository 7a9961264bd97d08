"""Find the Pythons of this machine, look at each by running it, and choose one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .failure import Failure
from .machine import Machine
from .process import clean_environment
from .settings import Settings

# Runs on any Python from 2.7 on, prints one key=value a line, and imports nothing from the current folder.
_PROBE = r"""
import sys
sys.path = [p for p in sys.path if p]
def say(key, value):
    sys.stdout.write("%s=%s\n" % (key, value))
say("version", ".".join(str(n) for n in sys.version_info[:3]))
say("level", sys.version_info[3])
say("bits", 64 if sys.maxsize > 2**32 else 32)
say("executable", sys.executable or "")
if sys.version_info >= (3, 8):
    import os, sysconfig
    say("implementation", sys.implementation.name)
    say("base", getattr(sys, "_base_executable", "") or sys.executable)
    say("environment", sys.prefix != sys.base_prefix)
    say("conda", os.path.isdir(os.path.join(sys.base_prefix, "conda-meta")))
    say("platform", sysconfig.get_platform())
    say("threads", bool(sysconfig.get_config_var("Py_GIL_DISABLED")))
    say("managed", os.path.isfile(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")))
    lacks = []
    for name in ("venv", "ssl", "zlib", "hashlib", "ctypes"):
        try:
            __import__(name)
        except Exception:
            lacks.append(name)
    say("lacks", " ".join(lacks))
"""

_NEEDED = ("venv", "ssl", "zlib", "hashlib")


@dataclass(frozen=True)
class Interpreter:
    """One Python, as it described itself."""

    path: Path
    """The program to start: its own base when it was found inside another environment."""
    version: tuple[int, int, int]
    implementation: str = "cpython"
    bits: int = 64
    level: str = "final"
    conda: bool = False
    free_threaded: bool = False
    platform: str = ""
    externally_managed: bool = False
    lacks: tuple[str, ...] = ()
    inside: Path | None = None
    """The environment it was found in, when that is not its home."""

    @property
    def dotted(self) -> str:
        """Return the version as text: 3.12.1."""
        return ".".join(map(str, self.version))


@dataclass(frozen=True)
class Refused:
    """A candidate that cannot be used, and why."""

    candidate: str
    reason: str


def probe(program: Path | str, machine: Machine) -> Interpreter | Refused:
    """Run one candidate and return what it is, or why it does not answer."""
    name = str(program)
    if machine.system == "macos" and os.path.realpath(name) == "/usr/bin/python3" and not _has_developer_tools():
        return Refused(name, "Apple's placeholder: starting it would pop up an installer")
    if machine.system == "linux" and name.endswith(".exe"):
        return Refused(name, "a Windows Python, reached from WSL; it would make a Windows environment")
    command = [name, "-E", "-s", "-B", "-c", _PROBE]
    environ = clean_environment(machine.environ)
    try:
        done = subprocess.run(command, env=environ, capture_output=True, stdin=subprocess.DEVNULL, timeout=20)
    except subprocess.TimeoutExpired:
        return Refused(name, "it did not answer within 20 seconds")
    except OSError as error:
        return Refused(name, f"it does not start: {error.strerror or error}")
    told = dict(line.partition("=")[::2] for line in done.stdout.decode("utf-8", "replace").splitlines())
    if "version" not in told or "executable" not in told:
        if "WindowsApps" in name:
            return Refused(name, "the Microsoft Store's placeholder, not a Python")
        return Refused(name, _first_line(done.stderr) or f"it answered nothing (exit code {done.returncode})")
    return _interpreter(name, told)


def _interpreter(name: str, told: dict[str, str]) -> Interpreter:
    major, minor, micro = (int(part) for part in told["version"].split("."))
    inside = told.get("environment") == "True"
    own = told["executable"] or name
    return Interpreter(
        path=Path(told.get("base") or own) if inside else Path(own),
        version=(major, minor, micro),
        implementation=told.get("implementation", "cpython"),
        bits=int(told.get("bits", "64")),
        level=told.get("level", "final"),
        conda=told.get("conda") == "True",
        free_threaded=told.get("threads") == "True",
        platform=told.get("platform", ""),
        externally_managed=told.get("managed") == "True",
        lacks=tuple(told.get("lacks", "").split()),
        inside=Path(own).parent.parent if inside else None,
    )


def refusal(interpreter: Interpreter, settings: Settings) -> str | None:
    """Return why this Python cannot carry the project's environment; None when it can."""
    found = interpreter.version[:2]
    lacks = [name for name in interpreter.lacks if name in _NEEDED]
    if found < settings.oldest:
        return f"Python {interpreter.dotted} is too old; this project supports {settings.allowed}"
    if found > settings.newest:
        return f"Python {interpreter.dotted} is newer than this project's pins, which are proven for {settings.allowed}"
    if interpreter.implementation != "cpython":
        return f"it is {interpreter.implementation}; the pins have wheels for CPython"
    if interpreter.bits == 32 and interpreter.platform.startswith("win"):
        return "it is a 32-bit Python, for which many packages have no wheels"
    if interpreter.platform.startswith("mingw"):
        return "it is MSYS2's Python, which cannot use the wheels made for Windows"
    if interpreter.free_threaded:
        return "it is a free-threaded build, for which many packages have no wheels"
    if interpreter.level in ("alpha", "beta"):
        return f"Python {interpreter.dotted} is a pre-release ({interpreter.level})"
    if lacks:
        return f"it was built without {', '.join(lacks)}"
    return None


@dataclass(frozen=True)
class Choice:
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
        key = real if not _in_environment(program) else str(program)
        if key not in seen:
            seen.add(key)
            yield Path(program)


def _named(settings: Settings, machine: Machine) -> Iterator[str]:
    minors = [f"3.{minor}" for minor in range(settings.newest[1], settings.oldest[1] - 1, -1)]
    path = machine.environ.get("PATH", os.defpath)
    names = [f"python{minor}" for minor in minors] + ["python3", "python"]
    for name in names:
        # Not only the first on PATH: a shim of pyenv's may stand before a Python that works (FAILURES A9).
        for folder in path.split(os.pathsep):
            found = shutil.which(name, path=folder) if folder else None
            if found:
                yield found
    if machine.system == "windows":
        yield from _from_launcher(machine)
    for pattern, folder in _well_known(machine):
        yield from sorted((str(p) for p in folder.glob(pattern)), key=_by_version, reverse=True)


def _well_known(machine: Machine) -> list[tuple[str, Path]]:
    data = Path(machine.environ.get("XDG_DATA_HOME") or machine.home / ".local" / "share")
    if machine.system == "windows":
        local = Path(machine.environ.get("LOCALAPPDATA") or machine.home / "AppData" / "Local")
        roaming = Path(machine.environ.get("APPDATA") or machine.home / "AppData" / "Roaming")
        return [
            ("Python3*/python.exe", local / "Programs" / "Python"),
            ("Python3*/python.exe", Path(machine.environ.get("ProgramFiles") or "C:/Program Files")),
            ("cpython-3*/python.exe", roaming / "uv" / "python"),
        ]
    places = [
        ("cpython-3*/bin/python3.[0-9]*[0-9]", data / "uv" / "python"),
        ("3*/bin/python3", machine.home / ".pyenv" / "versions"),
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
    return [word for line in done.stdout.splitlines() for word in [line.split("  ")[-1].strip()] if word.endswith(".exe")]


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
    raise Failure(
        f"the Python that {source} asks for, {wanted}, cannot be used.",
        "\n".join(tried) or "  it is not on this machine",
        f"{machine.how_to_install_python}   or name another one with --python"
        + ("" if source == "--python" else ", or change .python-version"),
        exit_code=2,
    )


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


def _in_environment(program: str) -> bool:
    return os.path.exists(os.path.join(os.path.dirname(os.path.dirname(program)), "pyvenv.cfg"))


def _by_version(path: str) -> list[int]:
    return [int(part) for part in "".join(c if c.isdigit() else " " for c in path).split()]


def _has_developer_tools() -> bool:
    try:
        return subprocess.run(["xcode-select", "-p"], capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _first_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[0].strip() if lines else ""
