"""Make a small workshop: hand-made wheels in place of JupyterLab, a notebook, data, and what may be broken."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from projectenv.machine import this_machine
from projectenv.workshop.described import pins_digest
from projectenv.workshop.house import File, House, target_of, write_house
from projectenv.workshop.verdict import Verdict, decode

from tests.support.project import TEMPLATE, Project, Ran, make_project
from tests.support.wheels import Wheel

LAST = re.compile(r"(?P<ready>READY  code: (?P<code>\S+)\n)\Z|NOT READY  code: (?P<no>\S+)\nnext: (?P<next>[^\n]+)\n\Z")
PINS = ("requirements.txt",)
START = {"win32": r".\start-windows.cmd", "darwin": "sh start-mac.command"}.get(sys.platform, "sh start-linux.sh")
"""What an attendee of this system begins with."""
OF_WORKSHOPS = pytest.mark.skipif(sys.version_info < (3, 11), reason="a workshop has Python 3.11 or newer")


def make_workshop(place: Path, name: str = "workshop", **described: str) -> Project:
    """Make a workshop that declares and pins `hello`; keywords are lines of its section in settings.ini."""
    project = make_project(place, name, workshop=True)
    describe(project, **described)
    for start in TEMPLATE.glob("start-*"):
        shutil.copy(start, project.folder)
    (project.folder / "notebooks").mkdir()
    write_notebook(project.folder / "notebooks" / "01.ipynb", "1 + 1")
    (project.folder / "data").mkdir()
    (project.folder / "data" / "rows.csv").write_bytes(b"a,b\n1,2\n")
    declare(project, "hello")
    ran = project.run("check", "--accept-data")
    assert ran.code == 0, ran.text
    return project


def describe(project: Project, **described: str) -> None:
    """Write settings.ini, these lines in its section [workshop]."""
    project.configure()
    lines = "".join(f"{key.replace('_', '-')} = {value}\n" for key, value in described.items())
    with (project.folder / "bootstrap" / "settings.ini").open("a", encoding="utf-8") as file:
        file.write(f"\n[workshop]\n{lines}")


def declare(project: Project, *requirements: str) -> None:
    """Write pyproject.toml with these dependencies."""
    text = f'[project]\nname = "it"\nversion = "1"\ndependencies = {json.dumps(requirements)}\n'
    (project.folder / "pyproject.toml").write_text(text, encoding="utf-8")


def write_notebook(file: Path, code: str) -> None:
    """Write a notebook of one cell."""
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "one",
        "metadata": {},
        "source": code,
        "outputs": [],
        "execution_count": None,
    }
    file.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")


def here() -> tuple[str, str]:
    """Return what a manifest calls this machine with the Python of these tests: target, version."""
    import sysconfig

    return target_of(sysconfig.get_platform(), this_machine().architecture), sysconfig.get_python_version()


def furnish(folder: Path, project: Project, *wheels: Wheel, target: str = "", python: str = "") -> Path:
    """Fill a folder with wheels, and with a manifest that promises them for this machine or another; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for wheel in wheels:
        (folder / wheel.path.name).write_bytes(wheel.path.read_bytes())
        files[wheel.path.name] = File(wheel.path.name, wheel.path.stat().st_size, wheel.sha256)
    key = f"{target or here()[0]} {python or here()[1]}"
    write_house(folder, House(pins_digest(project.folder, PINS), files, {key: tuple(files)}))
    return folder


def last_lines(ran: Ran) -> tuple[Verdict, str]:
    """Return what the last lines of the output say, and the next step; they are exactly these."""
    found = LAST.search(ran.out)
    assert found, ran.text
    verdict = decode(found["code"] or found["no"])
    assert verdict, ran.out
    assert verdict.ready == bool(found["ready"])
    return verdict, found["next"] or ""
