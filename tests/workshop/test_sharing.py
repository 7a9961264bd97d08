"""The instructor's laptop gives out its wheels, and nothing else, to whoever is patient and to nobody else's harm."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from projectenv.workshop import sharing as module
from projectenv.workshop.house import House
from projectenv.workshop.sharing import Server

from tests.support import needs
from tests.support.project import the_pip_wheel
from tests.support.sharing import make_house, say, sharing, url
from tests.support.wheels import make_wheel

CONTENT = os.urandom(300_000)
NAME = "wheel0-1-py3-none-any.whl"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a wheelhouse of one file, in a folder in which there is more."""
    return make_house(tmp_path / "wheelhouse", CONTENT)


@pytest.fixture
def server(tmp_path: Path, house: House) -> Iterator[Server]:
    """Share it, with secrets beside it."""
    (tmp_path / "secret.txt").write_text("s3cret")
    (tmp_path / "wheelhouse" / ".hidden").write_text("s3cret")
    (tmp_path / "wheelhouse" / "notes.txt").write_text("s3cret")
    (tmp_path / "wheelhouse" / "other-1-py3-none-any.whl").write_text("s3cret")
    if os.name != "nt":
        (tmp_path / "wheelhouse" / "link-1-py3-none-any.whl").symlink_to(tmp_path / "secret.txt")
    with sharing(tmp_path / "wheelhouse", house) as server:
        yield server


def get(server: Server, path: str, *headers: str, method: str = "GET") -> bytes:
    """Ask for a path as it is, and return the whole answer."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", "Connection: close", *headers]
    return say(server, ("\r\n".join(lines) + "\r\n\r\n").encode())


def status(answer: bytes) -> int:
    """Return the status of an answer."""
    return int(answer.split()[1])


def body(answer: bytes) -> bytes:
    """Return what follows the headers."""
    return answer.partition(b"\r\n\r\n")[2]


def test_files_are_given_whole(server: Server) -> None:
    """Every byte, with its length; HEAD gives the headers alone."""
    answer = get(server, f"/wheels/{NAME}")
    assert (status(answer), body(answer)) == (200, CONTENT)
    head = get(server, f"/wheels/{NAME}", method="HEAD")
    assert (status(head), body(head)) == (200, b"")
    assert b"Content-Length: 300000\r\n" in head


@pytest.mark.parametrize(
    ("wanted", "code", "begin", "end"),
    [
        ("bytes=100-", 206, 100, 300_000),
        ("bytes=100-199", 206, 100, 200),
        ("bytes=-50", 206, 299_950, 300_000),
        ("bytes=299999-400000", 206, 299_999, 300_000),
        ("bytes=300000-", 416, 0, 0),
        ("bytes=5-2", 416, 0, 0),
        ("bytes=a-b", 200, 0, 300_000),
        ("bytes=0-1,5-9", 200, 0, 300_000),
        ("lines=1-2", 200, 0, 300_000),
        ("bytes=" + "9" * 5000 + "-", 200, 0, 300_000),
    ],
)
def test_parts_are_given_to_who_goes_on(server: Server, wanted: str, code: int, begin: int, end: int) -> None:
    """What cannot be understood is answered with the whole, as the standard has it."""
    answer = get(server, f"/wheels/{NAME}", f"Range: {wanted}")
    assert (status(answer), body(answer)) == (code, CONTENT[begin:end])


@pytest.mark.parametrize(
    "path",
    [
        "/secret.txt",
        "/../secret.txt",
        "/wheels/../../secret.txt",
        "/wheels/..%2f..%2fsecret.txt",
        "/wheels/%2e%2e/%2e%2e/secret.txt",
        "/wheels/..%5c..%5csecret.txt",
        "/wheels//etc/passwd",
        "//etc/passwd",
        "/wheels/%00",
        f"/wheels/{NAME}%00.txt",
        f"/wheels/./{NAME}",
        f"/wheels/{NAME}/",
        "/wheels/.hidden",
        "/.hidden",
        "/wheels/notes.txt",
        "/wheels/other-1-py3-none-any.whl",
        "/wheels/link-1-py3-none-any.whl",
        "/manifest.json.part",
        "/wheels/manifest.json",
        "http://elsewhere.example/secret.txt",
        "*",
    ],
)
def test_nothing_else_can_be_reached(server: Server, path: str) -> None:
    """No way up, no dot files, no links, and no file that the manifest does not name."""
    answer = get(server, path)
    assert status(answer) == 404
    assert b"s3cret" not in answer


@pytest.mark.skipif(os.name == "nt", reason="links take rights there")
def test_a_link_that_comes_later_is_not_followed(server: Server, tmp_path: Path) -> None:
    """What was a file when sharing began may be something else by now."""
    file = tmp_path / "wheelhouse" / NAME
    secret = tmp_path / "big-secret"
    secret.write_bytes(b"s" * len(CONTENT))
    file.unlink()
    file.symlink_to(secret)
    assert status(get(server, f"/wheels/{NAME}")) == 404


def test_a_file_that_changed_is_not_given(server: Server, tmp_path: Path) -> None:
    """Of another size it cannot be what the manifest promises."""
    (tmp_path / "wheelhouse" / NAME).write_bytes(b"short")
    assert status(get(server, f"/wheels/{NAME}")) == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"])
def test_there_is_nothing_to_do_but_read(server: Server, tmp_path: Path, method: str) -> None:
    """Any other method is refused, whatever it brings along, and the folder stays as it is."""
    before = sorted(file.name for file in (tmp_path / "wheelhouse").iterdir())
    answer = get(server, f"/wheels/{NAME}", "Content-Length: 5", method=method)
    assert status(answer) == 405
    assert b"Allow: GET, HEAD\r\n" in answer
    assert sorted(file.name for file in (tmp_path / "wheelhouse").iterdir()) == before


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(200)) + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 413),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    ],
)
def test_huge_and_broken_requests_are_refused(server: Server, request_: bytes, code: int) -> None:
    """With one line, and without reading on; the next one is answered."""
    try:
        answer = say(server, request_)
        assert status(answer) == code or answer == b""
    except ConnectionError:
        pass  # it hung up before we had said all
    assert status(get(server, "/manifest.json")) == 200


def test_who_dawdles_is_hung_up_on(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that comes byte by byte ends after its time, though something came all the while."""
    monkeypatch.setattr(module, "REQUEST_SECONDS", 1)
    monkeypatch.setattr(module._Handler, "timeout", 1)
    began = time.monotonic()
    with socket.create_connection(server.server_address[:2], timeout=10) as connection:  # type: ignore[arg-type]
        try:
            while time.monotonic() - began < 8:
                connection.sendall(b"G")
                time.sleep(0.1)
        except OSError:
            pass
    assert time.monotonic() - began < 4


