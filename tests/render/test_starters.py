"""Every file that a starter brings is read by the program that will read it, or by that program's own schema."""

from __future__ import annotations

import ast
import configparser
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from editorconfig import get_properties

from tests.support import needs

from .conftest import Render

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent.parent
EXTRAS = ["direnv", "dockerfile", "python-version"]
ALWAYS = {"bootstrap", "bootstrap.sh", "bootstrap.ps1", "bootstrap.cmd", "ACTIVATE.md", ".copier-answers.yml"}
APP = ALWAYS | {
    *(".devcontainer", ".editorconfig", ".gitattributes", ".github", ".gitignore", ".pre-commit-config.yaml"),
    *(".vscode", "README.md", "pyproject.toml", "requirements-dev.txt", "requirements.txt", "src", "tests"),
}
WORKSHOP = ALWAYS | {
    *(".devcontainer", ".editorconfig", ".gitattributes", ".github", ".gitignore", ".vscode", "README.md"),
    *("pyproject.toml", "requirements.txt", "runtime.txt", "notebooks", "data", "INSTRUCTOR.md"),
    *("START-HERE.md", "START-HERE.html", "start-windows.cmd", "start-mac.command", "start-linux.sh"),
}
ASKED = {".envrc", ".python-version"}
IMAGE = {"Dockerfile", ".dockerignore"}

WORKFLOW = "vendor.github-workflows"
SCHEMAS = {
    ".github/workflows/tests.yml": WORKFLOW,
    ".github/workflows/publish.yml": WORKFLOW,
    ".github/workflows/template-update.yml": WORKFLOW,
    ".github/workflows/workshop.yml": WORKFLOW,
    ".github/dependabot.yml": "vendor.dependabot",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
    "renovate.json": "vendor.renovate",
}

KINDS: dict[str, dict[str, object]] = {
    "app": {"starter": "app"},
    "app, all": {"starter": "app", "ci": "gitlab", "bots": "renovate", "extras": EXTRAS},
    "package": {"starter": "package"},
    "package, all": {"starter": "package", "bots": "github", "extras": EXTRAS},
    "package on GitLab": {"starter": "package", "ci": "gitlab"},
    "workshop": {"starter": "workshop"},
    "workshop, all": {"starter": "workshop", "bots": "github", "extras": ["direnv", "python-version"]},
    "workshop on GitLab": {"starter": "workshop", "ci": "gitlab"},
    "existing, all": {"starter": "existing", "ci": "github", "bots": "github", "extras": ["direnv", "python-version"]},
    "existing on GitLab": {"starter": "existing", "ci": "gitlab", "pins": "requirements.txt dev.txt more.txt"},
}


linters = pytest.mark.skipif(sys.platform != "linux", reason="shellcheck and hadolint are brought along on Linux alone")


def names(folder: Path) -> set[str]:
    """Return what stands at the top of a project."""
    return {path.name for path in folder.iterdir()}


def loaded(file: Path) -> dict[str, Any]:
    """Return the content of a YAML file."""
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def declared(project: Path) -> dict[str, Any]:
    """Return what pyproject.toml says."""
    return dict(tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, APP),
        ({"starter": "package"}, APP | {"LICENSE"}),
        ({"starter": "package", "license": "none"}, APP),
        ({"starter": "existing"}, ALWAYS),
        ({"starter": "workshop"}, WORKSHOP),
        ({"starter": "workshop", "ci": "none"}, WORKSHOP - {".github"}),
        ({"starter": "workshop", "ci": "gitlab"}, WORKSHOP - {".github"} | {".gitlab-ci.yml"}),
        ({"ci": "none"}, APP - {".github"}),
        ({"ci": "gitlab"}, APP - {".github"} | {".gitlab-ci.yml"}),
        ({"extras": EXTRAS}, APP | ASKED | IMAGE),
        ({"starter": "existing", "ci": "gitlab", "extras": ["direnv"]}, ALWAYS | {".gitlab-ci.yml", ".envrc"}),
        (
            {"starter": "existing", "ci": "github", "extras": ["python-version"]},
            ALWAYS | {".github", ".python-version"},
        ),
    ],
)
def test_a_starter_brings_these_and_no_other(render: Render, answers: dict[str, object], expected: set[str]) -> None:
    """What nobody asked for is not there, not even as an empty folder."""
    assert names(render(**answers)) == expected


