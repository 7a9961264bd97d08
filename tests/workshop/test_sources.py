"""Packages come from what was given, the folder, a drive, the room, the index: in that order, and it is said."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from projectenv.console import Console
from projectenv.failure import Failure
from projectenv.machine import this_machine
from projectenv.preparation import Request
from projectenv.record import replace
from projectenv.settings import read_settings
from projectenv.workshop import sources
from projectenv.workshop.described import pins_digest, read_workshop
from projectenv.workshop.examine import Room
from projectenv.workshop.sources import Source, address_in, choose_source

from tests.support.project import Project
from tests.support.workshop import OF_WORKSHOPS, PINS, describe, furnish, here, last_lines, make_workshop

ROOM = "http://192.168.1.20:8000"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a workshop that is not set up."""
    project = make_workshop(tmp_path, address=ROOM)
    project.pin(project.wheel("hello"))
    return project


def look(project: Project, drives: Path) -> Room:
    """Return what a start sees, the drives of this machine replaced."""
    machine = this_machine()
    environ = {**machine.environ, "PATH": project.environ["PATH"], "BOOTSTRAP_DRIVES": str(drives)}
    settings = read_settings(project.folder / "bootstrap" / "settings.ini")
    workshop = read_workshop(project.folder)
    assert workshop
    return Room(workshop, settings, replace(machine, environ=environ), Console(io.StringIO()))


def choose(
    project: Project, given: str | None = None, *, offline: bool = False, room: bool = True
) -> tuple[Source, str]:
    """Return the source that is chosen, and what was said on the way."""
    drives = project.folder.parent / "drives"
    drives.mkdir(exist_ok=True)

    def fetch(address: str) -> Source:
        if not room:
            raise Failure(f"{address} does not answer.")
        return Source(f"Fetched from {address}.", project.folder / "wheelhouse")

    seen = look(project, drives)
    source = choose_source(seen, Request(project.folder, offline=offline), given, fetch)
    assert isinstance(seen.console.stream, io.StringIO)
    return source, seen.console.stream.getvalue()


def test_the_order_is_given_folder_drive_room_index(project: Project) -> None:
    """Each is taken away in turn."""
    wheel = project.wheel("hello")
    given = furnish(project.folder.parent / "given", project, wheel)
    own = furnish(project.folder / "wheelhouse", project, wheel)
    stick = furnish(project.folder.parent / "drives" / "STICK" / "wheelhouse", project, wheel)
    assert choose(project, str(given))[0].wheelhouse == given
    assert choose(project)[0].wheelhouse == own
    _remove(own)
    assert choose(project)[0].wheelhouse == stick
    _remove(stick)
    assert choose(project)[0].says == f"Fetched from {ROOM}."
    source, said = choose(project, room=False)
    assert (source.wheelhouse, source.says) == (None, "From the package index.")
    assert f"Not from the instructor's laptop: {ROOM} does not answer." in said


def _remove(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


@pytest.mark.parametrize("place", ["STICK/wheelhouse", "STICK/the workshop/wheelhouse", "STICK"])
def test_a_stick_may_hold_it_at_its_top_or_one_folder_below(project: Project, place: str) -> None:
    """However it was copied."""
    folder = furnish(project.folder.parent / "drives" / place, project, project.wheel("hello"))
    source, _ = choose(project)
    assert source.wheelhouse == folder
    assert source.complete


def test_index_and_an_address_can_be_given(project: Project) -> None:
    """`index` passes by everything else; an address that does not answer is told, not replaced."""
    furnish(project.folder / "wheelhouse", project, project.wheel("hello"))
    assert choose(project, "index")[0].wheelhouse is None
    assert choose(project, f"{ROOM}/")[0].says == f"Fetched from {ROOM}."
    with pytest.raises(Failure, match="does not answer"):
        choose(project, ROOM, room=False)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (f"{ROOM}/", ROOM),
        (f"{ROOM}/START-HERE.html", ROOM),
        ("HTTP://192.168.1.20:8000", ROOM),
        ("192.168.1.20:8000", ROOM),
        ("192.168.1.20", ROOM),
        ("laptop.local:8001", "http://laptop.local:8001"),
        ("http://laptop.local", "http://laptop.local"),
        ("https://example.org/some/where/", "https://example.org/some/where"),
        ("wheelhouse", ""),
        ("./wheelhouse", ""),
        ("/media/STICK/wheelhouse", ""),
        ("E:\\wheelhouse", ""),
        ("E:", ""),
        ("..", ""),
    ],
)
def test_an_address_may_be_typed_as_people_do(given: str, address: str) -> None:
    """Without http://, without the port, or as it stands in the browser's line; folders stay folders."""
    assert address_in(given) == address


