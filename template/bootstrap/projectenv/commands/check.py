"""Look at the environment and touch nothing: exit 0 when it is right, 1 with the reasons and the next command."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .. import pins
from ..console import Console
from ..environment import Environment, Trouble, health, pin_text
from ..failure import Failure
from ..layout import ENVIRONMENT
from ..machine import this_machine
from ..process import clean_environment, run
from ..settings import Settings

NEXT = {
    "missing": "bootstrap",
    "broken": "bootstrap",
    "outdated": "bootstrap",
    "damaged": "bootstrap --recreate",
    "not ours": "mv .venv .venv-old",
}

_SHOWN = 8
# The first of a name on sys.path is the one that is imported.
_OUTSIDE = """
import importlib.metadata, os, sys
seen = {}
for each in importlib.metadata.distributions():
    name = each.metadata["Name"]
    if name and name not in seen:
        seen[name] = str(each.locate_file("")).startswith(sys.prefix + os.sep)
        if not seen[name]:
            print(name, each.version, sep="\\t")
"""


def check(project: Path, settings: Settings, console: Console, *, as_json: bool) -> int:
    """Print whether the environment matches its pins, and what was installed by hand; return the exit code."""
    environment = Environment(project / ENVIRONMENT)
    trouble = health(environment, project, settings.pins) or _damaged(environment)
    pinned = set(pins.read_pins(pin_text(project, settings.pins))) | {"pip"}
    present = pins.installed(environment.site_packages) if environment.is_one else {}
    own = set(pins.editable_from(project, environment.site_packages))
    # Only complete pins tell what was installed by hand from what the pinned packages brought along.
    complete = all(pins.is_complete(pin_text(project, (name,))) for name in settings.pins)
    by_hand = sorted(set(present) - pinned - own) if complete else []
    system = _from_system(environment) if environment.sees_system else {}
    drifted = drift_of(project, settings, console)
    if as_json:
        told = {
            "ok": trouble is None and not drifted,
            "kind": trouble.kind if trouble else None,
            "reason": trouble.reason if trouble else None,
            "drift": drifted or None,
            "next": NEXT[trouble.kind] if trouble else "bootstrap lock" if drifted else None,
            "python": environment.version or None,
            "packages": len(present),
            "installed_by_hand": by_hand,
            "from_system": system,
        }
        console.stream.write(json.dumps(told, indent=2) + "\n")
    elif trouble:
        console.say(trouble.sentence)
        console.say(f"Next: {_typed(NEXT[trouble.kind])}")
    else:
        console.say(f".venv matches the pins (Python {environment.version}, {len(present)} packages).")
    if drifted and not as_json:
        # A sentence may begin with the name of a file, which is spelt as it is.
        console.say(f"{drifted if '.' in drifted.split()[0] else drifted[0].upper() + drifted[1:]}.")
        console.say(f"Next: {_typed('bootstrap lock')}" if not trouble else "")
    # While the environment is not what the pins say, what seems to be by hand may be what former pins installed.
    if by_hand and not trouble and not as_json:
        console.say(f"Installed by hand, and kept: {', '.join(by_hand)}.")
        console.say(f"To make them part of the project: {_typed('bootstrap add ' + ' '.join(by_hand))}")
    if system and not as_json:
        shown = [f"{name} {version}" for name, version in system.items()]
        more = f" and {len(shown) - _SHOWN} more (--json names them all)" if len(shown) > _SHOWN else ""
        console.say(f"From the system, not the pins: {', '.join(shown[:_SHOWN])}{more}.")
    return 1 if trouble or drifted else 0


def _damaged(environment: Environment) -> Trouble | None:
    """Return what doing nothing does not see: files of an installed package are gone."""
    gone = pins.gone(environment.site_packages)
    if not gone:
        return None
    told = [f"{name} is installed, and its {file} is gone" for name, file in list(gone.items())[:_SHOWN]]
    return Trouble("damaged", "; ".join(told))


def drift_of(project: Path, settings: Settings, console: Console) -> str:
    """Return why the pins no longer answer to what is declared; empty when they do, and when nobody locked them."""
    texts = [pin_text(project, (name,)) for name in settings.pins]
    # What is declared for development is not to be judged by production alone.
    if settings.production_only or not any("# inputs: " in text for text in texts):
        return ""
    from ..declaration import read_declaration
    from ..lockfile import drift

    try:
        digest = read_declaration(project, settings, this_machine(), console, offline=True).digest
    except Failure as failure:
        return failure.what.rstrip(".")
    return next(filter(None, (drift(text, digest, settings) for text in texts)), "")


def _from_system(environment: Environment) -> dict[str, str]:
    """Return name -> version of what is visible inside and installed outside; what the pins shadow is not."""
    done = run([environment.python, "-I", "-c", _OUTSIDE], environ=clean_environment(dict(os.environ)))
    return dict(sorted(line.split("\t") for line in done.output.splitlines() if line.count("\t") == 1))


def _typed(command: str) -> str:
    from ..ready import typed

    return typed(command)
