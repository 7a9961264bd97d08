"""Run uv as a resolver, for one project and one wish, in a folder of its own.

uv takes [tool.uv] from the pyproject.toml in the folder it runs in, and only there may it be told for which platforms a
wheel is a must. So it runs in a temporary folder, with the declaration and our wishes in one generated pyproject.toml.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from .configuration import engine_environment
from .console import Console
from .declaration import Declaration, Layer
from .machine import Machine
from .process import Finished, run
from .record import Record
from .settings import Settings
from .targets import Target


class Wish(Record):
    """How to lock: which pins to renew (None: those that must be, an empty tuple: all), and from where."""

    upgrade: tuple[str, ...] | None = None
    cooldown: int = 0
    offline: bool = False
    wheelhouse: Path | None = None
    dry_run: bool = False


class Uv(Record):
    """uv in a folder of its own, for one project."""

    program: Path
    folder: Path
    project: Path
    settings: Settings
    machine: Machine
    console: Console
    wish: Wish

    def compile(self, layers: tuple[Layer, ...], output: str, *more: str) -> Finished:
        """Resolve these layers together into a file of the folder, which holds the pins to prefer."""
        command: list[str | Path] = [self.program, "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
        command += ["--no-header", "--python", sys.executable, "--no-python-downloads", "--output-file", output]
        command += ["--python-version", f"{self.settings.oldest[0]}.{self.settings.oldest[1]}", *self._house(), *more]
        command += ["--offline"] if self.wish.offline else []
        for layer in layers:
            generated = layer.source == "pyproject.toml" and not layer.dynamic
            if not generated:
                command.append(self.project / layer.source)
            elif layer.groups:
                command += [word for group in layer.groups for word in ("--group", group)]
            elif layer.pins == layers[0].pins:
                command.append("pyproject.toml")
        before = _left_by_builds(self.project)
        try:
            return self._run(command)
        finally:
            # setuptools tells a project's requirements by writing beside its sources, for uv as for pip.
            for folder in _left_by_builds(self.project) - before:
                shutil.rmtree(folder, ignore_errors=True)

    def prove(self, target: Target, python: str, pins: list[str]) -> Finished:
        """Have uv choose a file for every pin, as it would on that platform; nothing is fetched for it."""
        command: list[str | Path] = [self.program, "pip", "install", "--quiet", "--dry-run", "--target", "nowhere"]
        # All that is asked here is already in the cache, and from there it takes milliseconds.
        command += ["--offline", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        command += ["--python-platform", target.uv, "--python-version", python, "--python", sys.executable]
        command += [word for name in self.settings.build for word in ("--no-binary", name)]
        return self._run([*command, *self._house(), *(word for name in pins for word in ("-r", name))])

    def _house(self) -> list[str]:
        return ["--no-index", "--find-links", str(self.wish.wheelhouse)] if self.wish.wheelhouse else []

    def _run(self, command: list[str | Path]) -> Finished:
        environ = engine_environment(self.machine, "uv")
        for name in ("UV_NO_CONFIG", "UV_NO_CACHE"):  # the generated pyproject.toml is configuration, too
            environ.pop(name, None)
        # Apple's oldest system with updates; more and more wheels need it.
        environ["MACOSX_DEPLOYMENT_TARGET"] = "14.0"
        return run(command, environ=environ, cwd=self.folder)


def _left_by_builds(project: Path) -> set[Path]:
    return {folder for place in (project, project / "src") for folder in place.glob("*.egg-info")}


def lay_out(folder: Path, declaration: Declaration, settings: Settings, targets: list[Target]) -> None:
    """Write the pyproject.toml that uv reads; without targets it may choose what has no wheel for them."""
    project = declaration.pyproject.get("project", {})
    wishes = {**declaration.tool_uv, "required-environments": [target.marker(settings.newest) for target in targets]}
    if targets and not any(layer.dynamic for layer in declaration.layers):
        # With nothing but wheels allowed, a platform without one is seen; a dynamic declaration has to be built.
        wishes |= {"no-build": True, "no-binary-package": list(settings.build)}
    tables = {
        "project": {
            "name": project.get("name", "project"),
            "version": "0",
            "dependencies": project.get("dependencies", []),
        },
        "dependency-groups": declaration.pyproject.get("dependency-groups", {}),
        "tool.uv": wishes,
    }
    lines = [
        f"[{name}]\n" + "".join(f"{_key(k)} = {_value(v)}\n" for k, v in table.items())
        for name, table in tables.items()
    ]
    (folder / "pyproject.toml").write_text("\n".join(lines), encoding="utf-8")


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    """Return a value in TOML, tables inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    # JSON's strings, numbers and booleans are TOML's too, but for this one character.
    return json.dumps(value, ensure_ascii=False, default=str).replace("\x7f", "\\u007f")
