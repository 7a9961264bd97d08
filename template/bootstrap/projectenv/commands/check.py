"""Look at the environment and touch nothing: exit 0 when it is right, 1 with the reasons and the next command."""

from __future__ import annotations

import json
from pathlib import Path

from .. import pins
from ..console import Console
from ..environment import Environment, health, pin_text
from ..quick import ENVIRONMENT
from ..settings import Settings

NEXT = {
    "missing": "bootstrap",
    "broken": "bootstrap",
    "outdated": "bootstrap",
    "not ours": "mv .venv .venv-old",
}


def check(project: Path, settings: Settings, console: Console, *, as_json: bool) -> int:
    """Print whether the environment matches its pins, and what was installed by hand; return the exit code."""
    environment = Environment(project / ENVIRONMENT)
    trouble = health(environment, project, settings.pins)
    pinned = set(pins.read_pins(pin_text(project, settings.pins))) | {"pip"}
    present = pins.installed(environment.site_packages) if environment.is_one else {}
    by_hand = sorted(set(present) - pinned)
    if as_json:
        told = {
            "ok": trouble is None,
            "kind": trouble.kind if trouble else None,
            "reason": trouble.reason if trouble else None,
            "next": NEXT[trouble.kind] if trouble else None,
            "python": environment.version or None,
            "packages": len(present),
            "installed_by_hand": by_hand,
        }
        console.stream.write(json.dumps(told, indent=2) + "\n")
    elif trouble:
        console.say(trouble.sentence)
        console.say(f"Next: {_typed(NEXT[trouble.kind])}")
    else:
        console.say(f".venv matches the pins (Python {environment.version}, {len(present)} packages).")
    if by_hand and not as_json:
        console.say(f"Installed by hand, and kept: {', '.join(by_hand)}.")
        console.say(f"To make them part of the project: {_typed('bootstrap add ' + ' '.join(by_hand))}")
    return 1 if trouble else 0


def _typed(command: str) -> str:
    from ..ready import typed

    return typed(command)
