"""The starter existing is laid beside what a repository has, touches nothing else, and bootstraps what is declared there."""

from __future__ import annotations

import pytest

from tests.support.project import Project, Ran
from tests.support.template import Template, commit, git, hello

OURS = {"bootstrap", "bootstrap.sh", "bootstrap.ps1", "bootstrap.cmd", "ACTIVATE.md", ".copier-answers.yml"}

pytestmark = pytest.mark.slow


@pytest.fixture
def repository(versions: Template) -> Project:
    """Make a repository that somebody has worked in for years."""
    folder = versions.folder.parent / "old-hand"
    folder.mkdir()
    for name, text in {
        "README.md": "years of prose\n",
        "Makefile": "all:\n\ttrue\n",
        "setup.py": "from setuptools import setup\nsetup(name='old-hand')\n",
        ".gitignore": "*.o\n",
        "src/old.py": "x = 1\n",
        "tests/test_old.py": "",
        "pyproject.toml": "[tool.black]\nline-length = 79\n",
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "init", "--quiet")
    return Project(folder, versions.world.home, versions.world.wheels, versions.world.environ)


def adopt(versions: Template, repository: Project, *words: str) -> Ran:
    """Type what the README says, inside the repository, and return what came of it."""
    commit(repository.folder, "as it was")
    command = ("copy", "--trust", "--defaults", "--data", "starter=existing", *words, str(versions.folder), ".")
    return versions.copier(*command, cwd=repository.folder)


def declare(repository: Project, text: str, name: str = "requirements.txt") -> None:
    """Write what the repository says it needs."""
    (repository.folder / name).write_text(text, encoding="utf-8")


def only_ours_was_added(repository: Project) -> bool:
    """Tell that git sees new files of ours and not one change of theirs."""
    lines = git(repository.folder, "status", "--porcelain").splitlines()
    return all(line.startswith("??") for line in lines) and {line[3:].split("/")[0] for line in lines} <= OURS


@pytest.mark.parametrize("text", ["hello\n", "hello==1.0\n", "# by hand\nhello>=0.9  # any will do\n", "-r more.txt\n"])
def test_requirements_without_hashes_are_installed_as_they_are(
    versions: Template, repository: Project, text: str
) -> None:
    """Pinned or not: pip reads the file unmodified."""
    declare(repository, text)
    declare(repository, "hello\n", "more.txt")
    ran = adopt(versions, repository)
    assert ran.code == 0, ran.text
    assert repository.installed()["hello"] == "1.0"
    assert only_ours_was_added(repository)


def test_hashed_requirements_are_checked(versions: Template, repository: Project) -> None:
    """A file that holds hashes is installed with --require-hashes; a wrong one stops."""
    declare(repository, f"hello==1.0 --hash=sha256:{'0' * 64}\n")
    ran = adopt(versions, repository)
    assert ran.code == 0, "the repository stays whole"
    assert "SHA-256 differs" in ran.text
    assert not repository.venv.exists()
    assert only_ours_was_added(repository)


def test_development_requirements_are_found_by_their_usual_names(versions: Template, repository: Project) -> None:
    """Each of them becomes a pin file of the settings."""
    declare(repository, "hello\n")
    declare(repository, "", "requirements-dev.txt")
    assert adopt(versions, repository).code == 0
    settings = (repository.folder / "bootstrap" / "settings.ini").read_text(encoding="utf-8")
    assert "pins = requirements.txt requirements-dev.txt" in settings


def test_an_own_bootstrap_sh_is_not_overwritten_without_asking(versions: Template, repository: Project) -> None:
    """With nobody to ask, Copier stops before it writes a single file."""
    declare(repository, "hello\n")
    declare(repository, "echo mine\n", "bootstrap.sh")
    adopt(versions, repository)
    assert (repository.folder / "bootstrap.sh").read_text(encoding="utf-8") == "echo mine\n"


def test_an_adopted_repository_is_updated_like_any_project(versions: Template, repository: Project) -> None:
    """Its scripts are replaced, its requirements are its own."""
    declare(repository, "hello==1.0\n")
    adopt(versions, repository)
    commit(repository.folder, "adopted")
    versions.edit("template/bootstrap/projectenv/failure.py", '"""Name the', '"""NAME the')
    versions.release("2.0.0", hello(versions, "2.0"))
    ran = versions.update(repository)
    assert ran.code == 0, ran.text
    assert '"""NAME the' in (repository.folder / "bootstrap/projectenv/failure.py").read_text(encoding="utf-8")
    assert (repository.folder / "requirements.txt").read_text(encoding="utf-8") == "hello==1.0\n"
    assert repository.installed()["hello"] == "1.0"


def test_a_file_that_is_included_counts_like_the_one_that_includes_it(versions: Template, repository: Project) -> None:
    """Requirements that name another file by -r are synced when that one changes."""
    declare(repository, "-r more.txt\n")
    declare(repository, "hello==1.0\n", "more.txt")
    adopt(versions, repository)
    hello(versions, "2.0")
    declare(repository, "hello==2.0\n", "more.txt")
    assert repository.sh().code == 0
    assert repository.installed()["hello"] == "2.0"


def test_a_repository_that_declares_nothing_gets_one_plain_reason(versions: Template, repository: Project) -> None:
    """The bootstrap is there, and what to write is the last thing that is read."""
    for name in ("setup.py", "pyproject.toml"):
        (repository.folder / name).unlink()
    ran = adopt(versions, repository)
    assert ran.code == 0, ran.text
    assert ran.text.count("error:") == 1
    assert "write the names of the packages you need into requirements.in" in ran.text
    assert "sh bootstrap.sh lock   and then: sh bootstrap.sh" in ran.text
    assert only_ours_was_added(repository)
