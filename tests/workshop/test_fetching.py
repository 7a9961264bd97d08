"""Downloads go on where they broke off, and nothing stays that is not what it must be."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest
from projectenv.workshop import fetching
from projectenv.workshop import sharing as module
from projectenv.workshop.fetching import Damaged, fetch
from projectenv.workshop.house import House
from projectenv.workshop.sharing import Server
from projectenv.workshop.shelf import Shared
from projectenv.workshop.stock import Ware

from tests.support.sharing import make_house, sharing, url

CONTENTS = [os.urandom(400_000 + number) for number in range(3)]


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return three files to fetch."""
    return make_house(tmp_path / "shared", *CONTENTS)


@pytest.fixture
def server(tmp_path: Path, house: House) -> Iterator[Server]:
    """Share them."""
    with sharing(tmp_path / "shared", house) as server:
        yield server


@pytest.fixture
def wares(server: Server, house: House) -> list[Ware]:
    """Return them as wares."""
    return [
        Ware(each.name, f"{url(server)}/wheels/{each.name}", each.size, frozenset([each.sha256]))
        for each in house.files.values()
    ]


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait no second between attempts."""
    monkeypatch.setattr(fetching, "PAUSE", 0)


def bring(wares: list[Ware], folder: Path, note: Callable[[str], None] = lambda _: None) -> None:
    """Fetch them."""
    fetch(wares, folder, note, seconds=5)


def held(folder: Path) -> dict[str, bytes]:
    """Return name and content of what is in a folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def sent(server: Server, expected: int) -> bool:
    """Tell whether the server counts these bytes, which it may do a moment after they arrived."""
    until = time.monotonic() + 5
    while server.count.sent < expected and time.monotonic() < until:
        time.sleep(0.01)
    return server.count.sent == expected


def test_all_files_arrive(wares: list[Ware], tmp_path: Path) -> None:
    """Whole, and with nothing beside them; the line tells how far it is."""
    notes: list[str] = []
    bring(wares, tmp_path / "here", notes.append)
    assert held(tmp_path / "here") == dict(zip((ware.name for ware in wares), CONTENTS, strict=True))
    assert notes[-1] == "1 of 1 MB"


def test_it_goes_on_inside_a_file(server: Server, wares: list[Ware], tmp_path: Path) -> None:
    """What an interrupted run left is not fetched again."""
    here = tmp_path / "here"
    here.mkdir()
    (here / (wares[0].name + ".part")).write_bytes(CONTENTS[0][:300_000])
    bring(wares[:1], here)
    assert held(here) == {wares[0].name: CONTENTS[0]}
    assert sent(server, len(CONTENTS[0]) - 300_000)


@pytest.mark.parametrize("left", [b"something else", CONTENTS[0] + b"more", CONTENTS[0][:-1] + b"?", CONTENTS[0]])
def test_what_was_left_may_be_anything(wares: list[Ware], tmp_path: Path, left: bytes) -> None:
    """The part of another file, too much, damaged, or all of it: the right file comes of it."""
    here = tmp_path / "here"
    here.mkdir()
    (here / (wares[0].name + ".part")).write_bytes(left)
    bring(wares[:1], here)
    assert held(here) == {wares[0].name: CONTENTS[0]}


def test_a_file_that_is_not_what_it_must_be_is_thrown_away(wares: list[Ware], tmp_path: Path) -> None:
    """Nothing of it stays, not even a part to go on from."""
    wrong = replace(wares[0], hashes=frozenset([hashlib.sha256(b"other").hexdigest()]))
    with pytest.raises(Damaged, match="its SHA-256 differs"):
        bring([wrong], tmp_path / "here")
    assert held(tmp_path / "here") == {}


def test_a_file_that_does_not_end_is_cut(wares: list[Ware], tmp_path: Path) -> None:
    """More than was promised is not written to the disk."""
    with pytest.raises(Damaged, match="is longer than"):
        bring([replace(wares[0], size=1000)], tmp_path / "here")
    assert held(tmp_path / "here") == {}


@pytest.mark.usefixtures("patience")
def test_a_connection_that_breaks_again_and_again(
    server: Server, wares: list[Ware], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as each attempt brings something, it goes on: ten breaks in one file are no reason to give up."""
    whole = module._Handler._body

    def cut(self: module._Handler, shared: Shared, opened: object, begin: int, end: int) -> None:
        whole(self, shared, opened, begin, min(end, begin + 40_000))  # type: ignore[arg-type]
        self.close_connection = True

    monkeypatch.setattr(module._Handler, "_body", cut)
    bring(wares[:1], tmp_path / "here")
    assert held(tmp_path / "here") == {wares[0].name: CONTENTS[0]}
    assert sent(server, len(CONTENTS[0]))


@pytest.mark.usefixtures("patience")
def test_a_server_that_is_busy_is_asked_again(
    wares: list[Ware], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 is an answer for now; 404 is one for good."""
    answers = [HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS]
    usual = module._Handler.do_GET

    def busy(self: module._Handler) -> None:
        self.refuse(answers.pop()) if answers else usual(self)

    monkeypatch.setattr(module._Handler, "do_GET", busy)
    bring(wares[:1], tmp_path / "here")
    assert held(tmp_path / "here") == {wares[0].name: CONTENTS[0]}
    with pytest.raises(OSError, match="404"):
        bring([replace(wares[0], url=wares[0].url + "x")], tmp_path / "elsewhere")


def test_the_time_left_is_told_once_it_is_known() -> None:
    """Not in the first seconds, and not from what an earlier run fetched."""
    notes: list[str] = []
    meter = fetching.Meter(100_000_000, notes.append)
    meter._began -= 10
    meter.add(50_000_000, fetched=False)
    meter.add(10_000_000)
    assert notes == ["50 of 100 MB", "60 of 100 MB, about 40 s left"]
