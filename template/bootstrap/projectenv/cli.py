"""Read the command line, run the command, and turn what happens into messages and exit codes."""

from __future__ import annotations

import argparse
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import layout
from .console import Console
from .failure import Failure
from .machine import Machine, this_machine
from .settings import Settings, read_settings

REPORT = "https://github.com/venv-template/venv-template/issues"
COMMANDS = ("run", "check", "activate", "doctor", "lock", "add", "remove")


def main(arguments: list[str]) -> int:
    """Run the bootstrap and return: 0 done, 1 expected failure, 2 usage or no Python, 3 our bug, 130 interrupted."""
    console = Console()
    try:
        return _dispatch(arguments)
    except Failure as failure:
        from .ready import typed

        failure.next_step = typed(failure.next_step)
        console.fail(failure)
        return failure.exit_code
    except PermissionError as error:
        console.fail(
            Failure(
                f"{error.filename}: {error.strerror}.",
                "It belongs to somebody else, or may not be read.",
                "ls -ld shows whose it is; make it yours, or copy the project elsewhere",
            )
        )
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. The next run puts things right by itself.\n")
        return 130
    except Exception:  # noqa: BLE001 the one place where a bug of ours becomes exit code 3
        traceback.print_exc()
        sys.stderr.write(f"\nThis is a bug in the bootstrap, not in your project. Please report it: {REPORT}\n")
        return 3


def _dispatch(arguments: list[str]) -> int:
    own, command = _split_run(arguments)
    options = _parser().parse_args(own)
    project = Path(options.project).absolute() if options.project else Path(layout.project_folder())
    settings = read_settings(project / "bootstrap" / "settings.ini")
    machine = this_machine()
    verb = options.command
    # The output of a command that is run belongs to it; what we have to do before it is told beside it.
    console = Console(sys.stderr if verb == "run" else None, quiet=options.quiet, verbose=options.verbose)
    if options.prod and verb in (None, "run", "check"):
        settings = replace(settings, pins=settings.pins[:1], production_only=True)
    if workshop := _workshop():
        code: int | None = workshop.run(options, project, settings, machine, console)
        if code is not None:
            return code
    if verb == "check":
        from .commands.check import check

        return check(project, settings, console, as_json=options.json)
    if verb == "activate":
        from .commands.activate import activate

        return activate(project / layout.ENVIRONMENT, console, shell=options.shell, show_all=options.all)
    if verb == "doctor":
        from .commands.doctor import doctor

        return doctor(
            project, settings, machine, console, names=options.names, as_json=options.json, explain=options.explain,
            rollback_plan=options.rollback_plan, python=options.python,
        )  # fmt: skip
    if verb in ("lock", "add", "remove"):
        return _pin(options, project, settings, machine, console)
    if verb == "run" and not command:
        raise Failure("run needs a command.", "", "bootstrap run python --version", exit_code=2)
    return _ensure(options, project, settings, machine, console, command)


def _workshop() -> Any:
    """Return the commands that only a workshop has: into other projects they are not even rendered."""
    if not (Path(__file__).parent / "workshop").is_dir():
        return None
    from .workshop import commandline

    return commandline


def _pin(options: argparse.Namespace, project: Path, settings: Settings, machine: Machine, console: Console) -> int:
    from .resolution import Wish

    house: Path | None = project / "wheelhouse"
    upgrade = None if options.upgrade is None else tuple(options.upgrade)
    cooldown = settings.cooldown if options.cooldown is None else options.cooldown
    house = house if options.offline and house and house.is_dir() else None
    wish = Wish(upgrade, cooldown, options.offline, house, options.dry_run)
    if options.command == "lock":
        from .commands.lock import lock

        return lock(project, settings, machine, console, wish, pylock=options.pylock)
    from .commands.add import Edit, add
    from .preparation import Request

    request = Request(project, options.python, options.installer, options.offline)
    edit = Edit(tuple(options.names), remove=options.command == "remove", group=options.group)
    return add(edit, request, settings, machine, console, wish)


def _ensure(
    options: argparse.Namespace,
    project: Path,
    settings: Settings,
    machine: Machine,
    console: Console,
    command: list[str],
) -> int:
    from .ensure import ensure
    from .preparation import Request

    request = Request(project, options.python, options.installer, options.offline, options.recreate, options.dry_run)
    outcome = ensure(request, settings, machine, console)
    folder = str(outcome.environment.folder)
    if request.dry_run:
        for step in outcome.steps:
            console.say(f"would {step.says}")
        if not outcome.steps:
            console.say("Nothing to do: .venv matches the pins.")
        return 0
    if command:
        from .commands.run import hand_over

        return hand_over(folder, command)
    from .ready import tell_done

    tell_done(outcome, settings, console)
    return 0


