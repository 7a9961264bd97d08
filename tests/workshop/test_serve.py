"""`bootstrap wheelhouse --serve` shows the way in, and laptops get their packages through it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from projectenv.failure import Failure
from projectenv.workshop.described import pins_digest
from projectenv.workshop.house import read_house
from projectenv.workshop.serve import _listening, own_addresses

from tests.support.project import BASE_PYTHON, Project
from tests.support.sharing import make_house
from tests.support.wheels import Wheel
from tests.support.workshop import PINS, furnish, make_workshop

SHARE = ("wheelhouse", "--serve", "--address", "127.0.0.1", "--port", "0")
ATTENDEES = 30

pytestmark = pytest.mark.skipif(os.name == "nt", reason="ended by a signal")


@pytest.fixture
def instructor(tmp_path: Path) -> Project:
    """Return a workshop with a wheelhouse for this machine."""
    project = make_workshop(tmp_path)
    hello = Wheel(project.wheels / "hello-1.0-py3-none-any.whl", "hello", "1.0")
    shutil.copy(hello.path, tmp_path)
    (project.folder / "START-HERE.html").write_text("<h1>Welcome</h1>")
    furnish(project.folder / "wheelhouse", project, hello)
    return project


class Sharing:
    """A running `--serve`: its address, and what it printed."""

    def __init__(self, project: Project) -> None:
        self.child = project.start([str(BASE_PYTHON), "-I", "-B", "-u", "bootstrap", *SHARE])
        assert self.child.stdout
        self.lines: list[str] = []
        while not (self.lines and "Ctrl-C ends it" in self.lines[-1]):
            line = self.child.stdout.readline().decode()
            assert line, self.child.stderr and self.child.stderr.read().decode()
            self.lines.append(line)
        found = re.search(r"^    (http://\S+)$", "".join(self.lines), re.M)
        assert found
        self.url = found[1]

    def end(self) -> str:
        """Press Ctrl-C and return what it printed since."""
        self.child.send_signal(signal.SIGINT)
        out, err = self.child.communicate(timeout=20)
        assert (self.child.returncode, err) == (0, b"")
        return out.decode()


@pytest.fixture
def shared(instructor: Project) -> Iterator[Sharing]:
    """Share it until the test ends."""
    running = Sharing(instructor)
    yield running
    running.child.kill()
    running.child.communicate()


def attendee(instructor: Project, place: Path) -> Project:
    """Return another laptop's copy of the workshop, with no wheels at all."""
    project = make_workshop(place)
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copy(instructor.folder / name, project.folder / name)
    shutil.rmtree(project.wheels)
    return project


def test_it_shows_the_way_in(shared: Sharing) -> None:
    """The address, its QR code, what to type on each system, and for pip alone; then Ctrl-C, and the count."""
    told = "".join(shared.lines)
    assert f"sh bootstrap.sh start --from {shared.url}" in told
    assert f".\\bootstrap.cmd start --from {shared.url}" in told
    assert f"--find-links {shared.url}/wheels/ --trusted-host 127.0.0.1 --require-hashes" in told
    assert "\u2588\u2580" in told or "####" in told
    with urllib.request.urlopen(f"{shared.url}/") as answer:
        assert answer.read() == b"<h1>Welcome</h1>"
    with urllib.request.urlopen(f"{shared.url}/manifest.json") as answer:
        assert read_house(answer.read().decode()).files
    assert "No longer shared. 1 machine came, 0 MB sent." in shared.end()


def test_a_laptop_gets_its_packages_there(instructor: Project, shared: Sharing, tmp_path: Path) -> None:
    """`start --from ADDRESS` says how much it fetches, fetches it into ./wheelhouse, installs and checks."""
    laptop = attendee(instructor, tmp_path / "laptop")
    ran = laptop.run("start", "--from", shared.url)
    assert f"From {shared.url}: 1 file," in ran.out
    assert laptop.installed()["hello"] == "1.0"
    assert (laptop.folder / "wheelhouse" / "manifest.json").is_file()
    assert "1 machine came" in shared.end()


@pytest.mark.slow
def test_a_proxy_is_not_in_the_way(instructor: Project, shared: Sharing, tmp_path: Path) -> None:
    """A company's laptop has one set; none leads into the room."""
    laptop = attendee(instructor, tmp_path / "laptop")
    dead = "http://127.0.0.1:9"
    laptop.run("start", "--from", shared.url, HTTP_PROXY=dead, http_proxy=dead)
    assert laptop.installed()["hello"] == "1.0"


