"""Resolve what is declared into pins with uv, for every platform and Python at once, and prove that wheels exist.

uv takes [tool.uv] from the pyproject.toml in the folder it runs in, and only there may it be told for which platforms a
wheel is a must. So it runs in a temporary folder, with the declaration and our wishes in one generated pyproject.toml.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .configuration import engine_environment
from .console import Console
from .declaration import Declaration, Layer
from .failure import Failure
from .lockfile import preferences, tidy, without
from .machine import Machine
from .network import explain
from .process import Finished, run
from .settings import Settings
from .targets import Target, combinations, named

_LACKS = re.compile(r"Because (?P<name>[A-Za-z0-9._-]+)(?:\{[^}]*\})?==(?P<version>\S+) has no (?:usable )?wheels")
_SHOWN = 12


@dataclass(frozen=True)
class Wish:
    """How to lock: which pins to renew (None: those that must be, an empty tuple: all), and from where."""

    upgrade: tuple[str, ...] | None = None
    cooldown: int = 0
    offline: bool = False
    wheelhouse: Path | None = None


@dataclass(frozen=True)
class Uv:
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
        command += ["--python-version", f"{self.settings.oldest[0]}.{self.settings.oldest[1]}", *self._where(), *more]
        for layer in layers:
            generated = layer.source == "pyproject.toml" and not layer.dynamic
            if not generated:
                command.append(self.project / layer.source)
            elif layer.groups:
                command += [word for group in layer.groups for word in ("--group", group)]
            elif layer.pins == layers[0].pins:
                command.append("pyproject.toml")
        return self._run(command)

    def prove(self, target: Target, python: str, pins: list[str]) -> Finished:
        """Have uv choose a file for every pin, as it would on that platform; nothing is fetched for it."""
        command: list[str | Path] = [self.program, "pip", "install", "--quiet", "--dry-run", "--target", "nowhere"]
        # All that is asked here is already in the cache, and from there it takes milliseconds.
        command += ["--offline", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        command += ["--python-platform", target.uv, "--python-version", python, "--python", sys.executable]
        command += [word for name in self.settings.build for word in ("--no-binary", name)]
        command += self._where() if self.wish.wheelhouse else []
        return self._run([*command, *(word for name in pins for word in ("-r", name))])

    def _where(self) -> list[str]:
        house = ["--no-index", "--find-links", str(self.wish.wheelhouse)] if self.wish.wheelhouse else []
        return house + (["--offline"] if self.wish.offline else [])

    def _run(self, command: list[str | Path]) -> Finished:
        environ = engine_environment(self.machine, "uv")
        for name in ("UV_NO_CONFIG", "UV_NO_CACHE"):  # the generated pyproject.toml is configuration, too
            environ.pop(name, None)
        # Apple's oldest system with updates; more and more wheels need it.
        environ["MACOSX_DEPLOYMENT_TARGET"] = "14.0"
        return run(command, environ=environ, cwd=self.folder)


def resolve(uv: Uv, declaration: Declaration, old: dict[str, str]) -> dict[str, str]:
    """Return the pins of each layer, without header; together they are one resolution, so that they agree.

    Failure when the declaration cannot be met, or a named platform has no wheel.
    """
    _lay_out(uv, declaration, named(uv.settings))
    options = _renewing(uv, old)
    done = uv.compile(declaration.layers, "all.txt", *options)
    if done.code != 0:
        raise _why_not(uv, declaration, done, options)
    whole = (uv.folder / "all.txt").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for place, layer in enumerate(declaration.layers):
        if place == len(declaration.layers) - 1:
            text = whole
        else:
            (uv.folder / layer.pins.replace("/", "-")).write_text(whole, encoding="utf-8")
            done = uv.compile(declaration.layers[: place + 1], layer.pins.replace("/", "-"), "-c", "all.txt", *options)
            if done.code != 0:
                raise explain(done, uv.machine)
            text = (uv.folder / layer.pins.replace("/", "-")).read_text(encoding="utf-8")
        found[layer.pins] = without(tidy(text, f"{uv.project}{os.sep}"), found.values())
    _refuse_missing_wheels(missing_wheels(uv))
    return found


def missing_wheels(uv: Uv) -> list[str]:
    """Return, in words, what has no wheel for a platform and a Python that settings.ini names."""
    pairs = list(combinations(uv.settings))
    with uv.console.progress("looking for wheels for every platform and Python"), ThreadPoolExecutor(4) as several:
        proofs = several.map(lambda pair: uv.prove(pair[0], pair[1], ["all.txt"]), pairs)
        lacking: dict[str, list[tuple[str, str]]] = {}
        for (target, python), done in zip(pairs, proofs, strict=True):
            if done.code != 0:
                found = _LACKS.search(done.output)
                what = f"{found['name']} {found['version']}" if found else done.output.strip()
                lacking.setdefault(what, []).append((target.name, python))
    every = [(target.name, python) for target, python in pairs]
    return [f"{what} has none for {_joined(places, every)}" for what, places in lacking.items()]


def _joined(places: list[tuple[str, str]], every: list[tuple[str, str]]) -> str:
    """Return (platform, Python) pairs in words, each platform once and those alike together."""
    alike: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for name, _ in places):
        pythons = [python for each, python in places if each == name]
        everywhere = len(pythons) == sum(each == name for each, _ in every)
        alike.setdefault("" if everywhere else f" with Python {', '.join(pythons)}", []).append(name)
    return "; ".join(f"{', '.join(names)}{pythons}" for pythons, names in alike.items())


def _refuse_missing_wheels(missing: list[str]) -> None:
    if missing:
        shown = [*missing[:_SHOWN], *(["..."] if len(missing) > _SHOWN else [])]
        name = missing[0].partition(" ")[0]
        raise Failure(
            "there are not wheels for every platform and Python that bootstrap/settings.ini names.",
            "\n".join(f"  {line}" for line in shown),
            "in bootstrap/settings.ini, take that platform out of `targets`, or narrow oldest-python or newest-python;\n"
            f"      or ask for another version of it; or allow building it: `build = {name}` under [lock]",
        )


def _why_not(uv: Uv, declaration: Declaration, done: Finished, options: list[str]) -> Failure:
    """Return why nothing was found: the network, missing wheels, or requirements that exclude each other."""
    if "No solution found" not in done.output or "was not found in the package registry" in done.output:
        failure = explain(done, uv.machine)
        return Failure(failure.what.replace("be installed", "be pinned"), failure.why, failure.next_step)
    if "missing an upload date" in done.output:
        why = "Its files carry no dates, so a cooldown leaves none of them."
        return Failure("the package index does not tell when releases came out.", why, "bootstrap lock --cooldown 0")
    _lay_out(uv, declaration, [])
    if uv.compile(declaration.layers, "all.txt", *options).code == 0:
        try:
            _refuse_missing_wheels(missing_wheels(uv))
        except Failure as failure:
            return failure
    told = re.sub(r"\n\nhint: (While the active|The `requires-python`|Wheels are required).*?(?=\n\n|\Z)", "", done.output, flags=re.S)
    return Failure(
        "the declared requirements cannot be met.",
        "\n".join(f"  {line}" for line in told.strip().splitlines()),
        f"change what it names in {declaration.layers[0].source}, then: bootstrap lock",
    )


def _renewing(uv: Uv, old: dict[str, str]) -> list[str]:
    """Lay out the pins to prefer, and return the options that say which may change."""
    upgrade = uv.wish.upgrade
    kept = "" if upgrade == () else preferences(old.values())
    (uv.folder / "all.txt").write_text(kept, encoding="utf-8")
    options = [word for name in upgrade or () for word in ("--upgrade-package", name)]
    if uv.wish.cooldown:
        today = time.time()
        options += ["--exclude-newer", _moment(today - uv.wish.cooldown * 86400)]
        # What is pinned already stays, however new.
        names = dict.fromkeys(re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==", kept, re.M))
        stays = [name for name in names if name not in (upgrade or ())]
        options += [word for name in stays for word in ("--exclude-newer-package", f"{name}={_moment(today)}")]
    return options


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _lay_out(uv: Uv, declaration: Declaration, targets: list[Target]) -> None:
    """Write the generated pyproject.toml."""
    project = declaration.pyproject.get("project", {})
    wishes = {**declaration.tool_uv, "required-environments": [target.marker(uv.settings.newest) for target in targets]}
    if targets and not any(layer.dynamic for layer in declaration.layers):
        # With nothing but wheels allowed, a platform without one is seen; a dynamic declaration has to be built.
        wishes |= {"no-build": True, "no-binary-package": list(uv.settings.build)}
    tables = {
        "project": {
            "name": project.get("name", "project"),
            "version": "0",
            "dependencies": project.get("dependencies", []),
        },
        "dependency-groups": declaration.pyproject.get("dependency-groups", {}),
        "tool.uv": wishes,
    }
    lines = [f"[{name}]\n" + "".join(f"{_key(k)} = {_value(v)}\n" for k, v in table.items()) for name, table in tables.items()]
    (uv.folder / "pyproject.toml").write_text("\n".join(lines), encoding="utf-8")


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
