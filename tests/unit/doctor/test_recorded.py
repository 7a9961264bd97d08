"""What dnf, zypper and pacman really answered is understood: offers, dependents, owners, damage, and the plan for it.

Each file of tests/recorded holds the version, every question with its answer, and what doctor then made of it inside that
system (tests/hosts/test_other_managers.py writes them). A question that was never recorded fails the test.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from projectenv.doctor import asking, forced, managers, rollback, story
from projectenv.doctor.asking import Answer
from projectenv.doctor.forced import Forced
from projectenv.doctor.pythons import Found
from projectenv.doctor.wanted import Wanted
from projectenv.machine import Machine

RECORDED = sorted((Path(__file__).parents[2] / "recorded").glob("*.json"))
SITE = "/usr/lib/python3.99/site-packages"
MACHINE = Machine("linux", "x86_64", "", 0, {"PATH": "/nowhere"}, Path("/root"))
PYTHON = Found("/usr/bin/python3.99", "3.99.1", "here", "", managed=True, places=(SITE,), user="/root/nothing")


@pytest.fixture(params=RECORDED, ids=lambda each: str(each.stem))
def recording(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[managers.Manager, dict[str, Any]]:
    """Return a manager that answers as it was recorded, and what was told of it."""
    told = json.loads(request.param.read_text(encoding="utf-8"))
    answers = {tuple(each["asked"]): each for each in told["answers"]}

    def answer(command: list[str], machine: Machine, seconds: float = 5) -> Answer:
        found = answers[tuple(command)]
        return asking.understood(command[0], found["code"], found["output"], found["errors"])

    for module in (managers, forced, story):
        monkeypatch.setattr(module, "ask", answer)
    manager = next(each for each in managers.MANAGERS if each.name == request.param.stem.split("-")[0])
    return manager, told["told"]


@pytest.fixture
def left(tmp_path: Path, recording: tuple[managers.Manager, dict[str, Any]]) -> list[Forced]:
    """Return what was forced there, its records laid into a folder of this test."""
    found = []
    for name, version, files in (("idna", "99.0", ["idna/__init__.py", "idna/extra.py"]), ("six", "1.99", ["six.py"])):
        folder = tmp_path / f"{name}-{version}.dist-info"
        folder.mkdir()
        record = [*files, f"{folder.name}/INSTALLER", f"{folder.name}/RECORD"]
        (folder / "RECORD").write_text("".join(f"{each},,\n" for each in record), encoding="utf-8")
        found.append(Forced(name, version, SITE, str(folder), "system", PYTHON.path, "pip"))
    return found


def test_its_offers_are_read(recording: tuple[managers.Manager, dict[str, Any]]) -> None:
    """Package, upstream version and whether it is installed; a name that nobody offers is no trouble."""
    manager, told = recording
    wanted = [Wanted(each) for each in ("six", "idna", "requests", "no-such-thing")]
    found, troubles = managers.offers(manager, wanted, MACHINE)
    assert {name: vars(each) for name, each in found.items()} == told["offers"]
    assert (found["six"].version, found["six"].installed) == ("1.16.0", True)
    assert (found["requests"].version, found["requests"].installed) == ("2.28.1", False)
    assert troubles == []


def test_what_depends_on_python_is_read(recording: tuple[managers.Manager, dict[str, Any]]) -> None:
    """The programs that the marker protects are named."""
    manager, _ = recording
    output = story.ask(managers.command(manager.dependents), MACHINE).output  # type: ignore[attr-defined]
    assert "firewalld" in story.dependents(manager.name, output)


def test_damage_is_told_with_its_package(
    recording: tuple[managers.Manager, dict[str, Any]], left: list[Forced], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that pip overwrote or removed count, a configuration file that a person edited does not."""
    manager, told = recording
    monkeypatch.setattr(os.path, "lexists", lambda path: "1.16.0" not in str(path))
    damaged, trouble = forced.damaged(left, [PYTHON], manager, MACHINE)
    assert damaged == told["damaged"]
    assert {f"{SITE}/six.py", f"{SITE}/idna/__init__.py"} <= set(damaged)
    assert (trouble, [path for path in damaged if path.startswith("/etc")]) == ("", [])


def test_the_plan_speaks_this_managers_language(
    recording: tuple[managers.Manager, dict[str, Any]], left: list[Forced]
) -> None:
    """Fetch, repair and verify are its own commands, which tests/hosts runs."""
    manager, told = recording
    plan = rollback.plan(left, told["damaged"], set(told["damaged"]), manager, "plan.sh", [])
    packages = sorted(set(told["damaged"].values()))
    for template in (manager.fetch, manager.repair, manager.verify):
        assert f"as_root {' '.join(managers.command(template, *packages))}" in plan
    assert "apt-get" not in plan
    assert f"    {SITE}/idna/extra.py" in plan
