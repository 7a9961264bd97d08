"""Copier update brings scripts, pins and environment up to date, once, and keeps what the person wrote."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.support.project import Project
from tests.support.template import Template, commit, git, hello

pytestmark = pytest.mark.slow


@pytest.fixture
def project(versions: Template) -> Project:
    """Make a project from the first release."""
    made = versions.new("project")
    assert made.installed()["hello"] == "1.0"
    return made


def test_new_pins_are_brought_and_the_environment_is_synced_in_place(versions: Template, project: Project) -> None:
    """Shipped pins become the newly shipped ones; .venv is changed, not made anew."""
    born = (project.venv / "pyvenv.cfg").stat().st_mtime_ns
    versions.release("2.0.0", hello(versions, "2.0"))
    ran = versions.update(project)
    assert ran.code == 0, ran.text
    assert project.installed()["hello"] == "2.0"
    assert ran.out.count("Updating .venv") == 1
    assert (project.venv / "pyvenv.cfg").stat().st_mtime_ns == born


def test_what_the_person_wrote_survives(versions: Template, project: Project) -> None:
    """Prose, sources, tests, settings and own files stay; scripts are the new ones."""
    written = {"README.md": "\nMy own words.\n", "src/my_project/look.py": "\nMINE = 1\n", "tests/test_mine.py": "\n"}
    for name, text in written.items():
        with (project.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
    settings = project.folder / "bootstrap" / "settings.ini"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("installer = auto", "installer = pip"), encoding="utf-8"
    )
    commit(project.folder, "my work")
    versions.edit("template/bootstrap/projectenv/failure.py", '"""Name the', '"""NAME the')
    versions.release("2.0.0", hello(versions, "2.0"))
    ran = versions.update(project)
    assert ran.code == 0, ran.text
    for name, text in written.items():
        assert (project.folder / name).read_text(encoding="utf-8").endswith(text)
    assert "installer = pip" in settings.read_text(encoding="utf-8")
    assert '"""NAME the' in (project.folder / "bootstrap/projectenv/failure.py").read_text(encoding="utf-8")
    assert no_marker(project)


