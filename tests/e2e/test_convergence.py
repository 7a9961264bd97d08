"""From every released version, an updated project equals a fresh one, whatever the answers."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from copier import run_copy, run_update

from tests.support.template import PARTS, commit, git

ROOT = Path(__file__).resolve().parent.parent.parent
NEXT = "9999.0.0"

pytestmark = pytest.mark.slow
ANSWERS: list[dict[str, object]] = [
    {},
    {"starter": "existing"},
    {"project_name": 'Größe & "Co"', "description": "`a` $(b) {{ c }}", "oldest_python": "3.12", "installer": "pip"},
    {"bots": "github"},
    {"bots": "renovate"},
]  # fmt: skip


def released() -> list[str]:
    """Return every released version; before the first one, the work tree stands for it."""
    done = subprocess.run(["git", "tag", "--list"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [tag for tag in done.stdout.split() if re.fullmatch(r"\d+\.\d+\.\d+", tag)] or ["0.0.0"]


@pytest.fixture(scope="module")
def history() -> str:
    """Return a clone with every released version, and the work tree as the version after them."""
    folder = Path(tempfile.mkdtemp(prefix="history-")) / "template"
    if released() == ["0.0.0"]:
        folder.mkdir()
        git(folder, "init", "--quiet")
        overlay(folder)
        commit(folder, "the work tree", "0.0.0")
    else:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    overlay(folder)
    commit(folder, "next", NEXT)
    return str(folder)


def overlay(folder: Path) -> None:
    """Put the parts of the template from the work tree into a repository."""
    for part in PARTS:
        target = folder / part
        if target.is_dir():
            shutil.rmtree(target)
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
        copy(ROOT / part, target)


def project(history: str, place: Path, version: str, answers: dict[str, object]) -> Path:
    """Render a project from a version and record it in git."""
    run_copy(history, place, data=answers, vcs_ref=version, unsafe=True, defaults=True, quiet=True, skip_tasks=True)
    git(place, "init", "--quiet")
    commit(place, "begin")
    return place


def contents(place: Path) -> dict[str, bytes]:
    """Return every file of a project that belongs to it."""
    names = git(place, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    return {name: (place / name).read_bytes() for name in names}


@pytest.mark.parametrize("answers", ANSWERS, ids=str)
@pytest.mark.parametrize("version", released())
def test_update_equals_a_fresh_copy(history: str, tmp_path: Path, version: str, answers: dict[str, object]) -> None:
    """No reject, no marker; a second update changes nothing. Pins are the hook's, so they are compared elsewhere."""
    place = project(history, tmp_path / "project", version, answers)
    run_update(place, unsafe=True, defaults=True, quiet=True, overwrite=True, skip_tasks=True)
    fresh = contents(project(history, tmp_path / "fresh", NEXT, answers))
    updated = contents(place)
    pins = {name for name in fresh if name.startswith("requirements")}
    assert {name: text for name, text in updated.items() if name not in pins} == {
        name: text for name, text in fresh.items() if name not in pins
    }
    commit(place, "updated")
    run_update(place, unsafe=True, defaults=True, quiet=True, overwrite=True, skip_tasks=True)
    assert git(place, "status", "--porcelain") == ""


@pytest.mark.parametrize("version", released())
def test_with_every_file_edited_nothing_of_the_persons_is_lost(history: str, tmp_path: Path, version: str) -> None:
    """A remark at the end of each file survives, and no file is left with a marker."""
    place = project(history, tmp_path / "project", version, {})
    remarks = {
        ".py": "# mine\n",
        ".md": "mine\n",
        ".txt": "# mine\n",
        ".toml": "# mine\n",
        ".ini": "# mine\n",
        ".sh": "# mine\n",
    }
    edited = [name for name in contents(place) if Path(name).suffix in remarks]
    for name in edited:
        with (place / name).open("a", encoding="utf-8") as file:
            file.write(remarks[Path(name).suffix])
    commit(place, "mine")
    run_update(place, unsafe=True, defaults=True, quiet=True, overwrite=True, skip_tasks=True)
    after = contents(place)
    assert [name for name in edited if not after[name].decode().rstrip().endswith("mine")] == []
    assert [
        name for name, text in after.items() if re.search(rb"^<{7} ", text, re.MULTILINE) or name.endswith(".rej")
    ] == []
