"""Know the two ways to make and fill an environment: uv, and the standard library's venv with the pinned pip."""

from __future__ import annotations

from pathlib import Path

from .environment import Environment
from .interpreters import Interpreter
from .record import Record
from .tools import Pip

Command = list["str | Path"]

LOCKED = "# Locked by bootstrap"
"""How a pin file that `bootstrap lock` wrote begins: such a file is complete, nothing needs resolving."""


class Order(Record):
    """What to install: requirement files, where wheels may come from, and how strictly."""

    files: tuple[Path, ...]
    pip_file: Path
    """A requirements file that pins pip itself, so that one run of the engine installs it too."""
    wheelhouse: Path | None = None
    offline: bool = False
    hashed: bool = True
    complete: bool = True


def create_of_copies(interpreter: Interpreter, environment: Environment) -> Command:
    """Return the command that makes an empty environment without a single link, whatever fills it then."""
    return [interpreter.path, "-I", "-m", "venv", "--without-pip", "--copies", environment.folder]


class UvEngine(Record):
    """uv: fast, and there only if the user has it or asked for it."""

    program: Path

    name = "uv"

    def create(self, interpreter: Interpreter, environment: Environment) -> Command:
        """Return the command that makes an empty environment."""
        return [
            self.program,
            "venv",
            "--quiet",
            "--no-project",
            "--allow-existing",
            "--python",
            interpreter.path,
            environment.folder,
        ]

    def install(self, environment: Environment, order: Order) -> Command:
        """Return the command that installs what is ordered."""
        command: Command = [self.program, "pip", "install", "--python", environment.python]
        for file in (*order.files, order.pip_file):
            command += ["-r", file]
        command += ["--require-hashes"] if order.hashed else []
        command += ["--no-deps"] if order.complete else []
        if order.wheelhouse:
            command += ["--no-index", "--find-links", order.wheelhouse]
        elif order.offline:
            command += ["--offline"]
        return command

    def install_editable(self, environment: Environment, project: Path) -> Command:
        """Return the command that installs a project from its folder, its build backend being installed."""
        # An address, because a folder called `name[x]` would be read as one with extras.
        command: Command = [self.program, "pip", "install", "--python", environment.python]
        return [*command, "--no-index", "--no-deps", "--no-build-isolation", "--editable", project.as_uri()]

    def uninstall(self, environment: Environment, names: list[str]) -> Command:
        """Return the command that removes packages."""
        return [self.program, "pip", "uninstall", "--python", environment.python, *names]


class PipEngine(Record):
    """The standard library's venv without pip, filled by the pinned pip from outside; ensurepip is never needed."""

    pip: Pip

    name = "pip"

    def create(self, interpreter: Interpreter, environment: Environment) -> Command:
        """Return the command that makes an empty environment."""
        return [interpreter.path, "-I", "-m", "venv", "--without-pip", environment.folder]

    def install(self, environment: Environment, order: Order) -> Command:
        """Return the command that installs what is ordered."""
        # pip runs under the environment's own Python, so that no second start by way of --python is needed.
        command: Command = [
            *self._pip(environment),
            "install",
            "--no-compile",
            "--no-warn-script-location",
            "--progress-bar=off",
        ]
        for file in (*order.files, order.pip_file):
            command += ["-r", file]
        command += ["--require-hashes"] if order.hashed and self.pip.is_pinned else []
        command += ["--no-deps"] if order.complete else []
        command += ["--find-links", self.pip.links]
        if order.wheelhouse:
            command += ["--no-index", "--find-links", order.wheelhouse]
        elif order.offline:
            command += ["--no-index"]
        return command

    def fetch(self, environment: Environment, order: Order, folder: Path) -> Command:
        """Return the command that brings the wheels of a complete order into a folder, as far as they are not there."""
        command: Command = [*self._pip(environment), "download", "--no-deps", "--require-hashes", "--only-binary=:all:"]
        command += ["--progress-bar=off", "--find-links", self.pip.links, "-d", folder]
        return command + [word for file in (*order.files, order.pip_file) for word in ("-r", file)]

    def install_editable(self, environment: Environment, project: Path) -> Command:
        """Return the command that installs a project from its folder, its build backend being installed."""
        command: Command = [*self._pip(environment), "install", "--no-compile", "--no-warn-script-location"]
        return [*command, "--no-index", "--no-deps", "--no-build-isolation", "--editable", project.as_uri()]

    def uninstall(self, environment: Environment, names: list[str]) -> Command:
        """Return the command that removes packages."""
        return [*self._pip(environment), "uninstall", "--yes", *names]

    def _pip(self, environment: Environment) -> Command:
        return [environment.python, "-I", self.pip.runs_from / "pip"]


Engine = UvEngine | PipEngine
