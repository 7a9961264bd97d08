"""Kill the bootstrap at every change it makes to the disk: the next run ends healthy, and nothing that worked is lost."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.support import needs
from tests.support.engines import ENGINES, QUICK, Run, through
from tests.support.index import serving
from tests.support.project import BASE_PYTHON, Project, Ran, pip_version
from tests.support.situations import Situation, situations

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="kills a process group")]

STOPPING = Path(__file__).parent.parent / "support" / "stopping.py"
NOTHING: dict[str, str | None] = {"PIP_FIND_LINKS": None, "UV_FIND_LINKS": None, "PIP_NO_INDEX": "1"}
"""A world in which nothing can be installed."""


def stopped(project: Project, where: str, *arguments: str) -> Ran:
    """Run the bootstrap and stop it at this moment."""
    return project.finish([str(BASE_PYTHON), "-I", "-B", str(STOPPING), where, str(project.folder), *arguments])


def moments(project: Project, *arguments: str) -> list[str]:
    """Run the bootstrap to its end and return the moments at which it could have been stopped."""
    ran = stopped(project, "0", *arguments)
    assert ran.code == 0, ran.text
    return ran.out.split("MOMENTS\n")[1].splitlines()


def telling(all_moments: list[str]) -> list[int]:
    """Return the numbers of the moments that differ: of a folder that is being removed, the start, the middle and the end."""
    clearing = [number for number, each in enumerate(all_moments, 1) if each.startswith(("os.remove", "os.rmdir"))]
    if len(clearing) < 20:
        return list(range(1, len(all_moments) + 1))
    skipped = set(clearing[3:-4]) - {clearing[len(clearing) // 2]}
    return [number for number in range(1, len(all_moments) + 1) if number not in skipped]


def state(project: Project) -> list[str]:
    """Return what the bootstrap made in the project; a lock that nobody holds does no harm, and the next change takes it."""
    return sorted(each.name for each in project.folder.glob(".venv*") if each.name != ".venv.lock")


@pytest.fixture
def swift(project: Project) -> Project:
    """Return a project whose installer is uv: what the bootstrap itself does is the same, and there are many runs."""
    project.configure(installer="uv")
    project.environ["PATH"] = f"{needs.uv().parent}{os.pathsep}{project.environ['PATH']}"
    return project


@situations(
    Situation(
        "kill -9 while `.venv` is made, at each change to the disk and each child process",
        "the next run makes it",
        "",
        modes="B2 B5",
    )
)
def test_killed_while_making(swift: Project, situation: Situation) -> None:
    """Wherever a first run is killed, the next one ends with a healthy environment and nothing beside it."""
    steps = moments(swift)
    for number in telling(steps):
        shutil.rmtree(swift.venv)
        assert stopped(swift, str(number)).code == -signal.SIGKILL
        again = swift.run()
        assert again.code == 0, f"killed before {steps[number - 1]}:\n{again.text}"
        assert state(swift) == [".venv"], steps[number - 1]
        assert swift.run("check").code == 0, steps[number - 1]
        situation.shown_by(again)


@pytest.mark.slow
@situations(
    Situation(
        "kill -9 while `.venv` is made anew, and then no network",
        "the former environment, or the finished new one, is there and works",
        "Nothing to do: .venv matches the pins",
        modes="B2 B5",
    )
)
def test_killed_while_making_anew(swift: Project, situation: Situation) -> None:
    """Wherever a rebuild is killed, a run that can install nothing finds a whole environment."""
    assert swift.run().code == 0
    steps = moments(swift, "--recreate")
    for number in telling(steps):
        assert stopped(swift, str(number), "--recreate").code == -signal.SIGKILL
        again = swift.run(**NOTHING)
        assert again.code == 0, f"killed before {steps[number - 1]}:\n{again.text}"
        situation.shown_by(again)
        assert state(swift) == [".venv"], steps[number - 1]
        assert swift.installed() == {"hello": "1.0", "pip": pip_version()}, steps[number - 1]


@situations(
    Situation(
        "kill -9 while `.venv` follows changed pins",
        "the next run completes it",
        "",
        modes="B5",
    )
)
def test_killed_while_updating(swift: Project, situation: Situation) -> None:
    """Wherever an update is killed, the next run ends with the new pins."""
    wheels = [swift.wheel("hello", version) for version in ("2.0", "3.0")]
    assert swift.run().code == 0
    swift.pin(wheels[0])
    steps = moments(swift)
    for number in telling(steps):
        wanted = wheels[number % 2]
        swift.pin(wanted)
        swift.run()
        swift.pin(wheels[(number + 1) % 2])
        assert stopped(swift, str(number)).code == -signal.SIGKILL
        again = swift.run()
        assert again.code == 0, f"killed before {steps[number - 1]}:\n{again.text}"
        assert swift.installed()["hello"] == wheels[(number + 1) % 2].version, steps[number - 1]
        situation.shown_by(again)


@pytest.mark.parametrize("seen", ["pyvenv.cfg", "bin/python", "lib/*/site-packages/hello.py", "lib/*/*/pip/*.py"])
def test_killed_while_pip_works(project: Project, seen: str) -> None:
    """Killed together with its children once this file is there, the next run ends healthy."""
    child = project.start([str(BASE_PYTHON), "-I", "-B", "bootstrap"])
    while child.poll() is None and not any(project.venv.glob(seen)):
        pass
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
    assert project.run().code == 0
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
    assert state(project) == [".venv"]


@situations(
    Situation(
        "Ctrl-C while packages are fetched",
        "the former environment is back, or nothing is left behind",
        "Interrupted. The next run puts things right by itself.",
        code=130,
        modes="B4",
    )
)
@pytest.mark.parametrize("run", ENGINES.values(), ids=ENGINES)
def test_interrupted(project: Project, situation: Situation, run: Run) -> None:
    """Ctrl-C ends with 130 at once; a first run leaves nothing, a rebuild leaves what was there."""
    for options, left in (((), []), (("--recreate",), [".venv"])):
        # Wheels that are kept would need no index.
        shutil.rmtree(Path(project.environ["VENV_TEMPLATE_CACHE"]) / "pool", ignore_errors=True)
        with serving(project.wheels, "stall-page") as index:
            uv = ("--installer", "uv") if run is not through else ()
            path = f"{needs.uv().parent}{os.pathsep}{project.environ['PATH']}" if uv else project.environ["PATH"]
            command = [str(BASE_PYTHON), "-I", "-B", "bootstrap", *uv, *options]
            patient = {"PIP_TIMEOUT": "60", "UV_HTTP_TIMEOUT": "60", "PATH": path, "PIP_INDEX_URL": index.simple}
            child = project.start(command, {**QUICK, **patient})
            while not index.asked:
                assert child.poll() is None
            os.killpg(child.pid, signal.SIGINT)
            out, err = child.communicate()
        situation.shown_by(Ran(child.returncode, out.decode(), err.decode()))
        assert state(project) == left
        assert project.run().code == 0
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}


@situations(
    Situation(
        "the bootstrap alone is killed and its pip goes on",
        "the next run waits for that pip to end, then puts things right",
        "another run (process ... ) is changing .venv; waiting for it ... Done in",
        modes="B5 B6",
    )
)
def test_an_installer_that_outlives_its_run(project: Project, situation: Situation) -> None:
    """Two installers never write into one environment, though the run that started the first is dead."""
    command = [str(BASE_PYTHON), "-I", "-B", "bootstrap"]
    with serving(project.wheels, "stall-page") as index:
        patient = {**QUICK, "PIP_TIMEOUT": "60", "PIP_INDEX_URL": index.simple}
        first = project.start(command, patient)
        while not index.asked:
            assert first.poll() is None
        first.kill()
        first.wait()
        second = project.start(command)
        assert second.stderr
        waiting = second.stderr.readline()
        index.closing.set()
        out, err = second.communicate()
        first.communicate()
    situation.shown_by(Ran(second.returncode, (waiting + err + out).decode(), ""))
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}


@situations(
    Situation(
        "two runs at once", "one works, the other waits and finds nothing to do", "Making .venv", case="2", modes="B6"
    ),
    Situation(
        "eight runs at once", "one works, seven wait and find nothing to do", "Making .venv", case="8", modes="B6"
    ),
)
def test_at_once(project: Project, situation: Situation) -> None:
    """However many start together with an empty cache, one makes the environment, and all succeed."""
    cache = project.home / "cache"
    shutil.copytree(Path(project.environ["VENV_TEMPLATE_CACHE"]) / "wheels", cache / "wheels")
    command = [str(BASE_PYTHON), "-I", "-B", "bootstrap"]
    children = [project.start(command, {"VENV_TEMPLATE_CACHE": str(cache)}) for _ in range(int(situation.case))]
    told = [(child.communicate(), child.returncode) for child in children]
    assert [code for _, code in told] == [0] * len(children), told
    assert sum(situation.says.encode() in out for (out, _), _ in told) == 1
    assert sum(b"Nothing to do" in out for (out, _), _ in told) == len(children) - 1
    assert state(project) == [".venv"]
    assert project.run("check").code == 0
