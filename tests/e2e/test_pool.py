"""The same pins are installed again without an index, from wheels that are kept and never believed."""

from __future__ import annotations

import os
import shlex
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from projectenv import pool

from tests.support import needs
from tests.support.engines import QUICK, through
from tests.support.index import Index, serving
from tests.support.project import BASE_PYTHON, Project, pip_version

INSTALLED = {"hello": "1.0", "pip": pip_version()}


def kept(project: Project) -> Path:
    """Return the folder of the kept wheels."""
    return Path(project.environ["VENV_TEMPLATE_CACHE"]) / "pool"


@pytest.fixture
def filled(project: Project) -> Project:
    """Return a project whose environment came from an index, once."""
    with serving(project.wheels) as index:
        ran = through(project, index.simple)
    assert ran.code == 0, ran.text
    assert (kept(project) / "hello-1.0-py3-none-any.whl").is_file()
    return project


def again(project: Project, *options: str) -> Index:
    """Make the environment anew beside an index, and return what that was asked."""
    with serving(project.wheels) as index:
        ran = through(project, index.simple, "--recreate", *options)
    assert ran.code == 0, ran.text
    assert project.installed() == INSTALLED
    return index


def test_the_second_time_no_index_is_asked(filled: Project) -> None:
    """A second environment from the same pins costs no request."""
    assert again(filled).asked == []


@pytest.mark.skipif(os.name == "nt", reason="elsewhere a program is found by PATH alone")
def test_pip_asks_the_machine_nothing_where_it_tells_no_index(project: Project) -> None:
    """What pip says of a machine to an index costs three programs; they run where an index is asked, and only there."""
    programs, asked = project.home / "programs", project.home / "asked"
    programs.mkdir()
    for name in ("lsb_release", "uname", "rustc"):
        (programs / name).write_text(f'#!/bin/sh\necho {name} >>"{asked}"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    project.environ["PATH"] = f"{programs}{os.pathsep}{project.environ['PATH']}"
    with serving(project.wheels) as index:
        assert through(project, index.simple).code == 0
    assert "rustc" in asked.read_text(encoding="utf-8").split()
    asked.unlink()
    again(project)
    assert not asked.exists()


def test_an_environment_is_made_anew_offline(filled: Project) -> None:
    """What was installed once needs no network and no ./wheelhouse."""
    ran = filled.run("--recreate", "--offline", PIP_FIND_LINKS=None)
    assert ran.code == 0, ran.text
    assert filled.installed() == INSTALLED


@pytest.mark.parametrize("damage", ["changed", "removed", "cut off"])
def test_a_wheel_that_is_not_what_it_was_is_fetched_again(filled: Project, damage: str) -> None:
    """Each wheel is held against the pins by pip; the index then has the right one, and the pool is whole again."""
    wheel = kept(filled) / "hello-1.0-py3-none-any.whl"
    content = wheel.read_bytes()
    if damage == "removed":
        wheel.unlink()
    else:
        wheel.write_bytes(content[:100] if damage == "cut off" else content.replace(b"hello", b"hallo"))
    assert any("hello-1.0" in each for each in again(filled).asked)
    again(filled)
    assert wheel.read_bytes() == content
    assert again(filled).asked == []


def test_other_pins_are_looked_for(filled: Project) -> None:
    """Wheels of other pins do not stand in for those that are asked for now."""
    filled.pin(filled.wheel("hello", "2.0"))
    with serving(filled.wheels) as index:
        assert through(filled, index.simple, "--recreate").code == 0
    assert filled.installed()["hello"] == "2.0"
    assert any("hello-2.0" in each for each in index.asked)


def test_where_no_wheel_exists_pip_asks_for_the_source(project: Project) -> None:
    """Pins without a wheel for this machine are not given up: pip is left to build them."""
    source = project.wheels / "hello-1.0.tar.gz"
    wheel = next(project.wheels.glob("hello-*.whl"))
    wheel.rename(source)  # its hash is that of the pin; it cannot be built, which is enough to see it tried
    with serving(project.wheels) as index:
        ran = through(project, index.simple)
    assert ran.code == 1
    assert any(source.name in each for each in index.asked), index.asked


def test_what_nobody_used_for_long_is_swept_away(filled: Project) -> None:
    """The pool does not grow for ever; what was used since stays."""
    old = kept(filled) / "old-1.0-py3-none-any.whl"
    old.write_bytes(b"")
    long_ago = time.time() - 200 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    pool.sweep(kept(filled))
    assert not old.exists()
    assert again(filled).asked == []


def test_two_runs_may_sweep_at_once(tmp_path: Path) -> None:
    """Each finds some of the old wheels gone; neither fails."""
    long_ago = time.time() - 200 * 24 * 3600
    for number in range(300):
        (tmp_path / f"old-{number}-py3-none-any.whl").touch()
        os.utime(tmp_path / f"old-{number}-py3-none-any.whl", (long_ago, long_ago))
    with ThreadPoolExecutor(4) as several:
        for done in [several.submit(pool.sweep, tmp_path) for _ in range(4)]:
            done.result()
    assert list(tmp_path.iterdir()) == []


def test_a_cache_whose_disk_is_full_is_done_without(project: Project) -> None:
    """The disk of the project may have room: a home with a quota, a project elsewhere."""
    cache = Path(project.environ["VENV_TEMPLATE_CACHE"])
    fill = f'mount -t tmpfs -o size=64k none "{cache}/pool" && head -c 60k /dev/zero > "{cache}/pool/filled"'
    (cache / "pool").mkdir()
    big = project.wheel("big", modules={"big.py": "# " + "".join(chr(33 + i * 7919 % 90) for i in range(200_000))})
    project.pin(big)
    with serving(project.wheels) as index:
        environ = {**QUICK, "PIP_INDEX_URL": index.simple}
        begin = shlex.join([str(BASE_PYTHON), "-I", "-B", "bootstrap"])
        ran = project.finish([*needs.own_mounts(), "sh", "-c", f"{fill} && {begin}"], environ)
    assert ran.code == 0, ran.text
    assert project.installed() == {"big": "1.0", "pip": pip_version()}
