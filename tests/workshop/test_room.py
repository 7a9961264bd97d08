"""A laptop fetches what it needs from the instructor's, and says plainly when it cannot."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from projectenv.console import Console
from projectenv.failure import Failure
from projectenv.machine import this_machine
from projectenv.settings import read_settings
from projectenv.workshop import room
from projectenv.workshop.described import pins_digest, read_workshop
from projectenv.workshop.house import MANIFEST, File, House, house_in, read_house, write_house
from projectenv.workshop.room import bring
from projectenv.workshop.sources import Source

from tests.support.index import nobody_there
from tests.support.project import Project
from tests.support.sharing import sharing, url
from tests.support.workshop import PINS, furnish, here, make_workshop


@pytest.fixture
def laptop(tmp_path: Path) -> Project:
    """Return an attendee's laptop."""
    return make_workshop(tmp_path)


@pytest.fixture
def instructors(laptop: Project, tmp_path: Path) -> Path:
    """Return the instructor's wheelhouse: one wheel for this laptop, and a big one for others."""
    folder = furnish(tmp_path / "instructors", laptop, laptop.wheel("hello"))
    other = laptop.wheel("other", modules={"other.py": "x" * 100_000})
    shutil.copy(other.path, folder)
    house = house_in(folder)
    assert house
    house.files[other.path.name] = File(other.path.name, other.path.stat().st_size, other.sha256)
    house.sets["linux-arm64 3.99"] = (other.path.name,)
    write_house(folder, house)
    return folder


def fetch(laptop: Project, address: str) -> tuple[Source, str]:
    """Bring what this laptop needs; return the source, and what was said."""
    workshop = read_workshop(laptop.folder)
    assert workshop
    console = Console(io.StringIO())
    settings = read_settings(laptop.folder / "bootstrap" / "settings.ini")
    source = bring(address, workshop, settings, this_machine(), console, None)
    assert isinstance(console.stream, io.StringIO)
    return source, console.stream.getvalue()


def shared(folder: Path) -> House:
    """Return the manifest of a folder."""
    return read_house((folder / MANIFEST).read_text(encoding="utf-8"))


def test_only_what_this_laptop_needs_is_fetched(laptop: Project, instructors: Path) -> None:
    """Not what others need; and a manifest is left, so that the folder serves the next time by itself."""
    with sharing(instructors, shared(instructors)) as server:
        source, said = fetch(laptop, url(server))
    assert f"From {url(server)}: 1 file," in said
    folder = laptop.folder / "wheelhouse"
    assert sorted(file.name for file in folder.iterdir()) == ["hello-1.0-py3-none-any.whl", MANIFEST]
    assert list(shared(folder).sets) == [" ".join(here())]
    assert source.complete
    assert source.settings
    assert f"{source.settings.oldest[0]}.{source.settings.oldest[1]}" == here()[1]


def test_what_is_there_is_not_fetched_again(laptop: Project, instructors: Path) -> None:
    """A second start costs the room nothing; a damaged file is fetched again."""
    with sharing(instructors, shared(instructors)) as server:
        fetch(laptop, url(server))
        _, said = fetch(laptop, url(server))
        assert "nothing left to fetch" in said
        (laptop.folder / "wheelhouse" / "hello-1.0-py3-none-any.whl").write_bytes(b"half")
        _, said = fetch(laptop, url(server))
        assert "1 file," in said


def test_a_file_that_was_changed_on_the_way_is_refused(laptop: Project, instructors: Path) -> None:
    """Plain HTTP protects nothing; the hash does."""
    house = shared(instructors)
    name = "hello-1.0-py3-none-any.whl"
    changed = bytearray((instructors / name).read_bytes())
    changed[60] ^= 1
    (instructors / name).write_bytes(changed)
    with (
        sharing(instructors, house) as server,
        pytest.raises(Failure, match=r"sent a damaged file: hello-1\.0") as caught,
    ):
        fetch(laptop, url(server))
    assert caught.value.next_step == "bootstrap start"
    assert not (laptop.folder / "wheelhouse" / name).exists()


def test_other_pins_are_told(laptop: Project, instructors: Path) -> None:
    """Before anything is fetched."""
    laptop.pin(laptop.wheel("hello", "2.0"))
    with sharing(instructors, shared(instructors)) as server:
        with pytest.raises(Failure, match="has another version of this workshop"):
            fetch(laptop, url(server))
        assert server.count.sent == 0


def test_a_laptop_of_another_kind_is_told(laptop: Project, instructors: Path) -> None:
    """And what to type: the package index is still there."""
    house = House(pins_digest(laptop.folder, PINS), {}, {"windows-arm64 3.99": ()})
    with (
        sharing(instructors, house) as server,
        pytest.raises(Failure, match=f"has nothing for this kind of computer .{here()[0]}.") as caught,
    ):
        fetch(laptop, url(server))
    assert caught.value.next_step == "bootstrap start --from index"


def test_nobody_at_that_address_is_told(laptop: Project) -> None:
    """With the two things to do about it."""
    with pytest.raises(Failure, match="does not answer") as caught:
        fetch(laptop, nobody_there())
    assert caught.value.next_step.startswith("join the room's Wi-Fi")


@contextmanager
def answering(content: bytes) -> Iterator[str]:
    """Serve one content at every address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    "content",
    [
        b"<html>Welcome to the hotel</html>",
        b"{}",
        b"\xff\xfe\x00",
        json.dumps({"pins": "", "files": [{"name": "../../up.whl", "size": 1, "sha256": ""}], "sets": {}}).encode(),
        json.dumps({"pins": "", "files": [], "sets": {"linux-x64 3.12": ["lacking.whl"]}}).encode(),
        b"[" * 100_000,
        b"x" * 6_000_000,
    ],
)
def test_what_is_no_manifest_is_told(laptop: Project, content: bytes) -> None:
    """A hotel's login page, nonsense, paths that lead elsewhere, and what has no end."""
    with answering(content) as address, pytest.raises(Failure, match="is not the instructor's laptop"):
        fetch(laptop, address)
    assert not (laptop.folder / "wheelhouse").exists()


def test_one_run_at_a_time_fetches(laptop: Project, instructors: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second double-click would write into the same unfinished file: while one fetches, it holds the lock."""
    held: list[bool] = []
    usual = room.download

    def watched(address: str, files: list[File], folder: Path, note: Callable[[str], None]) -> None:
        held.append((laptop.folder / "wheelhouse.lock").exists())
        usual(address, files, folder, note)

    monkeypatch.setattr(room, "download", watched)
    with sharing(instructors, shared(instructors)) as server:
        fetch(laptop, url(server))
    assert held == [True]
    assert not (laptop.folder / "wheelhouse.lock").exists()


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EACCES, "cannot be written"),
        (errno.EROFS, "cannot be written"),
    ],
)
def test_trouble_with_ones_own_disk_is_not_the_instructors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, says: str
) -> None:
    """The address answers well; what cannot be written is here."""

    def fails(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(tmp_path))

    monkeypatch.setattr(room, "fetch", fails)
    with pytest.raises(Failure, match=says):
        room.download("http://192.0.2.1:8000", [], tmp_path, lambda _: None)
