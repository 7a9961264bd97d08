"""Make the environment match the pins: gather the facts, plan, act."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from . import interpreters, pins, search, stamp, tools
from .actions import Work, carry_out, recover
from .console import Console
from .engines import LOCKED, Engine, Order, PipEngine, UvEngine
from .environment import Environment, Trouble, health, pin_text
from .failure import Failure
from .interpreters import Interpreter, Refused
from .machine import Machine
from .plan import Situation, Step, make_plan
from .quick import ENVIRONMENT
from .search import Choice
from .settings import Settings
from .turn import our_turn


@dataclass(frozen=True)
class Request:
    """What the person asked for."""

    project: Path
    python: str | None = None
    installer: str | None = None
    offline: bool = False
    recreate: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of it: the environment, and the steps taken (or, in a dry run, to be taken)."""

    environment: Environment
    steps: tuple[Step, ...]
    seconds: float


def ensure(request: Request, settings: Settings, machine: Machine, console: Console) -> Outcome:
    """Create, repair or sync the environment, or find nothing to do; Failure when it cannot be done."""
    began = time.monotonic()
    environment = Environment(request.project / ENVIRONMENT)
    _refuse_conflicts(request.project, settings)
    if request.dry_run:
        return Outcome(environment, _prepare(request, settings, machine, console, environment)[0], 0.0)
    try:
        with our_turn(environment.folder, console):
            recover(environment)
            steps, work = _prepare(request, settings, machine, console, environment)
            if work:
                carry_out(steps, work)
            else:
                _refresh_stamp(request.project, environment)
    except OSError as error:
        raise _about_the_disk(error, request.project) from error
    return Outcome(environment, steps, time.monotonic() - began)


def _prepare(
    request: Request, settings: Settings, machine: Machine, console: Console, environment: Environment
) -> tuple[tuple[Step, ...], Work | None]:
    trouble = health(environment, request.project, settings.pins)
    if trouble is None and not request.recreate and not _other_python_asked(request, environment, machine):
        return (), None
    make_plan(
        Situation(trouble, False, request.recreate, "", "", ())
    )  # refuses what is not ours, before anything is fetched
    rebuild = request.recreate or trouble is None or trouble.kind in ("missing", "broken")
    # What the system offers belongs to one Python: an environment of another one cannot be opened to it.
    rebuild = rebuild or (environment.is_one and environment.sees_system != settings.system_packages)
    if trouble:
        console.say(trouble.sentence)
    choice = _interpreter(request, settings, machine, environment, keep=not rebuild)
    console.detail("\n".join(f"passed over {each.candidate}: {each.reason}" for each in choice.refused))
    interpreter = choice.interpreter
    if interpreter.conda:
        console.warn("this Python belongs to conda: if that conda environment is removed, .venv stops working")
    wheelhouse = _wheelhouse(request.project)
    engine = _engine(request, settings, machine, console, wheelhouse)
    dropped = () if rebuild else _dropped(request.project, environment, settings)
    shown = f"Python {interpreter.dotted} ({interpreter.path})"
    situation = Situation(
        trouble,
        environment.is_one,
        rebuild,
        shown,
        _named(engine),
        settings.pins,
        dropped,
        settings.source,
        settings.system_packages,
    )
    steps = make_plan(situation)
    if not request.dry_run:
        doing = "Making" if rebuild else "Updating"
        console.say(f"{doing} .venv with {shown} and {_named(engine)}.")
    return steps, _work(request, settings, machine, console, environment, engine, interpreter, wheelhouse, dropped)


def _work(
    request: Request,
    settings: Settings,
    machine: Machine,
    console: Console,
    environment: Environment,
    engine: Engine,
    interpreter: Interpreter,
    wheelhouse: Path | None,
    dropped: tuple[str, ...],
) -> Work:
    files = tuple(request.project / name for name in settings.pins)
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
    order = Order(
        files=files,
        pip_file=environment.folder / "bootstrap-pip.txt",
        wheelhouse=wheelhouse if request.offline or wheelhouse else None,
        offline=request.offline,
        hashed=all("--hash=" in text for text in texts if pins.read_pins(text)),
        complete=all(text.startswith(LOCKED) for text in texts),
    )
    requirement = tools.pinned("pip").requirement
    if isinstance(engine, PipEngine) and not engine.pip.is_pinned:
        requirement = f"pip=={engine.pip.version}\n"
    inputs = ("bootstrap/settings.ini", "bootstrap/tools.txt", ".python-version", *settings.pins)
    return Work(
        request.project,
        environment,
        settings,
        machine,
        console,
        engine,
        interpreter,
        order,
        requirement,
        dropped,
        inputs,
    )


