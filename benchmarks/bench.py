"""Know the private folder of the benchmarks: the tools that are compared, their caches, and the places to work in."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOTSTRAP = ROOT / "template" / "bootstrap"
PINS = ROOT / "benchmarks" / "pins"
CCDS_VERSION = "2.3.0"
"""The program and the template of cookiecutter-data-science go together."""
TOOLS = ("virtualenv", "cookiecutter", f"cookiecutter-data-science=={CCDS_VERSION}")

IMPORTS = {
    "small": ("requests",),
    "medium": ("rich", "httpx", "pydantic", "typer", "pytest"),
    "workshop": ("jupyterlab", "numpy", "pandas", "matplotlib"),
}
"""Size -> its direct dependencies, as they are imported; here that is also how they are called."""

# What a person's own shell may hold and what would send one side elsewhere.
_NOT_OURS = ("VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "UV_PROJECT_ENVIRONMENT", "PYENV_VERSION")


def private_folder() -> Path:
    """Return the folder in the user's cache that everything here is kept in."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(os.environ.get("BENCHMARKS_FOLDER") or Path(cache) / "venv-template-benchmarks")


@dataclass(frozen=True)
class Bench:
    """One Python to measure with, and where everything is."""

    python: Path
    folder: Path
    """What is kept: the tools that are compared, and the figures."""
    ground: Path
    """Where what is measured happens; in memory, if it is not the same."""
    cold: bool = False

    @property
    def where(self) -> str:
        """Tell where that is."""
        return "on the disk" if self.ground == self.folder else "in memory"

    @property
    def caches(self) -> Path:
        """Return the folder of every cache that a measured command may use."""
        return self.ground / ("caches-cold" if self.cold else "caches")

    @property
    def own(self) -> Path:
        """Return the programs of this repository's .venv: Copier and uv, as requirements-dev.txt pins them."""
        return ROOT / ".venv" / "bin"

    @property
    def uv(self) -> Path:
        """Return uv."""
        return self.own / "uv"

    @property
    def template(self) -> Path:
        """Return a clean clone of this repository: Copier works longer on a checkout that has changes."""
        return self.ground / "template"

    @property
    def small(self) -> Path:
        """Return a clone whose default starter has the small pins."""
        return self.ground / "template-small"

    def tool(self, name: str) -> Path:
        """Return the program of a tool installed for the benchmarks alone."""
        return self.folder / "tools" / "bin" / name

    def environ(self, *, with_uv: bool = False) -> dict[str, str]:
        """Return the variables for a measured command: this machine's index, private caches, one Python on PATH."""
        # Python's own variables too: with PYTHONDONTWRITEBYTECODE, common in containers, Copier is compiled at each start.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", *_NOT_OURS))}
        bundle = kept.get("PIP_CERT")
        path = [str(self.python.parent), *([str(self.folder / "uv-alone")] if with_uv else []), "/usr/bin", "/bin"]
        return {
            # uv does not read pip's variable for a private certificate authority (FACTS, Hosts).
            **({"SSL_CERT_FILE": bundle} if bundle else {}),
            **kept,
            "PATH": os.pathsep.join(path),
            **({} if self.ground == self.folder else {"TMPDIR": str(self.ground)}),
            "PIP_CACHE_DIR": str(self.caches / "pip"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "UV_CACHE_DIR": str(self.caches / "uv"),
            "VENV_TEMPLATE_CACHE": str(self.caches / "venv-template"),
        }


def prepare(bench: Bench, *, everything: bool) -> None:
    """Fill the private folder with what is not there yet; it may be deleted at any time."""
    bench.folder.mkdir(parents=True, exist_ok=True)
    alone = bench.folder / "uv-alone"
    alone.mkdir(exist_ok=True)
    if not (alone / "uv").is_symlink():
        (alone / "uv").symlink_to(bench.uv)
    for clone in (bench.template, bench.small):
        shutil.rmtree(clone, ignore_errors=True)
        _run("git", "clone", "--quiet", ROOT, clone)
    pins = bench.small / "pins" / "app"
    shutil.copy(PINS / "small.txt", pins / "requirements.txt")
    (pins / "requirements-dev.txt").write_text("# Locked by bootstrap\n", encoding="utf-8")
    commit(bench.small)
    for clone in (bench.template, bench.small):
        git(clone, "tag", "--force", "v1.0.0")
        # As whoever clones it from a host has it: in one pack.
        git(clone, "gc", "--quiet")
    if everything and not bench.tool("ccds").exists():
        _run(bench.uv, "venv", "--quiet", "--clear", "--python", bench.python, bench.folder / "tools")
        _run(bench.uv, "pip", "install", "--quiet", "--python", bench.tool("python"), *TOOLS, env=bench.environ())


def commit(folder: Path) -> None:
    """Commit all that is there."""
    git(folder, "add", "--all")
    who = ("-c", "user.name=b", "-c", "user.email=b@example.org")
    git(folder, *who, "commit", "--quiet", "--no-verify", "-m", "state")


def git(folder: Path, *words: str) -> None:
    """Run git in a folder, without a word."""
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def _run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    subprocess.run([str(word) for word in command], check=True, env=env)
