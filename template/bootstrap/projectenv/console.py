"""Say things to a person: plainly, in ASCII, and with colour only where it is welcome."""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
import time
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from .failure import Failure

_CREDENTIALS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)[^/\s]+@")


def masked(text: str) -> str:
    """Return the text with user:password in every URL replaced by four stars."""
    return _CREDENTIALS.sub(r"\g<scheme>****@", text)


def colour_wanted(stream: TextIO, environ: dict[str, str]) -> bool:
    """Tell whether the stream may carry colour (https://no-color.org, TERM=dumb, terminals only)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


class Console:
    """Write messages to one stream; `quiet` keeps all but failures, `verbose` adds the commands run."""

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False, verbose: bool = False) -> None:
        self.stream = stream or sys.stdout
        self.quiet = quiet
        self.verbose = verbose
        for each in (self.stream, sys.stderr):
            # A path may hold characters that this console cannot show (FAILURES E10).
            if hasattr(each, "reconfigure"):
                each.reconfigure(errors="backslashreplace")

    def say(self, text: str = "") -> None:
        """Print one message, unless quiet."""
        if not self.quiet:
            self.write(self.stream, text + "\n")

    def detail(self, text: str) -> None:
        """Print one message if verbose."""
        if self.verbose:
            self.write(self.stream, text + "\n")

    def warn(self, text: str) -> None:
        """Print a warning on the error stream, quiet or not."""
        self.write(sys.stderr, f"{self._bold('warning:', sys.stderr)} {text}\n")

    def fail(self, failure: Failure) -> None:
        """Print the three parts of a failure on the error stream."""
        lines = [f"{self._bold('error:', sys.stderr)} {failure.what}"]
        if failure.why:
            lines.append(failure.why)
        if failure.next_step:
            lines.append(f"{self._bold('Next:', sys.stderr)} {failure.next_step}")
        self.write(sys.stderr, "\n".join(lines) + "\n")

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress]:
        """Show a line that tells what is going on, how far, and for how long, once it takes over two seconds."""
        shown = Progress(self, what)
        shown.start()
        try:
            yield shown
        finally:
            shown.stop()

    def _bold(self, word: str, stream: TextIO) -> str:
        return f"\033[1m{word}\033[0m" if colour_wanted(stream, dict(os.environ)) else word

    @staticmethod
    def write(stream: TextIO, text: str) -> None:
        """Write text as it is, credentials masked."""
        try:
            stream.write(masked(text))
            stream.flush()
        except BrokenPipeError:
            # Who reads has seen enough (`| head`): the work goes on to its end, unheard.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Progress:
    """Redraw one line a second on a terminal; elsewhere print it once, after two seconds."""

    def __init__(self, console: Console, what: str) -> None:
        self._console = console
        self._what = what
        self._note = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True)
        self._drawn = False

    def start(self) -> None:
        """Begin to count the time."""
        if not self._console.quiet:
            self._thread.start()

    def note(self, text: str) -> None:
        """Tell how far the work has come, in a few words."""
        self._note = text.strip()

    def stop(self) -> None:
        """Stop drawing and clear the line."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._drawn and self._console.stream.isatty():
            self._console.write(self._console.stream, "\r" + " " * (_width() - 1) + "\r")

    def _draw(self) -> None:
        began = time.monotonic()
        delay = 2.0
        while not self._stopped.wait(delay):
            delay = 1.0
            line = f"  {self._what} ... {time.monotonic() - began:.0f} s"
            if not self._console.stream.isatty():
                self._console.write(self._console.stream, line.rsplit(" ... ", 1)[0] + " ...\n")
                return
            if self._note:
                line += f"  {self._note}"
            width = _width() - 1
            self._console.write(self._console.stream, "\r" + line[:width].ljust(width))
            self._drawn = True


def _width() -> int:
    return max(20, shutil.get_terminal_size().columns)
