"""Lock, add and remove, with an index on the loopback interface that holds hand-made wheels."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from projectenv import tools

from tests.support import needs
from tests.support.engines import QUICK
from tests.support.index import Index, nobody_there, serving
from tests.support.project import BASE_PYTHON, Project, Ran, shared_cache

PYPROJECT = """\
[project]
name = "example"
version = "0"
# What it needs.
dependencies = [
    "hello>=1",  # says hello
]

[dependency-groups]
dev = ["checker"]

[tool.uv]
managed = false
"""
FILES = ("pyproject.toml", "requirements.txt", "requirements-dev.txt")


@pytest.fixture
def index(project: Project) -> Iterator[Index]:
    """Serve wheels: hello 1.0 and 2.0, and checker, which needs base."""
    project.configure(pins="requirements.txt requirements-dev.txt")
    (project.folder / "pyproject.toml").write_text(PYPROJECT)
    for name in FILES[1:]:
        (project.folder / name).unlink(missing_ok=True)
    project.wheel("base")
    project.wheel("checker", requires=["base"])
    with serving(project.wheels) as served:
        yield served


def variables(project: Project, url: str) -> dict[str, str | None]:
    """Return the variables for this index alone, with uv at hand and a cache of its own."""
    links = str(shared_cache() / "wheels")
    return {
        **QUICK,
        "PIP_INDEX_URL": url,
        "PATH": f"{needs.uv().parent}{os.pathsep}{project.environ['PATH']}",
        "UV_CACHE_DIR": str(project.home / "uv-cache"),
        "UV_NO_CONFIG": None,
        "PIP_FIND_LINKS": links,
        "UV_FIND_LINKS": links,
    }


def through(project: Project, url: str, *arguments: str, **more: Any) -> Ran:
    """Run the bootstrap with this index."""
    return project.run(*arguments, **{**variables(project, url), **more})


def files(project: Project) -> dict[str, bytes | None]:
    """Return what must not change when something fails."""
    return {name: _bytes(project.folder / name) for name in FILES}


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def pins(project: Project, name: str) -> list[str]:
    """Return the pins of a file, without hashes."""
    lines = (project.folder / name).read_text(encoding="utf-8").splitlines()
    return [line.rstrip(" \\") for line in lines if "==" in line]


def test_production_and_development_are_locked_together_and_apart(project: Project, index: Index) -> None:
    """Each file holds its own part, hashed; the bootstrap installs both, and production's alone when asked."""
    ran = through(project, index.simple, "lock")
    assert ran.code == 0, ran.text
    assert pins(project, "requirements.txt") == ["hello==1.0"]
    assert pins(project, "requirements-dev.txt") == ["base==1.0", "checker==1.0"]
    text = (project.folder / "requirements.txt").read_text()
    assert text.startswith("# Locked by bootstrap")
    assert "--hash=sha256:" in text
    assert index.url not in text
    assert str(project.folder) not in text
    assert "hello    -     1.0  declared" in ran.out

    assert through(project, index.simple).code == 0
    assert {"hello", "checker", "base"} <= set(project.installed())
    assert through(project, index.simple, "check").code == 0
    assert through(project, index.simple, "--prod").code == 0
    assert set(project.installed()) == {"hello", "pip"}
    assert through(project, index.simple).code == 0
    assert "checker" in project.installed()


def test_what_is_pinned_stays_until_an_upgrade(project: Project, index: Index) -> None:
    """A newer release changes nothing by itself; --upgrade NAME renews that pin alone."""
    assert through(project, index.simple, "lock").code == 0
    project.wheel("hello", "2.0")
    project.wheel("checker", "2.0", requires=["base"])
    again = through(project, index.simple, "lock").out
    assert "No pin changed." in again
    assert "Next" not in again
    assert "hello    1.0   2.0" in through(project, index.simple, "lock", "--upgrade", "hello").out
    assert pins(project, "requirements-dev.txt") == ["base==1.0", "checker==1.0"]
    assert through(project, index.simple, "lock", "--upgrade").code == 0
    assert pins(project, "requirements-dev.txt") == ["base==1.0", "checker==2.0"]


