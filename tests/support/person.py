"""A person with a home, a clone of this repository, a Python, git, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

from tests.support.needs import need

ROOT = Path(__file__).resolve().parent.parent.parent
SYSTEM_PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else str(getattr(sys, "_base_executable", ""))
NOBODY = 65534
ADDRESS = "https://github.com/venv-template/venv-template"


class Person:
    """Somebody with a home, a clone of this repository, a Python, git, and nothing else."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.clone = home / "venv-template"
        self.environ = {
            "HOME": str(home),
            "PATH": "/usr/bin:/bin",
            "TERM": "xterm",
            "LANG": "C.UTF-8",
            **{
                f"GIT_{who}_{what}": f"me@{who}.invalid"
                for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            },
        }
        # The index may be reached through this machine's own settings: those are the user's, and stay in force.
        self.environ |= {
            name: value
            for name, value in os.environ.items()
            if name.startswith(("PIP_INDEX", "SSL_CERT", "HTTPS_PROXY"))
        }

    def types(self, *command: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command as this person, without a terminal."""
        plain = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command, cwd=at or self.clone, env=self.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **plain  # type: ignore[call-overload]
        )  # fmt: skip
        return done

    def has_copier(self) -> None:
        """Put Copier on PATH, and have git find the template's address in the clone, without a network."""
        places = "".join(f"\tinsteadOf = {ADDRESS}{end}\n" for end in (".git", ""))
        (self.home / ".gitconfig").write_text(f'[url "file://{self.clone}"]\n{places}', encoding="utf-8")
        programs = self.home / "programs"
        programs.mkdir()
        copier = Path(sys.executable).with_name("copier")
        works = self.types(str(copier), "--version", at=self.home).returncode == 0
        need("an environment of this repository that every user may run (made with the system's Python)", have=works)
        (programs / "copier").symlink_to(copier)
        self.environ["PATH"] = f"{programs}:{self.environ['PATH']}"

    def makes(self, folder: Path) -> Path:
        """Make a folder of this person's own."""
        folder.mkdir()
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        return folder


def with_a_clone() -> Generator[Person, None, None]:
    """Give a person a clone of what is in the work tree, tagged as a release is."""
    home = Path(tempfile.mkdtemp(prefix="person-"))
    one = Person(home)
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in names.stdout.splitlines():
        if (ROOT / name).is_file():
            (one.clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, one.clone / name)
    if os.geteuid() == 0:
        for path in (home, *home.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "all"], ["tag", "0.1.0"]):
        assert one.types("git", *command).returncode == 0
    try:
        yield one
    finally:
        shutil.rmtree(home, ignore_errors=True)
