"""Upstream Pythons from 2.7 on: old ones are refused in words, incomplete ones too, and a foreign marker is no obstacle."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import hosts, needs
from tests.support.project import Project, make_project, pip_version
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.hosts

_VERSIONS = Path(os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")) / "versions"


def upstream(minor: str) -> Path:
    """Return an upstream Python of this minor version, as pyenv keeps them."""
    found = sorted(_VERSIONS.glob(f"{minor}.*/bin/python{minor}"))
    needs.need(f"upstream Python {minor} of pyenv's", have=bool(found))
    return found[-1]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a small project that finds no other Python than the one it is given."""
    made = make_project(tmp_path)
    made.environ["PATH"] = str(tmp_path / "nothing")
    return made


@situations(
    Situation(
        "`python bootstrap` with Python 2.7, 3.6, 3.7, 3.8 or 3.9",
        "refused by name, never with a SyntaxError; nothing is changed",
        "error: this is Python ... the bootstrap needs Python 3.10 or newer. ... Next: sh bootstrap.sh",
        code=2,
        modes="A6 C14",
    )
)
@pytest.mark.parametrize("minor", ["2.7", "3.6", "3.7", "3.8", "3.9"])
def test_too_old(project: Project, situation: Situation, minor: str) -> None:
    """A Python too old for the bootstrap gets the message, and leaves no bytecode behind."""
    situation.shown_by(project.finish([str(upstream(minor)), "-B", "bootstrap"]))
    assert not project.venv.exists()


@situations(
    Situation(
        "`sh bootstrap.sh` where the only Python is 2.7, 3.6 or 3.9",
        "refused by name; nothing is changed",
        "error: this is Python ... the bootstrap needs Python 3.10 or newer. ... Next: ",
        code=2,
        modes="A1 A6",
    )
)
@pytest.mark.parametrize("minor", ["2.7", "3.6", "3.9"])
def test_only_an_old_one(project: Project, tmp_path: Path, situation: Situation, minor: str) -> None:
    """The shim finds the old Python and lets it say what is the matter."""
    only(tmp_path, {"python3": upstream(minor)})
    situation.shown_by(project.finish(alone("/bin/sh", "bootstrap.sh")))


def only(place: Path, programs: dict[str, Path]) -> None:
    """Make a folder for PATH that holds these programs, and the few that a shell script needs."""
    folder = place / "nothing"
    folder.mkdir(exist_ok=True)
    for name in ("uname", "readlink", "sh", "mount", "unshare"):
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, program in programs.items():
        (folder / name).symlink_to(program)


_HIDE = """
for each in /usr/bin/python3* /usr/local/bin/python3*; do
    [ ! -x "$each" ] || mount --bind /dev/null "$(readlink -f "$each")" || exit 99
done
exec "$@"
"""


def alone(*command: str) -> list[str]:
    """Return the words that run a command where the Pythons of this system cannot be seen."""
    return [*needs.own_mounts(), "/bin/sh", "-c", _HIDE, "sh", *command]


@situations(
    Situation(
        "upstream Python 3.10, 3.11, 3.12 and 3.13",
        "each carries the environment",
        "Making .venv with Python 3. ... Done in",
        modes="A7",
    )
)
@pytest.mark.parametrize("minor", ["3.10", "3.11", "3.12", "3.13"])
def test_supported(project: Project, situation: Situation, minor: str) -> None:
    """Every supported minor version runs the bootstrap and carries the environment."""
    situation.shown_by(
        project.finish([str(upstream(minor)), "-I", "-B", "bootstrap", "--python", str(upstream(minor))])
    )
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
    assert project.inside("import sys; print('%d.%d' % sys.version_info[:2])") == minor


def marked(prefix: Path) -> None:
    """Put another vendor's EXTERNALLY-MANAGED into this Python."""
    words = "[externally-managed]\nError=To install Python packages system-wide, try brew install xyz\n"
    (prefix / "lib" / "python3.13" / "EXTERNALLY-MANAGED").write_text(words)


def without(*names: str) -> Callable[[Path], None]:
    """Return what removes modules from a Python."""

    def remove(prefix: Path) -> None:
        library = prefix / "lib" / "python3.13"
        for name in names:
            for found in (*library.glob(name), *library.glob(f"{name}.py"), *library.glob(f"lib-dynload/{name}.*")):
                shutil.rmtree(found) if found.is_dir() else found.unlink()

    return remove


CHANGES = {
    "marked": marked,
    "ensurepip": without("ensurepip"),
    "venv": without("venv"),
    "ssl": without("ssl", "_ssl"),
    "zlib": without("zlib"),
}


@situations(
    Situation(
        "a Python of another vendor that is externally managed (Homebrew's marker)",
        "the environment is made",
        "Making .venv with Python 3.13 ... Done in",
        modes="B3",
        case="marked",
    ),
    Situation(
        "an upstream Python without ensurepip",
        "the environment is made, holding pip",
        "Making .venv with Python 3.13 ... Done in",
        modes="B1",
        case="ensurepip",
    ),
    Situation(
        "a Python without venv",
        "passed over; where it is the only one, it is named",
        "no Python found here that this project can use ... it was built without venv ... Next: ",
        code=2,
        modes="A10",
        case="venv",
    ),
    Situation(
        "a Python without ssl",
        "passed over; where it is the only one, it is named",
        "no Python found here that this project can use ... it was built without ssl ... Next: ",
        code=2,
        modes="A10",
        case="ssl",
    ),
)
def test_changed_pythons(project: Project, tmp_path: Path, situation: Situation) -> None:
    """A Python that somebody changed is used where it can be, and else refused with the reason."""
    prefix = hosts.copy_of(upstream("3.13"), tmp_path)
    CHANGES[situation.case](prefix)
    program = prefix / "bin" / "python3.13"
    options = [] if situation.code else ["--python", str(program)]
    only(tmp_path, {"python3.13": program})
    situation.shown_by(project.finish(alone(str(program), "-I", "-B", "bootstrap", *options)))