def test_how_much_comes_from_the_index_is_said_for_the_pins_it_is_true_for(project: Project) -> None:
    """With other pins nothing is promised."""
    target = here()[0]
    digest = pins_digest(project.folder, PINS)
    describe(project, download=f"{target} 148, other-x64 3", download_for=digest[:16])
    assert choose(project)[0].says == "From the package index: up to 148 MB to fetch."
    describe(project, download=f"{target} 148", download_for="0123456789abcdef")
    assert choose(project)[0].says == "From the package index."
    describe(project, download="what, ever 1 2")
    assert choose(project)[0].says == "From the package index."


def test_offline_asks_nobody(project: Project) -> None:
    """Neither the room nor the index."""
    assert choose(project, offline=True)[0].says == "From what this computer has fetched before."


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda p, f: p.pin(p.wheel("hello"), p.wheel("more")), "is for another version of this workshop"),
        (lambda p, f: furnish(f, p, p.wheel("hello"), target="riscos-arm"), "has nothing for this kind of computer"),
        (lambda p, f: furnish(f, p, p.wheel("hello"), python="3.9"), "has nothing for this kind of computer"),
        (lambda p, f: (f / "manifest.json").write_text("<html>"), "cannot be read"),
        (lambda p, f: (f / "manifest.json").write_text('{"files": [{"name": "../x.whl"}]}'), "cannot be read"),
    ],
    ids=["pins", "platform", "python", "damaged", "hostile"],
)
def test_a_wheelhouse_that_does_not_serve_is_told_and_passed_over_unless_it_was_asked_for(
    project: Project, spoil: Callable[[Project, Path], object], says: str
) -> None:
    """Whoever carried the stick around wants to know; whoever named it waits for an answer."""
    folder = furnish(project.folder / "wheelhouse", project, project.wheel("hello"))
    spoil(project, folder)
    source, said = choose(project)
    assert source.says == f"Fetched from {ROOM}."
    assert says in said
    with pytest.raises(Failure, match=says):
        choose(project, str(folder))


def test_a_folder_without_wheels_is_no_source(project: Project, tmp_path: Path) -> None:
    """And the message says which folder is meant."""
    with pytest.raises(Failure, match="there are no wheels in"):
        choose(project, str(tmp_path / "nowhere"))


def test_wheels_without_a_manifest_serve_beside_the_index(project: Project) -> None:
    """Nobody promised that they are all."""
    folder = furnish(project.folder / "wheelhouse", project, project.wheel("hello"))
    (folder / "manifest.json").unlink()
    source, _ = choose(project)
    assert source.wheelhouse == folder
    assert not source.complete


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's places")
def test_the_drives_of_this_machine_are_looked_at_without_an_error() -> None:
    """Whatever is mounted here, or may not be read."""
    list(sources.drives(this_machine()))


