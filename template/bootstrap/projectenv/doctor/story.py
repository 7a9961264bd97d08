"""Tell what the marker of PEP 668 protects on this machine, and the three ways out of its error."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

from ..machine import Machine
from .asking import ask
from .managers import Manager, command
from .pythons import Found

_NAMED = 8


def tell(
    pythons: list[Found], manager: Manager | None, machine: Machine, done: str, typed: Callable[[str], str]
) -> str:
    """Return the story; `done` says how the project's environment is, `typed` how a command of ours is typed here."""
    managed = next((each for each in pythons if each.managed), None)
    if managed is None:
        return "No Python found here carries the marker of PEP 668: pip would refuse none of them."
    keeper = manager.name if manager and managed.origin == manager.name else managed.origin
    lines = [
        "Why `pip install` ends in error: externally-managed-environment",
        f"  {managed.path} belongs to {keeper}. Its marker, {managed.marker}, says:",
        *textwrap.wrap(managed.words, 96, initial_indent="    | ", subsequent_indent="    | "),
        f"  What the marker protects: {_dependents(manager, machine) if manager else 'the programs that use it'}.",
        "",
        "The three ways out, on this machine",
        f"  1. An environment of the project's own. {done}",
        f"  2. The package manager. {_second(manager, typed)}",
        "  3. Forcing it: never done by the bootstrap, and here it would do this:",
        *(f"       {option:26} {what}" for option, what in _forcing(managed, keeper)),
        f"     To see what earlier ones left: {typed('bootstrap doctor')}",
    ]
    return "\n".join(lines)


def _second(manager: Manager | None, typed: Callable[[str], str]) -> str:
    if manager is None:
        return "None that is known here was found."
    return (
        f"Ask it for any name: {typed('bootstrap doctor NAME')}\n"
        f"     To install: {manager.install.format('PACKAGE')}; to see such packages inside .venv:\n"
        "     system-packages = yes in bootstrap/settings.ini"
    )


def _dependents(manager: Manager, machine: Machine) -> str:
    answer = ask(command(manager.dependents, ""), machine)
    if answer.trouble:
        return f"the programs that use it ({answer.trouble})"
    names = dependents(manager.name, answer.output)
    programs = [name for name in names if not re.match(r"(lib)?py(thon)?3?[0-9.]*-|lib|python", name)] or names
    more = f" and {len(programs) - _NAMED} more" if len(programs) > _NAMED else ""
    return (
        f"{len(names)} installed packages that depend on it, such as {', '.join(programs[:_NAMED])}{more}"
        if names
        else "nothing yet: no installed package depends on it"
    )


def dependents(manager: str, output: str) -> list[str]:
    """Return the packages that a manager named as depending on Python."""
    if manager == "apt":
        names = re.findall(r"^ [ |](\S+)$", output, re.M)
    elif manager == "pacman":
        match = re.search(r"^Required By +: (.*(?:\n +.*)*)", output, re.M)
        names = match[1].split() if match else []
    else:
        names = [
            re.sub(r"-\d.*$", "", line.strip()) for line in output.splitlines() if line and " " not in line.strip()
        ]
    return sorted(set(names) - {"None"})


def _forcing(managed: Found, keeper: str) -> list[tuple[str, str]]:
    everyone, user = managed.places[0] if managed.places else "its own folder", managed.user
    nearest = next((each for each in (Path(everyone), *Path(everyone).parents) if each.exists()), Path())
    as_you = everyone if os.access(nearest, os.W_OK) else f"{user}, as you may not write to {everyone}"
    return [
        ("--break-system-packages", f"installs into {as_you}: searched before {keeper}'s own, by its programs too"),
        ("--user", f"refused as well; forced, it fills {user}, which wins in every program that you start"),
        ("--ignore-installed", f"leaves {keeper}'s copy where it is and hides it behind a second one"),
        ("sudo pip", f"installs into {everyone}, for all users and for system services; {keeper} never updates it"),
    ]
