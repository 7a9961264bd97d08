"""JupyterLab, numpy, pandas, matplotlib and scikit-learn from the real index, by a person without rights on this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
from copier import run_copy
from projectenv.workshop.verdict import Verdict, decode

from tests.support import needs
from tests.support.person import NOBODY, ROOT, SYSTEM_PYTHON, Person
from tests.support.workshop import LAST

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(sys.platform != "linux", reason="takes rights and the network away as Linux does"),
]

FOREIGN = {"argv": ["/bin/false", "{connection_file}"], "display_name": "another project", "language": "python"}


class Attendee(Person):
    """Somebody with the workshop's folder, and a home in which others left things."""

    @property
    def folder(self) -> Path:
        """Return the workshop's folder; its name has a blank and an accent."""
        return self.home / "my wörkshop"

    def said(self, *command: str) -> tuple[int, str, Verdict | None, str]:
        """Run a command there; return its exit code, all it printed, the verdict at its end, and the next step."""
        done = self.types(*command, at=self.folder)
        found = LAST.search(done.stdout)
        verdict = decode(found["code"] or found["no"]) if found else None
        return done.returncode, done.stdout + done.stderr, verdict, (found["next"] or "") if found else ""

    def pastes(self, text: str, *command: str) -> tuple[int, str]:
        """Run a command there and paste a text into it; return its exit code and all it printed."""
        plain = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command, cwd=self.folder, env=self.environ, input=text, capture_output=True, text=True, check=False, **plain  # type: ignore[call-overload]
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def attendee(template: Path) -> Iterator[Attendee]:
    """Return an attendee whose laptop is ready."""
    home = Path(tempfile.mkdtemp(prefix="attendee-"))
    one = Attendee(home)
    run_copy(
        str(template), one.folder, data={"starter": "workshop"}, defaults=True, quiet=True, unsafe=True, skip_tasks=True
    )
    if os.geteuid() == 0:
        for path in (home, *home.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    code, text, verdict, _ = one.said("sh", "start-linux.sh")
    assert code == 0, text
    assert verdict
    assert verdict.ready
    assert "From the package index: up to 1" in text
    yield one
    shutil.rmtree(home, ignore_errors=True)


def test_every_direct_dependency_is_loaded_and_a_kernel_started(attendee: Attendee) -> None:
    """What the check says it did, by name."""
    code, text, verdict, _ = attendee.said("sh", "bootstrap.sh", "check")
    assert (code, verdict and verdict.ready) == (0, True), text
    for name in ("jupyterlab", "matplotlib", "numpy", "pandas", "sklearn"):
        assert name in text
    assert "a notebook starts, in this environment" in text


def test_every_notebook_runs_to_its_end(attendee: Attendee) -> None:
    """The originals, as CI runs them, and the copies, where attendees do; one that fails would be noticed."""
    command = ("sh", "bootstrap.sh", "run", "jupyter", "execute")
    for folder in ("notebooks", "my-work"):
        names = sorted(str(path.relative_to(attendee.folder)) for path in (attendee.folder / folder).glob("*.ipynb"))
        assert len(names) == 2
        done = attendee.types(*command, *names, at=attendee.folder)
        assert done.returncode == 0, done.stderr
    broken = attendee.folder / "my-work" / "broken.ipynb"
    notebook = json.loads((attendee.folder / "notebooks" / "01-welcome.ipynb").read_text(encoding="utf-8"))
    notebook["cells"][1]["source"] = "1 / 0"
    broken.write_text(json.dumps(notebook), encoding="utf-8")
    assert attendee.types(*command, "my-work/broken.ipynb", at=attendee.folder).returncode != 0
    broken.unlink()


def test_a_kernel_that_another_project_left_in_the_home_is_not_used(attendee: Attendee) -> None:
    """Neither by name nor by JUPYTER_PATH: both would start a program that ends at once."""
    kernel = attendee.home / ".local" / "share" / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(FOREIGN), encoding="utf-8")
    attendee.environ["JUPYTER_PATH"] = str(kernel.parent.parent)
    try:
        code, text, _, _ = attendee.said("sh", "bootstrap.sh", "check")
        assert code == 0, text
    finally:
        del attendee.environ["JUPYTER_PATH"]
        shutil.rmtree(attendee.home / ".local")


