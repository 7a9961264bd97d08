"""Share a small wheelhouse on the loopback interface, with the server that instructors use."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from projectenv.workshop.house import File, House, write_house
from projectenv.workshop.sharing import Server
from projectenv.workshop.shelf import table


def make_house(folder: Path, *contents: bytes, pins: str = "") -> House:
    """Write files with these contents, and their manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for number, content in enumerate(contents):
        name = f"wheel{number}-1-py3-none-any.whl"
        (folder / name).write_bytes(content)
        files[name] = File(name, len(content), hashlib.sha256(content).hexdigest())
    house = House(pins, files, {"linux-x64 3.12": tuple(files)})
    write_house(folder, house)
    return house


@contextmanager
def sharing(folder: Path, house: House, start_page: Path | None = None) -> Iterator[Server]:
    """Serve it until the block ends."""
    server = Server(("127.0.0.1", 0), table(folder, house, start_page or folder / "START-HERE.html"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def url(server: Server) -> str:
    """Return its address."""
    return f"http://127.0.0.1:{server.server_address[1]}"


def say(server: Server, request: bytes, *, seconds: float = 10) -> bytes:
    """Send bytes as they are, and return all that comes until the server hangs up."""
    with socket.create_connection(server.server_address[:2], timeout=seconds) as connection:  # type: ignore[arg-type]
        connection.sendall(request)
        answer = b""
        while block := connection.recv(1 << 16):
            answer += block
        return answer