def _refuse_conflicts(project: Path, settings: Settings) -> None:
    for name in settings.pins:
        file = project / name
        if not file.is_file():
            raise Failure(
                f"{name} is missing.",
                "bootstrap/settings.ini names it as a pin file.",
                "bootstrap lock   (or git checkout it)",
            )
        if pins.has_conflict_markers(file.read_text(encoding="utf-8", errors="replace")):
            raise Failure(
                f"{name} holds merge-conflict markers (<<<<<<<), so nothing was installed.",
                "A merge or an update left two versions of the pins in it.",
                f"take one side (git checkout --theirs {name}), then run this again",
            )


def _other_python_asked(request: Request, environment: Environment, machine: Machine) -> bool:
    """Tell whether --python names another Python than the one that the environment has."""
    if not request.python:
        return False
    if request.python.replace(".", "").isdigit():
        return (environment.version + ".").startswith(request.python + ".") is False
    asked = interpreters.probe(request.python, machine)
    here = interpreters.probe(environment.python, machine)
    return not (isinstance(asked, Interpreter) and isinstance(here, Interpreter) and asked.path.samefile(here.path))


def _interpreter(
    request: Request, settings: Settings, machine: Machine, environment: Environment, *, keep: bool
) -> Choice:
    if keep and not request.python:
        found = interpreters.probe(environment.python, machine)
        if isinstance(found, Refused):
            raise Failure(
                f"the Python of {environment.folder.name} does not work: {found.reason}.", "", "bootstrap --recreate"
            )
        return Choice(found, "the present environment")
    return search.choose(settings, machine, request.project, request.python)


def _engine(
    request: Request, settings: Settings, machine: Machine, console: Console, wheelhouse: Path | None
) -> Engine:
    asked = request.installer or settings.installer
    if asked in ("auto", "uv"):
        found = tools.find_uv(machine, wheelhouse)
        if found:
            return UvEngine(found)
        if asked == "uv" and not request.dry_run:
            return UvEngine(tools.fetch_uv(machine, console, wheelhouse, offline=request.offline))
    if request.dry_run:
        return PipEngine(tools.Pip(Path("pip"), tools.pinned("pip").version, Path()))
    return PipEngine(tools.pip_tool(machine, console, wheelhouse, offline=request.offline))


def _named(engine: Engine) -> str:
    return "uv" if isinstance(engine, UvEngine) else f"pip {engine.pip.version}"


def _wheelhouse(project: Path) -> Path | None:
    folder = project / "wheelhouse"
    return folder if folder.is_dir() and next(folder.glob("*.whl"), None) else None


def _dropped(project: Path, environment: Environment, settings: Settings) -> tuple[str, ...]:
    written = stamp.read(str(environment.folder))
    if written is None:
        return ()
    before = "\n".join(
        (text or b"").decode("utf-8", "replace") for name, text in written[1].items() if name.endswith(".txt")
    )
    now = set(pins.read_pins(pin_text(project, settings.pins))) | {"pip", "uv"}
    present = pins.installed(environment.site_packages)
    return tuple(sorted(name for name in pins.read_pins(before) if name not in now and name in present))


def _refresh_stamp(project: Path, environment: Environment) -> None:
    """Note what changed without harm, such as a package installed by hand, so that the next run is quick again."""
    written = stamp.read(str(environment.folder))
    if written:
        header = {**written[0], "installed": stamp.distributions(str(environment.site_packages))}
        stamp.write(str(environment.folder), header, stamp.read_inputs(str(project), list(written[1])))


def _about_the_disk(error: OSError, project: Path) -> Failure:
    import errno

    asks = {
        errno.ENOSPC: "free some space",
        errno.EROFS: "copy the project to a folder you can write to",
        errno.EACCES: f"make {project} yours (ls -ld shows whose it is), or copy the project elsewhere",
        errno.EPERM: f"make {project} yours (ls -ld shows whose it is), or copy the project elsewhere",
    }
    return Failure(
        f"{error.filename or project}: {error.strerror or error}.",
        "The environment could not be written; what was there before is still there.",
        f"{asks.get(error.errno or 0, 'see to that')}, then run this again",
    )


def describe(trouble: Trouble | None) -> str:
    """Return one line on the state of the environment."""
    return "matches the pins" if trouble is None else trouble.reason
