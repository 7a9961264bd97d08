"""Run inside the private root: ask a package manager all that doctor asks, and print what doctor makes of it.

Every program of the manager is reached through one that writes down what it was asked and what it answered.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, "/world/bootstrap")

from projectenv.doctor import forced, managers, rollback, story
from projectenv.doctor.asking import ask
from projectenv.doctor.pythons import Found
from projectenv.doctor.wanted import Wanted
from projectenv.machine import Machine

SITE = "/usr/lib/python3.99/site-packages"
PYTHON = Found("/usr/bin/python3.99", "3.99.1", "here", "", managed=True, places=(SITE,), user="/root/nothing")


def main(name: str) -> None:
    """Ask, write the plan, and print it all."""
    manager = next(each for each in managers.MANAGERS if each.name == name)
    machine = Machine("linux", "x86_64", "", os.geteuid(), dict(os.environ), Path("/root"))
    wanted = [Wanted(each) for each in ("six", "idna", "requests", "no-such-thing")]
    offers, silent = managers.offers(manager, wanted, machine)
    left, troubles = forced.find([PYTHON], manager, machine)
    damaged, unasked = forced.damaged(left, [PYTHON], manager, machine)
    theirs = set(forced.owners([path for each in left for path in forced.files(each)], manager, machine))
    plan = rollback.plan(left, damaged, theirs, manager, "/world/plan.sh", [])
    Path("/world/plan.sh").write_text(plan, encoding="utf-8")
    depend = story.dependents(name, ask(managers.command(manager.dependents), machine).output)
    told = {
        "offers": {key: vars(each) for key, each in offers.items()},
        "forced": {each.name: each.version for each in left},
        "damaged": damaged,
        "dependents": depend,
        "troubles": [*silent, *troubles, unasked],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
