"""Set each variable and each key of pip.conf that misleads installers: packages still land in the environment, only there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.engines import with_uv
from tests.support.index import serving
from tests.support.project import BASE_PYTHON, Project, pip_version
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = {
    "PIP_USER": "1",
    "PIP_TARGET": "ELSEWHERE",
    "PIP_PREFIX": "ELSEWHERE",
    "PIP_ROOT": "ELSEWHERE",
    "PIP_DRY_RUN": "1",
    "PIP_PYTHON": "ELSEWHERE/python",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "PIP_BREAK_SYSTEM_PACKAGES": "1",
    "PIP_IGNORE_INSTALLED": "1",
    "PIP_NO_DEPS": "1",
    "PIP_REQUIRE_HASHES": "1",
    "PIP_NO_INPUT": "0",
    "PIP_NO_CLEAN": "1",
    "PIP_QUIET": "3",
    "PIP_VERBOSE": "2",
    "PIP_LOG": "ELSEWHERE/pip.log",
    "PIP_EXISTS_ACTION": "a",
    "PIP_ONLY_BINARY": ":none:",
    "PIP_NO_BINARY": "other",
    "PIP_ISOLATED": "1",
    "PIP_REPORT": "ELSEWHERE/report.json",
    "PIP_UPGRADE": "1",
    "PIP_FORCE_REINSTALL": "1",
    "PYTHONPATH": "ELSEWHERE",
    "PYTHONHOME": "ELSEWHERE",
    "PYTHONPLATLIBDIR": "lib64",
    "PYTHONSTARTUP": "ELSEWHERE/start.py",
    "PYTHONNOUSERSITE": "",
    "PYTHONUSERBASE": "ELSEWHERE",
    "PYTHONOPTIMIZE": "2",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONSAFEPATH": "1",
    "PYTHONWARNINGS": "error",
    "PYTHONUTF8": "0",
    "PYTHONIOENCODING": "cp1252",
    "PYTHONINSPECT": "1",
    "PYTHONEXECUTABLE": "ELSEWHERE/python",
    "PYTHONPYCACHEPREFIX": "ELSEWHERE",
    "PYTHONVERBOSE": "1",
    "__PYVENV_LAUNCHER__": "ELSEWHERE/python",
    "VIRTUAL_ENV": "ELSEWHERE",
    "CONDA_PREFIX": "ELSEWHERE",
    "SETUPTOOLS_USE_DISTUTILS": "local",
}


@pytest.mark.slow
@situations(
    Situation(
        "a variable of pip's or Python's that sends packages elsewhere, lets others in, or changes how Python runs "
        "(PIP_TARGET, PIP_PREFIX, PIP_ROOT, PIP_DRY_RUN, PIP_USER, PIP_PYTHON, PYTHONPATH, PYTHONHOME and 35 more)",
        "as if it were not set",
        "Done in",
        modes="B3 B26 C1 C2 C3 C4 C5 C7",
    )
)
@pytest.mark.parametrize("variable", HOSTILE)
def test_hostile_variables(project: Project, tmp_path: Path, situation: Situation, variable: str) -> None:
    """Whatever this variable says, the pins are in the environment, and nothing is anywhere else."""
    elsewhere = _elsewhere(project, tmp_path)
    before = sorted(elsewhere.rglob("*"))
    ran = project.run(**{variable: HOSTILE[variable].replace("ELSEWHERE", str(elsewhere))})
    assert ran.code == situation.code, ran.text
    situation.told_in(ran.text)
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
    assert not list(elsewhere.rglob("*hello*"))
    assert not [each for each in elsewhere.rglob("*.dist-info") if each not in before]


def _elsewhere(project: Project, place: Path) -> Path:
    """Make a folder that looks as if everything were installed already, as C3 has it."""
    folder = place / "elsewhere"
    for name, version in (("hullo", "1.0"), ("pip", "9.0")):
        (folder / f"{name}-{version}.dist-info").mkdir(parents=True)
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (folder / f"{name}-{version}.dist-info" / "METADATA").write_text(metadata)
    (folder / "json.py").write_text("raise SystemExit('shadowed')\n")
    (folder / "start.py").write_text("")
    return folder


@situations(
    Situation(
        "PYTHONPATH names a folder in which the pins seem installed already",
        "they are installed into the environment all the same",
        "Done in",
        modes="C3",
    )
)
def test_already_satisfied_elsewhere(project: Project, tmp_path: Path, situation: Situation) -> None:
    """A package on PYTHONPATH does not count as installed."""
    info = tmp_path / "elsewhere" / "hello-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hello\nVersion: 1.0\n")
    situation.shown_by(project.run(PYTHONPATH=str(info.parent)))
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}


KEYS = {
    "user": "true",
    "target": "ELSEWHERE",
    "prefix": "ELSEWHERE",
    "root": "ELSEWHERE",
    "dry-run": "true",
    "python": "ELSEWHERE/python",
    "require-virtualenv": "true",
    "break-system-packages": "true",
    "require-hashes": "true",
    "no-deps": "true",
    "ignore-installed": "true",
}


@pytest.mark.slow
@situations(
    Situation(
        "pip.conf says `target`, `prefix`, `root`, `dry-run`, `user` or another key that misleads pip",
        "the key does not count here; index, proxy and certificates of that file do",
        "Done in",
        modes="C1 C2 C4 C5",
    )
)
@pytest.mark.parametrize("section", ["global", "install"])
@pytest.mark.parametrize("key", KEYS)
def test_hostile_keys(project: Project, tmp_path: Path, situation: Situation, key: str, section: str) -> None:
    """Whatever this key says, the pins are in the environment, fetched from the index that the same file names."""
    elsewhere = tmp_path / "elsewhere"
    folder = project.home / ".config" / "pip"
    folder.mkdir(parents=True)
    value = KEYS[key].replace("ELSEWHERE", str(elsewhere))
    with serving(project.wheels) as index:
        lines = f"[global]\nindex-url = {index.simple}\n" + (f"[{section}]\n" if section != "global" else "")
        (folder / "pip.conf").write_text(f"{lines}{key} = {value}\n")
        ran = project.run(PIP_CONFIG_FILE=None, PIP_NO_INDEX=None, PIP_FIND_LINKS=None)
    situation.shown_by(ran)
    assert "GET /simple/hello/" in index.asked
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
    assert not elsewhere.exists()


UV_HOSTILE = {
    "UV_PYTHON": "/nowhere/python",
    "UV_TARGET": "ELSEWHERE",
    "UV_PREFIX": "ELSEWHERE",
    "UV_SYSTEM_PYTHON": "1",
    "UV_BREAK_SYSTEM_PACKAGES": "1",
    "UV_PROJECT_ENVIRONMENT": "ELSEWHERE",
    "UV_PROJECT": "ELSEWHERE",
    "UV_WORKING_DIRECTORY": "ELSEWHERE",
    "UV_VENV_SEED": "1",
    "UV_VENV_CLEAR": "1",
    "UV_NO_VERIFY_HASHES": "1",
    "UV_ISOLATED": "1",
    "UV_DRY_RUN": "1",
    "VIRTUAL_ENV": "ELSEWHERE",
    "CONDA_PREFIX": "ELSEWHERE",
    "PYTHONPATH": "ELSEWHERE",
    "PYTHONHOME": "ELSEWHERE",
}


@pytest.mark.slow
@situations(
    Situation(
        "a variable of uv's, or VIRTUAL_ENV, that sends packages elsewhere",
        "as if it were not set",
        "Done in",
        modes="C7 A15 A16",
    )
)
@pytest.mark.parametrize("variable", UV_HOSTILE)
def test_hostile_variables_for_uv(project: Project, tmp_path: Path, situation: Situation, variable: str) -> None:
    """With uv, too, the pins are in the environment and nothing is anywhere else."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with serving(project.wheels) as index:
        ran = with_uv(project, index.simple, **{variable: UV_HOSTILE[variable].replace("ELSEWHERE", str(elsewhere))})
    situation.shown_by(ran)
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
    assert list(elsewhere.iterdir()) == []


