"""Look at a Python by running it, and tell whether a project can use it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

from .machine import Machine
from .process import clean_environment
from .record import Record
from .settings import Settings

# Runs on any Python from 2.7 on, prints one key=value a line, and imports nothing from the current folder.
_PROBE = r"""
import sys
sys.path = [p for p in sys.path if p]
def say(key, value):
    value = str(value)
    if sys.version_info >= (3,):
        value = value.encode("unicode_escape").decode("ascii")  # whatever encoding a pipe has here
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
    lacks = [] if os.path.isfile(os.path.join(os.path.dirname(os.__file__), "venv", "__init__.py")) else ["venv"]
    # What a build may lack is the part in C; the Python around it, logging and all, costs a third of a probe.
    for name, part in (("ssl", "_ssl"), ("zlib", "zlib"), ("hashlib", "_hashlib"), ("ctypes", "_ctypes")):
        try:
            __import__(part)
        except Exception:
            lacks.append(name)
    say("lacks", " ".join(lacks))
"""

_NEEDED = ("venv", "ssl", "zlib", "hashlib")


class Interpreter(Record):
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


class Refused(Record):
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
    if _is_this_one(name):
        return _interpreter(name, {**_ask_this_one(), "executable": os.path.abspath(name)})
    command = [name, "-E", "-s", "-B", "-c", _PROBE]
    environ = clean_environment(machine.environ)
    try:
        done = subprocess.run(command, env=environ, capture_output=True, stdin=subprocess.DEVNULL, timeout=20)
    except subprocess.TimeoutExpired:
        return Refused(name, "it did not answer within 20 seconds")
    except OSError as error:
        return Refused(name, f"it does not start: {error.strerror or error}")
    told = _read(done.stdout.decode("utf-8", "replace"))
    if "version" not in told or "executable" not in told:
        if "WindowsApps" in name:
            return Refused(name, "the Microsoft Store's placeholder, not a Python")
        return Refused(name, _first_line(done.stderr) or f"it answered nothing (exit code {done.returncode})")
    return _interpreter(name, told)


def in_environment(program: str) -> bool:
    """Tell whether a program belongs to a virtual environment."""
    return os.path.exists(os.path.join(os.path.dirname(os.path.dirname(program)), "pyvenv.cfg"))


def _is_this_one(name: str) -> bool:
    """Tell whether a candidate is the Python that runs this: it can be asked without starting it once more."""
    # One that belongs to an environment is not what its link leads to.
    inside = sys.prefix != sys.base_prefix or in_environment(name)
    return not inside and bool(sys.flags.isolated) and os.path.realpath(name) == os.path.realpath(sys.executable)


def _ask_this_one() -> dict[str, str]:
    said = io.StringIO()
    with redirect_stdout(said):
        exec(_PROBE, {})  # noqa: S102 the constant above, which other Pythons are given as -c
    return _read(said.getvalue())


def _read(said: str) -> dict[str, str]:
    told = dict(line.partition("=")[::2] for line in said.splitlines())
    if told.get("version", "").startswith("2"):
        return told
    return {key: value.encode("ascii", "replace").decode("unicode_escape") for key, value in told.items()}


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
    if interpreter.bits != 64 and interpreter.platform.startswith("win"):
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


def _has_developer_tools() -> bool:
    try:
        return subprocess.run(["xcode-select", "-p"], capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _first_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[0].strip() if lines else ""
