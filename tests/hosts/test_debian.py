"""On real Debian systems, in every state that Python comes in there, `sh bootstrap.sh` is all that it takes."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support import hosts, needs
from tests.support.project import Project, make_project, pip_version, the_pip_wheel
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.hosts

WHAT = (
    "import sys, sysconfig, os; print(os.path.isfile(os.path.join(sysconfig.get_path('stdlib'), 'EXTERNALLY-MANAGED')))"
)
INSIDE = "import hello, pip, sys; print(hello.VERSION, pip.__version__, sys.prefix)"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project whose wheels, pip among them, are in ./wheelhouse: these systems have no network."""
    made = make_project(tmp_path, "work")
    house = made.folder / "wheelhouse"
    house.mkdir()
    for wheel in (*made.wheels.iterdir(), the_pip_wheel().path):
        shutil.copy(wheel, house)
    for name in ("tmp", "home", "work"):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name).chmod(0o777)
    return made


def python_of(name: str) -> str:
    """Return the Python of this host."""
    return "python3.15" if "3.15" in name else "python3"


@situations(
    Situation(
        "Debian 12, 13 and sid with a bare Python (3.11, 3.13, 3.14, 3.15), with python3-venv, with python3-pip, with "
        "pipx: all externally managed; as root",
        "`sh bootstrap.sh` makes an environment holding pip; no file of the system changes",
        "Making .venv with Python 3. ... Done in",
        modes="A8 B1 B3 C8 C14",
    )
)
@pytest.mark.parametrize("name", hosts.NAMES)
def test_every_state(project: Project, tmp_path: Path, situation: Situation, name: str) -> None:
    """One command, without sudo, without python3-venv, and the system's Python is not changed by a byte."""
    host = hosts.unpack(name, tmp_path)
    assert host.run(project, python_of(name), "-c", WHAT).out == "True\n"
    before = host.fingerprint()

    situation.shown_by(host.run(project, "sh", "bootstrap.sh"))

    assert host.run(project, ".venv/bin/python", "-c", INSIDE).out == f"1.0 {pip_version()} /work/.venv\n"
    kept = host.run(project, ".venv/bin/python", "-m", "pip", "install", "--no-index", "hello")
    assert kept.code == 0, kept.text
    assert host.run(project, "sh", "bootstrap.sh", "check").code == 0
    assert host.fingerprint() == before


@situations(
    Situation(
        "the same as a plain user, who may write nothing but the project and a home",
        "`sh bootstrap.sh` makes an environment holding pip",
        "Making .venv with Python 3. ... Done in",
        modes="B1 B3",
    )
)
@pytest.mark.parametrize("name", ["bookworm-bare", "trixie-bare", "sid-bare", "sid-3.15-bare"])
def test_a_plain_user(project: Project, tmp_path: Path, situation: Situation, name: str) -> None:
    """Nothing that only root may do is needed."""
    needs.need("root, to be another user than root", have=os.geteuid() == 0)
    host = hosts.unpack(name, tmp_path)
    shutil.chown(project.folder, 65534, 65534)
    before = host.fingerprint()
    situation.shown_by(host.run(project, "sh", "bootstrap.sh", plain=True))
    assert host.run(project, ".venv/bin/python", "-c", INSIDE, plain=True).out.startswith("1.0 ")
    assert host.fingerprint() == before


@situations(
    Situation(
        "Debian without the CA bundle's file",
        "the environment is made; offline nothing asks for it",
        "Done in",
        modes="D9",
    )
)
def test_without_the_ca_bundle(project: Project, tmp_path: Path, situation: Situation) -> None:
    """A missing bundle, of which Debian's own pip dies, does not stop an installation from a wheelhouse."""
    host = hosts.unpack("bookworm-venv", tmp_path)
    (host.root / "etc/ssl/certs/ca-certificates.crt").unlink()
    situation.shown_by(host.run(project, "sh", "bootstrap.sh"))


@situations(
    Situation(
        "a bare Debian Python, no network, no wheelhouse, an empty cache",
        "nothing is left behind",
        "error: ... was not found: there is no network, or its name cannot be looked up. ... Next: check the network",
        code=1,
        modes="B1 D1",
    )
)
def test_nothing_at_all(project: Project, tmp_path: Path, situation: Situation) -> None:
    """When even pip cannot be had, the message says so in one screen, and how to go on without a network."""
    shutil.rmtree(project.folder / "wheelhouse")
    host = hosts.unpack("trixie-bare", tmp_path)
    ran = host.run(project, "sh", "bootstrap.sh")
    situation.shown_by(ran)
    assert len(ran.text.splitlines()) < 24
    assert not project.venv.exists()


@situations(
    Situation(
        "a machine without any Python",
        "nothing is changed",
        "error: no Python that runs was found on this machine. ... Next: sudo apt install python3",
        code=2,
        modes="A1",
    )
)
def test_no_python(project: Project, tmp_path: Path, situation: Situation) -> None:
    """Without a Python, the package of this very system is named."""
    host = hosts.unpack("bookworm-bare", tmp_path)
    for program in (host.root / "usr/bin").glob("python3*"):
        program.unlink()
    situation.shown_by(host.run(project, "sh", "bootstrap.sh"))
    assert not project.venv.exists()
