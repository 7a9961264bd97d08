"""Explain this machine: its Pythons, its package manager, what was forced, and the one thing to type next."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .. import pipconf, search, tools
from ..console import Console
from ..doctor import forced, inputs, managers, pythons, report, rollback, story, wanted
from ..doctor.managers import Manager
from ..doctor.pythons import Found
from ..doctor.report import Diagnosis, Package
from ..environment import Environment, Trouble, health
from ..failure import Failure
from ..layout import ENVIRONMENT
from ..machine import Machine
from ..settings import Settings

_PLAN = "bootstrap doctor --rollback-plan rollback.sh"
_NETWORK = ("proxy", "no-index", "find-links", "extra-index-url")


def doctor(
    project: Path,
    settings: Settings,
    machine: Machine,
    console: Console,
    *,
    names: list[str],
    as_json: bool = False,
    explain: bool = False,
    rollback_plan: str | None = None,
    python: str | None = None,
) -> int:
    """Print the diagnosis, or write the plan; return 0 when the bootstrap would work here, else 1."""
    found, manager = diagnose(project, settings, machine, names, python)
    if rollback_plan:
        return _write_plan(found, manager, Path(rollback_plan), project, machine, console)
    if as_json:
        told = json.dumps(report.without_home(report.as_data(found), machine.home), indent=2)
    elif explain:
        done = found.environment if found.healthy else f"One command: {_typed(project, 'bootstrap')}"
        told = story.tell(found.pythons, manager, machine, done, lambda text: _typed(project, text))
    else:
        told = report.as_text(report.without_home(found, machine.home))  # first, as columns are made of what is shown
    console.write(console.stream, report.without_home(told, machine.home) + "\n")
    return 0 if found.works else 1


def diagnose(
    project: Path, settings: Settings, machine: Machine, names: list[str], python: str | None
) -> tuple[Diagnosis, Manager | None]:
    """Ask everything there is to ask, side by side where that takes time."""
    environment = Environment(project / ENVIRONMENT)
    broken = inputs.trouble(project, settings.pins)
    trouble = _health(environment, project, settings)
    manager = managers.present(machine)
    with ThreadPoolExecutor(1) as pool:
        # The slowest is the package manager: the Pythons are looked at meanwhile, and what was forced into them.
        asking = pool.submit(_packages, project, settings, machine, manager, names)
        everyone = pythons.look(settings, machine, manager.name if manager else "")
        chosen, refused = _choice(everyone, settings, machine, project, python)
        left, unread = forced.find(everyone, manager, machine)
        damaged, unasked = forced.damaged(left, everyone, manager, machine) if left else ({}, "")
        packages, silent = asking.result()
    advice, next_step = broken if broken and not refused else _advice(trouble, refused, bool(left or damaged), machine)
    absent = [
        each.offer.package
        for each in packages
        if each.offer and not each.offer.installed and each.satisfies is not False
    ]
    found = Diagnosis(
        works=refused is None and broken is None and (trouble is None or trouble.kind != "not ours"),
        needs=f"Python {settings.allowed}",
        pythons=everyone,
        chosen=chosen,
        environment=trouble.sentence
        if trouble
        else broken[0]
        if broken
        else f".venv matches the pins (Python {environment.version}).",
        healthy=trouble is None and broken is None,
        tools=_tools(machine),
        network=_network(machine),
        manager=manager.name if manager else "",
        packages=packages,
        install=manager.install.format(" ".join(absent)) if manager and absent else "",
        forced=left,
        damaged=damaged,
        advice=advice,
        next=_typed(project, next_step),
        plan=_typed(project, _PLAN),
        not_answered=[*silent, *unread, *filter(None, [unasked])],
    )
    return found, manager


def _health(environment: Environment, project: Path, settings: Settings) -> Trouble | None:
    try:
        return health(environment, project, settings.pins)
    except OSError as error:
        place = error.filename or environment.folder
        named = os.path.relpath(place, project) if str(place).startswith(str(project)) else place
        return Trouble("not ours", f"{named} cannot be read: {error.strerror}")


def _packages(
    project: Path, settings: Settings, machine: Machine, manager: Manager | None, names: list[str]
) -> tuple[list[Package], list[str]]:
    asked = [each for each in map(wanted.read, names) if each] or wanted.declared(project, settings.pins)
    has, silent = managers.offers(manager, asked, machine) if manager else ({}, [])
    packages = []
    for each in asked:
        offer = has.get(each.name)
        fits = wanted.satisfies(offer.version, each.range) if offer else None
        packages.append(Package(each.name, each.range, offer, fits))
    return packages, silent


def _choice(
    everyone: list[Found], settings: Settings, machine: Machine, project: Path, python: str | None
) -> tuple[str, Failure | None]:
    """Return the Python that the bootstrap would take, or why it finds none."""
    if not python and not (project / ".python-version").is_file() and everyone and not everyone[0].refused:
        return everyone[0].path, None  # they stand in the order of the search: no need to run them all again
    try:
        return str(search.choose(settings, machine, project, python).interpreter.path), None
    except Failure as failure:
        return "", failure


def _advice(trouble: Trouble | None, refused: Failure | None, forced_before: bool, machine: Machine) -> tuple[str, str]:
    if trouble and "cannot be read" in trouble.reason:
        return (
            "It belongs to somebody else, or may not be read: make it yours, or copy the project elsewhere.",
            "ls -ld .venv",
        )
    if trouble and trouble.kind == "not ours":
        return "What stands in the place of .venv has to be moved away first.", "mv .venv .venv-old"
    if trouble and refused:
        return f"{refused.what[0].upper()}{refused.what[1:]}", refused.next_step or machine.how_to_install_python
    if trouble:
        return "The bootstrap would work here, without sudo.", "bootstrap"
    if forced_before:
        return "Packages were forced into a system's Python. Take them back with a plan that you read first.", _PLAN
    return "Nothing is missing.", "bootstrap run python"


def _tools(machine: Machine) -> dict[str, str]:
    uv = tools.find_uv(machine, None)
    pip = tools.pinned("pip").version
    cached = os.path.isdir(machine.cache / f"pip-{pip}")
    return {
        "uv": str(uv) if uv else "not here; it is not needed, pip does the same work, only slower",
        "pip": f"{pip}, {'in the cache' if cached else 'fetched at the first use'}; the Pythons need none of their own",
    }


def _network(machine: Machine) -> dict[str, str]:
    told = {"index": pipconf.index_url(machine), "CA bundle": pipconf.certificates(machine) or "the system's"}
    told |= {key: pipconf.configured(key, machine) for key in _NETWORK if pipconf.configured(key, machine)}
    proxies = {
        name.lower(): value for name, value in machine.environ.items() if name.lower() in ("http_proxy", "https_proxy")
    }
    files = [str(file) for file in pipconf.pip_configuration_files(machine) if file.is_file()]
    return {**told, **proxies, **({"set in": ", ".join(files)} if files else {})}


def _write_plan(
    found: Diagnosis, manager: Manager | None, file: Path, project: Path, machine: Machine, console: Console
) -> int:
    damaged, trouble = (found.damaged, "") if found.forced else forced.damaged([], found.pythons, manager, machine)
    if trouble:
        console.warn(trouble)
    # Without anything of pip's, a file that changed is not pip's doing: there are no steps to write.
    if not found.forced and not damaged:
        console.say("Nothing was forced into an externally managed Python here: there is nothing to take back.")
        return 0
    among = [path for each in found.forced if each.kind == "system" for path in forced.files(each)]
    theirs = set(forced.owners(among, manager, machine)) if manager else set()
    bare = {each.path for each in found.pythons if "pip" in each.lacks} & {each.python for each in found.forced}
    pip = [str(Environment(project / ENVIRONMENT).python), "-m", "pip"] if bare else []
    text = rollback.plan(found.forced, damaged, theirs, manager, str(file), pip)
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(f"{file} cannot be written: {error.strerror}.", "", "name another file") from error
    console.say(f"The plan is in {file}; nothing was changed. Read it, then run it: sh {file}")
    return 0


def _typed(project: Path, command: str) -> str:
    from ..ready import typed

    if command.split(" ", 1)[0] == "bootstrap" and not (project / "bootstrap.sh").is_file():
        # venv-template's own repository, asked before there is a project.
        rest = command.removeprefix("bootstrap").strip()
        return f"python3 start.py {rest or 'new ../my-project'}"
    return typed(command)
