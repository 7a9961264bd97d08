"""Ask another program a question that it has to answer soon."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Sequence

from ..machine import Machine
from ..record import Record

SECONDS = 5.0
# How the managers say that there is no such package: an answer, not a trouble.
_NONE = re.compile(
    r"not found|no path found|no matching|no available formula|not owned|no package owns|not installed|could not find",
    re.I,
)


class Answer(Record):
    """What a program printed, and in one line why that may not be all."""

    output: str
    trouble: str = ""
    errors: str = ""


def ask(command: Sequence[str], machine: Machine, seconds: float = SECONDS) -> Answer:
    """Run a command without a shell and without input; one that hangs is ended with all it started."""
    # The user's configuration stays in force; only the language is fixed, because the answer is parsed.
    environ = {**machine.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C", "HOMEBREW_NO_AUTO_UPDATE": "1"}
    try:
        child = subprocess.Popen(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        return Answer("", f"{command[0]} does not start: {error.strerror or error}")
    try:
        output, errors = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(child)
        return Answer("", f"{command[0]} gave no answer within {seconds:g} seconds")
    return understood(command[0], child.returncode, output, errors)


def understood(program: str, code: int, output: str, errors: str) -> Answer:
    """Tell an answer, which may be that there is none, from a failure."""
    if code and not output.strip() and not _NONE.search(errors):
        said = (errors.strip().splitlines() or ["nothing"])[-1]
        return Answer("", f"{program} failed (exit code {code}): {said}")
    return Answer(output, errors=errors)


def _end(child: subprocess.Popen[str]) -> None:
    # A grandchild that keeps the pipe open would make us wait for it: the whole session goes.
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()
    for stream in (child.stdout, child.stderr):
        if stream:
            stream.close()
