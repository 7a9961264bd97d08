"""Answer the room's laptops over HTTP: to read and not to write, and so that no client is in the way of others."""

from __future__ import annotations

import os
import socket
import socketserver
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO
from urllib.parse import unquote

from .shelf import Shared, open_file

REQUEST_SECONDS = 15
"""How long a client may take to say what it wants, and to wait with its next wish."""
SEND_SECONDS = 60
"""How long a client may take none of what it is sent."""
MOST_CONNECTIONS = 600
MOST_FROM_ONE = 80
"""uv opens fifty at once."""
_LONGEST_LINE = 2048


@dataclass
class Count:
    """What was asked for, and by how many machines."""

    machines: set[str] = field(default_factory=set)
    open: dict[socket.socket, str] = field(default_factory=dict)
    """The connections that there are, and whose they are."""
    fetching: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    turned_away: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def says(self, *, ended: bool = False) -> str:
        """Return the count in words."""
        with self.lock:
            busy = sum(1 for number in self.fetching.values() if number)
            machines = f"{len(self.machines)} machine{'' if len(self.machines) == 1 else 's'} came"
            return f"{machines},{'' if ended else f' {busy} fetching now,'} {self.sent / 1e6:,.0f} MB sent"


class Server(ThreadingHTTPServer):
    """Share a table of files; its limits keep one client from being in the way of others."""

    daemon_threads = True
    block_on_close = False
    # Thirty people press Enter in the same second.
    request_queue_size = 128
    # On Windows it would let two programs share one port; elsewhere it lets us come back at once.
    allow_reuse_address = os.name != "nt"

    def __init__(self, address: tuple[str, int], shared: dict[str, Shared]) -> None:
        self.shared = shared
        self.count = Count()
        self.deadlines: dict[socket.socket, float] = {}
        super().__init__(address, _Handler)
        threading.Thread(target=self._watch, daemon=True).start()

    def server_bind(self) -> None:
        """Bind, without asking a name server who we are: a room may have none, and that question waits."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Turn away who has too many connections already; who comes later may come."""
        with self.count.lock:
            theirs = sum(1 for owner in self.count.open.values() if owner == client_address[0])
            if len(self.count.open) < MOST_CONNECTIONS and theirs < MOST_FROM_ONE:
                self.count.open[request] = client_address[0]
                self.deadlines[request] = time.monotonic() + REQUEST_SECONDS
                return True
            self.count.turned_away += 1
        with suppress(OSError):
            request.settimeout(1)
            request.sendall(b"HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return False

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection."""
        with self.count.lock:
            self.count.open.pop(request, None)
            self.deadlines.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a laptop that is closed in the middle is nothing to look at."""

    def _watch(self) -> None:
        """Hang up on who sends a request byte by byte: a time-out for each byte would never end that."""
        while True:
            time.sleep(0.2)
            with self.count.lock:
                late = [each for each, end in self.deadlines.items() if end < time.monotonic()]
                for each in late:
                    self.deadlines.pop(each)
            for each in late:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    raw_requestline: bytes
    protocol_version = default_request_version = "HTTP/1.1"
    timeout = REQUEST_SECONDS
    disable_nagle_algorithm = True
    server_version, sys_version = "wheelhouse", ""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: the count is what there is to see."""

    def handle_one_request(self) -> None:
        """Answer one request; until it is there, the clock runs."""
        with self.server.count.lock:
            self.server.deadlines[self.request] = time.monotonic() + REQUEST_SECONDS
        super().handle_one_request()

    def parse_request(self) -> bool:
        """Refuse what is too long for any honest wish; the clock stops when it is said."""
        if len(self.raw_requestline) > _LONGEST_LINE:
            self.requestline, self.request_version, self.command = "", "HTTP/1.1", ""
            self.refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
            return False
        understood = super().parse_request()
        with self.server.count.lock:
            self.server.deadlines.pop(self.request, None)
        return understood

    def do_GET(self) -> None:
        """Send what is asked for, whole or from where it broke off."""
        if self.headers.get("Content-Length", "0") != "0" or self.headers.get("Transfer-Encoding"):
            self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        shared = self.server.shared.get(unquote(self.path.partition("?")[0]))
        if shared is None:
            self.refuse(HTTPStatus.NOT_FOUND)
            return
        with self.server.count.lock:
            owner = self.client_address[0]
            if shared.counts:
                self.server.count.machines.add(owner)
            self.server.count.fetching[owner] = self.server.count.fetching.get(owner, 0) + 1
        try:
            self._send(shared)
        finally:
            with self.server.count.lock:
                self.server.count.fetching[owner] -= 1

    do_HEAD = do_GET  # noqa: N815 http.server looks for this name

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer in one line what the standard library would answer with a page that repeats the question."""
        # What http.server does not know how to do is what nobody may do here.
        status = HTTPStatus(code)
        self.refuse(HTTPStatus.METHOD_NOT_ALLOWED if status == HTTPStatus.NOT_IMPLEMENTED else status)

    def refuse(self, status: HTTPStatus) -> None:
        """Answer with nothing but a status, and hang up: what may follow is not read."""
        self.close_connection = True
        self._head(status, 0, "text/plain", {"Allow": "GET, HEAD"} if status == HTTPStatus.METHOD_NOT_ALLOWED else {})

    def _send(self, shared: Shared) -> None:
        begin, end, partial = _span(self.headers.get("Range", ""), shared.size)
        if begin >= end and shared.size:
            self._head(
                HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, 0, shared.kind, {"Content-Range": f"bytes */{shared.size}"}
            )
            return
        opened = open_file(shared) if shared.file else None
        if shared.file and opened is None:
            self.refuse(HTTPStatus.NOT_FOUND)
            return
        more = {"Content-Range": f"bytes {begin}-{end - 1}/{shared.size}"} if partial else {}
        status = HTTPStatus.PARTIAL_CONTENT if partial else HTTPStatus.OK
        try:
            self._head(status, end - begin, shared.kind, {"Accept-Ranges": "bytes", **more})
            if self.command != "GET":
                return
            self.connection.settimeout(SEND_SECONDS)
            self._body(shared, opened, begin, end)
            self.connection.settimeout(REQUEST_SECONDS)
        finally:
            if opened is not None:
                opened.close()

    def _body(self, shared: Shared, opened: BinaryIO | None, begin: int, end: int) -> None:
        if opened is None:
            self.wfile.write(shared.text[begin:end])
            return
        while begin < end:
            sent = self.connection.sendfile(opened, begin, min(1 << 20, end - begin))
            if not sent:  # shorter than it was: better to hang up than to let the client wait for the rest
                self.close_connection = True
                return
            begin += sent
            with self.server.count.lock:
                self.server.count.sent += sent

    def _head(self, status: HTTPStatus, size: int, kind: str, more: dict[str, str]) -> None:
        self.send_response(status)
        told = {"Content-Type": kind, "Content-Length": str(size), "X-Content-Type-Options": "nosniff", **more}
        if self.close_connection:
            told["Connection"] = "close"
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()


def _span(wanted: str, size: int) -> tuple[int, int, bool]:
    """Return from where to where a Range asks, and whether it is only a part; one that is not understood asks for all."""
    unit, _, span = wanted.partition("=")
    first, dash, last = span.partition("-")
    digits = (not first or first.isdecimal()) and (not last or last.isdecimal()) and (first or last)
    if unit.strip() != "bytes" or not dash or not digits or len(span) > 40:
        return 0, size, False
    if not first:
        return max(size - int(last), 0), size, True
    return int(first), min(int(last) + 1, size) if last else size, True
