"""The pyproject.toml that uv reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from projectenv.declaration import Declaration, Layer
from projectenv.resolver import lay_out
from projectenv.settings import TARGETS, Settings
from projectenv.targets import named

tomllib = __import__("pytest").importorskip("tomllib", reason="Python 3.10 has none")
SETTINGS = Settings((3, 10), (3, 15), ("requirements.txt",), "", "auto", "", targets=TARGETS, build=("docopt",))
HOSTILE: dict[str, Any] = {
    "project": {"name": "x", "dependencies": ['a ; python_version < "3.11"', "\x7f\\ \U0001f40d"]},
    "dependency-groups": {"dev": ["b", {"include-group": "docs"}], "docs": []},
    "tool": {"uv": {"managed": False, "index": [{"name": "own", "url": "https://example.invalid/simple"}]}},
}


def test_whatever_is_declared_comes_back_as_it_was(tmp_path: Path) -> None:
    """Quotes, control characters, tables in lists: TOML is written by hand here."""
    lay_out(tmp_path, Declaration((Layer("requirements.txt", "pyproject.toml"),), HOSTILE), SETTINGS, named(SETTINGS))
    table = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))
    assert table["project"]["dependencies"] == HOSTILE["project"]["dependencies"]
    assert table["dependency-groups"] == HOSTILE["dependency-groups"]
    assert table["tool"]["uv"]["index"] == HOSTILE["tool"]["uv"]["index"]
    assert "managed" not in table["tool"]["uv"]
    assert len(table["tool"]["uv"]["required-environments"]) == len(TARGETS)
    assert table["tool"]["uv"]["no-build"] is True
    assert table["tool"]["uv"]["no-binary-package"] == ["docopt"]


def test_a_dynamic_declaration_may_be_built(tmp_path: Path) -> None:
    """The project itself has to be built to tell what it needs."""
    lay_out(
        tmp_path, Declaration((Layer("requirements.txt", "setup.py", dynamic=True),), {}), SETTINGS, named(SETTINGS)
    )
    assert "no-build" not in tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]