def test_who_takes_nothing_is_hung_up_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that asks for much and reads none of it does not keep its place for ever, and is in nobody's way."""
    monkeypatch.setattr(module, "SEND_SECONDS", 1)
    house = make_house(tmp_path / "wheelhouse", b"x" * 30_000_000)
    with (
        sharing(tmp_path / "wheelhouse", house) as server,
        socket.create_connection(server.server_address[:2], timeout=10) as connection,  # type: ignore[arg-type]
    ):
        connection.sendall(f"GET /wheels/{NAME} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert status(get(server, "/manifest.json")) == 200
        until = time.monotonic() + 6
        while server.count.open and time.monotonic() < until:
            time.sleep(0.1)
        assert not server.count.open


def test_one_machine_cannot_take_every_place(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its number of connections it is told to come again, and can when others have ended."""
    monkeypatch.setattr(module, "MOST_FROM_ONE", 3)
    held = [socket.create_connection(server.server_address[:2]) for _ in range(3)]  # type: ignore[arg-type]
    until = time.monotonic() + 5
    while len(server.count.open) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    answer = get(server, "/manifest.json")
    assert status(answer) == 503
    assert b"Retry-After: 2" in answer
    for each in held:
        each.close()
    while server.count.open and time.monotonic() < until:
        time.sleep(0.02)
    assert status(get(server, "/manifest.json")) == 200


def test_the_start_page_is_the_projects_own(tmp_path: Path, house: House) -> None:
    """Where there is one; else a page that tells what to type."""
    with sharing(tmp_path / "wheelhouse", house) as server:
        assert b"bootstrap start --from" in body(get(server, "/"))
    page = tmp_path / "START-HERE.html"
    page.write_text("<h1>Welcome</h1>")
    with sharing(tmp_path / "wheelhouse", house, page) as server:
        for path in ("/", "/START-HERE.html", "/index.html?from=phone"):
            assert body(get(server, path)) == b"<h1>Welcome</h1>"
        assert server.count.says() == "0 machines came, 0 fetching now, 0 MB sent"


def test_machines_are_counted_once(server: Server) -> None:
    """Who comes for packages counts, however often; who only looks at the page does not."""
    get(server, "/")
    assert len(server.count.machines) == 0
    for _ in range(3):
        get(server, "/manifest.json")
        get(server, f"/wheels/{NAME}")
    until = time.monotonic() + 5
    while server.count.says() != "1 machine came, 0 fetching now, 1 MB sent" and time.monotonic() < until:
        time.sleep(0.01)
    assert server.count.says() == "1 machine came, 0 fetching now, 1 MB sent"


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["pip", "uv"])
def test_pip_and_uv_take_it_as_find_links(engine: str, tmp_path: Path) -> None:
    """Each downloads and installs from the address alone, with hashes, without anything of ours on the laptop."""
    wheel = make_wheel(tmp_path / "made", "hello")
    house = make_house(tmp_path / "wheelhouse")
    (tmp_path / "wheelhouse" / wheel.path.name).write_bytes(wheel.path.read_bytes())
    from projectenv.workshop.house import File

    house.files[wheel.path.name] = File(wheel.path.name, wheel.path.stat().st_size, wheel.sha256)
    (tmp_path / "pins.txt").write_text(wheel.pin())
    with sharing(tmp_path / "wheelhouse", house) as server:
        links = [
            "--no-index",
            "--find-links",
            f"{url(server)}/wheels/",
            "--require-hashes",
            "-r",
            str(tmp_path / "pins.txt"),
        ]
        target = ["--target", str(tmp_path / "there")]
        pip = [sys.executable, str(the_pip_wheel().path / "pip"), "install", "--trusted-host", "127.0.0.1"]
        uv = [str(needs.uv()), "pip", "install", "--python", sys.executable, "--no-config"]
        environ = {**os.environ, "UV_CACHE_DIR": str(tmp_path / "cache"), "HOME": str(tmp_path)}
        environ.pop("UV_OFFLINE", None)
        environ.pop("PIP_NO_INDEX", None)
        done = subprocess.run([*(pip if engine == "pip" else uv), *target, *links], env=environ, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "there" / "hello.py").is_file()


def test_digests_are_those_of_the_manifest(server: Server, house: House) -> None:
    """What an ordinary client gets is what the manifest says."""
    with urllib.request.urlopen(f"{url(server)}/wheels/{NAME}") as answer:
        assert hashlib.sha256(answer.read()).hexdigest() == house.files[NAME].sha256


def test_no_name_server_is_asked(tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a room without one, the question would wait."""
    monkeypatch.setattr(socket, "getfqdn", lambda *_: pytest.fail("asked for a name"))
    with sharing(tmp_path, house) as server:
        assert server.server_port == server.server_address[1]