@situations(
    Situation(
        "a variable of pip's with a value that it cannot read",
        "nothing left behind",
        "pip's configuration holds a value that it cannot read. ... maybe is not a valid value for no-compile ... Next: see",
        code=1,
        modes="C6",
    )
)
def test_a_value_that_pip_cannot_read(project: Project, situation: Situation) -> None:
    """What pip says about the value is passed on."""
    situation.shown_by(project.run(PIP_NO_COMPILE="maybe"))
    assert not project.venv.exists()


@situations(
    Situation(
        "PIP_CONSTRAINT contradicts the pins",
        "nothing left behind",
        "error: the packages could not be installed ... hello ... Next: ",
        code=1,
        modes="C5",
    )
)
def test_a_constraint_against_the_pins(project: Project, tmp_path: Path, situation: Situation) -> None:
    """A constraint is the user's own, so it is not dropped; the conflict is told."""
    (tmp_path / "constraints.txt").write_text("hello<1\n")
    situation.shown_by(project.run(PIP_CONSTRAINT=str(tmp_path / "constraints.txt")))
    assert not project.venv.exists()


SHADOWS = ["logging", "types", "enum", "subprocess", "venv", "random", "json", "pathlib", "pip", "ssl", "platform"]


@situations(
    Situation(
        "modules of the project are called like those of the standard library (json.py, types.py, venv.py, pip.py)",
        "they are not in the way",
        "Done in",
        modes="B25",
    )
)
@pytest.mark.parametrize("isolated", [True, False], ids=["-I", "plain"])
def test_shadowing_modules(project: Project, situation: Situation, *, isolated: bool) -> None:
    """Modules in the project's root shadow nothing, also when the bootstrap is started without -I."""
    for name in SHADOWS:
        (project.folder / f"{name}.py").write_text("raise SystemExit('the wrong module')\n")
    start = [str(BASE_PYTHON), *(["-I"] if isolated else []), "bootstrap"]
    situation.shown_by(project.finish(start))
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}


