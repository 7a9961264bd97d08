"""Look whether what the bootstrap reads of a project can be read: its pins and its pyproject.toml."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from .. import pins
from ..declaration import after_a_merge

# The shape of a requirement (PEP 508) with pip's options behind it; what it means is left to pip and uv.
_LINE = re.compile(
    r"[A-Za-z0-9][\w.-]*\s*(\[[^\]]*\])?\s*(\(?\s*(===?|~=|!=|<=?|>=?)\s*[\w.*+!][^;#@]*|@\s*\S+)?\s*(;.*?)?(\s--?\w.*)?"
)
_ELSEWHERE = re.compile(r"-|\.{0,2}[/\\]|\S+[/\\]|[A-Za-z]:|\S+\.(whl|zip|tar\.\w+)\b|\$\{")

Told = tuple[str, str]
"""What is wrong, as a sentence, and the command that helps."""


def trouble(project: Path, pin_names: tuple[str, ...]) -> Told | None:
    """Return None when they can be used, else the first thing that is wrong."""
    for name in pins.with_included(project, pin_names):
        if found := _pin_trouble(project / name, name):
            return found
    return _declaration_trouble(project / "pyproject.toml")


def _pin_trouble(file: Path, name: str) -> Told | None:
    keep = f"git checkout -- {name}"
    try:
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except FileNotFoundError:
        return f"{name}, which names the pins, is missing.", "bootstrap lock"
    except OSError as error:
        return f"{name} cannot be read: {error.strerror}.", f"ls -ld {name}"
    if pins.has_conflict_markers(text):
        return f"{name} holds merge-conflict markers (<<<<<<<).", after_a_merge(file, name)
    at = 1
    for line in re.split(r"(?<!\\)\r?\n", text):
        plain = re.sub(r"\\\r?\n", " ", re.sub(r"(^|\s)#[^\n]*", "", line)).strip()
        if plain and not _ELSEWHERE.match(plain) and not _LINE.fullmatch(plain):
            return f"{name}, line {at}, is no requirement: {plain[:40]!a}.", keep
        at += line.count("\n") + 1
    return None


def _declaration_trouble(file: Path) -> Told | None:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"{file.name} cannot be read: {error.strerror}.", f"ls -ld {file.name}"
    except UnicodeDecodeError:
        return f"{file.name} is not UTF-8.", f"git checkout -- {file.name}"
    if sys.version_info >= (3, 11):
        import tomllib

        try:
            tomllib.loads(text)
        except ValueError as error:
            return f"{file.name} is no TOML: {error}.", f"git diff -- {file.name}"
    return None
