"""The pins that the starters ship install on the newest Pythons, which only Debian's own systems have here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import hosts
from tests.support.project import make_project

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = ("requirements.txt", "requirements-dev.txt")

pytestmark = [pytest.mark.hosts, pytest.mark.network]


@pytest.mark.parametrize(
    ("name", "version"), [("trixie-bare", "3.13"), ("sid-bare", "3.14"), ("sid-3.15-bare", "3.15")]
)
@pytest.mark.parametrize("starter", ["app", "package"])
def test_real_pins_install_and_import(tmp_path: Path, starter: str, name: str, version: str) -> None:
    """Fetched for that Python from the index, with hashes; installed there without a network; imported there."""
    project = make_project(tmp_path, "work")
    project.configure(pins=" ".join(FILES))
    house = project.folder / "wheelhouse"
    house.mkdir()
    shutil.copy2(ROOT / "template" / "bootstrap" / "tools.txt", project.folder / "bootstrap" / "tools.txt")
    for file in FILES:
        shutil.copy2(ROOT / "pins" / starter / file, project.folder / file)
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    fetch += ["--python-version", version, "-d", str(house)]
    subprocess.run([*fetch, *(word for file in FILES for word in ("-r", str(project.folder / file)))], check=True)
    tools = [
        line
        for line in (ROOT / "template/bootstrap/tools.txt").read_text().split("\nuv==")[0].splitlines()
        if line[0] != "#"
    ]
    (tmp_path / "pip.txt").write_text("\n".join(tools).rstrip("\\ ") + "\n")
    subprocess.run([*fetch, "-r", str(tmp_path / "pip.txt")], check=True)
    for folder in ("tmp", "home"):
        (tmp_path / folder).mkdir(exist_ok=True)

    host = hosts.unpack(name, tmp_path)
    ran = host.run(project, "sh", "bootstrap.sh")
    assert ran.code == 0, ran.text
    told = host.run(
        project, ".venv/bin/python", "-c", "import requests, rich, pytest, sys; print(sys.version_info[:2])"
    )
    assert told.out == f"({version.replace('.', ', ')})\n", told.text
