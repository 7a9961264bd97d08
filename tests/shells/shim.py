"""Make folders with a shim and stand-ins for the programs that it looks for."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "template"
NEW, OLD = "new linux", "old linux"

MAIN = """\
import json, os, sys
told = {"words": sys.argv[1:], "isolated": sys.flags.isolated, "bytecode": not sys.dont_write_bytecode}
told.update(cwd=os.getcwd(), stdin="" if sys.stdin.isatty() else sys.stdin.read(), main=__file__)
print(json.dumps(told))
sys.exit(7)
"""


@dataclass
class Shim:
    """A project folder that holds a shim, and a PATH that holds only what the test puts there."""

    folder: Path
    bin: Path
    environ: dict[str, str] = field(default_factory=dict)

    def stand_in(self, name: str, script: str) -> Path:
        """Put a program on PATH."""
        program = self.bin / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
        return program

    def python(self, name: str, answer: str = NEW, code: int = 0) -> Path:
        """Put a stand-in for Python on PATH: it answers the probe, and says how else it was called."""
        return self.stand_in(
            name, f'case "$*" in *"import sys"*) printf "{answer}"; exit {code} ;; esac\necho "{name}" "$@"; exit 5'
        )

    def run(self, *command: str, cwd: Path | None = None, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command in the folder to its end."""
        return subprocess.run(
            command,
            cwd=cwd or self.folder,
            env=self.environ,
            input=text,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )

    def sh(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the shim with sh."""
        return self.run("/bin/sh", "-eu", "bootstrap.sh", *arguments)


def told(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    """Return what the stand-in for the core was told."""
    assert done.returncode == 7, done.stderr + done.stdout
    return dict(json.loads(done.stdout))


def make_shim(place: Path, name: str = "project", *, release: str | None = None) -> Shim:
    """Make a folder with bootstrap.sh, and a PATH with nothing but `uname`; `release` stands in for os-release(5).

    With `release` the Pythons that the shim knows by their whole path are taken out of it: every test machine has one.
    """
    folder, programs = place / name, place / "bin"
    (folder / "bootstrap").mkdir(parents=True)
    programs.mkdir()
    (folder / "bootstrap" / "__main__.py").write_text(MAIN, encoding="utf-8")
    text = (TEMPLATE / "bootstrap.sh").read_text(encoding="ascii")
    if release is not None:
        (place / "os-release").write_text(release, encoding="utf-8")
        text = text.replace("/etc/os-release", str(place / "os-release"))
        text = re.sub(r" (?:/opt|/usr|/Library)/\S+/python3\S*", " /nowhere/python3", text)
    (folder / "bootstrap.sh").write_text(text, encoding="ascii")
    (folder / "bootstrap.sh").chmod(0o755)
    shim = Shim(folder, programs, {"PATH": str(programs), "HOME": str(place), "LC_ALL": "C.UTF-8"})
    if os.name != "nt":
        shim.stand_in("uname", "echo Linux")
        (programs / "readlink").symlink_to("/usr/bin/readlink")
    return shim