def test_a_kernel_in_another_environment_is_found_out(attendee: Attendee) -> None:
    """A real one: it starts, and runs elsewhere."""
    own = attendee.folder / ".venv" / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    before, other = own.read_text(encoding="utf-8"), attendee.home / "other"
    library = next((attendee.folder / ".venv").glob("lib/python3*/site-packages"))
    done = attendee.types(
        str(attendee.folder / ".venv/bin/python"), "-m", "venv", "--without-pip", str(other), at=attendee.home
    )
    assert done.returncode == 0, done.stderr
    next(other.glob("lib/python3*/site-packages")).joinpath("borrowed.pth").write_text(f"{library}\n", encoding="utf-8")
    argv = [str(other / "bin" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    own.write_text(json.dumps({**FOREIGN, "argv": argv}), encoding="utf-8")
    try:
        code, text, verdict, step = attendee.said("sh", "bootstrap.sh", "check")
        assert code == 1, text
        assert verdict
        assert verdict.failed == ("kernel",)
        assert f"notebooks run in {other}" in text
        assert step == "sh start-linux.sh --recreate"
    finally:
        own.write_text(before, encoding="utf-8")


def test_a_kernel_that_does_not_start_is_found_out(attendee: Attendee) -> None:
    """And the check does not wait for it for ever."""
    own = attendee.folder / ".venv" / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    before = own.read_text(encoding="utf-8")
    own.write_text(json.dumps(FOREIGN), encoding="utf-8")
    try:
        began = time.monotonic()
        code, text, verdict, _ = attendee.said("sh", "bootstrap.sh", "check")
        assert code == 1, text
        assert verdict
        assert verdict.failed == ("kernel",)
        assert "a notebook does not start" in text
        assert time.monotonic() - began < 60
    finally:
        own.write_text(before, encoding="utf-8")


def test_a_damaged_compiled_file_is_found_and_put_right_without_the_network(attendee: Attendee) -> None:
    """Only an import finds it; what was fetched once serves again."""
    library = next((attendee.folder / ".venv").glob("lib/python3*/site-packages"))
    victim = next((library / "numpy" / "_core").glob("_multiarray_umath*.so"))
    victim.unlink()  # it may be one file with the installer's cache
    victim.write_bytes(b"\x7fELF, and no more")
    code, text, verdict, step = attendee.said("sh", "bootstrap.sh", "check")
    assert (code, step) == (1, "sh start-linux.sh --recreate"), text
    assert verdict
    assert verdict.failed == ("imports",)
    alone = ["unshare", "-rn", *needs.unplugged(SYSTEM_PYTHON)[-4:]]
    done = attendee.types(*alone, *step.split(), "--offline", at=attendee.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "READY  code: " in done.stdout


def test_open_shows_the_copies_in_jupyterlab_and_leaves_when_it_is_told_to(attendee: Attendee) -> None:
    """The browser gets an address; behind it are the attendee's own files, and no others."""
    opened = attendee.home / "opened"
    browser = attendee.home / "browser.sh"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{opened}"\n', encoding="utf-8")
    browser.chmod(0o755)
    environ = {**attendee.environ, "BROWSER": f"{browser} %s"}
    child = pexpect.spawn(
        "sh", ["bootstrap.sh", "open"], cwd=str(attendee.folder), env=environ, encoding="utf-8", timeout=90,
        preexec_fn=_become_nobody if os.geteuid() == 0 else None,
    )  # fmt: skip
    try:
        child.expect_exact("JupyterLab opens in your browser")
        child.expect(r"(http://(?:localhost|127\.0\.0\.1):\d+)/lab\?token=(\w+)")
        assert isinstance(child.match, re.Match)
        address, token = child.match[1], child.match[2]
        names = {each["name"] for each in _asked(f"{address}/api/contents?token={token}")["content"]}
        assert {"01-welcome.ipynb", "02-seedlings.ipynb"} <= names
        assert "bootstrap" not in names
        deadline = time.monotonic() + 30
        while not opened.exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        assert opened.exists()
        child.sendintr()
        time.sleep(0.5)
        child.sendintr()
        child.expect(pexpect.EOF, timeout=60)
        child.close()
        assert child.exitstatus == 0
    finally:
        child.close(force=True)


def _asked(address: str) -> dict[str, Any]:
    """Return what a server answers once it listens; it tells its address a little earlier."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return dict(json.load(answer))
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


ELSEWHERE = {
    "open": "above",
    "wheelhouse --serve": "test_serve.py",
    "wheelhouse": "test_real_house.py: all of it is 1.2 GB",
}
"""Commands of the guides that are not typed here, and where they are."""


def test_every_command_of_the_guides_works(attendee: Attendee) -> None:
    """As an instructor types them, in the order in which they are read; names and places are this test's."""
    folder = attendee.folder
    texts = [(ROOT / "docs/how-to/workshop.md").read_text(encoding="utf-8")]
    texts += [(folder / name).read_text(encoding="utf-8") for name in ("INSTRUCTOR.md", "README.md")]
    found = [line.strip() for text in texts for line in re.findall(r"sh bootstrap\.sh ([a-z][^`\n]*)", text)]
    commands = list(dict.fromkeys(found))
    assert set(ELSEWHERE) <= set(commands)
    verdict = attendee.said("sh", "bootstrap.sh", "check")[1].splitlines()[-1]
    for name in ("chat.txt", "replies.txt"):
        (folder / name).write_text(f"09:01 From Ada to everyone: {verdict}\n", encoding="utf-8")
    (folder / "names.txt").write_text("Ada\n", encoding="utf-8")
    before = {path.name for path in folder.iterdir()}
    here = f"--python {sys.version_info[0]}.{sys.version_info[1]} --target linux-x64"
    for command in commands:
        if command in ELSEWHERE:
            continue
        typed = command.replace("NAME", "six").replace("/media/you/STICK/", "")
        typed = typed if "--dry-run" in typed else re.sub(r"--python \S+ --target \S+", here, typed)
        pasted = (folder / "chat.txt").read_text(encoding="utf-8") if "roster" in typed else ""
        code, told = attendee.pastes(pasted, "sh", "bootstrap.sh", *typed.split())
        assert code == 0, f"{typed}\n{told}"
    left = {path.name for path in folder.iterdir()} - before
    assert left == {".venv", "my-work", "wheelhouse"} - before, "something was left lying about"
