"""Edit what a project declares, comments and order kept: pyproject.toml by uv, an .in file line by line."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from .configuration import engine_environment
from .declaration import Declaration, Layer, Table
from .failure import Failure
from .machine import Machine
from .pins import normalised
from .process import run

_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?P<extras>\s*\[[^\]]*\])?\s*(?P<rest>[<>=!~;@(].*)?"
)
_UNFINISHED = re.compile(r"(?:^|,)\s*[<>=!~]+\s*(?:,|$)")
# uv edits only what it may manage, and for a Python that it finds: for the time being, neither is said.
_IN_THE_WAY = re.compile(r"^(?=[ \t]*(?:managed|requires-python)[ \t]*=)", re.M)
_HIDDEN = "#bootstrap#"


def name_of(requirement: str) -> str:
    """Return the normalised name of a requirement; Failure when an index could not serve it."""
    found = _REQUIREMENT.fullmatch(requirement.strip())
    if not found:
        raise Failure(
            f"{requirement!r} is not a requirement that a package index can serve.",
            "Pins name a project and a version; folders and repositories have neither.",
            "bootstrap add requests 'rich>=14'",
            exit_code=2,
        )
    if found["rest"] and _UNFINISHED.search(found["rest"].partition(";")[0]):
        name = found["name"]
        raise Failure(
            f"{requirement!r} ends before the version.", "", f"bootstrap add '{name}>=1.0'   or: {name}", exit_code=2
        )
    return normalised(found["name"])


def is_bare(requirement: str) -> bool:
    """Tell whether a requirement leaves the version open."""
    found = _REQUIREMENT.fullmatch(requirement.strip())
    return bool(found and (found["rest"] or ";").startswith(";"))


def with_floor(requirement: str, version: str) -> str:
    """Return a bare requirement with the oldest version that it is known to work with."""
    before, semicolon, marker = requirement.partition(";")
    return f"{before.strip()}>={version}" + (f" ; {marker.strip()}" if semicolon else "")


def place_for(declaration: Declaration, group: str | None) -> Layer:
    """Return the layer that a new requirement belongs to: production's, or the group's."""
    layers = declaration.layers
    if group is None or (len(layers) == 1 and layers[0].source.endswith(".in")):
        return layers[0]
    for layer in layers[1:]:
        if layer.source == "pyproject.toml" or group in layer.source:
            return layer
    raise Failure(
        f"there is no pin file for the group {group}.",
        "bootstrap/settings.ini names them in `pins`.",
        "leave out --group",
    )


def places_of(declaration: Declaration, project: Path, name: str) -> list[tuple[Layer, str | None]]:
    """Return where a package is declared: the layer, and the group if it is one."""
    found: list[tuple[Layer, str | None]] = []
    for layer in declaration.layers:
        if layer.source.endswith(".in"):
            found += [(layer, None)] if _lines_naming(project / layer.source, name) else []
        elif layer.groups:
            groups: Table = declaration.pyproject["dependency-groups"]
            found += [(layer, group) for group in layer.groups if _has(groups[group], name)]
        elif _has(declaration.pyproject.get("project", {}).get("dependencies", ()), name):
            found.append((layer, None))
    return found


def edit_in_file(file: Path, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
    """Put requirements into an .in file and take names out, line by line."""
    text = file.read_bytes().decode("utf-8")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    for name in [*map(name_of, add), *remove]:
        gone = _lines_naming(file, name)
        lines = [line for line in lines if line not in gone]
    file.write_bytes("".join(line + end for line in [*lines, *add]).encode())


def edit_pyproject(uv: Path | None, file: Path, machine: Machine, *words: str) -> None:
    """Have `uv add` or `uv remove` edit a pyproject.toml, and nothing else."""
    if uv is None:
        raise Failure(
            f"{file.name} is edited by uv, and there is none for this machine.",
            "By hand it is one line.",
            f"edit {file.name}, then: bootstrap lock",
        )
    text = file.read_bytes().decode("utf-8")
    end = "\r\n" if "\r\n" in text else "\n"
    with tempfile.TemporaryDirectory(prefix="venv-template-") as folder:
        copy = Path(folder, "pyproject.toml")
        copy.write_bytes(_IN_THE_WAY.sub(_HIDDEN, text).replace("\r\n", "\n").encode())
        verb, *names = words
        command: list[str | Path] = [
            uv,
            verb,
            "--frozen",
            "--quiet",
            "--python",
            sys.executable,
            "--no-python-downloads",
        ]
        environ = engine_environment(machine, "uv")
        # uv would write an index of the user's own, password and all, into the project.
        environ = {key: value for key, value in environ.items() if not key.startswith("UV_") or "INDEX" not in key}
        done = run([*command, *names], environ=environ, cwd=Path(folder))
        if done.code != 0:
            raise Failure(
                f"{file.name} could not be edited.", done.output.strip(), f"edit {file.name}, then: bootstrap lock"
            )
        edited = copy.read_text(encoding="utf-8")
    edited = edited.replace(_HIDDEN, "")
    file.write_bytes(edited.replace("\n", end).encode())


def _lines_naming(file: Path, name: str) -> list[str]:
    def names(line: str) -> bool:
        found = _REQUIREMENT.fullmatch(re.sub(r"(^|\s)#.*", "", line).strip())
        return bool(found and normalised(found["name"]) == name)

    return [line for line in file.read_text(encoding="utf-8").splitlines() if names(line)]


def _has(requirements: Iterable[object], name: str) -> bool:
    return any(isinstance(each, str) and name_of(each) == name for each in requirements)
