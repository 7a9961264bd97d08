"""Know how each shell is driven in a test: what to set before, how to show the prompt, and how to run lines."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import needs

REPORT = """\
import json, os, shutil, sys
names = ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PYTHONHOME", "PATH")
told = {name: os.environ.get(name) for name in names}
told.update(label=sys.argv[1], prefix=sys.prefix, pip=shutil.which("pip"), words=sys.argv[2:])
with open(os.environ["REPORTS"], "a", encoding="utf-8") as file:
    file.write(json.dumps(told) + chr(10))
"""
"""Run by each shell: appends what a child sees to a file, as terminals and encodings garble what is printed."""

_POSIX = ("export PYTHONHOME=/nowhere\nPS1='> '", '"$PS1"')


@dataclass(frozen=True)
class Driver:
    """One shell: the command that runs a script, lines before, how it passes its prompt on, the script's name."""

    command: tuple[str, ...]
    before: str
    prompt: str = ""
    """A word that expands to the prompt; nothing where activation leaves the prompt alone."""
    suffix: str = "sh"
    call: str = ""
    """What stands before a line that runs another script."""
    typed: bool = False
    """Its script cannot gain a command while it runs, so the lines are typed into a terminal."""


# On Windows another bash, WSL's, comes first on PATH.
BASH = os.path.join(os.environ.get("PROGRAMFILES", ""), "Git", "bin", "bash.exe") if os.name == "nt" else "bash"
DRIVERS = {
    "bash": Driver((BASH, "--norc", "-eu"), *_POSIX),
    "zsh": Driver(("zsh", "-f", "-eu"), *_POSIX),
    "dash": Driver(("dash", "-eu"), *_POSIX),
    "busybox": Driver(("busybox", "sh", "-eu"), *_POSIX),
    "ksh": Driver(("ksh", "-eu"), *_POSIX),
    "mksh": Driver(("mksh", "-eu"), *_POSIX),
    "yash": Driver(("yash", "-eu"), *_POSIX),
    "fish": Driver(
        ("fish", "--no-config"),
        "set -gx PYTHONHOME /nowhere\nfunction fish_prompt; echo -n '> '; end",
        "(fish_prompt)",
    ),
    "csh": Driver(("csh", "-f"), "setenv PYTHONHOME /nowhere\nset prompt='> '", '"$prompt:q"'),
    "tcsh": Driver(("tcsh", "-f"), "setenv PYTHONHOME /nowhere\nset prompt='> '", '"$prompt:q"'),
    "nu": Driver(
        ("nu", "--no-config-file"),
        "$env.PYTHONHOME = '/nowhere'\n$env.PROMPT_COMMAND = {|| '> '}",
        "(do $env.PROMPT_COMMAND)",
        suffix="nu",
    ),
    "xonsh": Driver(("xonsh", "--no-rc"), "$PYTHONHOME = '/nowhere'", suffix="xsh"),
    "elvish": Driver(("elvish", "-norc"), "set-env PYTHONHOME /nowhere", suffix="elv", typed=True),
    "pwsh": Driver(
        ("pwsh", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File"),
        "$env:PYTHONHOME = '/nowhere'\nfunction prompt { '> ' }",
        "$(prompt)",
        suffix="ps1",
    ),
    "powershell": Driver(
        ("powershell", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File"),
        "$env:PYTHONHOME = '/nowhere'\nfunction prompt { '> ' }",
        "$(prompt)",
        suffix="ps1",
    ),
    "cmd": Driver(
        ("cmd", "/d", "/c"), "@echo off\nset PYTHONHOME=/nowhere\nprompt $G", '"%PROMPT%"', suffix="cmd", call="call "
    ),
}


def find(shell: str) -> Driver:
    """Return how to drive a shell; without it, skip at a desk and fail in CI."""
    driver = DRIVERS[shell]
    needs.need(shell, have=shutil.which(driver.command[0]) is not None)
    return driver


def drive(driver: Driver, lines: list[str], folder: Path, environ: dict[str, str]) -> list[dict[str, Any]]:
    """Run the lines in a folder and return the reports that they made."""
    reports = Path(environ["REPORTS"])
    reports.unlink(missing_ok=True)
    if driver.typed:
        _type(driver, lines, folder, environ)
    else:
        _run(driver, lines, folder, environ)
    return [json.loads(line) for line in reports.read_text(encoding="utf-8").splitlines()]


def _run(driver: Driver, lines: list[str], folder: Path, environ: dict[str, str]) -> None:
    # nushell looks for what a script uses beside the script.
    script = folder / f"script.{driver.suffix}"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = subprocess.run(
        [*driver.command, script.name],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
    assert done.stderr == b"", done.stderr.decode("utf-8", "replace")


def _type(driver: Driver, lines: list[str], folder: Path, environ: dict[str, str]) -> None:
    import pexpect

    reports = Path(environ["REPORTS"])
    terminal = pexpect.spawn(
        driver.command[0], list(driver.command[1:]), cwd=str(folder), env=environ, dimensions=(50, 240), timeout=20
    )
    try:
        # It asks the terminal where the cursor is before it reads a line.
        terminal.expect(r"\x1b\[6n|\x1b\[\?25h")
        terminal.send("\x1b[1;1R")
        for count, line in enumerate((line for line in lines if line), start=0):
            wanted = sum("report.py" in each for each in lines[: count + 1])
            terminal.send(line + "\r")
            _wait_for(reports, wanted, terminal)
        terminal.send("exit\r")
        terminal.expect(pexpect.EOF)
    finally:
        terminal.close(force=True)


def _wait_for(reports: Path, wanted: int, terminal: Any) -> None:
    import pexpect

    deadline = time.monotonic() + 20
    while (reports.read_text(encoding="utf-8").count("\n") if reports.exists() else 0) < wanted:
        if time.monotonic() > deadline:
            raise AssertionError(f"report {wanted} did not come")
        try:
            terminal.read_nonblocking(65536, timeout=0.1)
        except pexpect.TIMEOUT:
            continue
