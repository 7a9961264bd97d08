"""Write the pyproject.toml that uv resolves: what the project declares, and the platforms that must have wheels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .declaration import Declaration
from .settings import Settings
from .targets import Target


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