ALONE = ("PIP_ISOLATED", "PIP_QUIET", "PYTHONVERBOSE", "PYTHONINSPECT")


def test_every_variable_at_once(project: Project, tmp_path: Path) -> None:
    """All hostile variables together do no more harm than each alone."""
    elsewhere = tmp_path / "elsewhere"
    hostile = {name: value.replace("ELSEWHERE", str(elsewhere)) for name, value in HOSTILE.items() if name not in ALONE}
    ran = project.run(**hostile)
    assert ran.code == 0, ran.text
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
    assert not list(elsewhere.rglob("*.dist-info"))


def test_every_key_at_once(project: Project, tmp_path: Path) -> None:
    """All hostile keys of pip.conf together do no more harm than each alone."""
    elsewhere = tmp_path / "elsewhere"
    folder = project.home / ".config" / "pip"
    folder.mkdir(parents=True)
    lines = "".join(f"{key} = {value}\n" for key, value in KEYS.items()).replace("ELSEWHERE", str(elsewhere))
    (folder / "pip.conf").write_text(f"[global]\nfind-links = {project.wheels}\n{lines}")
    ran = project.run(PIP_CONFIG_FILE=None, PIP_FIND_LINKS=None)
    assert ran.code == 0, ran.text
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
    assert not elsewhere.exists()


def test_every_variable_of_uv_at_once(project: Project, tmp_path: Path) -> None:
    """All hostile variables of uv's together do no more harm than each alone."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with serving(project.wheels) as index:
        hostile = {name: value.replace("ELSEWHERE", str(elsewhere)) for name, value in UV_HOSTILE.items()}
        ran = with_uv(project, index.simple, **hostile)
    assert ran.code == 0, ran.text
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
    assert list(elsewhere.iterdir()) == []


@situations(
    Situation(
        "somebody looks at the commands that are run (--verbose)",
        "none of them forces anything into the system's Python",
        "run: ... -m venv --without-pip ... run: ... install --no-compile ... Done in",
        modes="B3b",
    )
)
def test_nothing_is_forced(project: Project, situation: Situation) -> None:
    """No command goes around PEP 668 by --prefix, --target, --root, --user or --break-system-packages, or asks for sudo."""
    ran = project.run("--verbose")
    situation.shown_by(ran)
    commands = [line.split() for line in ran.out.splitlines() if line.startswith("run: ")]
    forced = {
        "--prefix",
        "--target",
        "--root",
        "--user",
        "--break-system-packages",
        "--ignore-installed",
        "sudo",
        "doas",
    }
    assert not [words for words in commands if forced & set(words)]
    assert all(words[1].startswith(str(project.venv)) for words in commands if "install" in words)
