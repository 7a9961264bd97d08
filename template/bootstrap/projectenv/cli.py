"""Read the command line, run the command, and turn what happens into messages and exit codes."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

from . import layout
from .console import Console
from .failure import Failure
from .machine import Machine, this_machine
from .record import replace
from .settings import Settings, read_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

# As the options are when nothing was typed: then argparse need not be imported, which takes its time.
DEFAULTS: dict[str, Any] = {
    "command": None, "project": None, "python": None, "installer": None, "offline": False, "recreate": False,
    "dry_run": False, "quiet": False, "verbose": False, "no_input": False, "json": False, "prod": False,
    "upgrade": None, "cooldown": None, "pylock": False, "group": None,
}  # fmt: skip

REPORT = "https://github.com/venv-template/venv-template/issues"


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
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. The next run puts things right by itself.\n")
        return 130
    except Exception as error:  # noqa: BLE001 the one place where a bug of ours becomes exit code 3
        from .disk import of_the_disk

        trouble = of_the_disk(error)
        if trouble:
            console.fail(trouble)
            return trouble.exit_code
        import traceback

        traceback.print_exc()
        sys.stderr.write(f"\nThis is a bug in the bootstrap, not in your project. Please report it: {REPORT}\n")
        return 3


def _read(arguments: list[str]) -> tuple[Namespace, list[str]]:
    if not arguments:
        return SimpleNamespace(**DEFAULTS), []  # type: ignore[return-value]
    from .commandline import read

    return read(arguments)


def _dispatch(arguments: list[str]) -> int:
    options, command = _read(arguments)
    project = Path(options.project).absolute() if options.project else Path(layout.project_folder())
    settings = read_settings(project / "bootstrap" / "settings.ini")
    machine = this_machine()
    verb = options.command
    # The output of a command that is run belongs to it; what we have to do before it is told beside it.
    console = Console(sys.stderr if verb == "run" else None, quiet=options.quiet, verbose=options.verbose)
    if options.prod and verb in (None, "run", "check"):
        settings = replace(settings, pins=settings.pins[:1], production_only=True)
    if arguments:
        from .commandline import workshop

        code = more.run(options, project, settings, machine, console) if (more := workshop()) else None
        if code is not None:
            return int(code)
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


def _pin(options: Namespace, project: Path, settings: Settings, machine: Machine, console: Console) -> int:
    from .resolver import Wish

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
    options: Namespace,
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