def no_marker(project: Project) -> bool:
    """Tell that no file of the project holds a conflict marker or is a reject."""
    names = git(project.folder, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    marked = [
        name
        for name in names
        if re.search(r"^<{7} ", (project.folder / name).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    return not marked and not [name for name in names if name.endswith(".rej")]


def test_a_second_update_changes_nothing(versions: Template, project: Project) -> None:
    """Neither a file nor the environment."""
    versions.release("2.0.0", hello(versions, "2.0"))
    versions.update(project)
    commit(project.folder, "updated")
    stamp = (project.venv / "bootstrap-stamp").stat().st_mtime_ns
    ran = versions.update(project)
    assert ran.code == 0, ran.text
    assert git(project.folder, "status", "--porcelain") == ""
    assert (project.venv / "bootstrap-stamp").stat().st_mtime_ns == stamp


def test_an_updated_project_equals_a_fresh_one(versions: Template, project: Project) -> None:
    """Byte for byte, but for the folders that git and the bootstrap make."""
    versions.edit("template/README.md.jinja", "## Work", "## Daily work")
    versions.release("2.0.0", hello(versions, "2.0"))
    versions.update(project)
    fresh = versions.new("fresh")

    def contents(folder: Path) -> dict[str, bytes]:
        names = git(folder, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
        return {name: (folder / name).read_bytes() for name in names}

    assert contents(project.folder) == contents(fresh.folder)


def test_unchanged_pins_leave_the_environment_alone(versions: Template, project: Project) -> None:
    """An update of a script is no reason to install anything."""
    versions.edit("template/README.md.jinja", "## Work", "## Daily work")
    versions.release("2.0.0", hello(versions, "1.0"))
    ran = versions.update(project)
    assert ran.code == 0, ran.text
    assert "Updating .venv" not in ran.out
    assert "Nothing to do" in ran.out


def test_pins_edited_by_the_person_never_get_conflict_markers(versions: Template, project: Project) -> None:
    """When they cannot be locked again now, they stay as they are, and the command for later is named."""
    pins = project.folder / "requirements.txt"
    mine = pins.read_text(encoding="utf-8") + "# my remark\n"
    pins.write_text(mine, encoding="utf-8")
    commit(project.folder, "my pins")
    versions.release("2.0.0", hello(versions, "2.0"))
    ran = versions.update(project)
    assert ran.code == 0, ran.text
    assert no_marker(project)
    assert pins.read_text(encoding="utf-8") == mine
    assert "Your pins are as they were" in ran.out
    assert "sh bootstrap.sh lock" in ran.out


def test_conflict_markers_in_what_the_environment_is_made_from_stop_the_installation(
    versions: Template, project: Project
) -> None:
    """Copier exits 0 with no message; the hook finds them before pip would."""
    for place, word in ((project.folder / "bootstrap", "1"), (versions.folder / "template" / "bootstrap", "2")):
        file = place / "tools.txt"
        file.write_text(file.read_text(encoding="utf-8").replace("# What the", f"# {word} What the"), encoding="utf-8")
    commit(project.folder, "my line")
    stamp = (project.venv / "bootstrap-stamp").read_bytes()
    versions.release("2.0.0", hello(versions, "2.0"))
    ran = versions.update(project)
    assert "bootstrap/tools.txt" in ran.out
    assert "nothing was installed" in ran.out
    assert (project.venv / "bootstrap-stamp").read_bytes() == stamp


def test_changed_answers_change_their_files_only(versions: Template, project: Project) -> None:
    """A new sentence reaches README and pyproject.toml; the environment stays."""
    ran = versions.update(project, "--data", "description=Something else entirely")
    assert ran.code == 0, ran.text
    changed = git(project.folder, "status", "--porcelain").replace(" M ", "").split()
    assert sorted({name for name in changed if name != "M"}) == [".copier-answers.yml", "README.md", "pyproject.toml"]


def test_a_renamed_project_is_imported_by_its_new_name(versions: Template, project: Project) -> None:
    """The package's folder moves; src stays on the environment's path."""
    ran = versions.update(project, "--data", "project_name=Second life")
    assert ran.code == 0, ran.text
    assert (project.folder / "src" / "second_life" / "__init__.py").is_file()
    assert project.inside("import second_life; print(second_life.TITLE)") == "Second life"


def test_a_project_with_changes_not_committed_is_left_as_it_is(versions: Template, project: Project) -> None:
    """Copier says what to do, and every file is intact."""
    (project.folder / "README.md").write_text("half a thought", encoding="utf-8")
    versions.release("2.0.0", hello(versions, "2.0"))
    ran = versions.update(project)
    assert ran.code != 0
    assert "dirty" in ran.text
    assert (project.folder / "README.md").read_text(encoding="utf-8") == "half a thought"
    assert project.installed()["hello"] == "1.0"


def test_recopy_keeps_the_pins_and_runs_the_bootstrap_once(versions: Template, project: Project) -> None:
    """Pins belong to the project; everything else is written anew."""
    pins = (project.folder / "requirements.txt").read_bytes()
    versions.release("2.0.0", hello(versions, "2.0"))
    ran = versions.copier("recopy", "--trust", "--defaults", "--overwrite", cwd=project.folder)
    assert ran.code == 0, ran.text
    assert (project.folder / "requirements.txt").read_bytes() == pins
    assert ran.out.count("Nothing to do") + ran.out.count("Updating .venv") == 1


def test_check_update_tells_whether_there_is_a_newer_version(versions: Template, project: Project) -> None:
    """Copier's own command works with what we record."""
    assert "up-to-date" in versions.copier("check-update", cwd=project.folder).text
    versions.release("2.0.0", hello(versions, "2.0"))
    assert "2.0.0" in versions.copier("check-update", cwd=project.folder).text


def test_without_git_nothing_is_touched(versions: Template, project: Project) -> None:
    """An update needs a state to compare with, and Copier says so."""
    shutil.rmtree(project.folder / ".git")
    before = {path: path.read_bytes() for path in project.folder.glob("*") if path.is_file()}
    versions.release("2.0.0", hello(versions, "2.0"))
    ran = versions.update(project)
    assert ran.code != 0
    assert "git" in ran.text
    assert {path: path.read_bytes() for path in project.folder.glob("*") if path.is_file()} == before


def test_a_template_that_moved_is_followed_by_one_line(versions: Template, project: Project) -> None:
    """The update fails and touches nothing; with the new address in the answers file it goes on."""
    moved = versions.folder.with_name("moved")
    versions.folder.rename(moved)
    assert versions.update(project).code != 0
    assert git(project.folder, "status", "--porcelain") == ""
    answers = project.folder / ".copier-answers.yml"
    text = answers.read_text(encoding="utf-8").replace(f"_src_path: {versions.folder}", f"_src_path: {moved}")
    answers.write_text(text, encoding="utf-8")
    commit(project.folder, "the template moved")
    versions.folder = moved
    versions.release("2.0.0", hello(versions, "2.0"))
    ran = versions.update(project)
    assert ran.code == 0, ran.text
    assert project.installed()["hello"] == "2.0"


def test_an_update_that_was_killed_is_undone_by_git_and_done_again(versions: Template, project: Project) -> None:
    """Killed in the middle of its work it leaves changes that git shows; then all goes its usual way."""
    hook = versions.folder / "hooks" / "populate.py"
    text = hook.read_text(encoding="utf-8")
    hook.write_text("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n", encoding="utf-8")
    versions.edit("template/README.md.jinja", "## Work", "## Daily work")
    versions.release("2.0.0", hello(versions, "2.0"))
    assert versions.update(project).code != 0
    git(project.folder, "stash", "--include-untracked")
    hook.write_text(text, encoding="utf-8")
    versions.release("2.0.1", hello(versions, "2.0"))
    ran = versions.update(project)
    assert ran.code == 0, ran.text
    assert "## Daily work" in (project.folder / "README.md").read_text(encoding="utf-8")
    assert project.installed()["hello"] == "2.0"


def test_a_template_at_a_relative_path_is_told_when_it_is_copied_and_touches_nothing_later(versions: Template) -> None:
    """Copier notes the path as it was typed; the sentence comes when it can still be put right."""
    folder = versions.folder.parent / "near"
    ran = versions.copier("copy", "--trust", "--defaults", versions.folder.name, str(folder))
    assert ran.code == 0, ran.text
    assert f"`_src_path: {versions.folder.name}`, a relative path" in ran.out
    git(folder, "init", "--quiet")
    commit(folder, "begin")
    project = Project(folder, versions.world.home, versions.world.wheels, versions.world.environ)
    versions.release("2.0.0", hello(versions, "2.0"))
    assert versions.update(project).code != 0
    assert git(folder, "status", "--porcelain") == ""
    answers = folder / ".copier-answers.yml"
    text = answers.read_text(encoding="utf-8")
    answers.write_text(text.replace(f"_src_path: {versions.folder.name}", f"_src_path: {versions.folder}"), "utf-8")
    commit(folder, "an address that is found")
    ran = versions.update(project)
    assert ran.code == 0, ran.text
    assert project.installed()["hello"] == "2.0"
    assert "relative path" not in ran.out


def test_an_option_that_is_removed_takes_its_files_along(versions: Template) -> None:
    """What was only there for it goes, and nothing else."""
    project = versions.new("with-bots", "--data", "bots=github", "--data", "extras=[direnv]")
    there = [".github/dependabot.yml", ".github/workflows/template-update.yml", ".envrc"]
    assert [name for name in there if not (project.folder / name).is_file()] == []
    ran = versions.update(project, "--data", "bots=none", "--data", "extras=[]")
    assert ran.code == 0, ran.text
    assert [name for name in there if (project.folder / name).exists()] == []
    gone = [line[3:] for line in git(project.folder, "status", "--porcelain").splitlines() if line[:2].strip() == "D"]
    assert sorted(name.lstrip() for name in gone) == sorted(there)
    commit(project.folder, "fewer")
    assert no_marker(project)
