"""Say the diagnosis: to a person, who reads it in a minute, and to machines; neither names the home or a password."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..console import masked
from .forced import Forced
from .managers import Manager, Offer
from .pythons import Found
from .wanted import Wanted, satisfies

_SHOWN = 12  # of a list; the whole report is to be read in a minute


@dataclass(frozen=True)
class Diagnosis:
    """All that doctor found out."""

    works: bool
    needs: str
    pythons: list[Found]
    chosen: str
    """The path of the Python that the project's next environment is made with; empty when there is none."""
    environment: str
    healthy: bool
    tools: dict[str, str]
    network: dict[str, str]
    manager: Manager | None
    wanted: list[Wanted]
    offers: dict[str, Offer]
    forced: list[Forced]
    damaged: dict[str, str]
    advice: str
    next_step: str
    plan: str
    """How the rollback plan is asked for."""
    troubles: list[str] = field(default_factory=list)


def without_home(value: Any, home: Path) -> Any:
    """Return the same with ~ for the home, however deep, and with credentials masked."""
    if isinstance(value, str):
        for folder in {str(home), os.path.realpath(home)}:
            if len(folder) > 1:
                value = re.sub(re.escape(folder) + r"(?![\w.-])", "~", value)
        return masked(value)
    if isinstance(value, dict):
        return {key: without_home(each, home) for key, each in value.items()}
    return [without_home(each, home) for each in value] if isinstance(value, (list, tuple)) else value


def as_data(found: Diagnosis) -> dict[str, Any]:
    """Return the diagnosis for machines."""
    pythons = [
        {**vars(each), "usable": not each.refused, "chosen": each.path == found.chosen} for each in found.pythons
    ]
    return {
        "works": found.works,
        "needs": found.needs,
        "pythons": pythons,
        "environment": {"ok": found.healthy, "says": found.environment},
        "tools": found.tools,
        "network": found.network,
        "package_manager": found.manager.name if found.manager else None,
        "packages": [
            {"name": each.name, "range": each.range, **(_offered(each, found.offers) or {"package": None})}
            for each in found.wanted
        ],
        "forced": [vars(each) for each in found.forced],
        "damaged": found.damaged,
        "not_answered": found.troubles,
        "advice": found.advice,
        "next": found.next_step,
    }


def _offered(wanted: Wanted, offers: dict[str, Offer]) -> dict[str, Any] | None:
    offer = offers.get(wanted.name)
    return {**vars(offer), "satisfies": satisfies(offer.version, wanted.range)} if offer else None


def as_text(found: Diagnosis) -> str:
    """Return the diagnosis for a person."""
    parts = [
        _about_pythons(found),
        f"Environment\n  {found.environment}",
        _listed("Tools", found.tools),
        _listed("Network", found.network),
        _about_packages(found),
        _about_forced(found),
        "Not answered\n" + "\n".join(f"  {each}" for each in found.troubles) if found.troubles else "",
        f"Advice\n  {found.advice}\n  Next: {found.next_step}",
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
    if not found.wanted or not found.manager:
        return ""
    lines = [f"The same packages from {found.manager.name}, should you want the system's"]
    absent = []
    for each in found.wanted[:_SHOWN]:
        offer = found.offers.get(each.name)
        if offer is None:
            lines.append(f"  {each.name}: not offered under a name that was tried")
            continue
        fits = satisfies(offer.version, each.range)
        is_in = "installed" if offer.installed else "not installed"
        judged = {True: "satisfies", False: "does not satisfy", None: "compare it with"}[fits]
        asked = f", {judged} {each.range}" if each.range else ""
        lines.append(f"  {each.name}: {offer.package} {offer.version}, {is_in}{asked}")
        if fits is not False and not offer.installed:
            absent.append(offer.package)
    lines += _and_more(found.wanted)
    return "\n".join([*lines, *([f"  To install: {found.manager.install.format(' '.join(absent))}"] if absent else [])])


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
