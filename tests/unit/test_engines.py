"""Both engines are told the same, each in its own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from projectenv.engines import Order, PipEngine, UvEngine
from projectenv.environment import Environment
from projectenv.interpreters import Interpreter
from projectenv.tools import Pip

HERE = Environment(Path("/p/.venv"))
ORDER = Order((Path("/p/requirements.txt"), Path("/p/requirements-dev.txt")), Path("/p/.venv/pip.txt"))
ENGINES: list[UvEngine | PipEngine] = [
    UvEngine(Path("/bin/uv")),
    PipEngine(Pip(Path("/c/pip-26.3"), "26.3", Path("/c/wheels"))),
]


def words(command: list[str | Path]) -> list[str]:
    """Return a command as text."""
    return [str(word) for word in command]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda each: each.name)
def test_pins_and_pip_are_installed_in_one_run_with_hashes(engine: UvEngine | PipEngine) -> None:
    """Every file, pip's own among them, goes unmodified into one command that asks for hashes."""
    command = words(engine.install(HERE, ORDER))
    files = [command[place + 1] for place, word in enumerate(command) if word == "-r"]
    assert files == ["/p/requirements.txt", "/p/requirements-dev.txt", "/p/.venv/pip.txt"]
    assert {"--require-hashes", "--no-deps"} <= set(command)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda each: each.name)
def test_the_environment_is_always_named(engine: UvEngine | PipEngine) -> None:
    """VIRTUAL_ENV and conda cannot misdirect what names its target (FAILURES C7)."""
    assert str(HERE.python) in words(engine.install(HERE, ORDER))


@pytest.mark.parametrize("engine", ENGINES, ids=lambda each: each.name)
def test_a_wheelhouse_replaces_the_index(engine: UvEngine | PipEngine) -> None:
    """With a folder of wheels no network is asked."""
    command = words(engine.install(HERE, Order((), Path("p"), wheelhouse=Path("/p/wheelhouse"))))
    assert "--no-index" in command
    assert "/p/wheelhouse" in command


def test_incomplete_pins_are_resolved_by_the_engine() -> None:
    """A file that we did not lock may lack dependencies or hashes."""
    command = words(ENGINES[0].install(HERE, Order((), Path("p"), hashed=False, complete=False)))
    assert not {"--require-hashes", "--no-deps"} & set(command)


def test_venv_is_made_without_ensurepip_and_out_of_reach_of_the_project() -> None:
    """-I keeps a venv.py of the project out (FAILURES B25); --without-pip works without python3-venv (B1)."""
    command = words(ENGINES[1].create(Interpreter(Path("/usr/bin/python3"), (3, 11, 2)), HERE))
    assert command == ["/usr/bin/python3", "-I", "-m", "venv", "--without-pip", "/p/.venv"]