def _split_run(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Part our own options from the command of `run`, which keeps every argument as it is."""
    takes_value = {"--project", "--python", "--installer"}
    position = 0
    while position < len(arguments) and arguments[position] != "run":
        if arguments[position] in COMMANDS:
            return arguments, []
        position += 2 if arguments[position] in takes_value else 1
    after = position + 1
    while after < len(arguments) and arguments[after].startswith("-") and arguments[after] != "--":
        after += 2 if arguments[after] in takes_value else 1
    command = arguments[after:]
    return arguments[:after], command[1:] if command[:1] == ["--"] else command


def _common() -> argparse.ArgumentParser:
    """Return the options that stand before a command as well as behind it; made anew each time, as argparse shares them."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--project", metavar="DIR", help="the project, when it is not the one this folder is in")
    common.add_argument("--python", metavar="X", help="a version (3.12) or a path; default: the newest that fits")
    common.add_argument("--installer", choices=("auto", "uv", "pip"), help="default: uv when it is there, else pip")
    common.add_argument("--offline", action="store_true", help="use the caches and ./wheelhouse, never the network")
    common.add_argument("--recreate", action="store_true", help="make .venv anew, whatever its state")
    common.add_argument("--prod", action="store_true", help="only the first pin file: what production needs")
    common.add_argument("--dry-run", action="store_true", help="print the steps and touch nothing")
    common.add_argument("--quiet", action="store_true", help="print failures only")
    common.add_argument("--verbose", action="store_true", help="print each step and the commands it runs")
    common.add_argument("--no-input", action="store_true", help="never ask (the bootstrap itself never does)")
    return common


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bootstrap",
        parents=[_common()],
        allow_abbrev=False,
        description="Make .venv match the pins: create, repair, sync, or nothing; then say how to use it.",
        epilog="Exit codes: 0 done, 1 it failed and says why, 2 usage or no usable Python, 3 a bug of ours.",
    )
    parser.set_defaults(
        project=None, python=None, installer=None, offline=False, recreate=False, dry_run=False, quiet=False,
        verbose=False, no_input=False, json=False, prod=False, upgrade=None, cooldown=None, pylock=False,
        group=None,
    )  # fmt: skip
    verbs = parser.add_subparsers(dest="command", metavar="COMMAND")
    verbs.add_parser("run", parents=[_common()], help="the same, quietly, then run CMD inside; its exit code")
    check = verbs.add_parser(
        "check", parents=[_common()], help="touch nothing; exit 0, or 1 with reasons and the next command"
    )
    check.add_argument("--json", action="store_true", help="print the answer for machines")
    activate = verbs.add_parser("activate", parents=[_common()], help="print the activation line for this shell")
    activate.add_argument("--shell", metavar="NAME", default=None, help="for this shell instead of the one in use")
    activate.add_argument("--all", action="store_true", help="for every shell")
    _add_pinning(verbs)
    doctor = verbs.add_parser(
        "doctor", parents=[_common()], help="explain this machine and what to type; exit 0 if all works"
    )
    doctor.add_argument("names", nargs="*", metavar="NAME", help="projects to ask the package manager for")
    doctor.add_argument("--json", action="store_true", help="print the answer for machines, fit to be shared")
    doctor.add_argument(
        "--explain", action="store_true", help="tell what externally managed means here, and the ways out"
    )
    doctor.add_argument("--rollback-plan", metavar="FILE", help="write how to take back what pip was forced to install")
    if workshop := _workshop():
        workshop.declare(verbs, _common)
    return parser


def _add_pinning(verbs: Any) -> None:
    lock = verbs.add_parser("lock", parents=[_common()], help="pin what is declared, for every platform and Python")
    lock.add_argument("--upgrade", nargs="*", metavar="PKG", help="renew these pins, or all; else what is pinned stays")
    lock.add_argument("--pylock", action="store_true", help="write pylock.toml (PEP 751) beside the pins as well")
    add = verbs.add_parser("add", parents=[_common()], help="declare packages, pin and install them")
    remove = verbs.add_parser("remove", parents=[_common()], help="declare packages no longer, pin and uninstall")
    for verb in (add, remove):
        verb.add_argument("names", nargs="+", metavar="PKG", help="a name, or a requirement: 'rich>=14'")
        verb.add_argument("--group", metavar="NAME", help="a dependency group instead of production, such as dev")
    for verb in (lock, add, remove):
        verb.add_argument("--cooldown", type=int, metavar="DAYS", help="leave out releases younger than that")
