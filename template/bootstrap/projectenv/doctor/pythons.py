"""Look at every Python of this machine more closely than the default command needs to."""

from __future__ import annotations

import configparser
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ..interpreters import Interpreter, Refused, probe, refusal
from ..machine import Machine
from ..record import Record
from ..search import candidates
from ..settings import Settings
from .asking import ask

_PROBE = r"""
import json, os, sys, sysconfig
import site
def has(name):
    try:
        __import__(name)
        return True
    except Exception:
        return False
import importlib.util as find
print(json.dumps({
    "marker": os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED"), "ensurepip": has("ensurepip"), "pip": bool(find.find_spec("pip")),
    "places": site.getsitepackages(), "user": site.getusersitepackages(), "purelib": sysconfig.get_path("purelib"),
}))
"""

# Parts of the real path, and who put it there; the first that fits.
_ORIGINS = (
    ("/.pyenv/", "pyenv"),
    ("/uv/python/", "uv"),
    ("/Cellar/", "brew"),
    ("/homebrew/", "brew"),
    ("/nix/store/", "nix"),
    ("/mise/", "mise"),
    ("/.asdf/", "asdf"),
    ("/Python.framework/Versions/", "python.org"),
    ("/WindowsApps/", "Microsoft Store"),
    ("/Programs/Python/", "python.org"),
    ("/Program Files/Python", "python.org"),
    ("/CommandLineTools/", "Apple"),
    ("/usr/local/", "built here"),
)


class Found(Record):
    """One Python of this machine, and whether the project can use it."""

    path: str
    version: str
    origin: str
    refused: str
    """Why the project cannot use it; empty when it can."""
    managed: bool = False
    marker: str = ""
    words: str = ""
    """What its EXTERNALLY-MANAGED marker tells people."""
    lacks: tuple[str, ...] = ()
    """Of venv, ensurepip, pip, ssl and others, what is not there; only for reading: the bootstrap needs few of them."""
    places: tuple[str, ...] = ()
    """Where it looks for packages, its own folder for `pip install` first."""
    user: str = ""


def look(settings: Settings, machine: Machine, manager: str) -> list[Found]:
    """Return every Python found, each once, those that the project can use first; run side by side, for speed."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda each: _look_at(each, settings, machine, manager), candidates(settings, machine)))
    once: dict[str, Found] = {}
    for each in found:
        once.setdefault(os.path.realpath(each.path), each)
    return sorted(once.values(), key=lambda each: bool(each.refused))


def _look_at(candidate: Path, settings: Settings, machine: Machine, manager: str) -> Found:
    told = probe(candidate, machine)
    if isinstance(told, Refused):
        return Found(str(candidate), "", "", told.reason)
    more = _closer(told, machine)
    lacks = [name for name in ("ensurepip", "pip") if not more.get(name, True)]
    return Found(
        path=str(told.path),
        version=told.dotted,
        origin="conda" if told.conda else origin(os.path.realpath(told.path), manager),
        refused=refusal(told, settings) or "",
        managed=told.externally_managed,
        marker=str(more.get("marker", "")) if told.externally_managed else "",
        words=_words(str(more.get("marker", ""))) if told.externally_managed else "",
        lacks=(*told.lacks, *lacks),
        places=tuple(dict.fromkeys([str(more["purelib"]), *map(str, more["places"])])) if more else (),
        user=str(more.get("user", "")),
    )


def _closer(interpreter: Interpreter, machine: Machine) -> dict[str, Any]:
    if interpreter.version < (3, 8):
        return {}
    answer = ask([str(interpreter.path), "-I", "-B", "-c", _PROBE], machine, 20)
    try:
        return dict(json.loads(answer.output))
    except ValueError:
        return {}


def _words(marker: str) -> str:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(marker, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError, OSError):
        return "(it cannot be read)"
    return " ".join(parser.get("externally-managed", "Error", fallback="(nothing)").split())


def origin(path: str, manager: str) -> str:
    """Return who put a Python there, told from its real path."""
    plain = path.replace("\\", "/")
    for part, name in _ORIGINS:
        if part in plain:
            return name
    return manager if plain.startswith("/usr/") and manager else "unknown"
