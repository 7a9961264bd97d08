"""`bootstrap wheelhouse --check` names what is tampered with, missing or stale, and the one next command."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from projectenv import tools
from projectenv.console import Console
from projectenv.machine import this_machine
from projectenv.record import replace
from projectenv.settings import read_settings
from projectenv.workshop.described import Workshop
from projectenv.workshop.examine import Room
from projectenv.workshop.house import read_house
from projectenv.workshop.stick import verify

from tests.support.foundry import TYPED, build, make_foundry, pin
from tests.support.project import Project, Ran
from tests.support.wheels import make_wheel

HELLO, SOUP = "hello-1.0-py3-none-any.whl", "soup-2.0-py3-none-any.whl"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a workshop with its wheelhouse; tests change copies of that."""
    foundry = make_foundry(tmp_path_factory.mktemp("stick"))
    ran = build(foundry)
    assert ran.code == 0, ran.text
    return foundry


@pytest.fixture
def stick(original: Project, tmp_path: Path) -> Path:
    """Return a copy of the wheelhouse, as on a stick."""
    return Path(shutil.copytree(original.folder / "wheelhouse", tmp_path / "stick"))


def check(project: Project, stick: Path) -> Ran:
    """Verify a stick."""
    return project.run("wheelhouse", "--check", str(stick))


def test_a_good_one_is_right(original: Project, stick: Path) -> None:
    """Every file is read, and uv proves it for each laptop again."""
    ran = check(original, stick)
    assert ran.code == 0, ran.text
    assert "Right: " in ran.out
    assert "for 6 of 6 kinds of laptop" in ran.out


def test_the_stick_itself_may_be_named(original: Project, stick: Path) -> None:
    """The folder of wheels in it is found."""
    (stick.parent / "drive").mkdir()
    stick.rename(stick.parent / "drive" / "wheelhouse")
    ran = check(original, stick.parent / "drive")
    assert ran.code == 0, ran.text


def test_without_uv_the_files_are_still_verified(
    original: Project, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a room without a network there may be none, and none is fetched: that is said, and every file is read."""
    monkeypatch.setattr(tools, "find_uv", lambda *_: None)
    monkeypatch.setattr(tools, "FILE", original.folder / "bootstrap" / "tools.txt")
    console = Console(io.StringIO())
    settings = read_settings(original.folder / "bootstrap" / "settings.ini")
    machine = replace(this_machine(), environ=original.environ)
    assert verify(Room(Workshop(original.folder), settings, machine, console), stick) == 0
    assert isinstance(console.stream, io.StringIO)
    assert "Not proven again that this is enough: there is no uv here." in console.stream.getvalue()
    assert "Right: " in console.stream.getvalue()


def test_a_tampered_wheel_is_named(original: Project, stick: Path) -> None:
    """Of the same size, with one byte changed."""
    content = bytearray((stick / HELLO).read_bytes())
    content[60] ^= 1
    (stick / HELLO).write_bytes(content)
    ran = check(original, stick)
    assert ran.code == 1
    assert f"NO  {HELLO}: damaged or tampered with: its SHA-256 is not what it should be" in ran.out
    assert f"Next: {TYPED} wheelhouse --python 3.11,3.12 --target linux-x64,mac-arm64,windows-x64" in ran.err
    assert str(stick) in ran.err


def test_a_tampered_wheel_is_named_though_the_manifest_agrees(original: Project, stick: Path) -> None:
    """Who changes a wheel can change the manifest; the pins decide."""
    other = make_wheel(stick, "hello", "1.0", modules={"hello.py": "import os\n"})
    told = json.loads((stick / "manifest.json").read_text())
    for each in told["files"]:
        if each["name"] == HELLO:
            each.update(size=other.path.stat().st_size, sha256=other.sha256)
    (stick / "manifest.json").write_text(json.dumps(told))
    ran = check(original, stick)
    assert ran.code == 1
    assert f"NO  {HELLO}: tampered with, and the manifest too: the pins name another file" in ran.out


def test_a_half_copied_wheel_is_named(original: Project, stick: Path) -> None:
    """Sticks that are pulled out too early leave such."""
    content = (stick / SOUP).read_bytes()
    (stick / SOUP).write_bytes(content[:100])
    ran = check(original, stick)
    assert ran.code == 1
    assert f"NO  {SOUP}: damaged: it has 100 bytes, and should have {len(content):,}" in ran.out


def test_a_missing_wheel_is_named(original: Project, stick: Path) -> None:
    """One that the manifest names and that is not there."""
    (stick / SOUP).unlink()
    ran = check(original, stick)
    assert ran.code == 1
    assert f"NO  {SOUP}: missing" in ran.out
    assert "1 missing" in ran.err


def test_a_wheel_that_the_manifest_forgot_is_missed_by_uv(original: Project, stick: Path) -> None:
    """A manifest without it does not make a wheelhouse complete: the proof names the laptop."""
    (stick / SOUP).unlink()
    told = json.loads((stick / "manifest.json").read_text())
    told["files"] = [each for each in told["files"] if each["name"] != SOUP]
    told["sets"] = {key: [name for name in those if name != SOUP] for key, those in told["sets"].items()}
    (stick / "manifest.json").write_text(json.dumps(told))
    ran = check(original, stick)
    assert ran.code == 1
    assert "not enough for linux-x64 3.11" in ran.err
    assert "soup" in ran.err


def test_a_stale_wheel_is_named(tmp_path: Path) -> None:
    """The pins moved on after the stick was made."""
    foundry = make_foundry(tmp_path)
    build(foundry)
    pin(foundry, hello="1.1")
    ran = foundry.run("wheelhouse", "--check")
    assert ran.code == 1
    assert f"NO  {HELLO}: stale: the pins name version 1.1 now" in ran.out
    assert "is for another version of this workshop: 1 stale" in ran.err
    assert f"Next: {TYPED} wheelhouse --python 3.11,3.12" in ran.err


def test_what_is_left_over_is_named_and_does_no_harm(original: Project, stick: Path) -> None:
    """A file that no manifest names is told, and the stick is still right."""
    make_wheel(stick, "hello", "0.9")
    ran = check(original, stick)
    assert ran.code == 0, ran.text
    assert "NO  hello-0.9-py3-none-any.whl: not in the manifest" in ran.out


@pytest.mark.parametrize(
    "content", [None, "{", '{"files": []}', '{"pins": "", "files": [{"name": "../x.whl"}], "sets": {}}']
)
def test_a_manifest_that_is_none_is_refused(original: Project, stick: Path, content: str | None) -> None:
    """Missing, cut off, or leading elsewhere."""
    (stick / "manifest.json").unlink()
    if content is not None:
        (stick / "manifest.json").write_text(content)
    ran = check(original, stick)
    assert ran.code == 1
    assert "manifest.json" in ran.err
    assert "Next: " in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("name", "size", "key"),
    [
        ("a-1-py3-none-any.whl", 1, "linux-x64 3"),
        ("a-1-py3-none-any.whl", 1, "linux-x64 a.b"),
        ("a-1-py3-none-any.whl", float("inf"), "linux-x64 3.12"),
        ("a-1-py3-none-any.whl", -5, "linux-x64 3.12"),
        ("evil.whl", 1, "linux-x64 3.12"),
    ],
)
def test_a_hostile_manifest_is_none(name: str, size: float, key: str) -> None:
    """Whoever wrote it, what it says cannot stop those who read it with a traceback."""
    files = [{"name": name, "size": size, "sha256": ""}]
    with pytest.raises(ValueError, match="manifest"):
        read_house(json.dumps({"pins": "", "files": files, "sets": {key: [name]}}))
