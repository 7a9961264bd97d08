"""Know the ways to an environment that are compared: what each prepares unmeasured, and the commands that are measured."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from benchmarks.bench import BOOTSTRAP, IMPORTS, PINS, ROOT, Bench
from benchmarks.clock import Command


def _nothing(_place: Path) -> None:
    pass


@dataclass(frozen=True)
class Way:
    """One side of a comparison."""

    key: str
    name: str
    commands: Callable[[Path], list[Command]]
    prepare: Callable[[Path], None] = _nothing
    with_uv: bool = False
    """Whether uv is on PATH; the bootstrap takes it when it is."""
    may_fail: bool = False
    """Whether it is somebody else's as it is today, and left out where it does not work."""


def environments(bench: Bench, size: str) -> list[Way]:
    """Return the ways to an environment with the pins of a size, each up to the first import of what was asked for."""
    python, uv, pins = bench.python, bench.uv, PINS / f"{size}.txt"
    first = first_import(IMPORTS[size])

    def classic(place: Path) -> list[Command]:
        return [[python, "-m", "venv", ".venv"], [_pip(place), "install", "-r", pins], first]

    def virtualenv(place: Path) -> list[Command]:
        make: Command = [bench.tool("virtualenv"), "--python", python, ".venv"]
        return [make, [_pip(place), "install", "-r", pins], first]

    def uv_sync(_place: Path) -> list[Command]:
        return [[uv, "venv", "--python", python], [uv, "pip", "sync", pins], first]

    def uv_install(place: Path) -> list[Command]:
        install: Command = [uv, "pip", "install", "-r", pins, "-r", place / "pip.txt"]
        return [[uv, "venv", "--python", python], install, first]

    def uv_project(_place: Path) -> list[Command]:
        versions = [f"{name}=={pinned_version(pins, name, pinned_python(bench))}" for name in IMPORTS[size]]
        init: Command = [uv, "init", "--bare", "--no-workspace", "--name", "bare", "--python", python]
        return [init, [uv, "add", "--no-sync", *versions], [uv, "sync"], first]

    def ours(*more: str) -> Callable[[Path], list[Command]]:
        return lambda _place: [["sh", "bootstrap.sh", *more], first]

    def project(place: Path) -> None:
        lay_bootstrap(place, pins)

    return [
        Way("classic", "python -m venv, pip install -r", classic),
        Way("ours-pip", "bootstrap, pip engine", ours("--installer", "pip"), project),
        Way("virtualenv", "virtualenv, pip install -r", virtualenv),
        Way("uv-pip", "uv venv, uv pip install, pip too", uv_install, _pin_pip),
        Way("ours-uv", "bootstrap, uv engine", ours(), project, with_uv=True),
        Way("uv-sync", "uv venv, uv pip sync (no pip)", uv_sync),
        Way("uv-project", "uv init, uv add, uv sync (no pip)", uv_project),
    ]


def nothing_to_do(bench: Bench) -> list[Way]:
    """Return the ways to be told that an environment is current."""
    python, uv, pins = bench.python, bench.uv, PINS / "small.txt"

    def filled(place: Path) -> None:
        if not (place / ".venv").exists():
            lay_bootstrap(place, pins)

    def again(place: Path) -> None:
        filled(place)
        (place / "again.txt").write_bytes(pins.read_bytes())

    def synced(place: Path) -> None:
        series = pinned_python(bench)
        header = f'[project]\nname = "bare"\nversion = "1"\nrequires-python = ">={series}"\n'
        wanted = f"dependencies = ['requests=={pinned_version(pins, 'requests', series)}']\n"
        (place / "pyproject.toml").write_text(header + wanted, encoding="utf-8")

    def after(first: Command, measured: Command) -> Callable[[Path], list[Command]]:
        return lambda place: [measured] if (place / ".venv").exists() else [first, measured]

    fill: Command = ["sh", "bootstrap.sh", "--installer", "pip"]
    sync: Command = [uv, "sync", "--python", python]
    install: Command = [".venv/bin/python", "-m", "pip", "install", "-r", pins]
    return [
        Way("pass", "python -I -c pass", lambda _: [[python, "-I", "-c", "pass"]]),
        Way("ours", "python -I bootstrap", after(fill, [python, "-I", "bootstrap"]), filled),
        Way("ours-shim", "sh bootstrap.sh", after(fill, ["sh", "bootstrap.sh"]), filled),
        Way("ours-check", "bootstrap check", after(fill, [python, "-I", "bootstrap", "check"]), filled),
        Way("uv-sync", "uv sync", after(sync, sync), synced),
        Way("pip", "pip install -r", after(fill, install), again),
    ]


def first_import(modules: tuple[str, ...]) -> Command:
    """Return the command that imports every direct dependency; work moved to the first import is so counted."""
    return [".venv/bin/python", "-c", f"import {', '.join(modules)}"]


def lay_bootstrap(place: Path, pins: Path) -> None:
    """Lay the bootstrap and these pins into a folder, as `existing` does."""
    shutil.copytree(BOOTSTRAP, place / "bootstrap", ignore=shutil.ignore_patterns("__pycache__", "*.jinja", "workshop"))
    shutil.copy(ROOT / "template" / "bootstrap.sh", place)
    shutil.copy(pins, place / "requirements.txt")
    settings = "[environment]\noldest-python = 3.10\nnewest-python = 3.15\npins = requirements.txt\n"
    (place / "bootstrap" / "settings.ini").write_text(settings, encoding="utf-8")


def pinned_version(pins: Path, name: str, python: str) -> str:
    """Return the version of a package in a pin file; of several, the one for this series of Python (3.13)."""
    lines = [line for line in pins.read_text(encoding="utf-8").splitlines() if line.startswith(f"{name}==")]
    found = [Requirement(line.rstrip("\\ ")) for line in lines]
    here = {"python_version": python, "python_full_version": f"{python}.99"}
    fits = next(each for each in found if each.marker is None or each.marker.evaluate(here))
    return str(fits.specifier).removeprefix("==")


def pinned_python(bench: Bench) -> str:
    """Return the series of the Python that is measured, as its program's folder tells: 3.13."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([bench.python, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _pip(place: Path) -> Path:
    return place / ".venv" / "bin" / "pip"


def _pin_pip(place: Path) -> None:
    blocks = (BOOTSTRAP / "tools.txt").read_text(encoding="utf-8").split("\nuv==")
    (place / "pip.txt").write_text(blocks[0] + "\n", encoding="utf-8")
