"""Activate, look, and leave, in every shell, for environments of both makers, on the oldest and newest Python."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from projectenv.activation import shell_named

from tests.shells.conftest import PYTHONS, version_of
from tests.shells.drivers import DRIVERS, REPORT, Driver, drive, find
from tests.shells.matrix import CREATORS, HERE
from tests.support.project import BASE_PYTHON, Project

pytestmark = [pytest.mark.shells, pytest.mark.slow]
Make = Callable[[str, str], Project]
SHELLS = HERE + ("pwsh",) * (shutil.which("pwsh") is not None and "pwsh" not in HERE)


def dotted(python: str) -> str:
    """Return a version for a test's name."""
    return ".".join(map(str, version_of(python) or ()))


def world(project: Project) -> dict[str, str]:
    """Return the variables for a shell: the project's, and where the reports go."""
    (project.folder / "report.py").write_text(REPORT, encoding="utf-8")
    home = {
        "XDG_CONFIG_HOME": str(project.home),
        "XDG_DATA_HOME": str(project.home),
        "XDG_STATE_HOME": str(project.home),
    }
    return {
        **project.environ,
        **home,
        "REPORTS": str(project.folder.parent / "reports"),
        "PATH": path_of_shells(project),
    }


def path_of_shells(project: Project) -> str:
    """Return the project's PATH, and the folders that shells outside it need."""
    return os.pathsep.join(
        [project.environ["PATH"], *(os.environ["PATH"].split(os.pathsep) if os.name == "nt" else [])]
    )


def line_for(project: Project, shell: str) -> str:
    """Return the line that the bootstrap prints for a shell."""
    ran = project.run("activate", "--shell", shell)
    assert ran.code == 0, ran.text
    return ran.out.strip()


def outside(driver: Driver, label: str) -> str:
    """Return a line that reports from outside the environment."""
    lead = "& " if driver.suffix == "ps1" else "^" if driver.suffix == "nu" else ""
    python = BASE_PYTHON.as_posix() if driver.suffix == "sh" else str(BASE_PYTHON)
    return f"{lead}{python} -I report.py {label} {driver.prompt}".strip()


def script(driver: Driver, line: str, programs: tuple[str, ...] = ()) -> list[str]:
    """Return the lines of one visit: look, activate, look, run programs, leave, look."""
    return [
        *driver.before.splitlines(),
        outside(driver, "before"),
        driver.call + line,
        f"python -I report.py inside {driver.prompt}".strip(),
        *programs,
        f"{driver.call}deactivate",
        outside(driver, "after"),
    ]


@pytest.mark.parametrize("python", PYTHONS, ids=dotted)
@pytest.mark.parametrize("creator", CREATORS)
@pytest.mark.parametrize("shell", SHELLS)
def test_a_visit_leaves_no_trace(
    shell: str, creator: str, python: str, environment: Make, record_property: Callable[[str, object], None]
) -> None:
    """Find python and pip inside, and PATH, PYTHONHOME and prompt as before when it is over."""
    record_property("cell", (shell, creator, dotted(python)))
    driver = find(shell)
    project = environment(creator, python)
    # pip cannot write a program that starts from a path with a double quote in it (its launcher does not escape it).
    programs = ("python -m pip --version", *(("pip --version", "hello") if creator == "uv" else ()))
    lines = script(driver, line_for(project, shell_named(shell) or shell), programs)
    before, inside, after = drive(driver, lines, project.folder, world(project))

    assert os.path.samefile(inside["prefix"], project.venv)
    assert os.path.samefile(Path(inside["pip"]).parent, project.python.parent)
    assert inside["VIRTUAL_ENV"] is not None
    assert inside["PYTHONHOME"] is None
    if driver.prompt:
        assert inside["words"][0].startswith("(.venv) ") or os.name == "nt"
        assert inside["words"] != before["words"]
    assert {**after, "label": ""} == {**before, "label": ""}


@pytest.mark.parametrize("shell", SHELLS)
def test_twice_is_once(shell: str, environment: Make) -> None:
    """Leave no trace after activating an environment that was active already."""
    driver = find(shell)
    project = environment("venv", PYTHONS[0])
    lines = script(driver, line_for(project, shell_named(shell) or shell))
    at = 1 + len(driver.before.splitlines())
    before, _, after = drive(driver, [*lines[:at], lines[at], *lines[at:]], project.folder, world(project))
    assert {**after, "label": ""} == {**before, "label": ""}


@pytest.mark.parametrize("shell", SHELLS)
def test_the_line_is_quoted_for_its_shell(shell: str, environment: Make, tmp_path: Path) -> None:
    """Activate from another folder, by the whole path with everything in it that a shell could misread."""
    driver = find(shell)
    project = environment("uv", PYTHONS[0])
    name = shell_named(shell) or shell
    command = [str(BASE_PYTHON), "-I", "-B", str(project.folder / "bootstrap"), "activate", "--shell", name]
    ran = project.finish([sys.executable, "-c", _FROM, str(tmp_path), *command])
    assert ran.code == 0, ran.text
    environ = world(project)
    (tmp_path / "report.py").write_text(REPORT, encoding="utf-8")
    lines = [*driver.before.splitlines(), driver.call + ran.out.strip(), "python -I report.py inside"]
    (inside,) = drive(driver, lines, tmp_path, environ)
    assert os.path.samefile(inside["prefix"], project.venv)


_FROM = "import os, subprocess, sys; os.chdir(sys.argv[1]); sys.exit(subprocess.call(sys.argv[2:]))"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_in_use_is_found(shell: str, environment: Make) -> None:
    """Tell the shell from the process tree, whatever $SHELL says."""
    driver = find(shell)
    project = environment("venv", PYTHONS[0])
    place = str(project.folder / "bootstrap")
    code = f"import sys\nsys.path.insert(0, {place!r})\nfrom projectenv.shells import shell_in_use\n"
    (project.folder / "detect.py").write_text(
        code + "sys.argv[2:] = [shell_in_use() or '']\n" + REPORT, encoding="utf-8"
    )
    detect = outside(driver, "found").replace("report.py", "detect.py").removesuffix(driver.prompt)
    environ = {**world(project), "SHELL": "/bin/false"}
    # ksh becomes the last command of a script; report.py keeps it from that.
    found, _ = drive(driver, [detect, outside(driver, "last").removesuffix(driver.prompt)], project.folder, environ)
    assert found["words"] == [shell_named(shell)]


@pytest.mark.skipif(os.name == "nt", reason="POSIX shells only")
@pytest.mark.parametrize("shell", [shell for shell in SHELLS if DRIVERS[shell].suffix == "sh" and "csh" not in shell])
def test_the_output_can_be_evaluated(shell: str, environment: Make) -> None:
    """Activate by what the shim prints for the shell that asks, without naming it."""
    driver = find(shell)
    project = environment("venv", PYTHONS[0])
    ask = "sh bootstrap.sh activate | source" if shell == "fish" else 'eval "$(sh bootstrap.sh activate)"'
    (inside,) = drive(driver, [ask, "python -I report.py inside"], project.folder, world(project))
    assert os.path.samefile(inside["prefix"], project.venv)


@pytest.mark.skipif(os.name == "nt", reason="POSIX shells only")
def test_run_instead_of_sourced_says_so(environment: Make) -> None:
    """Keep `bash .venv/bin/activate` from doing nothing in silence."""
    project = environment("venv", PYTHONS[0])
    ran = project.finish(["bash", ".venv/bin/activate"])
    assert ran.code == 33
    assert "source" in ran.err
