"""Know the templates that are compared, and fetch them: from the index, or from a git host, without which the others are measured."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.bench import CCDS_VERSION, ROOT, Bench
from benchmarks.clock import Command
from benchmarks.ways import Way, pinned_python

_COOKIE = "sp-repo-review"
"""The source distribution that scientific-python/cookie is published with; the template is in it."""
_PATIENCE = 60.0
"""Seconds for a git host to answer, and to send a small repository."""
_WHO = ("-c", "user.name=b", "-c", "user.email=b@example.org")


@dataclass(frozen=True)
class Hosted:
    """A template that is published as a git repository, and not on the index."""

    key: str
    name: str
    address: str
    options: tuple[str, ...] = ()
    """For `git clone`."""

    def folder(self, bench: Bench) -> Path:
        """Return where its clone is kept."""
        return bench.folder / "rivals" / self.key


CCDS = Hosted(
    "ccds",
    "cookiecutter-data-science with uv",
    "https://github.com/drivendataorg/cookiecutter-data-science",
    ("--depth", "1", "--branch", f"v{CCDS_VERSION}"),
)
# With its tags: Copier takes the latest.
MODERN_UV = Hosted("modern-uv", "simple-modern-uv, make install", "https://github.com/jlevy/simple-modern-uv")


def fetch(bench: Bench) -> list[str]:
    """Fetch the templates that are not there yet; return a sentence for each that cannot be had here."""
    if not _cookie(bench).is_dir():
        _fetch_cookie(bench)
    return [said for each in (CCDS, MODERN_UV) if (said := _clone(each, each.folder(bench)))]


def ways(bench: Bench) -> list[Way]:
    """Return the ways to a project and its environment by the other templates that are here."""
    found = [Way("cookie", "scientific-python/cookie, uv sync", partial(_by_cookie, bench))]
    for rival, commands in ((CCDS, _by_ccds), (MODERN_UV, _by_modern_uv)):
        if rival.folder(bench).is_dir():
            found.append(Way(rival.key, rival.name, partial(commands, bench), with_uv=True, may_fail=True))
    return found


def _by_cookie(bench: Bench, place: Path) -> list[Command]:
    answers = ("project_name=project", "backend=hatch", "vcs=False")
    project = place / "project"
    return [
        [bench.tool("cookiecutter"), "--no-input", _cookie(bench), *answers],
        [bench.uv, "sync", "--quiet", "--project", project, "--python", bench.python],
        _first_import(project, "project, pytest"),
    ]


def _by_ccds(bench: Bench, place: Path) -> list[Command]:
    choices = ("environment_manager=uv", "dependency_file=pyproject.toml")
    python = f"python_version_number={pinned_python(bench)}"
    project = place / "project"
    return [
        [bench.tool("ccds"), "--no-input", CCDS.folder(bench), "project_name=project", *choices, python],
        ["make", "-C", project, "create_environment"],
        ["make", "-C", project, "requirements"],
        _first_import(project, "project"),
    ]


def _by_modern_uv(bench: Bench, place: Path) -> list[Command]:
    project = place / "project"
    copy = (bench.own / "copier", "copy", "--trust", "--defaults", "--data", "package_name=project")
    # As its own message says: it takes its version from git, so it is recorded before it is installed.
    in_git: Command = ["git", "-C", project, *_WHO]
    return [
        [*copy, MODERN_UV.folder(bench), project],
        [*in_git, "init", "--quiet"],
        [*in_git, "add", "."],
        [*in_git, "commit", "--quiet", "--no-verify", "-m", "Begin"],
        ["make", "-C", project, "install"],
        _first_import(project, "project, pytest, rich"),
    ]


def _first_import(project: Path, modules: str) -> Command:
    return [project / ".venv/bin/python", "-c", f"import {modules}"]


def _cookie(bench: Bench) -> Path:
    return bench.folder / "cookie"


def _fetch_cookie(bench: Bench) -> None:
    download = bench.folder / "download"
    pip = (ROOT / ".venv" / "bin" / "python", "-m", "pip", "download", "--quiet", "--no-deps")
    subprocess.run([*pip, "--no-binary", _COOKIE, "-d", download, _COOKIE], check=True)
    shutil.unpack_archive(next(download.glob("*.tar.gz")), download)
    next(path for path in download.iterdir() if path.is_dir()).rename(_cookie(bench))


def _clone(rival: Hosted, folder: Path) -> str:
    """Clone it, whole or not at all; return why it is not there, or nothing."""
    if folder.is_dir():
        return ""
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = folder.with_name(f"{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    command = ["git", "clone", "--quiet", *rival.options, rival.address, str(half)]
    environ = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        return f"{rival.name}: not measured, as {rival.address} does not answer."
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["git said nothing"])[-1]
        return f"{rival.name}: not measured, as {rival.address} cannot be cloned ({said})."
    half.rename(folder)
    return ""
