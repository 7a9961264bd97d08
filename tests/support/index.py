"""Serve wheels on the loopback interface as a package index does (PEP 503), honestly or with a fault."""

from __future__ import annotations

import base64
import html
import io
import socket
import ssl
import struct
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import trustme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PORTAL = b"<html><body><h1>Welcome to the hotel</h1><form action=/login><input name=room></form></body></html>"
LOGIN = ("jo", "s3cret-word")
"""The user and the password that the behaviours `auth` and `proxy-auth` want."""


@dataclass
class Index:
    """A running index: where it is, how it behaves, and what it was asked."""

    wheels: Path
    behaviour: str = "honest"
    """honest, redirect, auth, portal, portal-redirect, stall-page, stall-file, reset-page, reset-file, truncate,
    wrong-file, proxy-auth, a status such as 500, or a status after a good page such as file-500."""
    url: str = ""
    asked: list[str] = field(default_factory=list)
    """Method and path of each request."""
    authorised: list[str] = field(default_factory=list)
    """The Authorization headers that came."""
    authority: Path | None = None
    """The certificate of the private CA, when it is served over HTTPS."""
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def simple(self) -> str:
        """Return the address for index-url."""
        return f"{self.url}/simple"

    def with_login(self, scheme: str = "") -> str:
        """Return the address for index-url with the user and the password in it."""
        parts = urlsplit(self.simple)
        return f"{scheme or parts.scheme}://{LOGIN[0]}:{LOGIN[1]}@{parts.netloc}{parts.path}/"


@contextmanager
def serving(wheels: Path, behaviour: str = "honest", *, certificates: Path | None = None) -> Iterator[Index]:
    """Serve the wheels of a folder until the block ends; over HTTPS when there is a folder for the certificates."""
    index = Index(wheels, behaviour)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"index": index}))
    scheme = "http"
    if certificates:
        index.authority = certificates / "private-ca.pem"
        server.socket = _private_tls(index.authority).wrap_socket(server.socket, server_side=True)
        scheme = "https"
    index.url = f"{scheme}://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield index
    finally:
        index.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def nobody_there() -> str:
    """Return an address on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://localhost:{free.getsockname()[1]}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: that clients give up is what is tested."""


def _private_tls(authority: Path) -> ssl.SSLContext:
    ca = trustme.CA()
    authority.parent.mkdir(parents=True, exist_ok=True)
    ca.cert_pem.write_to_path(str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


def _tampered(wheel: bytes) -> bytes:
    """Return the wheel with one more file in it."""
    changed = io.BytesIO(wheel)
    with zipfile.ZipFile(changed, "a") as archive:
        archive.writestr("surprise.py", "import os\n")
    return changed.getvalue()


class _Handler(BaseHTTPRequestHandler):
    index: Index
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet; what was asked is in `asked`."""

    def do_HEAD(self) -> None:
        """Answer as GET does, without a body; uv asks this way first."""
        self.do_GET()

    def do_CONNECT(self) -> None:
        """Refuse tunnels: as a proxy, this serves plain HTTP alone."""
        self._send(405, b"")

    def do_GET(self) -> None:
        """Answer one request, as the behaviour has it."""
        index, path = self.index, urlsplit(self.path).path
        index.asked.append(f"{self.command} {self.path}")
        is_file = path.endswith((".whl", ".tar.gz"))
        wanted = "file-" if index.behaviour.startswith("file-") else ""
        status = index.behaviour.removeprefix("file-")
        if status.isdigit() and (is_file or not wanted):
            self._send(int(status), b"no\n")
        elif not self._admitted():
            return
        elif index.behaviour == "portal-redirect" and path != "/login":
            self._redirect("/login")
        elif index.behaviour.startswith("portal"):
            self._send(200, PORTAL)
        elif index.behaviour == "redirect" and not path.startswith("/moved"):
            self._redirect(f"/moved{path}")
        elif is_file:
            self._file(path)
        else:
            self._page(path)

    def _admitted(self) -> bool:
        header, status, challenge = {
            "auth": ("Authorization", 401, "WWW-Authenticate"),
            "proxy-auth": ("Proxy-Authorization", 407, "Proxy-Authenticate"),
        }.get(self.index.behaviour, ("", 0, ""))
        if not header:
            return True
        given = self.headers.get(header, "")
        self.index.authorised.append(given)
        if given == "Basic " + base64.b64encode(":".join(LOGIN).encode()).decode():
            return True
        self._send(status, b"who are you?\n", {challenge: 'Basic realm="index"'})
        return False

    def _page(self, path: str) -> None:
        if self.index.behaviour == "stall-page":
            self.index.closing.wait()
            self.close_connection = True
            return
        if self.index.behaviour == "reset-page":
            self._reset()
            return
        name = path.rstrip("/").rpartition("/")[2]
        found = sorted(self.index.wheels.glob(f"{name.replace('-', '_')}-*.*"))
        if not found:
            self._send(404, b"no such project\n")
            return
        prefix = "/moved" if path.startswith("/moved") else ""
        links = (f'<a href="{prefix}/files/{file.name}">{html.escape(file.name)}</a>' for file in found)
        self._send(200, f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode())

    def _file(self, path: str) -> None:
        file = self.index.wheels / path.rpartition("/")[2]
        if not file.is_file():
            self._send(404, b"no such file\n")
            return
        content = file.read_bytes()
        behaviour = self.index.behaviour
        if behaviour == "wrong-file":
            content = _tampered(content)
        if behaviour not in ("stall-file", "reset-file", "truncate") or self.command == "HEAD":
            self._send(200, content, kind="application/octet-stream")
            return
        self._headers(200, len(content), "application/octet-stream")
        self.wfile.write(content[: len(content) // 2])
        self.wfile.flush()
        if behaviour == "stall-file":
            self.index.closing.wait()
        elif behaviour == "reset-file":
            self._reset()
        self.close_connection = True

    def _redirect(self, path: str) -> None:
        self._send(302, b"", {"Location": path})

    def _reset(self) -> None:
        """Close at once with RST instead of FIN, as a firewall does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _send(self, status: int, body: bytes, more: dict[str, str] | None = None, kind: str = "text/html") -> None:
        self._headers(status, len(body), kind, more)
        if self.command != "HEAD":
            self.wfile.write(body)

    def _headers(self, status: int, length: int, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(length), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