@OF_WORKSHOPS
def test_start_installs_from_a_stick_with_no_index_and_says_so(project: Project) -> None:
    """The wheels that the index would have had are gone."""
    stick = furnish(project.folder.parent / "drives" / "STICK" / "wheelhouse", project, project.wheel("hello"))
    for wheel in project.wheels.iterdir():
        wheel.unlink()
    ran = project.run("start", BOOTSTRAP_DRIVES=str(project.folder.parent / "drives"))
    assert (ran.code, last_lines(ran)[0].ready) == (0, True), ran.text
    assert f"From {stick}: nothing to fetch (" in ran.out


@pytest.mark.parametrize("what", ["tampered", "missing"])
def test_a_wheel_on_the_stick_that_is_not_what_it_should_be_is_refused(project: Project, what: str) -> None:
    """It is named before anything is installed, and the next source is asked, which here has nothing."""
    folder = furnish(project.folder / "wheelhouse", project, project.wheel("hello"))
    (wheel,) = folder.glob("hello-*.whl")
    (project.wheels / wheel.name).unlink()
    if what == "tampered":
        wheel.write_bytes(wheel.read_bytes() + b"\0")
    else:
        wheel.rename(folder / "other-1.0-py3-none-any.whl")
    ran = project.run("start")
    verdict, step = last_lines(ran)
    assert ran.code == 1
    assert verdict.failed == ("environment",)
    assert f"Not from {folder}: {folder} is damaged: {wheel.name} is not what it should be." in ran.out
    assert "hello==1.0 is not among the wheels" in ran.err
    assert step


@pytest.mark.parametrize("fault", ["damaged", "stale"])
def test_a_folder_of_wheels_that_was_passed_over_is_not_in_the_way(project: Project, fault: str) -> None:
    """The project's own wheelhouse is damaged, or for other pins: it is said, and the next source is really used."""
    wheel = project.wheel("hello")
    furnish(project.folder / "wheelhouse", project, wheel)
    if fault == "damaged":
        (project.folder / "wheelhouse" / wheel.path.name).write_bytes(b"half")
    else:
        project.pin(project.wheel("hello", "2.0"))
    describe(project)
    ran = project.run("start")
    assert f"Not from {project.folder / 'wheelhouse'}: " in ran.out
    assert project.installed()["hello"] == ("2.0" if fault == "stale" else "1.0")


def test_a_dry_run_says_what_would_be_done_and_does_nothing(project: Project) -> None:
    """Not even ask the room, whose address is in the settings."""
    before = sorted(project.folder.rglob("*"))
    ran = project.run("start", "--dry-run")
    assert ran.code == 0, ran.text
    assert ran.out.startswith(f"From {ROOM}.\n")
    assert "\nwould " in ran.out
    assert "READY" not in ran.out
    assert sorted(project.folder.rglob("*")) == before


def test_a_place_that_cannot_be_listed_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another person's drives, or a share whose server is gone: neither stops a start."""
    for name in ("others", "mine/GONE", "mine/STICK/wheelhouse"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "mine" / "STICK" / "wheelhouse" / "manifest.json").touch()
    usual, is_folder = Path.iterdir, Path.is_dir

    def listed(self: Path) -> Iterator[Path]:
        if self.name == "others":
            raise PermissionError(13, "Permission denied")
        return usual(self)

    def looked_at(self: Path) -> bool:
        if self.name == "GONE":
            raise OSError(107, "Transport endpoint is not connected")
        return is_folder(self)

    monkeypatch.setattr(Path, "iterdir", listed)
    monkeypatch.setattr(Path, "is_dir", looked_at)
    places = os.pathsep.join([str(tmp_path / "others"), str(tmp_path / "mine")])
    machine = replace(this_machine(), system="linux", environ={"BOOTSTRAP_DRIVES": places})
    assert list(sources.drives(machine)) == [tmp_path / "mine" / "STICK" / "wheelhouse"]


def test_the_address_in_the_settings_may_be_typed_as_people_do(project: Project) -> None:
    """As with --from: without http://."""
    describe(project, address="192.168.1.20:8000")
    assert choose(project)[0].says == f"Fetched from {ROOM}."
