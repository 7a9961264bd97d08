"""The check finds each thing that can be wrong, says what to do about it in one line, and ends in its verdict."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from projectenv.console import Console
from projectenv.failure import Failure
from projectenv.machine import this_machine
from projectenv.settings import Settings
from projectenv.workshop.check import accept_data
from projectenv.workshop.described import Workshop, pins_digest
from projectenv.workshop.examine import Room
from projectenv.workshop.verdict import part_of

from tests.support import needs
from tests.support.project import Project
from tests.support.workshop import OF_WORKSHOPS, PINS, START, declare, last_lines, make_workshop

SYSTEM = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")

pytestmark = OF_WORKSHOPS


def test_ready_is_one_last_line_and_exit_code_0(ready: Project) -> None:
    """Start and check end in the same words; quiet leaves only them."""
    for words in (["start"], ["check"], ["check", "--quiet"], ["start", "--quiet"]):
        ran = ready.run(*words)
        verdict, step = last_lines(ran)
        assert (ran.code, verdict.ready, step, ran.err) == (0, True, "", ""), ran.text
    assert ran.out.count("\n") == 1


def test_the_code_says_what_the_laptop_is_and_nothing_else(ready: Project) -> None:
    """System, Python, and part of the pins' digest; equal laptops have equal codes."""
    verdict, _ = last_lines(ready.run("check"))
    assert verdict.system == SYSTEM
    assert verdict.minor == sys.version_info.minor
    assert verdict.pins == part_of(pins_digest(ready.folder, PINS))
    assert ready.run("check").out == ready.run("check").out


def test_pins_with_windows_line_ends_have_the_same_code(ready: Project) -> None:
    """A ZIP or an editor may have changed them: that is no old copy."""
    before, _ = last_lines(ready.run("check"))
    file = ready.folder / "requirements.txt"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    ready.run("start")
    assert last_lines(ready.run("check"))[0] == before


