"""Resolve with pip, for this machine and this Python alone: the way out where there is no uv.

pip's report names one file for each package, so the pins hold that file's hash and fit nowhere else.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from . import search, tools
from .configuration import engine_environment
from .console import Console
from .declaration import Declaration, Layer
from .failure import Failure
from .lockfile import preferences
from .machine import Machine
from .network import explain
from .pins import normalised
from .process import run
from .resolver import Wish
from .settings import Settings


def resolve_here(
    project: Path,
    declaration: Declaration,
    settings: Settings,
    machine: Machine,
    console: Console,
    wish: Wish,
    old: dict[str, str],
) -> tuple[dict[str, str], str]:
    """Return the pins of each layer, and where they fit; Failure when pip finds no answer."""
    interpreter = search.choose(settings, machine, project, None).interpreter
    pip = tools.pip_tool(machine, console, None, offline=wish.offline)
    begin: list[str | Path] = [interpreter.path, "-I", pip.runs_from / "pip"]
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="venv-template-") as folder:
        kept = [] if wish.upgrade == () else _kept(old, wish)
        for place, layer in enumerate(declaration.layers):
            # Whatever an earlier layer chose holds for the later ones.
            Path(folder, "kept.txt").write_text("\n".join([*kept, *_plain(found.values())]), encoding="utf-8")
            requirements = [
                word for each in declaration.layers[: place + 1] for word in _words(each, declaration, project)
            ]
            command = [*begin, "install", "--dry-run", "--ignore-installed", "--quiet", "--only-binary=:all:"]
            command += ["--target", Path(folder, "nowhere"), "--report", Path(folder, "report.json")]
            command += ["-c", Path(folder, "kept.txt"), *requirements]
            with console.progress("resolving with pip"):
                done = run(command, environ=engine_environment(machine, "pip")) if requirements else None
            if done and done.code != 0:
                failure = explain(done, machine)
                raise Failure(failure.what.replace("be installed", "be pinned"), failure.why, failure.next_step)
            report = json.loads(Path(folder, "report.json").read_text(encoding="utf-8")) if done else {"install": []}
            known = {line.partition("==")[0] for line in _plain(found.values())}
            found[layer.pins] = "".join(pin for name, pin in sorted(_pins(report)) if name not in known)
    version = ".".join(map(str, interpreter.version[:2]))
    return found, f"Python {version} on {machine.system} {machine.architecture} alone, as there is no uv for it"


def _kept(old: dict[str, str], wish: Wish) -> list[str]:
    lines = _plain([preferences(old.values())])
    return [line for line in lines if line.partition("==")[0] not in (wish.upgrade or ())]


def _plain(texts: Iterable[str]) -> list[str]:
    return [line.rstrip(" \\") for text in texts for line in text.splitlines() if "==" in line]


def _words(layer: Layer, declaration: Declaration, project: Path) -> Iterator[str | Path]:
    if layer.source.endswith(".in"):
        yield from ("-r", project / layer.source)
    elif layer.dynamic:
        yield project
    elif layer.groups:
        groups = declaration.pyproject["dependency-groups"]
        # Every group is in the layer, so what one includes of another is there already.
        yield from (each for group in layer.groups for each in groups[group] if isinstance(each, str))
    else:
        yield from declaration.pyproject.get("project", {}).get("dependencies", [])


def _pins(report: Any) -> Iterator[tuple[str, str]]:
    for each in report["install"]:
        name = normalised(each["metadata"]["name"])
        hashes = each["download_info"]["archive_info"]["hashes"]
        yield name, f"{name}=={each['metadata']['version']} \\\n    --hash=sha256:{hashes['sha256']}\n"
