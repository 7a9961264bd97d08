"""An environment that may see the system's packages sees them, and its pins still win."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.support.needs import need
from tests.support.project import Project

SYSTEM = "/usr/bin/python3"
_DISTRIBUTION = "import importlib.metadata as m; print(next(d.version for d in m.distributions() if d.name == {!r}))"


def _system_version(name: str) -> str:
    """Return the version of a package that the system's package manager installed for the system's Python."""
    try:
        done = subprocess.run([SYSTEM, "-I", "-c", _DISTRIBUTION.format(name)], capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip()


@pytest.fixture
def opened(project: Project) -> Project:
    """Return a project that asks for the system's packages, on a machine that has python3-apt from apt."""
    need("python3-apt, installed by apt", have=bool(_system_version("python-apt")))
    project.configure(system_packages="yes")
    return project


@pytest.fixture(params=["pip", "uv"])
def installer(request: pytest.FixtureRequest, opened: Project) -> str:
    """Name each engine, and make uv findable for its turn."""
    if request.param == "uv":
        from tests.support import needs

        opened.environ["PATH"] = f"{needs.uv().parent}:{opened.environ['PATH']}"
    return str(request.param)


def test_a_package_of_apts_is_importable_inside(opened: Project, installer: str) -> None:
    """python3-apt is compiled for the system's Python: with the setting, .venv is made of that one and imports it."""
    ran = opened.run("--installer", installer)
    assert ran.code == 0, ran.text
    assert opened.inside("import apt_pkg; print(apt_pkg.__file__)").startswith("/usr/lib/python3/")


def test_the_pins_win_over_the_system(opened: Project, installer: str) -> None:
    """A pin that the system satisfies already is installed all the same, and is the one imported."""
    version = _system_version("six")
    need("six, installed by apt", have=bool(version))
    opened.pin(opened.wheel("six", version))
    ran = opened.run("--installer", installer)
    assert ran.code == 0, ran.text
    assert opened.inside("import six; print(six.__file__)").startswith(str(opened.venv))


def test_a_later_sync_keeps_both(opened: Project, installer: str) -> None:
    """New pins are installed into the environment though the system has them, and the system stays visible."""
    version = _system_version("six")
    need("six, installed by apt", have=bool(version))
    assert opened.run("--installer", installer).code == 0
    opened.pin(opened.wheel("hello"), opened.wheel("six", version))
    ran = opened.run("--installer", installer)
    assert ran.code == 0, ran.text
    assert opened.inside("import six, apt_pkg; print(six.__file__)").startswith(str(opened.venv))


def test_check_names_what_comes_from_the_system(opened: Project) -> None:
    """`check` tells the packages that the pins do not vouch for, and leaves out those that they shadow."""
    version = _system_version("six")
    need("six, installed by apt", have=bool(version))
    opened.pin(opened.wheel("six", version))
    assert opened.run().code == 0
    told = json.loads(opened.run("check", "--json").out)
    assert told["ok"] is True
    assert told["from_system"]["python-apt"] == _system_version("python-apt")
    assert "six" not in told["from_system"]
    assert "From the system, not the pins: " in opened.run("check").out


def test_switching_it_on_makes_the_environment_anew(opened: Project) -> None:
    """The system's packages belong to one Python: an environment made before is replaced by one made of that Python."""
    opened.configure(system_packages="no")
    assert opened.run().code == 0
    opened.configure(system_packages="yes")
    ran = opened.run()
    assert ran.code == 0, ran.text
    assert "Making .venv" in ran.out
    assert "true" in (opened.venv / "pyvenv.cfg").read_text(encoding="utf-8")
    assert "Nothing to do" in opened.run().out


def test_switching_it_off_closes_the_environment(opened: Project) -> None:
    """Without the setting nothing of the system's is visible."""
    assert opened.run().code == 0
    opened.configure(system_packages="no")
    assert opened.run().code == 0
    assert "from_system" in json.loads(opened.run("check", "--json").out)
    assert json.loads(opened.run("check", "--json").out)["from_system"] == {}