def test_a_pin_whose_marker_does_not_apply_here_is_not_missed(ready: Project) -> None:
    """Every pin whose marker applies, and no other."""
    elsewhere = ready.wheel("elsewhere").pin(marker="sys_platform == 'amiga'")
    with (ready.folder / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write(elsewhere)
    declare(ready, "hello", "elsewhere; sys_platform == 'amiga'")
    ran = ready.run("start", "--from", "index")
    assert last_lines(ran)[0].ready, ran.text
    assert "all 1 packages" in ran.out


def _no_environment(project: Project) -> None:
    shutil.rmtree(project.venv)


def _other_python(project: Project) -> None:
    text = (project.folder / "bootstrap" / "settings.ini").read_text(encoding="utf-8")
    text = text.replace("oldest-python = 3.10", "oldest-python = 3.99").replace(
        "newest-python = 3.15", "newest-python = 3.99"
    )
    (project.folder / "bootstrap" / "settings.ini").write_text(text, encoding="utf-8")


def _missing_package(project: Project) -> None:
    library = next(project.venv.glob("lib/python3*/site-packages"), project.venv / "Lib" / "site-packages")
    shutil.rmtree(next(library.glob("hello-*.dist-info")))


def _other_version(project: Project) -> None:
    other = project.wheel("hello", "2.0")
    command = [str(project.python), "-m", "pip", "install", "--quiet", str(other.path)]
    ran = project.finish(command)
    assert ran.code == 0, ran.text


def _changed_pins(project: Project) -> None:
    project.pin(project.wheel("hello"), project.wheel("another"))


def _damaged_data(project: Project) -> None:
    (project.folder / "data" / "rows.csv").write_bytes(b"a,b\n1,3\n")


def _missing_data(project: Project) -> None:
    (project.folder / "data" / "rows.csv").unlink()


def _damaged_notebook(project: Project) -> None:
    (project.folder / "notebooks" / "01.ipynb").write_text('{"cells": [', encoding="utf-8")


def _data_that_is_a_folder(project: Project) -> None:
    (project.folder / "data" / "rows.csv").unlink()
    (project.folder / "data" / "rows.csv").mkdir()


def _notebook_that_leads_nowhere(project: Project) -> None:
    (project.folder / "notebooks" / "01.ipynb").unlink()
    (project.folder / "notebooks" / "01.ipynb").symlink_to("gone")


def _merge_in_notebook(project: Project) -> None:
    (project.folder / ".git").mkdir()
    file = project.folder / "notebooks" / "01.ipynb"
    file.write_text("<<<<<<< HEAD\n" + file.read_text(encoding="utf-8"), encoding="utf-8")


AGAIN = "download the workshop's folder again, and start in the new one"


@pytest.mark.parametrize(
    ("damage", "check", "says", "step"),
    [
        (_no_environment, "environment", "the workshop's packages are not installed yet", START),
        (_other_python, "python", "is not one of 3.99 to 3.99", f"{START} --recreate"),
        (_missing_package, "pins", "hello is not installed", START),
        (_other_version, "pins", "hello is 2.0, not ==1.0", START),
        (_changed_pins, "pins", "another is not installed", START),
        (_damaged_data, "data", "data/rows.csv is not the file that it should be", AGAIN),
        (_missing_data, "data", "data/rows.csv is missing", AGAIN),
        (_damaged_notebook, "notebooks", "notebooks/01.ipynb cannot be read", AGAIN),
        (_data_that_is_a_folder, "data", "data/rows.csv cannot be read", AGAIN),
        (_notebook_that_leads_nowhere, "notebooks", "notebooks/01.ipynb cannot be read", AGAIN),
        (_merge_in_notebook, "notebooks", "notebooks/01.ipynb cannot be read", "git checkout -- notebooks"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_what_is_wrong_is_found_and_has_one_next_step(
    ready: Project, damage: Callable[[Project], None], check: str, says: str, step: str
) -> None:
    """The exit code is 1, and 2 where another Python is needed."""
    damage(ready)
    ran = ready.run("check")
    verdict, told = last_lines(ran)
    assert verdict.failed == (check,), ran.text
    assert says in ran.out
    assert told == step
    assert ran.code == (2 if check == "python" else 1)
    assert not ran.err


@pytest.mark.parametrize("damage", [_no_environment, _missing_package, _other_version, _changed_pins])
def test_the_next_step_puts_it_right(ready: Project, damage: Callable[[Project], None]) -> None:
    """Typed as it stands, with what is to be had here."""
    damage(ready)
    _, step = last_lines(ready.run("check"))
    words = ["start", *step.removeprefix(START).split()]
    if damage is _changed_pins:
        declare(ready, "hello", "another")
    ran = ready.run(*words)
    assert (ran.code, last_lines(ran)[0].ready) == (0, True), ran.text


def test_several_things_wrong_have_one_next_step_and_all_their_bits(ready: Project) -> None:
    """What has to be put right first is told; who reads the code sees all."""
    _missing_package(ready)
    _damaged_data(ready)
    ran = ready.run("check")
    verdict, step = last_lines(ran)
    assert verdict.failed == ("pins", "data")
    assert step == START


def test_json_is_for_machines(ready: Project) -> None:
    """As in every other project."""
    told = json.loads(ready.run("check", "--json").out)
    assert told["ok"] is True


def test_a_set_up_that_fails_ends_in_the_verdict_too(ready: Project) -> None:
    """With the step that the failure asks for, which knows more than the check."""
    ready.pin(ready.wheel("hello"), ready.wheel("gone"))
    for wheel in ready.wheels.glob("gone-*"):
        wheel.unlink()
    ran = ready.run("start", "--from", "index")
    verdict, step = last_lines(ran)
    assert ran.code == 1
    assert verdict.failed == ("pins",)
    assert "could not be installed" in ran.err
    assert step
    assert step not in ran.err


def test_no_python_that_fits_is_exit_code_2_and_the_verdict(tmp_path: Path) -> None:
    """Before anything is fetched."""
    project = make_workshop(tmp_path)
    text = (project.folder / "bootstrap" / "settings.ini").read_text(encoding="utf-8")
    text = text.replace("oldest-python = 3.10", "oldest-python = 3.98").replace(
        "newest-python = 3.15", "newest-python = 3.99"
    )
    (project.folder / "bootstrap" / "settings.ini").write_text(text, encoding="utf-8")
    ran = project.run("start")
    verdict, step = last_lines(ran)
    assert ran.code == 2
    assert verdict.failed == ("python", "environment")
    assert "3.98 to 3.99" in ran.out
    assert "--python PATH" in step
    assert not project.venv.exists()


def test_a_file_where_the_copies_go_ends_in_the_verdict(ready: Project) -> None:
    """An unexpected error of the disk is no reason to stop without one."""
    shutil.rmtree(ready.folder / "my-work")
    (ready.folder / "my-work").write_text("", encoding="utf-8")
    try:
        ran = ready.run("start")
        assert ran.code == 0 or last_lines(ran)[1], ran.text
        last_lines(ran)
    finally:
        (ready.folder / "my-work").unlink()


@pytest.mark.skipif(sys.platform != "linux", reason="takes the network away as Linux does")
def test_without_a_network_an_attendee_is_told_of_the_wifi_and_of_the_stick(tmp_path: Path) -> None:
    """Not of options that only somebody needs who knows them."""
    project = make_workshop(tmp_path)
    for wheel in project.wheels.iterdir():
        wheel.unlink()
    command = [*needs.unplugged(), sys.executable, "-I", "-B", "bootstrap", "start"]
    ran = project.finish(command, {"PIP_NO_INDEX": None, "PIP_RETRIES": "0"})
    _, step = last_lines(ran)
    assert "there is no network" in ran.err, ran.text
    assert step == f"check the Wi-Fi, plug in the stick if you have one, then: {START}"


@pytest.mark.parametrize("data", ["", "gone"])
def test_data_that_is_nowhere_is_told_and_nothing_is_written(tmp_path: Path, data: str) -> None:
    """With no folder named, the project itself is not taken for one."""
    look = Room(
        Workshop(tmp_path, data=data),
        Settings((3, 11), (3, 15), (), "", "auto", ""),
        this_machine(),
        Console(io.StringIO()),
    )
    with pytest.raises(Failure, match="no folder"):
        accept_data(look.workshop, look)
    assert list(tmp_path.iterdir()) == []


def test_what_a_system_leaves_in_a_folder_is_no_data(tmp_path: Path) -> None:
    """Attendees do not have the instructor's .DS_Store, and are ready all the same."""
    for name in ("rows.csv", ".DS_Store", "Thumbs.db"):
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / name).touch()
    look = Room(
        Workshop(tmp_path, data="data"),
        Settings((3, 11), (3, 15), (), "", "auto", ""),
        this_machine(),
        Console(io.StringIO()),
    )
    accept_data(look.workshop, look)
    (line,) = (tmp_path / "data" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert line.endswith("  rows.csv")