def test_a_merge_that_left_its_markers_is_mended_by_lock(project: Project, index: Index) -> None:
    """Both sides are preferences, and the result is whole."""
    assert through(project, index.simple, "lock").code == 0
    whole = (project.folder / "requirements.txt").read_text()
    (project.folder / "requirements.txt").write_text(f"<<<<<<< ours\n{whole}=======\nhello==1.0\n>>>>>>> theirs\n")
    assert through(project, index.simple, "lock").code == 0
    assert (project.folder / "requirements.txt").read_text() == whole


def test_check_tells_of_drift_and_names_the_command(project: Project, index: Index) -> None:
    """The declaration changed, the pins did not."""
    assert through(project, index.simple, "lock").code == 0
    assert through(project, index.simple).code == 0
    file = project.folder / "pyproject.toml"
    file.write_text(PYPROJECT.replace("hello>=1", "hello>=0.9"))
    ran = through(project, index.simple, "check")
    assert ran.code == 1
    assert "The declared requirements changed since the pins were locked.\nNext: sh bootstrap.sh lock" in ran.out


def test_a_platform_without_a_wheel_is_named(project: Project, index: Index) -> None:
    """Package, version, platform and Python, and what would help."""
    project.wheel("native", "3.1", tag="cp310-abi3-manylinux_2_17_x86_64")
    (project.folder / "pyproject.toml").write_text(PYPROJECT.replace('"checker"', '"native"'))
    before = files(project)
    ran = through(project, index.simple, "lock")
    assert ran.code == 1
    assert "native 3.1 has none for linux-arm64, mac-arm64, mac-x64, windows-x64, windows-arm64" in ran.text
    assert "targets" in ran.text
    assert "build = native" in ran.text
    assert files(project) == before


def test_an_older_version_for_the_sake_of_a_platform_is_told(project: Project, index: Index) -> None:
    """Going back is allowed, and never silent."""
    project.wheel("native", "1.0")
    project.wheel("native", "3.1", tag="cp310-abi3-manylinux_2_17_x86_64")
    (project.folder / "pyproject.toml").write_text(PYPROJECT.replace('"checker"', '"native"'))
    ran = through(project, index.simple, "lock")
    assert ran.code == 0, ran.text
    assert "native is pinned to 1.0 somewhere, as 3.1 has no wheel for every platform" in ran.err


def test_what_excludes_itself_is_explained_in_both_words(project: Project, index: Index) -> None:
    """The resolver's own words, and what to do."""
    project.wheel("checker", "2.0", requires=["hello<1"])
    (project.folder / "pyproject.toml").write_text(PYPROJECT.replace('"checker"', '"checker>=2"'))
    before = files(project)
    ran = through(project, index.simple, "lock")
    assert ran.code == 1
    assert "error: the declared requirements cannot be met." in ran.err
    assert "hello<1" in ran.err
    assert "Next: change what it names in pyproject.toml, then: sh bootstrap.sh lock" in ran.err
    assert files(project) == before


def test_add_declares_pins_and_installs(project: Project, index: Index) -> None:
    """Comments and order stay, a bare name gets a floor, all else keeps its pin."""
    assert through(project, index.simple, "lock").code == 0
    project.wheel("hello", "2.0")
    project.wheel("extra", "4.2")
    ran = through(project, index.simple, "add", "extra")
    assert ran.code == 0, ran.text
    text = (project.folder / "pyproject.toml").read_text()
    assert text == PYPROJECT.replace('    "hello', '    "extra>=4.2",\n    "hello')
    assert pins(project, "requirements.txt") == ["extra==4.2", "hello==1.0"]
    assert project.installed()["extra"] == "4.2"
    assert through(project, index.simple, "check").code == 0

    ran = through(project, index.simple, "remove", "extra")
    assert ran.code == 0, ran.text
    assert (project.folder / "pyproject.toml").read_text() == PYPROJECT
    assert "extra" not in project.installed()


def test_add_to_a_group(project: Project, index: Index) -> None:
    """What only development needs does not get into production."""
    project.wheel("extra", "4.2")
    ran = through(project, index.simple, "add", "--group", "dev", "extra>=4")
    assert ran.code == 0, ran.text
    assert '"extra>=4"' in (project.folder / "pyproject.toml").read_text()
    assert pins(project, "requirements.txt") == ["hello==1.0"]
    assert "extra==4.2" in pins(project, "requirements-dev.txt")


