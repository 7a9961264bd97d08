"""Where a laptop will not have it: Binder and Codespaces, read by their own programs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from copier import run_copy

from tests.support import needs

REPO2DOCKER = "jupyter-repo2docker==2026.4.0"
DEVCONTAINERS = "@devcontainers/cli@0.89.0"
# The names that the published schema (devcontainers/spec, devContainer.base.schema.json) knows, as far as they are used here;
# it refuses any other.
KNOWN = {"name": str, "image": str, "onCreateCommand": str, "customizations": dict}


@pytest.fixture(scope="module")
def workshop(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a rendered workshop."""
    folder = tmp_path_factory.mktemp("workshop") / "it"
    run_copy(
        str(template), folder, data={"starter": "workshop"}, defaults=True, quiet=True, unsafe=True, skip_tasks=True
    )
    return folder


@pytest.fixture(scope="module")
def repo2docker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install Binder's own program into an environment of its own, and return it."""
    place, uv = tmp_path_factory.mktemp("binder") / "env", str(needs.uv())
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    for command in (
        ["venv", "--quiet", "--python", sys.executable, place],
        ["pip", "install", "--quiet", "--python", python, REPO2DOCKER],
    ):
        done = subprocess.run([uv, *map(str, command)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return python.with_name("repo2docker")


def rendered(repo2docker: Path, project: Path) -> str:
    """Return the image's recipe as Binder would build it; nothing is built."""
    command = [str(repo2docker), "--no-build", "--debug", "."]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.network
@pytest.mark.parametrize(("oldest", "python"), [("3.11", "3.13"), ("3.14", "3.14")])
def test_binder_builds_the_pins_with_the_projects_python(
    repo2docker: Path, template: Path, tmp_path: Path, oldest: str, python: str
) -> None:
    """Not the one that Binder takes by itself; and the hashed pins, not pyproject.toml or a lock of another tool."""
    answers = {"starter": "workshop", "oldest_python": oldest}
    run_copy(str(template), tmp_path, data=answers, defaults=True, quiet=True, unsafe=True, skip_tasks=True)
    recipe = rendered(repo2docker, tmp_path)
    assert f"Building conda environment for python={python}" in recipe
    assert re.search(r'pip install --no-cache-dir -r "requirements.txt"', recipe)


@pytest.mark.network
def test_it_is_runtime_txt_that_says_so(repo2docker: Path, workshop: Path) -> None:
    """Another version there, another recipe."""
    (workshop / "runtime.txt").write_text("python-3.12\n", encoding="utf-8")
    assert "Building conda environment for python=3.12" in rendered(repo2docker, workshop)


def test_the_codespace_is_described_in_words_that_the_schema_knows(workshop: Path) -> None:
    """A misspelt one would be refused there; here it is found before."""
    described = json.loads((workshop / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert {name: type(value) for name, value in described.items()} == KNOWN


@pytest.mark.network
def test_the_codespace_is_read_by_its_own_program(workshop: Path, tmp_path: Path) -> None:
    """The Dev Containers CLI finds image and set-up; no container engine is needed for that."""
    needs.need("node and npm", have=needs.works("node", "--version") and needs.works("npm", "--version"))
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", DEVCONTAINERS]
    subprocess.run(install, cwd=tmp_path, check=True, capture_output=True)
    program = tmp_path / "node_modules" / ".bin" / "devcontainer"
    command = [str(program), "read-configuration", "--workspace-folder", str(workshop), "--docker-path", "true"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)["configuration"]
    assert told["image"] == "mcr.microsoft.com/devcontainers/python:3.14"
    assert told["onCreateCommand"] == "sh bootstrap.sh start --from index"
