"""Download several files at once, go on where a download broke off, and keep nothing that is not what it must be."""

from __future__ import annotations

import errno
import hashlib
import http.client
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable
from pathlib import Path

from .house import MB, megabytes
from .stock import Ware

PART = ".part"
_BLOCK = 1 << 16
_ATTEMPTS = 4
PAUSE = 1.0
"""Seconds after the first attempt that brought nothing, twice as many after the second, and so on."""
_PARTIAL = 206
_RANGE_NOT_SATISFIABLE = 416
_LATER = (429, 500, 502, 503, 504)
"""Answers that may be others in a second."""
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EROFS, errno.EACCES)


class Damaged(OSError):
    """Raised for a file that is not what the pins, or a manifest, say."""


class Meter:
    """Count the bytes of all downloads, and tell a progress line of them."""

    def __init__(self, total: int, note: Callable[[str], None]) -> None:
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._total, self._done, self._fetched = total, 0, 0
        self._note = note
        self.stopped = threading.Event()
        """Set when the others are to stop as well."""

    def add(self, count: int, *, fetched: bool = True) -> None:
        """Count bytes that are there now; those of an earlier run say nothing about the speed."""
        with self._lock:
            self._done += count
            self._fetched += count if fetched else 0
            self._note(f"{self._done / MB:.0f} of {self._total / MB:.0f} MB{self._left()}")

    def _left(self) -> str:
        took = time.monotonic() - self._began
        if took < 3 or not self._fetched or self._done >= self._total:
            return ""
        seconds = (self._total - self._done) * took / self._fetched
        return f", about {seconds:.0f} s left" if seconds < 100 else f", about {seconds / 60:.0f} minutes left"


def fetch(wares: list[Ware], folder: Path, note: Callable[[str], None], *, seconds: float, at_once: int = 4) -> None:
    """Download wares into a folder; OSError, HTTPException or Damaged when one cannot be had.

    What was fetched of it stays beside as NAME.part, and the next run goes on from there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    meter = Meter(sum(ware.size for ware in wares), note)
    # The big ones first, so that none of them is left to the end.
    waiting = deque(sorted(wares, key=lambda ware: -ware.size))
    failed: list[Exception] = []

    def work() -> None:
        while waiting and not meter.stopped.is_set():
            try:
                _patiently(waiting.popleft(), folder, meter, seconds)
            except IndexError:  # another one took the last
                return
            except Exception as error:  # noqa: BLE001 raised again below, where somebody listens
                failed.append(error)

    # Not a pool: at Ctrl-C nobody wants to wait until a stalled connection times out.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(at_once, len(wares)))]
    try:
        for thread in threads:
            thread.start()
        while not failed and any(thread.is_alive() for thread in threads):
            threads[0].join(0.05)
            threads.append(threads.pop(0))
    finally:
        meter.stopped.set()
    if failed:
        raise failed[0]


def _patiently(ware: Ware, folder: Path, meter: Meter, seconds: float) -> None:
    """Try again after a break, as long as each attempt brings something."""
    unfinished = folder / (ware.name + PART)
    attempt = 0
    while not meter.stopped.is_set():
        before = _size(unfinished)
        try:
            _once(ware, unfinished, meter, seconds)
            return
        except urllib.error.HTTPError as error:
            error.close()
            attempt += 1
            if error.code == _RANGE_NOT_SATISFIABLE and before:
                unfinished.unlink(missing_ok=True)
            elif error.code not in _LATER or attempt >= _ATTEMPTS:
                raise
            else:
                meter.stopped.wait(attempt * PAUSE)
        except Damaged:
            unfinished.unlink(missing_ok=True)
            # What an earlier run left may be of another file; a whole download that is wrong stays wrong.
            if not before:
                raise
        except (OSError, http.client.HTTPException) as error:
            if getattr(error, "errno", None) in _FULL:
                raise
            attempt = 0 if _size(unfinished) > before else attempt + 1
            if attempt >= _ATTEMPTS:
                raise
            meter.stopped.wait(attempt * PAUSE)


def _once(ware: Ware, unfinished: Path, meter: Meter, seconds: float) -> None:
    digest, there = _begun(unfinished)
    request = urllib.request.Request(ware.url, headers={"User-Agent": "venv-template", "Accept-Encoding": "identity"})
    if there:
        request.add_header("Range", f"bytes={there}-")
    with ware.opener.open(request, timeout=seconds) as answer:
        if there and answer.status != _PARTIAL:
            digest, there = hashlib.sha256(), 0
        meter.add(there, fetched=False)
        arrived, size = there, ware.size or there + int(answer.headers.get("Content-Length") or 0)
        with unfinished.open("ab" if there else "wb") as file:
            try:
                while not meter.stopped.is_set() and (block := answer.read(_BLOCK)):
                    digest.update(block)
                    file.write(block)
                    arrived += len(block)
                    meter.add(len(block))
                    if size and arrived > size:
                        raise Damaged(f"{ware.name} is longer than {megabytes(size)}")
            except BaseException:
                meter.add(-arrived, fetched=False)
                raise
    if meter.stopped.is_set():
        return
    if arrived < size:
        meter.add(-arrived, fetched=False)
        raise http.client.IncompleteRead(b"", size - arrived)
    if digest.hexdigest() not in ware.hashes:
        meter.add(-arrived, fetched=False)
        raise Damaged(f"{ware.name} is not the file that is pinned: its SHA-256 differs")
    unfinished.replace(unfinished.with_name(ware.name))


def _begun(unfinished: Path) -> tuple[hashlib._Hash, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with unfinished.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                size += len(block)
    except FileNotFoundError:
        pass
    return digest, size


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0