def test_only_a_package_has_types_to_show_and_something_to_publish(render: Render) -> None:
    """The program and its tests are the same in both."""
    more = {"src/my_project/py.typed", "tests/test_distribution.py", ".github/workflows/publish.yml", "LICENSE"}
    app, package = (
        {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()}
        for project in (render(), render(starter="package"))
    )
    assert package - app == more
    assert not app - package


@pytest.mark.parametrize("kind", KINDS)
def test_each_configuration_has_the_shape_its_service_publishes(render: Render, kind: str) -> None:
    """The schemas of GitHub, GitLab, Dependabot and Renovate, as they come with check-jsonschema."""
    project = render(**KINDS[kind])
    found = {name: schema for name, schema in SCHEMAS.items() if (project / name).is_file()}
    for schema in set(found.values()):
        transform = ["--data-transform", "gitlab-ci"] if "gitlab" in schema else []
        files = [str(project / name) for name in found if found[name] == schema]
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *transform, *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["app", "package, all", "workshop, all", "existing, all"])
def test_workflows_name_actions_by_commit_and_ask_for_little(render: Render, kind: str) -> None:
    """A tag can be moved; a token that may write, or an expression inside a script, can be abused."""
    used: dict[str, set[str]] = {}
    for file in (render(**KINDS[kind]) / ".github" / "workflows").glob("*.yml"):
        text = file.read_text(encoding="utf-8")
        for line in re.findall(r"uses: (.*)", text):
            match = re.fullmatch(r"([\w.-]+/[\w.-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+", line)
            assert match, line
            used.setdefault(match[1], set()).add(match[2])
        workflow = loaded(file)
        assert workflow["permissions"] in ({}, {"contents": "read"}), file.name
        for job in workflow["jobs"].values():
            assert "timeout-minutes" in job
            assert not [step["run"] for step in job["steps"] if "${{" in step.get("run", "")]
    assert used
    assert all(len(commits) == 1 for commits in used.values()), "one action, one commit"


def test_publishing_needs_no_secret_and_one_right(render: Render) -> None:
    """Trusted publishing: the job that talks to PyPI can do nothing else, and builds nothing."""
    file = render(starter="package") / ".github" / "workflows" / "publish.yml"
    jobs = loaded(file)["jobs"]
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert not [step for step in jobs["publish"]["steps"] if "run" in step]
    assert "secrets." not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("oldest", ["3.10", "3.13", "3.15"])
@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_ci_runs_every_supported_python_of_a_package_and_both_ends_for_a_program(
    render: Render, ci: str, oldest: str
) -> None:
    """From the oldest that was answered to the newest in settings.ini."""
    for starter in ("app", "package"):
        project = render(starter=starter, ci=ci, oldest_python=oldest)
        settings = configparser.ConfigParser(interpolation=None)
        settings.read(project / "bootstrap" / "settings.ini", encoding="utf-8")
        newest = settings["environment"]["newest-python"]
        every = [f"3.{minor}" for minor in range(int(oldest[2:]), int(newest[2:]) + 1)]
        file = ".github/workflows/tests.yml" if ci == "github" else ".gitlab-ci.yml"
        job = yaml.safe_load((project / file).read_text(encoding="utf-8"))
        job = job["jobs"]["tests"] if ci == "github" else job["tests"]
        matrix = job["strategy"]["matrix"] if ci == "github" else {"python": job["parallel"]["matrix"][0]["PYTHON"]}
        assert matrix["python"] == (every if starter == "package" else sorted({every[0], every[-1]}))
        assert len(matrix.get("system", [1, 2, 3])) == (3 if starter == "package" or ci == "gitlab" else 1)