def test_the_count_is_redrawn_on_a_terminal(instructor: Project) -> None:
    """One line that changes while laptops come."""
    child = pexpect.spawn(
        str(BASE_PYTHON),
        ["-I", "-B", "bootstrap", *SHARE],
        cwd=str(instructor.folder),
        env={**instructor.environ, "COLUMNS": "100"},
        encoding="utf-8",
        timeout=20,
    )
    try:
        child.expect(r"    (http://127\.0\.0\.1:\d+)\r\n")
        assert child.match
        url = str(child.match[1])  # type: ignore[index]
        child.expect("0 machines came, 0 fetching now")
        urllib.request.urlopen(f"{url}/manifest.json").close()
        child.expect("\r  1 machine came, 0 fetching now, 0 MB sent")
        child.sendintr()
        child.expect("No longer shared. 1 machine came")
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    assert child.exitstatus == 0


@pytest.mark.parametrize("fault", ["missing", "changed", "link", "stale", "none"])
def test_only_what_is_right_is_shared(instructor: Project, tmp_path: Path, fault: str) -> None:
    """A room is no place to find out that a wheel is missing, changed, a link, or for other pins."""
    wheel = instructor.folder / "wheelhouse" / "hello-1.0-py3-none-any.whl"
    if fault == "missing":
        wheel.unlink()
    elif fault == "changed":
        wheel.write_bytes(b"x" * wheel.stat().st_size)
    elif fault == "link":
        wheel.unlink()
        wheel.symlink_to(tmp_path / wheel.name)
    elif fault == "stale":
        instructor.pin(instructor.wheel("hello", "2.0"))
    else:
        shutil.rmtree(instructor.folder / "wheelhouse")
    ran = instructor.run(*SHARE)
    assert ran.code == 1
    assert "Next: sh bootstrap.sh wheelhouse" in ran.err


def test_a_port_that_is_taken_is_told(instructor: Project) -> None:
    """And the command that takes another one."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = instructor.run("wheelhouse", "--serve", "--address", "127.0.0.1", "--port", str(taken.getsockname()[1]))
    assert ran.code == 1
    assert "nothing can be shared at 127.0.0.1" in ran.err
    assert "Next: sh bootstrap.sh wheelhouse --serve --port" in ran.err


def test_addresses_are_this_computers_own() -> None:
    """Whatever is found can be listened on, and is none that only this computer can reach."""
    for address in own_addresses():
        assert not address.startswith("127.")
        with socket.socket() as own:
            own.bind((address, 0))


_ATTENDEE = """\
import hashlib, json, pathlib, socket, sys
number, url, folder = int(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
# Thirty machines on one: the loopback interface of Linux has an address for each.
connect = socket.create_connection
socket.create_connection = lambda to, timeout, _: connect(to, timeout, (f"127.0.1.{number + 1}", 0))
from projectenv.workshop import room
house = room._manifest(url)
room.download(url, house.wanted("linux-x64", (3, 12)), folder, lambda note: None)
print(json.dumps({file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="127.0.1.1 to 127.0.1.30 are there on Linux alone")
def test_thirty_attendees_at_once(tmp_path: Path) -> None:
    """Thirty processes fetch the manifest and the set of their machine; each digest is right, and thirty are counted."""
    instructor = make_workshop(tmp_path / "instructor")
    wheels = [os.urandom(size) for size in (*[50_000] * 90, *[500_000] * 12, 6_000_000, 11_000_000)]
    house = make_house(instructor.folder / "wheelhouse", *wheels, pins=pins_digest(instructor.folder, PINS))
    running = Sharing(instructor)
    environ = {**os.environ, "PYTHONPATH": str(instructor.folder / "bootstrap"), "PYTHONDONTWRITEBYTECODE": "1"}
    began = time.monotonic()
    attendees = [
        subprocess.Popen(
            [sys.executable, "-c", _ATTENDEE, str(number), running.url, str(tmp_path / f"laptop{number}")],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(ATTENDEES)
    ]
    expected = {name: file.sha256 for name, file in house.files.items()}
    for each in attendees:
        out, err = each.communicate(timeout=120)
        assert each.returncode == 0, err.decode()
        assert json.loads(out) == expected
    took = time.monotonic() - began
    said = running.end()
    assert f"{ATTENDEES} machines came" in said
    print(f"{ATTENDEES} x {house.size() / 1e6:.0f} MB in {took:.1f} s; {said.strip()}")


@pytest.mark.parametrize("port", [70000, -1])
def test_a_port_that_cannot_be_is_refused(port: int) -> None:
    """With the range, before anything is opened."""
    with pytest.raises(Failure, match=f"there is no port {port}") as raised:
        _listening("", port, {})
    assert raised.value.exit_code == 2
