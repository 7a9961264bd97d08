"""The headings of the troubleshooting page are what people see, letter by letter: each one that can be had here is made to happen."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.index import serving
from tests.support.wheels import make_wheel, write_pins

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "how-to" / "troubleshooting.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^### (.*)$", PAGE, re.MULTILINE)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="these errors are made to happen on POSIX")


def said(*command: str, at: Path, **environ: str) -> str:
    """Run what is meant to fail, and return all that it printed."""
    done = subprocess.run(
        command, cwd=at, env={**os.environ, **environ}, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode != 0, done.stdout
    return done.stdout + done.stderr


def bare(at: Path) -> str:
    """Make an environment without pip and return its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(at / "bare")], check=True)
    return str(at / "bare" / "bin" / "python")


def pip(*words: str, at: Path, **environ: str) -> str:
    """Have pip, in an environment of its own, fail at something."""
    return said(sys.executable, "-m", "pip", "--python", bare(at), "install", *words, at=at, **environ)


def no_virtualenv(at: Path) -> str:
    """Ask for the Python behind the tests, which is in no environment."""
    base = str(getattr(sys, "_base_executable", sys.executable))
    return said(sys.executable, "-m", "pip", "--python", base, "install", "x", at=at, PIP_REQUIRE_VIRTUALENV="1")


def wrong_hash(at: Path) -> str:
    """Pin another file than the one that is there."""
    wheel = make_wheel(at, "hello")
    (at / "pins.txt").write_text(wheel.pin(sha256="0" * 64), encoding="utf-8")
    return pip("--no-index", "--find-links", str(at), "--require-hashes", "-r", "pins.txt", at=at)


def no_hash(at: Path) -> str:
    """Bring a line of one's own into the pins."""
    wheel = make_wheel(at, "hello")
    make_wheel(at, "requests")
    write_pins(at / "pins.txt", wheel)
    (at / "pins.txt").write_text((at / "pins.txt").read_text() + "requests\n", encoding="utf-8")
    return pip("--no-index", "--find-links", str(at), "-r", "pins.txt", at=at)


def conflicting(at: Path) -> str:
    """Install from pins in which git left both sides."""
    (at / "pins.txt").write_text("<<<<<<< HEAD\nsix==1\n=======\nsix==2\n>>>>>>> theirs\n", encoding="utf-8")
    return pip("--no-index", "-r", "pins.txt", at=at)


def private_certificate(at: Path) -> str:
    """Ask an index whose certificate a private CA gave."""
    with serving(at, certificates=at / "certificates") as index:
        words = ("--index-url", index.simple, "--retries", "0", "requests")
        return pip(*words, at=at, PIP_NO_INDEX="0")


def moved(at: Path) -> str:
    """Start a program whose Python is gone."""
    (at / "tool").write_text("#!/nowhere/.venv/bin/python\n", encoding="ascii")
    (at / "tool").chmod(0o755)
    told = said("bash", "-c", "./tool", at=at)
    # What bash says depends on its age; the page has both.
    return told.replace("cannot execute: required file not found", "bad interpreter: No such file or directory")


def untrusted(at: Path) -> str:
    """Copy this template without --trust."""
    source = at / "template"
    source.mkdir()
    (source / "copier.yml").write_text("_tasks: ['true']\n", encoding="utf-8")
    return said(sys.executable, "-m", "copier", "copy", "--defaults", str(source), str(at / "new"), at=at)


def dirty(at: Path) -> str:
    """Update a repository with a change that is not committed."""
    for words in (["init", "--quiet", "."], ["commit", "--quiet", "--allow-empty", "--message", "begin"]):
        subprocess.run(["git", *words], cwd=at, check=True)
    (at / ".copier-answers.yml").write_text("_commit: v1\n_src_path: nowhere\n", encoding="utf-8")
    return said(sys.executable, "-m", "copier", "update", "--trust", "--defaults", at=at)