def test_caches_are_keyed_by_the_pins(render: Render) -> None:
    """New pins, new cache; GitLab takes two files at the most."""
    workflow = (render() / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    setup = next(s for s in yaml.safe_load(workflow)["jobs"]["tests"]["steps"] if "setup-python" in s.get("uses", ""))
    assert setup["with"]["cache-dependency-path"].split() == ["requirements*.txt", "bootstrap/tools.txt"]
    files = yaml.safe_load((render(**KINDS["existing on GitLab"]) / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    assert files["tests"]["cache"]["key"]["files"] == ["requirements.txt", "dev.txt"]


@pytest.mark.parametrize("name", ["My project", 'He said "hi"\\', "èрт 🚒 中片"])
def test_editor_files_are_strict_json_whatever_the_name(render: Render, name: str) -> None:
    """The container is made with the same command as everywhere."""
    project = render(project_name=name)
    container = json.loads((project / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert container["name"] == name
    assert container["onCreateCommand"] == "sh bootstrap.sh"
    extensions = json.loads((project / ".vscode" / "extensions.json").read_text(encoding="utf-8"))
    assert extensions["recommendations"] == container["customizations"]["vscode"]["extensions"]
    settings = json.loads((project / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert settings["python.defaultInterpreterPath"] == "${workspaceFolder}/.venv"
    assert settings["python.testing.pytestEnabled"] is True
    assert all((project / each).is_dir() for each in settings["python.testing.pytestArgs"])
    # The schema that containers.dev publishes knows these, and refuses others.
    assert {key: type(value) for key, value in container.items()} == {
        "name": str, "image": str, "onCreateCommand": str, "customizations": dict,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["My project", 'Ada "the" first', "Ada's", 'a\\b "c"', "èрт 🚒 中片"])
@pytest.mark.parametrize("starter", ["app", "package"])
def test_the_code_is_as_its_own_formatter_wants_it(render: Render, starter: str, name: str) -> None:
    """The first run of the project's own checks changes nothing, whatever the name; and the name is what was typed."""
    project = render(starter=starter, project_name=name, package_name="ada")
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "--diff", "src"]
    done = subprocess.run(ruff, cwd=project, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout
    title = re.search(r"^TITLE = (.*)$", (project / "src/ada/__init__.py").read_text(encoding="utf-8"), re.M)
    assert title
    assert ast.literal_eval(title[1]) == name


@pytest.mark.parametrize("starter", ["app", "package", "workshop"])
def test_what_is_generated_is_as_editors_are_told(render: Render, starter: str) -> None:
    """Read by EditorConfig's own parser: whoever opens and saves a file changes nothing in it."""
    project = render(starter=starter, extras=[] if starter == "workshop" else EXTRAS, bots="github")
    for file in (path for path in project.rglob("*") if path.is_file()):
        wanted, content = get_properties(str(file)), file.read_bytes()
        name = file.relative_to(project).as_posix()
        assert (wanted["charset"], wanted["insert_final_newline"]) == ("utf-8", "true"), name
        text = content.decode("utf-8")
        assert text == "" or text.endswith("\n"), name
        assert ("\r\n" in text) == (wanted["end_of_line"] == "crlf"), name
        assert not re.search(r"[ \t]\r?$", text, re.MULTILINE), name
        if file.suffix == ".py":
            assert "\t" not in text, name


def test_hooks_run_what_the_pins_hold(render: Render) -> None:
    """Each through the bootstrap: nothing is fetched, nothing is pinned twice."""
    project = render()
    repos = loaded(project / ".pre-commit-config.yaml")["repos"]
    pins = (project / "requirements-dev.txt").read_text(encoding="utf-8")
    for hook in repos[0]["hooks"]:
        way, program = hook["entry"].partition(" run ")[::2]
        assert (repos[0]["repo"], hook["language"], way) == ("local", "system", "sh bootstrap.sh")
        assert f"\n{program.split()[0]}==" in pins
    assert "\nprek==" in pins


@pytest.mark.parametrize("license_", ["MIT", "BSD-3-Clause", "Apache-2.0"])
def test_a_licence_is_named_as_pep_639_says_and_comes_with_its_text(render: Render, license_: str) -> None:
    """An SPDX expression and a file; no classifier names it a second time."""
    project = render(starter="package", license=license_, project_name="Ωmega & co")
    table = declared(project)["project"]
    assert (table["license"], table["license-files"]) == (license_, ["LICENSE"])
    assert not [each for each in table["classifiers"] if each.startswith("License")]
    text = (project / "LICENSE").read_text(encoding="utf-8")
    assert ("Ωmega & co" in text) == (license_ != "Apache-2.0")
    assert "{{" not in text


def test_without_a_licence_no_index_takes_it(render: Render) -> None:
    """All rights reserved: nothing in the project publishes it, and PyPI would refuse."""
    project = render(starter="package", license="none")
    assert "Private :: Do Not Upload" in str(declared(project)["project"]["classifiers"])
    assert not (project / ".github" / "workflows" / "publish.yml").exists()


def test_the_build_backend_is_pinned_where_the_environment_finds_it(render: Render) -> None:
    """An editable installation without isolation needs it installed."""
    project = render(starter="package")
    (backend,) = declared(project)["build-system"]["requires"]
    assert backend in declared(project)["dependency-groups"]["dev"]
    assert "\nflit-core==" in (project / "requirements-dev.txt").read_text(encoding="utf-8")
    assert "\neditable = yes\n" in (project / "bootstrap" / "settings.ini").read_text(encoding="utf-8")


@linters
def test_direnv_makes_and_activates_the_environment(render: Render) -> None:
    """Run by bash with stand-ins for direnv's own two functions; read by shellcheck where it is."""
    needs.need("bash", have=needs.works("bash", "-c", "true"))
    project = render(extras=EXTRAS)
    (project / "bootstrap.sh").write_text('echo "made $*"\n', encoding="utf-8")
    script = 'watch_file() { echo "watches $*"; }; PATH_add() { echo "adds $1"; }; . ./.envrc; echo "$VIRTUAL_ENV"'
    done = subprocess.run(["bash", "-euc", script], cwd=project, capture_output=True, text=True, check=True)
    watched, *rest = done.stdout.splitlines()
    assert watched.split()[1:] == [
        "requirements-dev.txt",
        "requirements.txt",
        "pyproject.toml",
        "bootstrap/settings.ini",
    ]
    assert rest == ["made --quiet", "adds .venv/bin", f"{project}/.venv"]
    needs.need("shellcheck", have=needs.works("shellcheck", "--version"))
    subprocess.run(["shellcheck", ".envrc"], cwd=project, check=True)


@linters
@pytest.mark.parametrize("starter", ["app", "package"])
def test_the_image_is_made_as_its_linter_asks(render: Render, starter: str) -> None:
    """Two stages, production's pins, and no root at the end."""
    hadolint = str(Path(sys.executable).parent / "hadolint")
    needs.need("hadolint", have=needs.works(hadolint, "--version"))
    project = render(starter=starter, extras=EXTRAS)
    text = (project / "Dockerfile").read_text(encoding="utf-8")
    assert len(re.findall("^FROM ", text, re.M)) == 2
    assert "--prod" in text
    assert re.findall("^USER (.*)", text, re.M) == ["10001"]
    done = subprocess.run([hadolint, "Dockerfile"], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    sent = {line[1:] for line in (project / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.M):
        assert all(name in sent or Path(name).match("requirements*.txt") for name in line.split()), line


@pytest.mark.parametrize(
    ("starter", "oldest", "newest"),
    [("app", "3.10", "3.15"), ("existing", "3.10", "3.14"), ("existing", "3.15", "3.15"), ("workshop", "3.12", "3.14")],
)
def test_the_newest_python_is_one_that_the_packages_have_wheels_for(
    render: Render, starter: str, oldest: str, newest: str
) -> None:
    """Shipped pins are proven for all; what a repository brings is another matter."""
    text = (render(starter=starter, oldest_python=oldest) / "bootstrap" / "settings.ini").read_text(encoding="utf-8")
    assert f"oldest-python = {oldest}\nnewest-python = {newest}\n" in text


def test_an_image_for_a_repository_that_exists_is_refused(render: Render) -> None:
    """It would have to fit what is there; the answer is refused, not forgotten."""
    with pytest.raises(ValueError, match="fit what is there"):
        render(starter="existing", extras=["dockerfile"])


@pytest.mark.parametrize(("oldest", "one"), [("3.10", "3.14"), ("3.15", "3.15")])
def test_desk_and_containers_have_one_python(render: Render, oldest: str, one: str) -> None:
    """Whoever asks for .python-version gets the Python of the two containers; it may carry the project."""
    project = render(oldest_python=oldest, extras=EXTRAS)
    assert (project / ".python-version").read_text() == f"{one}\n"
    assert (project / "Dockerfile").read_text().count(f"FROM python:{one}-slim") == 2
    assert f"python:{one}" in (project / ".devcontainer" / "devcontainer.json").read_text()


def test_a_package_never_takes_the_place_of_what_it_needs(render: Render, template: Path) -> None:
    """It is installed beside its pins: none of them may go by its name, or be hidden by its module."""
    folder = ROOT / "pins" / "package"
    pins = "".join((folder / name).read_text() for name in ("requirements.txt", "requirements-dev.txt"))
    taken = set(loaded(template / "copier.yml")["taken_names"]["default"].split())
    pinned = set(re.findall(r"^([a-z0-9-]+)==", pins, re.M)) | {"pip"}
    assert {name.replace("-", "_") for name in pinned} <= taken
    for name in ("requests", "flit core"):
        project = render(starter="package", project_name=name)
        slug = name.replace(" ", "-") + "-app"
        assert declared(project)["project"]["name"] == slug
        assert names(project / "src") == {slug.replace("-", "_")}
    assert declared(render(project_name="requests"))["project"]["name"] == "requests"