@pytest.mark.parametrize(
    ("behaviour", "arguments", "says"),
    [
        ("honest", ("add", "missing"), "the package index has no project called missing"),
        ("honest", ("add", "./here"), "is not a requirement that a package index can serve"),
        ("honest", ("add", "hello>=9"), "the declared requirements cannot be met"),
        ("honest", ("remove", "base"), "base is not declared, so it cannot be removed"),
        ("500", ("add", "extra"), "out of order"),
        ("portal", ("add", "extra"), "lists no packages"),
        ("reset-page", ("add", "extra"), "broke off"),
        ("stall-page", ("add", "extra"), "did not answer in time"),
        ("truncate", ("add", "extra"), "Nothing was changed."),
        ("honest", ("add", "extra", "--offline"), "--offline forbids"),
    ],
)
def test_when_it_fails_every_file_is_as_it_was(
    project: Project, index: Index, behaviour: str, arguments: tuple[str, ...], says: str
) -> None:
    """Whatever goes wrong, the declaration, the pins and the environment are those of before."""
    assert through(project, index.simple, "lock").code == 0
    assert through(project, index.simple).code == 0
    project.wheel("extra")
    before, installed = files(project), project.installed()
    index.behaviour = behaviour
    ran = through(project, index.simple, *arguments)
    assert ran.code in (1, 2), ran.text
    assert says in ran.text, ran.text
    assert "Next: " in ran.err
    assert files(project) == before
    assert project.installed() == installed
    assert through(project, index.simple, "check").code == 0


def test_nobody_at_the_index(project: Project, index: Index) -> None:
    """Nothing is written, and the host is named."""
    ran = through(project, nobody_there() + "/simple", "lock")
    assert ran.code == 1
    assert "localhost" in ran.err
    assert files(project)["requirements.txt"] is None


def test_a_tampered_wheel_is_refused_and_the_environment_stays(project: Project, index: Index) -> None:
    """The index serves another file under the pinned name: exit 1, and nothing of it is installed."""
    assert through(project, index.simple, "lock").code == 0
    assert through(project, index.simple).code == 0
    project.wheel("hello", "2.0")
    assert through(project, index.simple, "lock", "--upgrade", "hello").code == 0
    index.behaviour = "wrong-file"
    # As on another machine: nothing fetched yet.
    ran = through(project, index.simple, "--installer", "uv", UV_CACHE_DIR=str(project.home / "other"))
    assert ran.code == 1
    assert "SHA-256 differs" in ran.err
    assert project.installed()["hello"] == "1.0"


def test_requirements_in_is_edited_line_by_line(project: Project, index: Index) -> None:
    """A repository with .in files goes on with them, without a pyproject.toml."""
    project.configure(pins="requirements.txt")
    (project.folder / "pyproject.toml").unlink()
    (project.folder / "requirements.in").write_text("# ours\nhello\n")
    ran = through(project, index.simple, "add", "checker")
    assert ran.code == 0, ran.text
    assert (project.folder / "requirements.in").read_text() == "# ours\nhello\nchecker>=1.0\n"
    assert pins(project, "requirements.txt") == ["base==1.0", "checker==1.0", "hello==1.0"]
    assert "requirements.in" in (project.folder / "requirements.txt").read_text()


def test_what_a_person_wrote_is_not_written_over(project: Project, index: Index) -> None:
    """Requirements written by hand stay, with the way to have them locked."""
    (project.folder / "requirements.txt").write_text("hello\n")
    ran = through(project, index.simple, "lock")
    assert ran.code == 1
    assert "Next: git mv requirements.txt requirements.in" in ran.err
    assert (project.folder / "requirements.txt").read_text() == "hello\n"


def test_where_there_is_no_uv_pip_resolves_for_this_machine_alone(project: Project, index: Index) -> None:
    """The index has uv for other systems only: the message and the header say what the pins are good for."""
    project.wheel("uv", tools.pinned("uv").version, tag="py3-none-freebsd_14_amd64")
    alone = {"PATH": "/usr/bin:/bin", "UV_FIND_LINKS": None}
    ran = through(project, index.simple, "lock", **alone)
    assert ran.code == 0, ran.text
    assert "pip resolves, and the pins will fit this machine alone" in ran.err
    assert pins(project, "requirements.txt") == ["hello==1.0"]
    assert pins(project, "requirements-dev.txt") == ["base==1.0", "checker==1.0"]
    assert "alone, as there is no uv for it\n" in (project.folder / "requirements.txt").read_text()
    assert through(project, index.simple, **alone).code == 0
    assert {"hello", "checker", "base"} <= set(project.installed())
    assert through(project, index.simple, "check", **alone).code == 0
    project.wheel("hello", "2.0")
    assert "No pin changed." in through(project, index.simple, "lock", **alone).out


