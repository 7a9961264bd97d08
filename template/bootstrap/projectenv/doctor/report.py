"""Say the diagnosis: to a person, who reads it in a minute, and to machines; neither names the home or a password."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..console import masked
from ..record import Record, replace
from .forced import Forced
from .managers import Offer
from .pythons import Found

_SHOWN = 12  # of a list; the whole report is to be read in a minute


class Diagnosis(Record):
    """All that doctor found out; its fields are those of --json."""

    works: bool
    needs: str
    pythons: list[Found]
    chosen: str
    """The path of the Python that the project's next environment is made with; empty when there is none."""
    environment: str
    healthy: bool
    tools: dict[str, str]
    network: dict[str, str]
    manager: str
    """The name of the package manager, or an empty string."""
    packages: list[Package]
    install: str
    """The command for those packages that are not installed and would do; empty when there are none."""
    forced: list[Forced]
    damaged: dict[str, str]
    advice: str
    next: str
    plan: str
    """How the rollback plan is asked for."""
    not_answered: Sequence[str] = ()


class Package(Record):
    """What was asked for, and what the distribution has; `satisfies` is None when that takes a real resolver."""

    name: str
    range: str
    offer: Offer | None = None
    satisfies: bool | None = None


def without_home(value: Any, home: Path) -> Any:
    """Return the same with ~ for the home, however deep, and with credentials masked."""
    folders = [re.escape(folder) for folder in {str(home), os.path.realpath(home)} if len(folder) > 1]
    return _shareable(value, re.compile(rf"(?:{'|'.join(folders)})(?![\w.-])") if folders else None)


def _shareable(value: Any, home: re.Pattern[str] | None) -> Any:
    if isinstance(value, str):
        return masked(home.sub("~", value) if home else value)
    if isinstance(value, Record):
        return replace(value, **_shareable(vars(value), home))
    if isinstance(value, dict):
        # Files are keys, too.
        return {_shareable(key, home): _shareable(each, home) for key, each in value.items()}
    return [_shareable(each, home) for each in value] if isinstance(value, (list, tuple)) else value


def as_data(found: Any) -> Any:
    """Return the diagnosis, or a part of it, for machines."""
    if isinstance(found, (Record, dict)):
        told = found if isinstance(found, dict) else vars(found)
        return {key: as_data(each) for key, each in told.items()}
    return [as_data(each) for each in found] if isinstance(found, (list, tuple)) else found


def as_text(found: Diagnosis) -> str:
    """Return the diagnosis for a person."""
    parts = [
        _about_pythons(found),
        f"Environment\n  {found.environment}",
        _listed("Tools", found.tools),
        _listed("Network (as configured; nothing was asked of it)", found.network),
        _about_packages(found),
        _about_forced(found),
        "Not answered\n" + "\n".join(f"  {each}" for each in found.not_answered) if found.not_answered else "",
        f"Advice\n  {found.advice}\n  Next: {found.next}",
    ]
    return "\n\n".join(part for part in parts if part)


def _listed(title: str, values: dict[str, str]) -> str:
    width = max(map(len, values))
    return f"{title}\n" + "\n".join(f"  {key:{width}}  {value}" for key, value in values.items())


def _about_pythons(found: Diagnosis) -> str:
    lines = [f"Pythons of this machine (this project needs {found.needs})"]
    width = max((len(each.path) for each in found.pythons), default=0)
    for each in found.pythons:
        sign = ">" if each.path == found.chosen else "x" if each.refused else " "
        notes = [each.refused] if each.refused else ["the one to use"] if sign == ">" else []
        notes += [f"externally managed by {each.origin}"] if each.managed else []
        notes += [f"without {', '.join(each.lacks)}"] if each.lacks and not each.refused else []
        lines.append(
            f"  {sign} {each.version:8} {each.path:{width}}  {each.origin or '-':8} {'; '.join(notes)}".rstrip()
        )
    if any(each.managed for each in found.pythons):
        lines.append(
            "  Externally managed: pip refuses to install into it (PEP 668). The bootstrap never does, so it is"
        )
        lines.append("  no obstacle; venv without ensurepip or pip is enough for it. More: doctor --explain")
    return "\n".join(lines if found.pythons else [*lines, "  none found"])


def _about_packages(found: Diagnosis) -> str:
    if not found.packages or not found.manager:
        return ""
    lines = [f"The same packages from {found.manager}, should you want the system's"]
    for each in found.packages[:_SHOWN]:
        if each.offer is None:
            lines.append(f"  {each.name}: not offered under a name that was tried")
            continue
        is_in = "installed" if each.offer.installed else "not installed"
        judged = {True: "satisfies", False: "does not satisfy", None: "compare it with"}[each.satisfies]
        asked = f", {judged} {each.range}" if each.range else ""
        lines.append(f"  {each.name}: {each.offer.package} {each.offer.version}, {is_in}{asked}")
    lines += _and_more(found.packages)
    return "\n".join([*lines, *([f"  To install: {found.install}"] if found.install else [])])


def _and_more(listed: Sequence[object]) -> list[str]:
    return [f"  and {len(listed) - _SHOWN} more: --json names them all"] if len(listed) > _SHOWN else []


def _about_forced(found: Diagnosis) -> str:
    if not found.forced and not found.damaged:
        return ""
    lines = ["Forced into an externally managed Python earlier"]
    for each in found.forced[:_SHOWN]:
        hides = f", hides the system's {each.hides}" if each.hides else ""
        among = ", among the system's own files" if each.kind == "system" else ""
        tool = each.installer or "an unknown tool"
        lines.append(f"  {each.name} {each.version} by {tool}, in {each.place}{hides}{among}")
    lines += _and_more(found.forced)
    damaged = sorted(set(found.damaged.values()))
    lines += [f"  Damaged by that or otherwise: {len(found.damaged)} files of {', '.join(damaged)}"] if damaged else []
    lines.append(f"  To take it back: {found.plan}")
    return "\n".join(lines)
