"""Make a small project that brings its own environment, without Copier, and run its bootstrap in a clean world."""

from __future__ import annotations

import atexit
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.wheels import Wheel, make_wheel, pip_wheel, write_pins

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parent.parent.parent
TEMPLATE = ROOT / "template"
BASE_PYTHON = Path(getattr(sys, "_base_executable", sys.executable))
"""The Python behind the environment that runs the tests."""

_KEPT = ("SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "SYSTEMDRIVE", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE")


@dataclass(frozen=True)
class Ran:
    """What a run of the bootstrap left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Return all that was printed, the error stream last."""
        return self.out + self.err


@dataclass
class Project:
    """A project in a folder of its own, with a home of its own and hand-made wheels for its pins."""

    folder: Path
    home: Path
    wheels: Path
    """What the pins may name; installed from here, with no index."""
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def venv(self) -> Path:
        """Return the folder of its environment."""
        return self.folder / ".venv"

    @property
    def python(self) -> Path:
        """Return the environment's interpreter."""
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def wheel(self, name: str, version: str = "1.0", **more: object) -> Wheel:
        """Make a wheel that this project can install."""
        return make_wheel(self.wheels, name, version, **more)  # type: ignore[arg-type]

    def pin(self, *wheels: Wheel, file: str = "requirements.txt") -> None:
        """Make these wheels its pins."""
        write_pins(self.folder / file, *wheels)

    def configure(self, **values: str) -> None:
        """Write settings.ini: these values over plain ones (`oldest_python="3.12"`)."""
        settings = {"oldest-python": "3.10", "newest-python": "3.15", "pins": "requirements.txt"}
        settings |= {"source": "", "installer": "pip", "try": ""}
        settings |= {key.replace("_", "-"): value for key, value in values.items()}
        lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
        (self.folder / "bootstrap" / "settings.ini").write_text(f"[environment]\n{lines}", encoding="utf-8")

    def run(self, *arguments: str, **environ: str | None) -> Ran:
        """Run `python bootstrap ARGUMENTS`; more variables by keyword, None takes one away."""
        return self.finish([str(BASE_PYTHON), "-I", "-B", "bootstrap", *arguments], environ)

    def sh(self, *arguments: str, shell: str = "sh", **environ: str | None) -> Ran:
        """Run `sh bootstrap.sh ARGUMENTS`."""
        return self.finish([shell, "bootstrap.sh", *arguments], environ)

    def finish(self, command: list[str], environ: Mapping[str, str | None] | None = None) -> Ran:
        """Run any command in the project's folder and environment to its end."""
        with self.start(command, environ) as child:
            out, err = child.communicate()
        return Ran(child.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    def start(self, command: list[str], environ: Mapping[str, str | None] | None = None) -> subprocess.Popen[bytes]:
        """Start a command in the project's folder and environment, without a terminal, in a session of its own."""
        merged = {**self.environ, **(environ or {})}
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={name: value for name, value in merged.items() if value is not None},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def inside(self, code: str) -> str:
        """Run Python code in the environment and return what it prints."""
        command = [str(self.python), "-I", "-B", "-c", code]
        return subprocess.run(
            command, capture_output=True, check=True, encoding="utf-8", cwd=self.folder
        ).stdout.strip()

    def installed(self) -> dict[str, str]:
        """Return name and version of what is installed, as the environment's own Python sees it."""
        code = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"
        return dict(json.loads(self.inside(code)))


def make_project(place: Path, name: str = "project", *, cache: Path | None = None, workshop: bool = False) -> Project:
    """Make a project below a folder: one pinned wheel called `hello`, pip as its installer, nothing made yet.

    The unpacked pip in its cache is one for the whole test run; a test that changes it brings a cache of its own.
    What only a workshop has is there when it is asked for, as when Copier renders one.
    """
    project = Project(place / name, place / "home", place / "wheels")
    for folder in (project.folder, project.home, place / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)
    left_out = ("__pycache__", "*.jinja", *(() if workshop else ("workshop",)))
    shutil.copytree(
        TEMPLATE / "bootstrap",
        project.folder / "bootstrap",
        ignore=shutil.ignore_patterns(*left_out),
        dirs_exist_ok=True,
    )
    (project.folder / "bootstrap" / "tools.txt").write_text(_tools(), encoding="utf-8")
    for shim in ("bootstrap.sh", "bootstrap.ps1", "bootstrap.cmd"):
        if (TEMPLATE / shim).is_file():
            shutil.copy(TEMPLATE / shim, project.folder / shim)
    project.configure()
    project.pin(project.wheel("hello", scripts={"hello": "hello:main"}, modules={"hello.py": _HELLO}))
    project.environ = _environment(place, project, cache or _cache_in(place))
    return project


def _cache_in(place: Path) -> Path:
    """Return a cache that knows the pinned pip, as somebody has it who made a project before, and no other wheels."""
    cache = place / "cache"
    cache.mkdir(exist_ok=True)
    try:
        for part in shared_cache().iterdir():
            if not (cache / part.name).is_symlink():
                (cache / part.name).symlink_to(part, target_is_directory=True)
    except OSError:  # a disk without links
        return shared_cache()
    return cache


_HELLO = 'VERSION = "1.0"\n\n\ndef main():\n    print("hello")\n'


def _environment(place: Path, project: Project, cache: Path) -> dict[str, str]:
    """Return a world in which only this project's wheels exist, and no configuration of this machine's."""
    folders = [str(BASE_PYTHON.parent), *(["/usr/bin", "/bin"] if os.name != "nt" else [])]
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "PATH": os.pathsep.join(folders),
        "HOME": str(project.home),
        "USERPROFILE": str(project.home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "TMPDIR": str(place / "tmp"),
        "TEMP": str(place / "tmp"),
        "VENV_TEMPLATE_CACHE": str(cache),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": project.wheels.as_uri(),
        "UV_NO_CONFIG": "1",
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": str(project.home / "uv-cache"),
        "UV_FIND_LINKS": f"{project.wheels},{cache / 'wheels'}",
    }


def pip_version() -> str:
    """Return the version of pip that the template pins."""
    found = re.search(r"^pip==(\S+)", (TEMPLATE / "bootstrap" / "tools.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1]


@functools.cache
def shared_cache() -> Path:
    """Return a cache for this whole test run that holds the wheel of the pinned pip, and later its unpacked copy."""
    folder = Path(tempfile.mkdtemp(prefix="venv-template-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    wheel = pip_wheel(folder / "wheels", pip_version())
    (folder / "bytecode").mkdir()
    with zipfile.ZipFile(wheel.path) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
        archive.extractall(folder / f"pip-{pip_version()}", names)
    return folder


def the_pip_wheel() -> Wheel:
    """Return the wheel of the pinned pip."""
    return Wheel(shared_cache() / "wheels" / f"pip-{pip_version()}-py3-none-any.whl", "pip", pip_version())


@functools.cache
def _tools() -> str:
    """Return the template's tools.txt, with the hash of the wheel at hand beside those of the published pip."""
    text = (TEMPLATE / "bootstrap" / "tools.txt").read_text(encoding="utf-8")
    line = f"pip=={pip_version()} \\\n"
    return text.replace(line, f"{line}    --hash=sha256:{the_pip_wheel().sha256} \\\n")
