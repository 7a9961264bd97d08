"""A workshop gets newer versions of the template like any other project, and what was written in it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.project import Project
from tests.support.template import Template, commit, git, hello, make_template

pytestmark = pytest.mark.slow


@pytest.fixture
def versions(template: Path, tmp_path: Path) -> Template:
    """Make a template with one release, which pins hello 1.0."""
    made = make_template(template, tmp_path)
    made.edit("template/pyproject.toml.jinja", '"jupyterlab>=4.6",', '"hello",')
    for name in ("matplotlib>=3.11", "numpy>=2.4", "pandas>=3.1", "scikit-learn>=1.8"):
        made.edit("template/pyproject.toml.jinja", f'    "{name}",\n', "")
    made.release("1.0.0", hello(made, "1.0"))
    return made


@pytest.fixture
def project(versions: Template) -> Project:
    """Make a workshop from the first release."""
    return versions.new("project", "--data", "starter=workshop")


def test_scripts_and_pins_are_renewed_and_nothing_else(versions: Template, project: Project) -> None:
    """Settings, notebooks, data and attendees' work stay; new sizes come beside the teacher's own lines."""
    assert project.installed()["hello"] == "1.0"
    settings = project.folder / "bootstrap" / "settings.ini"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("cloud =", "cloud = https://example.org/lab").replace(
        "address =", "address = http://10.0.0.2:8000"
    )
    settings.write_text(text, encoding="utf-8")
    (project.folder / "notebooks" / "01-welcome.ipynb").write_text("{}", encoding="utf-8")
    (project.folder / "notebooks" / "02-seedlings.ipynb").unlink()
    (project.folder / "notebooks" / "mine.ipynb").write_text("{}", encoding="utf-8")
    (project.folder / "data" / "mine.csv").write_text("a\n1\n", encoding="utf-8")
    assert project.run("check", "--accept-data").code == 0
    project.run("start", "--from", "index")
    (project.folder / "my-work" / "01-welcome.ipynb").write_text("my answer", encoding="utf-8")
    commit(project.folder, "my workshop")
    versions.edit("template/notebooks/01-welcome.ipynb", "# Welcome", "# Be welcome")
    versions.edit("template/notebooks/02-seedlings.ipynb", "# Seedlings", "# More seedlings")
    versions.edit("template/START-HERE.md.jinja", "# {{", "# Read {{")
    versions.edit("includes/workshop-download.json", '"windows-x64": 1', '"windows-x64": 2')
    versions.release("2.0.0", hello(versions, "2.0"))
    ran = versions.update(project)
    assert ran.code == 0, ran.text
    assert project.installed()["hello"] == "2.0"
    assert (project.folder / "START-HERE.md").read_text(encoding="utf-8").startswith("# Read ")
    told = settings.read_text(encoding="utf-8")
    for line in ("cloud = https://example.org/lab\n", "address = http://10.0.0.2:8000\n", "windows-x64 2"):
        assert line in told
    assert "<<<<<<<" not in git(project.folder, "diff")
    assert {path.name for path in (project.folder / "notebooks").iterdir()} == {"01-welcome.ipynb", "mine.ipynb"}
    assert (project.folder / "notebooks" / "01-welcome.ipynb").read_text(encoding="utf-8") == "{}"
    assert "mine.csv" in (project.folder / "data" / "SHA256SUMS").read_text(encoding="utf-8")
    assert (project.folder / "my-work" / "01-welcome.ipynb").read_text(encoding="utf-8") == "my answer"


def test_an_update_equals_a_fresh_workshop(versions: Template, project: Project) -> None:
    """File by file, but for the record of the version."""
    versions.edit("template/bootstrap/projectenv/workshop/words.py", '"""Say what', '"""Tell what')
    versions.release("2.0.0", hello(versions, "2.0"))
    assert versions.update(project).code == 0
    fresh = versions.new("fresh", "--data", "starter=workshop", "--data", "project_name=My project")
    assert _files(project.folder) == _files(fresh.folder)


def _files(folder: Path) -> dict[str, bytes]:
    listed = git(folder, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    return {name: (folder / name).read_bytes() for name in listed if name != ".copier-answers.yml"}
