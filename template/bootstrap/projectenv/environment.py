"""Know one virtual environment: where things are in it, and whether it can be trusted."""

from __future__ import annotations

import os
from pathlib import Path

from . import pins, stamp
from .record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Kind = Literal["missing", "not ours", "broken", "outdated", "damaged"]


class Environment(Record):
    """The virtual environment of a project, whether it exists yet or not."""

    folder: Path

    @property
    def scripts(self) -> Path:
        """Return the folder of its programs; MSYS2's Python has bin on Windows too (FAILURES A14)."""
        windows = self.folder / "Scripts"
        return (
            windows
            if windows.is_dir() or (os.name == "nt" and not (self.folder / "bin").is_dir())
            else self.folder / "bin"
        )

    @property
    def python(self) -> Path:
        """Return its interpreter."""
        return self.scripts / ("python.exe" if self.scripts.name == "Scripts" else "python")

    @property
    def site_packages(self) -> Path:
        """Return the folder that packages are installed into."""
        for found in sorted(self.folder.glob("lib/python3*/site-packages")):
            return found
        return self.folder / "Lib" / "site-packages"

    @property
    def aside(self) -> Path:
        """Return where a working environment waits while its successor is made."""
        return self.folder.with_name(self.folder.name + ".before")

    @property
    def is_one(self) -> bool:
        """Tell whether the folder holds a virtual environment at all."""
        return self.folder.is_dir() and not self.folder.is_symlink() and (self.folder / "pyvenv.cfg").is_file()

    @property
    def sees_system(self) -> bool:
        """Tell whether the packages of the Python behind it are visible inside."""
        return _configured(self.folder, "include-system-site-packages").lower() == "true"

    @property
    def version(self) -> str:
        """Return the version of Python that made it, or an empty string."""
        return _configured(self.folder, "version") or _configured(self.folder, "version_info")


class Trouble(Record):
    """Why an environment is not what it should be: what kind of thing to do, and the reason to show."""

    kind: Kind
    reason: str

    @property
    def sentence(self) -> str:
        """Return the reason as a sentence; a name that it begins with (requirements.txt, six) keeps its spelling."""
        starts = self.reason.startswith(("the ", "there "))
        return f"{self.reason[0].upper() if starts else self.reason[0]}{self.reason[1:]}."


def health(environment: Environment, project: Path, pin_names: tuple[str, ...]) -> Trouble | None:
    """Return None when the environment matches its project, else what is wrong with it."""
    folder = environment.folder
    if not os.path.lexists(folder) or (folder.is_dir() and not any(folder.iterdir())):
        return Trouble("missing", f"there is no {folder.name} yet")
    if not environment.is_one:
        return Trouble("not ours", f"{folder.name} is {_what_it_is(folder)}, not a virtual environment")
    broken = _broken(environment)
    if broken:
        return Trouble("broken", broken)
    written = stamp.read(str(folder))
    if written is None:
        return Trouble("broken", f"{folder.name} was not finished, or was not made by this bootstrap")
    header, inputs = written
    if not _is_folder(header.get("folder", ""), folder):
        return Trouble(
            "broken", f"{folder.name} was made in {header.get('folder')}; environments cannot be moved or copied"
        )
    if header.get("machine") != stamp.machine():
        return Trouble(
            "broken", f"{folder.name} was made on {header.get('machine')}; this machine is {stamp.machine()}"
        )
    reason = _outdated(environment, project, pin_names, header, inputs)
    return Trouble("outdated", reason) if reason else None


def _outdated(
    environment: Environment, project: Path, pin_names: tuple[str, ...], header: stamp.Header, inputs: stamp.Inputs
) -> str:
    if header.get("state") == "changing":
        return "the last update of the environment was interrupted"
    if header.get("pins", " ".join(pin_names)) != " ".join(pin_names):
        names = "name" if " " in header["pins"] else "names"
        return f"{environment.folder.name} holds what {header['pins'].replace(' ', ' and ')} {names}, not {' and '.join(pin_names)}"
    now = stamp.read_inputs(str(project), list(inputs))
    changed = [name for name in inputs if inputs[name] != now[name] and name != stamp.WATCHED]
    if changed or not set(pin_names) <= set(inputs):
        return f"{' and '.join(changed or pin_names)} changed since the environment was made"
    present = pins.installed(environment.site_packages)
    wrong = pins.differences(pin_text(project, pin_names), present)
    # Without its own pip, `pip install` in the activated shell finds the system's, and with it PEP 668.
    wrong += [] if "pip" in present else ["pip is not installed"]
    if "pyproject.toml" in inputs and not pins.editable_from(project, environment.site_packages):
        wrong.append("the project itself is not installed")
    if not wrong and header.get("interpreter") != stamp.interpreter_identity(str(environment.folder)):
        return "the Python behind the environment was updated"
    return "; ".join(wrong)


def _is_folder(recorded: str, folder: Path) -> bool:
    """Tell whether both are one folder: the project may be reached by a link, too."""
    try:
        return recorded == str(folder) or os.path.samefile(recorded, folder)
    except (OSError, ValueError):
        return False


def pin_text(project: Path, pin_names: tuple[str, ...]) -> str:
    """Return all pin files and what they include as one text; a missing one counts as empty."""
    contents = stamp.read_inputs(str(project), list(pins.with_included(project, pin_names)))
    return "\n".join((content or b"").decode("utf-8", "replace") for content in contents.values())


def _broken(environment: Environment) -> str:
    folder = environment.folder
    foreign = "bin" if os.name == "nt" else "Scripts"
    if (
        (folder / foreign).is_dir()
        and not (folder / ("Scripts" if os.name == "nt" else "bin")).is_dir()
        and os.name != "nt"
    ):
        return f"{folder.name} was made on another operating system"
    if not os.path.exists(environment.python):
        home = _configured(folder, "home")
        return f"the Python that {folder.name} was made with is gone" + (f" (it was in {home})" if home else "")
    library = environment.site_packages
    if not library.is_dir():
        return f"{folder.name} has no site-packages folder"
    if os.name != "nt":
        made_for = ".".join(environment.version.split(".")[:2])
        behind = os.path.basename(os.path.realpath(environment.python)).removeprefix("python")
        # A Python upgraded in place from 3.12 to 3.13 leaves lib/python3.12 orphaned (FAILURES B9).
        if behind.count(".") == 1 and made_for and behind != made_for:
            return f"{folder.name} was made with Python {made_for}, which is now Python {behind}"
    return ""


def _configured(folder: Path, key: str) -> str:
    try:
        lines = (folder / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        name, _, value = line.partition("=")
        if name.strip() == key:
            return value.strip()
    return ""


def _what_it_is(folder: Path) -> str:
    if folder.is_symlink():
        return "a link"
    return "a folder without pyvenv.cfg" if folder.is_dir() else "a file"