def colon(at: Path) -> str:
    """Make an environment where PATH cannot name it."""
    if sys.version_info < (3, 11):
        pytest.skip("Python 3.10 makes a broken one instead")
    return said(sys.executable, "-m", "venv", str(at / "a:b"), at=at)


HAPPENS: dict[str, Callable[[Path], str]] = {
    "No module named pip": lambda at: said(bare(at), "-m", "pip", "list", at=at),
    "Could not find an activated virtualenv (required).": no_virtualenv,
    "Can not perform a '--user' install. User site-packages are not visible in this virtualenv.": lambda at: pip(
        "hello", at=at, PIP_USER="1"
    ),
    "ModuleNotFoundError: No module named 'requests'": lambda at: said(bare(at), "-c", "import requests", at=at),
    "python: command not found": lambda at: said("/bin/bash", "-c", "python", at=at, PATH=str(at)),
    "No module named 'encodings'": lambda at: said(sys.executable, "-c", "", at=at, PYTHONHOME=str(at)),
    "bad interpreter: No such file or directory": moved,
    "Refusing to create a venv in": colon,
    "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE": wrong_hash,
    "SSL: CERTIFICATE_VERIFY_FAILED": private_certificate,
    "Could not find a version that satisfies the requirement": lambda at: pip("--no-index", "nothing-like-that", at=at),
    "In --require-hashes mode, all requirements must have their versions pinned with ==": no_hash,
    "copier: command not found": lambda at: said("/bin/bash", "-c", "copier copy", at=at, PATH=str(at)),
    "Invalid requirement: '<<<<<<<": conflicting,
    "Template uses potentially unsafe feature": untrusted,
    "Destination repository is dirty; cannot continue.": dirty,
}
ELSEWHERE = {
    "error: externally-managed-environment": "tests/hosts/test_alternatives.py, on Debian 12, 13 and sid",
    "SyntaxError: invalid syntax": "a Python that is too old; tests/unit/test_interpreters.py passes those over",
    "The virtual environment was not created successfully because ensurepip is not available": "tests/hosts: bare Debians",
    "No module named ensurepip": "tests/hosts: Pythons without it",
    "No module named 'libcamera'": "a Raspberry Pi; tests/e2e/test_system_packages.py has packages like it",
    "Python was not found; run without arguments to install from the Microsoft Store": "Windows",
    "No runtimes are installed": "Windows",
    "xcode-select: note: no developer tools were found": "macOS",
    "running scripts is disabled on this system": "PowerShell on Windows",
    "No Python at": "Windows",
    "Temporary failure in name resolution": "a machine without network; tests/e2e/test_network.py",
    "error: command 'gcc' failed": "a package without a wheel, which no index of the tests has",
    "Permission denied": "tests/e2e/test_disk.py",
    "Operation not permitted: 'lib' -> '.venv/lib64'": "tests/e2e/test_exfat.py, on a real exFAT disk",
    "No space left on device": "tests/e2e/test_disk.py",
    "Windows Long Path support": "Windows",
    "WinError 5": "Windows",
    "DLL load failed while importing": "Windows",
    "incompatible architecture (have 'x86_64', need 'arm64')": "macOS",
}


def test_each_heading_is_made_to_happen_or_says_where_it_can() -> None:
    """No heading without one of the two, none with both, and none of these without its heading."""
    assert sorted([*HAPPENS, *ELSEWHERE]) == sorted(HEADINGS)
    named = [place for reason in ELSEWHERE.values() for place in re.findall(r"tests/[\w./]+", reason)]
    assert [place for place in named if not (ROOT / place).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize("text", HAPPENS)
def test_the_heading_is_what_a_program_prints_today(text: str, tmp_path: Path) -> None:
    """So that whoever pastes it into a search finds it."""
    printed = HAPPENS[text](tmp_path)
    assert text in " ".join(printed.split()), printed
