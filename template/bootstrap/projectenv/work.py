"""Hold what the steps of a plan work on, and run the commands that they consist of."""

from __future__ import annotations

from pathlib import Path

from .configuration import engine_environment
from .console import Console
from .engines import Command, Engine, Order
from .environment import Environment
from .interpreters import Interpreter
from .machine import Machine
from .process import Finished, pasteable, run
from .record import Record
from .settings import Settings


class Work(Record):
    """What the steps work on."""

    project: Path
    environment: Environment
    settings: Settings
    machine: Machine
    console: Console
    engine: Engine
    interpreter: Interpreter
    order: Order
    pip_requirement: str
    dropped: tuple[str, ...]
    inputs: tuple[str, ...]

    def run(self, command: Command, what: str, *, alone: bool = False) -> Finished:
        """Run pip or uv to its end, in the user's own configuration, and show how long it takes.

        What runs `alone` needs no other program, and finds none.
        """
        self.console.detail(f"run: {self.pasteable(command)}")
        environ = engine_environment(self.machine, self.engine.name)
        if alone and self.machine.system != "windows":
            environ["PATH"] = str(self.environment.scripts)
        with self.console.progress(what) as progress:
            return run(command, environ=environ, on_line=progress.note)

    def pasteable(self, command: Command) -> str:
        """Return a command as a person would type it here."""
        return pasteable(command, windows=self.machine.system == "windows")
