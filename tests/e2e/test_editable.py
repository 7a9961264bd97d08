"""A project that is a package is installed itself, after its pins, with nothing fetched."""

from __future__ import annotations

import json
import os

import pytest

from tests.support import needs
from tests.support.project import Project, shared_cache

PYPROJECT = """\
[build-system]
requires = ["tinybackend"]
build-backend = "tinybackend"

[project]
name = "{name}"
version = "1.0"

[project.scripts]
{script} = "thing:main"
"""

# A build backend (PEP 517, PEP 660) of one module: the smallest that both engines accept.
BACKEND = r"""
import os, re, zipfile

def build_editable(directory, config_settings=None, metadata_directory=None):
    text = open("pyproject.toml", encoding="utf-8").read()
    name = re.search(r'^name = "(.*)"', text, re.M)[1]
    scripts = text.partition("[project.scripts]")[2]
    wheel = f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.pth": os.path.join(os.getcwd(), "src") + "\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tiny\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\n" + scripts.replace('"', ""),
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(os.path.join(directory, wheel), "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return wheel

build_wheel = build_editable

def build_sdist(directory, config_settings=None):
    raise NotImplementedError
"""


def declare(project: Project, *, name: str = "thing", script: str = "say") -> None:
    """Write the project's own declaration."""
    (project.folder / "pyproject.toml").write_text(PYPROJECT.format(name=name, script=script), encoding="utf-8")


@pytest.fixture(params=["pip", "uv"])
def package(project: Project, request: pytest.FixtureRequest) -> Project:
    """Give a project that is a package, its environment made by one engine."""
    if request.param == "uv":
        project.environ["PATH"] = f"{needs.uv().parent}{os.pathsep}{project.environ['PATH']}"
        project.environ["UV_FIND_LINKS"] = f"{project.wheels},{shared_cache() / 'wheels'}"
    project.configure(installer=request.param, editable="yes", pins="requirements.txt requirements-dev.txt")
    project.pin(project.wheel("hello"))
    project.pin(project.wheel("tinybackend", modules={"tinybackend.py": BACKEND}), file="requirements-dev.txt")
    (project.folder / "src").mkdir()
    (project.folder / "src" / "thing.py").write_text("def main():\n    print('before')\n", encoding="utf-8")
    declare(project)
    ran = project.run()
    assert ran.code == 0, ran.text
    return project


def says(project: Project, script: str = "say") -> str:
    """Run one of the project's own programs and return what it prints."""
    ran = project.run("run", script)
    assert ran.code == 0, ran.text
    return ran.out.strip()


def checked(project: Project) -> dict[str, object]:
    """Return what `check --json` says."""
    return dict(json.loads(project.run("check", "--json").out))


def test_its_programs_run_and_an_edit_counts_at_once(package: Project) -> None:
    """That is what editable means; a second run has nothing to do, and check knows the project as its own."""
    assert says(package) == "before"
    (package.folder / "src" / "thing.py").write_text("def main():\n    print('after')\n", encoding="utf-8")
    assert says(package) == "after"
    assert package.run().out.startswith("Nothing to do")
    assert (checked(package)["ok"], checked(package)["installed_by_hand"]) == (True, [])


def test_a_new_entry_point_is_there_after_the_next_run(package: Project) -> None:
    """The stamp holds pyproject.toml as one of its inputs."""
    declare(package, script="tell")
    assert checked(package)["reason"] == "pyproject.toml changed since the environment was made"
    assert says(package, "tell") == "before"
    assert not package.run("run", "say").out


def test_a_former_name_does_not_stay_behind(package: Project) -> None:
    """Renaming the project leaves one distribution, the new one."""
    declare(package, name="other")
    assert package.run().code == 0
    assert set(package.installed()) == {"hello", "other", "pip", "tinybackend"}


def test_a_project_that_was_uninstalled_comes_back(package: Project) -> None:
    """Somebody typed pip uninstall."""
    package.finish([str(package.python), "-I", "-m", "pip", "uninstall", "--yes", "thing"])
    assert checked(package)["reason"] == "the project itself is not installed"
    assert says(package) == "before"


def test_a_declaration_that_cannot_be_built_says_so_and_is_mended(package: Project) -> None:
    """The backend's own words, and what to type next; the run after the repair succeeds."""
    broken = PYPROJECT.format(name="thing", script="say").replace("name = ", "nom = ")
    (package.folder / "pyproject.toml").write_text(broken, encoding="utf-8")
    ran = package.run()
    assert ran.code == 1
    assert "could not install the project itself" in ran.err
    assert "pyproject.toml" in ran.err
    declare(package)
    assert says(package) == "before"


def test_without_the_setting_it_goes(package: Project) -> None:
    """Switched off, the project is removed and nothing else."""
    settings = package.folder / "bootstrap" / "settings.ini"
    settings.write_text(settings.read_text(encoding="utf-8").replace("editable = yes", "editable = no"))
    assert package.run().code == 0
    assert set(package.installed()) == {"hello", "pip", "tinybackend"}


def test_production_has_neither_project_nor_backend(package: Project) -> None:
    """There the project arrives as a wheel; the next run without --prod brings both back."""
    assert package.run("--prod").code == 0
    assert set(package.installed()) == {"hello", "pip"}
    assert package.run().code == 0
    assert set(package.installed()) == {"hello", "pip", "thing", "tinybackend"}


def test_a_wish_for_hashes_everywhere_does_not_refuse_the_project(package: Project) -> None:
    """Pip's configuration may demand a hash of all it installs; a folder has none."""
    ran = package.run("--recreate", PIP_REQUIRE_HASHES="1", UV_REQUIRE_HASHES="1")
    assert ran.code == 0, ran.text


def test_in_a_folder_with_a_hostile_name(package: Project) -> None:
    """Brackets would be read as extras, a blank as the end of a path."""
    package.folder = package.folder.rename(package.folder.with_name("it's a [x] project%20"))
    ran = package.run()
    assert ran.code == 0, ran.text
    assert says(package) == "before"
