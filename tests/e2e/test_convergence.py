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


REMARKS = {
    ".py": "# mine\n",
    ".md": "mine\n",
    ".txt": "# mine\n",
    ".toml": "# mine\n",
    ".ini": "# mine\n",
    ".sh": "# mine\n",
    ".ps1": "# mine\n",
    ".cmd": "rem mine\n",
    ".yml": "# mine\n",
    ".yaml": "# mine\n",
    "": "# mine\n",
}
"""What a person may write at the end of a file, by its suffix; JSON has no place for that."""


def released() -> list[str]:
    """Return every released version; before the first one, the work tree as it might have been stands for it."""
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
        age(folder)
        commit(folder, "the work tree, as it might have been", "0.0.0")
    else:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    overlay(folder)
    commit(folder, "next", NEXT)
    return str(folder)


def age(folder: Path) -> None:
    """Give each file of the template a second line that it has no longer, and one file that is gone since."""
    for file in (folder / "template").rglob("*"):
        name = file.name.removesuffix(".jinja")
        if file.is_file() and Path(name).suffix in REMARKS and file.stat().st_size:
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            if len(lines) < 6:  # what a person adds at the end would be a conflict, and rightly
                continue
            file.write_text(
                "".join([lines[0], REMARKS[Path(name).suffix].replace("mine", "once"), *lines[1:]]), "utf-8"
            )
    (folder / "template" / "bootstrap" / "projectenv" / "once.py").write_text('"""Be gone."""\n', encoding="utf-8")


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
    return {name: (place / name).read_bytes() for name in names if (place / name).is_file()}


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
    edited = [name for name in contents(place) if Path(name).suffix in REMARKS and name != ".copier-answers.yml"]
    for name in edited:
        with (place / name).open("a", encoding="utf-8") as file:
            file.write(REMARKS[Path(name).suffix])
    commit(place, "mine")
    run_update(place, unsafe=True, defaults=True, quiet=True, overwrite=True, skip_tasks=True)
    after = contents(place)
    # A script that the template has no longer goes, whatever was written into it; git has it.
    edited = [name for name in edited if not name.endswith("/once.py")]
    assert [name for name in edited if not after[name].decode().rstrip().endswith("mine")] == []
    assert [
        name for name, text in after.items() if re.search(rb"^<{7} ", text, re.MULTILINE) or name.endswith(".rej")
    ] == []


def test_a_question_that_the_project_was_never_asked_changes_nothing(history: str, tmp_path: Path) -> None:
    """An answers file from before a question existed: its default is what was there before it was asked."""
    place = project(history, tmp_path / "project", NEXT, {"more": True})
    before = contents(place)
    answers = place / ".copier-answers.yml"
    kept = ("#", "_commit:", "_src_path:", "starter:", "project_name:")
    lines = [line for line in answers.read_text(encoding="utf-8").splitlines() if line.startswith(kept)]
    assert len(lines) < len(before[answers.name].splitlines()) - 3, "there are questions to forget"
    answers.write_text("\n".join(lines) + "\n", encoding="utf-8")
    commit(place, "an older answers file")
    run_update(place, unsafe=True, defaults=True, quiet=True, overwrite=True, skip_tasks=True)
    after = contents(place)
    assert {name for name in {*before, *after} if before.get(name) != after.get(name)} <= {answers.name}
