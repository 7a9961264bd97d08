"""Put a misbehaving index before the bootstrap: each fault is named with its host, its cause, and what to type."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support import needs
from tests.support.engines import ENGINES, QUICK, Run, nothing_left, through
from tests.support.index import nobody_there, serving
from tests.support.project import BASE_PYTHON, Project, pip_version, the_pip_wheel
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    pass


@situations(
    Situation(
        "the index redirects to another address", "followed", "Making .venv ... Done in", case="redirect", modes="D4"
    ),
    Situation("the index is honest", "installed from it", "Making .venv ... Done in", case="honest", modes="C11"),
)
@pytest.mark.parametrize("run", ENGINES.values(), ids=ENGINES)
def test_an_honest_index(project: Project, situation: Situation, run: Run) -> None:
    """What a healthy index serves is installed, with either engine."""
    with serving(project.wheels, situation.case) as index:
        situation.shown_by(run(project, index.simple))
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}


@situations(
    Situation(
        "the index accepts connections and never answers",
        "given up after three tries; nothing left behind",
        "error: the packages could not be installed: localhost ... did not answer in time. ... Next: run this again",
        code=1,
        modes="D5",
        case="stall-page",
    ),
    Situation(
        "a download stops in the middle",
        "given up after three tries; nothing left behind",
        "error: the packages could not be installed: ... localhost ... Next: run this again",
        code=1,
        modes="D5",
        case="stall-file",
    ),
    Situation(
        "connections to the index are reset",
        "nothing left behind",
        "error: the packages could not be installed: the connection to localhost ... failed or broke off. ... Next: run",
        code=1,
        modes="D2",
        case="reset-page",
    ),
    Situation(
        "a download is cut off",
        "not taken for tampering; nothing left behind",
        "the connection to localhost ... broke off in the middle of a download. ... Next: run this again",
        code=1,
        modes="D6",
        case="truncate",
    ),
    Situation(
        "the index wants a password",
        "nobody is prompted; nothing left behind",
        "localhost wants a user name and a password (401). ... Next: put them into ~/.netrc",
        code=1,
        modes="D8",
        case="401",
    ),
    Situation(
        "the index refuses access",
        "nothing left behind",
        "localhost refused access (403). ... Next: ask who runs that index",
        code=1,
        modes="D3",
        case="403",
    ),
    Situation(
        "thirty laptops have asked the index too often",
        "nothing left behind",
        "localhost has had too many requests from here (429). ... Next: wait a few minutes",
        code=1,
        modes="D3",
        case="429",
    ),
    Situation(
        "the index is out of order",
        "nothing left behind",
        "localhost is out of order (it answered with a server error). ... Next: run this again later",
        code=1,
        modes="D3",
        case="500",
    ),
    Situation(
        "the index lists files and fails to send them",
        "nothing left behind",
        "localhost is out of order (it answered with a server error). ... Next: run this again later",
        code=1,
        modes="D3",
        case="file-503",
    ),
    Situation(
        "index-url is misspelt",
        "nothing left behind",
        "localhost has nothing at that address (404). ... Next: check index-url in pip.conf",
        code=1,
        modes="D3",
        case="404",
    ),
    Situation(
        "the network wants a login on a web page first",
        "nothing left behind",
        "localhost answered with a page that lists no packages. ... Next: open http://localhost",
        code=1,
        modes="D4",
        case="portal",
    ),
    Situation(
        "the network redirects everything to its login page",
        "nothing left behind",
        "localhost answered with a page that lists no packages. ... Next: open http://localhost",
        code=1,
        modes="D4",
        case="portal-redirect",
    ),
    Situation(
        "a file is not the one that is pinned",
        "never installed, and no way around is offered; nothing left behind",
        "a downloaded file is not the one that is pinned: its SHA-256 differs. ... do not bypass it",
        code=1,
        modes="D7",
        case="wrong-file",
    ),
)
@pytest.mark.parametrize("run", ENGINES.values(), ids=ENGINES)
def test_a_faulty_index(project: Project, situation: Situation, run: Run) -> None:
    """A fault of the index ends with the host, the cause and the next command, and leaves no half-made environment."""
    with serving(project.wheels, situation.case) as index:
        situation.shown_by(run(project, index.simple))
    assert nothing_left(project)


def test_a_failure_leaves_the_old_environment(made: Project) -> None:
    """When new pins cannot be fetched the environment stays as it was, and works."""
    made.pin(made.wheel("hello", "2.0"))
    with serving(made.wheels, "500") as index:
        assert through(made, index.simple).code == 1
        assert through(made, index.simple, "--recreate").code == 1
    assert made.installed() == {"hello": "1.0", "pip": pip_version()}


def test_patience_is_bounded(project: Project) -> None:
    """A silent index is asked three times, where pip alone would ask six times."""
    with serving(project.wheels, "stall-page") as index:
        through(project, index.simple)
    assert len(index.asked) == 3


@situations(
    Situation(
        "nothing listens where the index should be",
        "nothing left behind",
        "the connection to localhost ... failed or broke off. ... Next: run this again; behind a proxy",
        code=1,
        modes="D2",
    )
)
def test_nobody_there(project: Project, situation: Situation) -> None:
    """A refused connection is told from a missing network."""
    situation.shown_by(through(project, f"{nobody_there()}/simple"))
    assert nothing_left(project)


@situations(
    Situation(
        "there is no network at all",
        "nothing left behind",
        "packages.example was not found: there is no network, or its name cannot be looked up. ... add --offline",
        code=1,
        modes="D1",
    )
)
def test_no_network(project: Project, situation: Situation) -> None:
    """Without a network the name cannot be looked up, and ./wheelhouse is offered."""
    command = [*needs.without_network(), str(BASE_PYTHON), "-I", "-B", "bootstrap"]
    situation.shown_by(project.finish(command, {**QUICK, "PIP_INDEX_URL": "https://packages.example/simple"}))
    assert nothing_left(project)


@situations(
    Situation(
        "no network, and the wheels in ./wheelhouse",
        "installed from there, with either engine",
        "Making .venv ... Done in",
        modes="D1",
    )
)
@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_a_wheelhouse(project: Project, situation: Situation, installer: str) -> None:
    """A wheelhouse alone is enough, pip included, with an empty cache."""
    if installer == "uv":
        project.environ["PATH"] = f"{needs.uv().parent}{os.pathsep}{project.environ['PATH']}"
    house = project.folder / "wheelhouse"
    house.mkdir()
    for wheel in (*project.wheels.iterdir(), the_pip_wheel().path):
        (house / wheel.name).write_bytes(wheel.read_bytes())
    empty = {"VENV_TEMPLATE_CACHE": str(project.home / "cache"), "PIP_FIND_LINKS": None, "UV_FIND_LINKS": None}
    situation.shown_by(project.run("--offline", "--installer", installer, **empty))
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}


@pytest.mark.parametrize("installer", ["pip", "uv"])
@situations(
    Situation(
        "./wheelhouse lacks a pinned wheel",
        "nothing left behind",
        "is not among the wheels on this machine. ... Next: put the wheel into ./wheelhouse, or rename that folder",
        code=1,
        modes="D1",
    )
)
def test_a_wheelhouse_that_lacks_a_wheel(project: Project, situation: Situation, installer: str) -> None:
    """Both installers' words are understood, and the way back to the index is told."""
    if installer == "uv":
        project.environ["PATH"] = f"{needs.uv().parent}{os.pathsep}{project.environ['PATH']}"
    house = project.folder / "wheelhouse"
    house.mkdir()
    (house / the_pip_wheel().path.name).write_bytes(the_pip_wheel().path.read_bytes())
    empty = {"VENV_TEMPLATE_CACHE": str(project.home / "cache"), "PIP_FIND_LINKS": None, "UV_FIND_LINKS": None}
    situation.shown_by(project.run("--installer", installer, **empty))
    assert nothing_left(project)


@situations(
    Situation(
        "--offline, and a pinned wheel is nowhere on this machine",
        "nothing left behind",
        "hello==1.0 is not among the wheels on this machine. ... Next: run this once with a network",
        code=1,
        modes="D1 C11",
    )
)
def test_offline_without_the_wheels(project: Project, situation: Situation) -> None:
    """Offline, what is missing is named."""
    situation.shown_by(project.run("--offline", PIP_FIND_LINKS=None))
    assert nothing_left(project)


@situations(
    Situation(
        "a pinned package has a wheel for another system only",
        "nothing left behind",
        "does not offer hello==1.0. ... no file of it for this Python and this system",
        code=1,
        modes="C11",
    )
)
def test_no_wheel_for_this_system(project: Project, situation: Situation) -> None:
    """A package without a wheel for this platform is named, and the index is not blamed for being down."""
    (project.wheels / "hello-1.0-py3-none-any.whl").unlink()
    project.pin(project.wheel("hello", tag="cp313-cp313-win_arm64"))
    with serving(project.wheels) as index:
        situation.shown_by(through(project, index.simple))
    assert nothing_left(project)
