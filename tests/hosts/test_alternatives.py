"""What docs/reference/alternatives.md says of the alternatives is what they do, so that it is taken back when they do better."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import hosts, needs
from tests.support.project import Project, make_project

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a folder to work in on a system without a network."""
    made = make_project(tmp_path, "work")
    for name in ("tmp", "home", "work"):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name).chmod(0o777)
    return made


@pytest.mark.hosts
@pytest.mark.parametrize("name", ["bookworm-bare", "trixie-bare", "sid-bare"])
def test_venv_on_a_bare_debian_fails_and_stays_broken(project: Project, tmp_path: Path, name: str) -> None:
    """Twice the same; what is left is a folder with a Python and no pip."""
    host = hosts.unpack(name, tmp_path)
    for _ in range(2):
        ran = host.run(project, "python3", "-m", "venv", ".venv", plain=True)
        assert ran.code == 1
        assert "ensurepip is not available" in " ".join(ran.text.split())
    assert "No module named pip" in host.run(project, ".venv/bin/python", "-m", "pip", "list", plain=True).text


@pytest.mark.hosts
@pytest.mark.parametrize("name", ["bookworm-pip", "trixie-pip", "sid-pip"])
def test_pip_refuses_to_bring_the_tool_that_would_help(project: Project, tmp_path: Path, name: str) -> None:
    """For the user alone as well."""
    host = hosts.unpack(name, tmp_path)
    for words in (["uv"], ["virtualenv"], ["--user", "uv"]):
        ran = host.run(project, "python3", "-m", "pip", "install", *words, plain=True)
        assert (ran.code, ran.text.splitlines()[0]) == (1, "error: externally-managed-environment")


@pytest.mark.skipif(os.name == "nt", reason="activated by a POSIX shell")
def test_an_environment_of_uv_has_no_pip_so_that_the_systems_is_found(tmp_path: Path) -> None:
    """Activated, `pip` is that of the system, which refuses; or there is none."""
    subprocess.run([str(needs.uv()), "venv", "--quiet", ".venv"], cwd=tmp_path, check=True)
    assert not list(tmp_path.glob(".venv/*/pip*"))
    line = ". .venv/bin/activate; PATH=$VIRTUAL_ENV/bin:/usr/bin:/bin; python -m pip list; pip install rich"
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0
    first, then = done.stderr.splitlines()[:2]
    assert first.endswith("No module named pip")
    assert then == "error: externally-managed-environment" or "not found" in then


@pytest.mark.parametrize("name", ["README.md", "docs/reference/alternatives.md"])
def test_the_times_are_those_that_were_measured(name: str) -> None:
    """Within a third of the benchmark's: a new measurement that differs more has to be told."""
    speed = (ROOT / "docs" / "reference" / "speed.md").read_text(encoding="utf-8")
    small = speed.split("### small\n")[1].split("\n### ")[0]
    measured = {
        row.split(" | ")[0].strip("| *"): float(row.split(" | ")[1])
        for row in small.splitlines()
        if re.match(r"\| .* \| [\d.]+ \|", row)
    }
    page = (ROOT / name).read_text(encoding="utf-8")
    for ours, theirs in {
        "this template, with pip": "bootstrap, pip engine",
        "this template, with uv": "bootstrap, uv engine",
        "`python -m venv`, `pip install -r`": "python -m venv, pip install -r",
        "`uv init`, `uv add`, `uv sync`": "uv init, uv add, uv sync (no pip)",
    }.items():
        row = next(line for line in page.splitlines() if line.strip("| *").startswith(ours))
        said = float(row.rstrip("| ").rsplit(" | ", 1)[1])
        assert measured[theirs] / 1.34 <= said <= measured[theirs] * 1.34, (ours, said, measured[theirs])
