"""What an installer meets on a person's machine: no compiler, a cache that root left, a scanner, an older pip."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from projectenv import transaction

from tests.support.index import serving
from tests.support.project import Project, pip_version, the_pip_wheel
from tests.support.situations import Situation, situations

BACKEND = """
def build_wheel(*_ignored, **_options):
    raise SystemExit("error: command 'gcc' failed: No such file or directory")
prepare_metadata_for_build_wheel = build_wheel
"""


def pin_an_sdist(project: Project) -> None:
    """Pin a package that has no wheel, and whose build wants a compiler."""
    archive = project.wheels / "native-1.0.tar.gz"
    files = {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "backend.py": BACKEND,
        "PKG-INFO": "Metadata-Version: 2.1\nName: native\nVersion: 1.0\n",
    }
    with tarfile.open(archive, "w:gz") as packed:
        for name, text in files.items():
            member = tarfile.TarInfo(f"native-1.0/{name}")
            member.size = len(text.encode())
            packed.addfile(member, io.BytesIO(text.encode()))
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    pins = project.folder / "requirements.txt"
    pins.write_text(f"{pins.read_text()}native==1.0 --hash=sha256:{sha256}\n")


@situations(
    Situation(
        "a pinned package has no wheel here, and there is no compiler",
        "nothing left behind",
        "a package had to be compiled here, and that failed. ... command 'gcc' failed ... Next: sh bootstrap.sh doctor",
        code=1,
        modes="C10",
    )
)
def test_no_compiler(project: Project, situation: Situation) -> None:
    """A failed build is told for what it is."""
    pin_an_sdist(project)
    situation.shown_by(project.run())
    assert not project.venv.exists()


@situations(
    Situation(
        "pip's own wheel cannot be had, and this Python brings an older pip",
        "that one fills the environment",
        "Making .venv ... and pip ... Done in",
        modes="C8 C9",
    )
)
def test_an_older_pip(project: Project, situation: Situation) -> None:
    """Where the index has every pin and no pip, the copy inside Python's ensurepip is used."""
    with serving(project.wheels) as index:
        world = {"PIP_INDEX_URL": index.simple, "PIP_NO_INDEX": None, "PIP_FIND_LINKS": None}
        ran = project.run(VENV_TEMPLATE_CACHE=str(project.home / "cache"), **world)
    situation.shown_by(ran)
    present = project.installed()
    assert present.pop("hello") == "1.0"
    assert present.keys() == {"pip"}


@situations(
    Situation(
        "the cache is nobody's to write, because sudo made it",
        "a temporary folder stands in for it",
        "Done in",
        modes="C13",
    )
)
def test_a_cache_that_cannot_be_written(project: Project, situation: Situation) -> None:
    """A cache that cannot be made, here below a file, stops nothing."""
    house = project.folder / "wheelhouse"
    house.mkdir()
    for wheel in (*project.wheels.iterdir(), the_pip_wheel().path):
        shutil.copy(wheel, house)
    (project.home / "file").write_text("")
    situation.shown_by(project.run(VENV_TEMPLATE_CACHE=str(project.home / "file" / "cache")))
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
    assert list(Path(project.environ["TMPDIR"]).iterdir()) == [], "the temporary folder stayed behind"


@situations(
    Situation(
        "pip's wheel in the cache is damaged, or was changed",
        "not used; fetched again",
        "Done in",
        modes="D7",
    )
)
def test_a_damaged_cache(project: Project, situation: Situation) -> None:
    """A wheel in the cache counts only if its hash is the pinned one."""
    cache = project.home / "cache"
    (cache / "wheels").mkdir(parents=True)
    damaged = cache / "wheels" / the_pip_wheel().path.name
    damaged.write_bytes(the_pip_wheel().path.read_bytes()[:-100])
    shutil.copy(the_pip_wheel().path, project.wheels)
    with serving(project.wheels) as index:
        world = {"PIP_INDEX_URL": index.simple, "PIP_NO_INDEX": None, "PIP_FIND_LINKS": None}
        situation.shown_by(project.run(VENV_TEMPLATE_CACHE=str(cache), **world))
    assert damaged.read_bytes() == the_pip_wheel().path.read_bytes()
    assert project.installed()["pip"] == pip_version()


@situations(
    Situation(
        "a virus scanner holds a folder for a moment (Windows)",
        "renamed as soon as it lets go",
        "",
        modes="B28",
    )
)
def test_a_scanner_lets_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, situation: Situation) -> None:
    """On Windows a refused rename is tried again, a few times."""
    assert situation.modes
    refusals = [PermissionError(13, "held"), PermissionError(13, "held")]
    (tmp_path / "old").mkdir()

    def rename(old: Path, new: Path) -> None:
        if refusals:
            raise refusals.pop()
        os.rename(old, new)

    monkeypatch.setattr(transaction, "os", SimpleNamespace(rename=rename, name="nt"))
    monkeypatch.setattr(transaction, "time", SimpleNamespace(sleep=lambda _seconds: None))
    transaction.rename(tmp_path / "old", tmp_path / "new")
    assert (tmp_path / "new").is_dir()