def test_two_at_once_take_turns(project: Project, index: Index) -> None:
    """Neither edit is lost."""
    assert through(project, index.simple, "lock").code == 0
    for name in ("one", "two"):
        project.wheel(name)
    command = [str(BASE_PYTHON), "-I", "-B", "bootstrap", "add"]
    children = [project.start([*command, name], variables(project, index.simple)) for name in ("one", "two")]
    told = [child.communicate()[1].decode() for child in children]
    assert [child.returncode for child in children] == [0, 0], told
    assert pins(project, "requirements.txt") == ["hello==1.0", "one==1.0", "two==1.0"]
    assert {"one", "two"} <= set(project.installed())


def test_an_interrupted_add_leaves_every_file_as_it_was(project: Project, index: Index) -> None:
    """Ctrl-C while the index keeps everybody waiting."""
    assert through(project, index.simple, "lock").code == 0
    before = files(project)
    index.behaviour = "stall-page"
    index.asked.clear()
    command = [str(BASE_PYTHON), "-I", "-B", "bootstrap", "add", "extra"]
    child = project.start(command, {**variables(project, index.simple), "UV_HTTP_TIMEOUT": "60"})
    while not index.asked and child.poll() is None:
        time.sleep(0.02)
    assert b"extra" in (project.folder / "pyproject.toml").read_bytes()
    os.killpg(child.pid, signal.SIGINT)
    child.communicate()
    assert child.returncode == 130
    assert files(project) == before


def test_renewing_what_is_not_pinned_is_told(project: Project, index: Index) -> None:
    """A mistyped name must not look like a pin that is current."""
    assert through(project, index.simple, "lock").code == 0
    ran = through(project, index.simple, "lock", "--upgrade", "helo")
    assert ran.code == 1
    assert "helo: not among the pins" in ran.err
    assert ran.err.endswith("Next: sh bootstrap.sh lock --upgrade hello\n")


@pytest.mark.parametrize("arguments", [("lock", "--upgrade"), ("add", "extra"), ("remove", "hello")])
def test_a_dry_run_tells_and_changes_nothing(project: Project, index: Index, arguments: tuple[str, ...]) -> None:
    """The table of what would change is printed all the same."""
    assert through(project, index.simple, "lock").code == 0
    project.wheel("extra")
    project.wheel("hello", "2.0")
    before = files(project)
    ran = through(project, index.simple, *arguments, "--dry-run")
    assert ran.code == 0, ran.text
    assert "package  from" in ran.out
    assert "Nothing was" in ran.out
    assert files(project) == before
    assert not project.venv.exists()


def test_a_wheelhouse_serves_without_a_network(project: Project, index: Index) -> None:
    """The wheels beside the project are all there is to choose from."""
    house = project.folder / "wheelhouse"
    house.mkdir()
    for wheel in project.wheels.glob("*.whl"):
        shutil.copy(wheel, house)
    ran = through(project, nobody_there(), "lock", "--offline")
    assert ran.code == 0, ran.text
    assert pins(project, "requirements-dev.txt") == ["base==1.0", "checker==1.0"]
    assert index.asked == []


def test_add_asks_the_index_for_what_a_wheelhouse_lacks(project: Project, index: Index) -> None:
    """Wheels that were fetched before cannot hold what is added now; that they no longer do is told."""
    assert through(project, index.simple, "lock").code == 0
    house = project.folder / "wheelhouse"
    house.mkdir()
    for wheel in project.wheels.glob("*.whl"):
        shutil.copy(wheel, house)
    project.wheel("extra", "4.2")
    ran = through(project, index.simple, "add", "extra")
    assert ran.code == 0, ran.text
    assert "./wheelhouse lacks what was added" in ran.err
    assert project.installed()["extra"] == "4.2"

    ran = through(project, index.simple, "remove", "extra")
    assert ran.code == 0, ran.text
    assert "wheelhouse" not in ran.err

    shutil.copy(project.wheel("extra", "4.2").path, house)
    ran = through(project, nobody_there(), "add", "--offline", "extra")
    assert ran.code == 0, ran.text
    assert "wheelhouse" not in ran.err
