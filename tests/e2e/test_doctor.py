"""Doctor explains this machine, touches nothing, and says what to type."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.needs import need
from tests.support.project import BASE_PYTHON, ROOT, Project


def tree(folder: Path) -> dict[str, int]:
    """Return the time of every file below a folder."""
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def stand_in(project: Project, name: str, script: str) -> str:
    """Put a program before all others and return the PATH that does so."""
    folder = project.folder.parent / "programs"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)
    return f"{folder}:{project.environ['PATH']}"


def test_it_names_the_python_and_what_to_type(project: Project) -> None:
    """Before there is an environment the advice is to make it; the Python is the one that the bootstrap then takes."""
    ran = project.run("doctor")
    assert ran.code == 0, ran.text
    assert "There is no .venv yet." in ran.out
    assert ran.out.rstrip().endswith("Next: sh bootstrap.sh")
    chosen = [line for line in ran.out.splitlines() if line.startswith("  > ")]
    assert len(chosen) == 1
    assert chosen[0].split()[2].replace("~", str(project.home)) in project.run().out


def test_it_touches_nothing(project: Project) -> None:
    """Neither the project nor the home has a file more or less."""
    before = tree(project.folder.parent)
    assert project.run("doctor").code == 0
    assert project.run("doctor", "--explain").code == 0
    assert tree(project.folder.parent) == before


def test_with_an_environment_nothing_is_missing(made: Project) -> None:
    """The health of the environment is told."""
    ran = made.run("doctor")
    assert ".venv matches the pins" in ran.out
    assert "Nothing is missing." in ran.out or "Forced into" in ran.out


def test_its_answer_for_machines_can_be_shared(project: Project) -> None:
    """No home, no password: neither of the index nor of a proxy."""
    project.environ["PATH"] = f"{project.home}/bin:{project.environ['PATH']}"
    ran = project.run(
        "doctor",
        "--json",
        PIP_INDEX_URL="https://me:secret@index.example/simple",
        PIP_CERT=f"{project.home}/ca.pem",
        HTTPS_PROXY="http://me:secret@proxy.example:3128",
    )
    told = json.loads(ran.out)
    assert told["works"] is True
    assert told["network"]["index"] == "https://****@index.example/simple"
    assert told["network"]["https_proxy"] == "http://****@proxy.example:3128"
    assert told["network"]["CA bundle"] == "~/ca.pem"
    assert "secret" not in ran.out
    assert str(project.home) not in ran.out


def test_without_a_usable_python_it_fails_and_says_why(project: Project) -> None:
    """Every Python is refused with its reason, and the next command installs one."""
    project.configure(oldest_python="3.90", newest_python="3.91")
    ran = project.run("doctor")
    assert ran.code == 1, ran.text
    assert "is too old; this project supports 3.90 to 3.91" in ran.out
    assert "Next: " in ran.out.splitlines()[-1]


def test_something_else_in_the_place_of_venv_is_told_first(project: Project) -> None:
    """What the bootstrap would refuse to touch makes doctor fail."""
    project.venv.write_text("mine", encoding="utf-8")
    ran = project.run("doctor")
    assert ran.code == 1
    assert ran.out.rstrip().endswith("Next: mv .venv .venv-old")


@pytest.mark.parametrize(
    ("name", "content", "said", "command"),
    [
        ("requirements.txt", "%%% garbage\n", "line 1, is no requirement: '%%% garbage'", "git checkout -- requirements.txt"),
        ("requirements.txt", "<<<<<<< a\n=======\n>>>>>>> b\n", "merge-conflict markers", "sh bootstrap.sh lock"),
        ("requirements.txt", None, "requirements.txt, which names the pins, is missing", "sh bootstrap.sh lock"),
        ("bootstrap/settings.ini", "[environment\n", "bootstrap/settings.ini cannot be used", "git checkout -- bootstrap/settings.ini"),
    ],
)  # fmt: skip
def test_broken_input_makes_it_fail_and_say_what_to_type(
    project: Project, name: str, content: str | None, said: str, command: str
) -> None:
    """The bootstrap would not work, so the exit code is 1; the reason and the next command are there."""
    if content is None:
        (project.folder / name).unlink()
    else:
        (project.folder / name).write_text(content, encoding="utf-8")
    ran = project.run("doctor")
    assert ran.code == 1, ran.text
    assert said in ran.text
    assert command in ran.text.rstrip().splitlines()[-1]
    assert "would work" not in ran.text


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root lends the folder to somebody else")
def test_an_environment_that_cannot_be_read_is_told(project: Project) -> None:
    """No permission is an answer, not a bug of ours."""
    project.venv.mkdir(mode=0o700)
    (project.venv / "pyvenv.cfg").touch()
    for folder in [project.folder, *project.folder.parents]:
        if folder.stat().st_uid == 0 and folder != Path("/tmp") and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    ran = project.finish([*nobody, "/usr/bin/python3", "-I", "-B", "bootstrap", "doctor"])
    assert ".venv cannot be read: Permission denied." in ran.out, ran.text
    assert ran.code == 1


def test_names_are_asked_for_instead_of_the_declared(project: Project) -> None:
    """`doctor NAME...` asks the package manager for these."""
    path = stand_in(project, "apt-cache", "printf 'python3-yaml:\\n  Installed: (none)\\n  Candidate: 6.0-3\\n'")
    ran = project.run("doctor", "PyYAML>=5", PATH=path)
    assert "pyyaml: python3-yaml 6.0, not installed, satisfies >=5" in ran.out
    assert "sudo apt install python3-yaml" in ran.out
    assert "hello" not in ran.out


@pytest.mark.slow
def test_a_package_manager_that_hangs_is_waited_for_seconds_only(project: Project) -> None:
    """The rest of the report is there, and the silence is told."""
    path = stand_in(project, "apt-cache", "sleep 60 & sleep 60")
    began = time.monotonic()
    ran = project.run("doctor", PATH=path)
    assert ran.code == 0, ran.text
    assert "apt-cache gave no answer within 5 seconds" in ran.out
    assert time.monotonic() - began < 20


def test_it_explains_the_marker_of_this_machine(project: Project) -> None:
    """The words of the marker are the machine's own."""
    marker = next(iter(Path("/usr/lib").glob("python3*/EXTERNALLY-MANAGED")), None)
    need("a Python with an EXTERNALLY-MANAGED marker in /usr/lib", have=marker is not None)
    assert marker
    ran = project.run("doctor", "--explain")
    assert str(marker) in ran.out
    assert "The three ways out" in ran.out
    assert all(line.isascii() for line in ran.out.splitlines())


def test_a_plan_that_cannot_be_written_is_a_failure_with_a_next_step(project: Project) -> None:
    """Without anything forced there is no plan at all."""
    place = project.folder / "no" / "such" / "folder.sh"
    ran = project.run("doctor", "--rollback-plan", str(place))
    assert "nothing to take back" in ran.out or "cannot be written" in ran.err
    assert "Traceback" not in ran.text


def test_one_can_ask_before_there_is_a_project(tmp_path: Path) -> None:
    """`python3 start.py doctor` answers in a fresh clone, and makes no environment there."""
    clone = tmp_path / "clone"
    (clone / "template").mkdir(parents=True)
    shutil.copytree(ROOT / "template" / "bootstrap", clone / "template" / "bootstrap")
    shutil.copytree(ROOT / "bootstrap", clone / "bootstrap")
    for name in ("start.py", "pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, clone)
    environ = {**os.environ, "PATH": f"{BASE_PYTHON.parent}:/usr/bin:/bin"}
    ran = subprocess.run(
        [str(BASE_PYTHON), "start.py", "doctor"], cwd=clone, env=environ, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Next: python3 start.py new ../my-project" in ran.stdout
    assert not (clone / ".venv").exists()
