"""Gather the facts of one job, and return the plan with all that its steps work on."""

from __future__ import annotations

from pathlib import Path

from . import editable, interpreters, pins, search, stamp, tools
from .console import Console
from .engines import LOCKED, Engine, Order, PipEngine, UvEngine
from .environment import Environment, Trouble, health, pin_text
from .failure import Failure
from .interpreters import Interpreter, Refused
from .machine import Machine
from .place import warning_for_rosetta
from .plan import Situation, Step, make_plan
from .record import Record
from .search import Choice
from .settings import Settings
from .work import Work


class Request(Record):
    """What the person asked for."""

    project: Path
    python: str | None = None
    installer: str | None = None
    offline: bool = False
    recreate: bool = False
    dry_run: bool = False
    wheelhouse: Path | None = None
    """A folder of wheels elsewhere, in place of the project's own."""
    beyond_wheelhouse: bool = False
    """Whether the index is asked even where the project has wheels of its own."""


class Job(Record):
    """One request, and the world it is made in."""

    request: Request
    settings: Settings
    machine: Machine
    console: Console
    environment: Environment

    @property
    def wheelhouse(self) -> Path | None:
        """Return the folder of wheels: the one that was asked for, or the project's own when it has one."""
        folder = self.request.wheelhouse or self.request.project / "wheelhouse"
        if self.request.beyond_wheelhouse:
            return None
        return folder if folder.is_dir() and next(folder.glob("*.whl"), None) else None


def prepare(job: Job) -> tuple[tuple[Step, ...], Work | None]:
    """Return the steps that are needed, and what they work on; no steps and None when all is well."""
    trouble = health(job.environment, job.request.project, job.settings.pins)
    other = _other_python_asked(job)
    if trouble is None and not job.request.recreate and not other:
        return (), None
    # Refuses what is not ours, before anything is looked for or fetched.
    make_plan(Situation(trouble, False, job.request.recreate, "", "", ()))
    rebuild = other or job.request.recreate or trouble is None or trouble.kind in ("missing", "broken")
    # What the system offers belongs to one Python: an environment of another one cannot be opened to it.
    rebuild = rebuild or (job.environment.is_one and job.environment.sees_system != job.settings.system_packages)
    if trouble:
        job.console.say(trouble.sentence)
    interpreter = _interpreter(job, keep=not rebuild)
    engine = _engine(job)
    dropped = () if rebuild else _dropped(job)
    steps = make_plan(_situation(job, trouble, rebuild, interpreter, engine, dropped))
    if not job.request.dry_run:
        doing = "Making" if rebuild else "Updating"
        job.console.say(f"{doing} .venv with {_shown(interpreter)} and {_named(engine)}.")
    return steps, _work(job, engine, interpreter, dropped)


def _situation(
    job: Job,
    trouble: Trouble | None,
    rebuild: bool,
    interpreter: Interpreter,
    engine: Engine,
    dropped: tuple[str, ...],
) -> Situation:
    return Situation(
        trouble,
        job.environment.is_one,
        rebuild,
        _shown(interpreter),
        _named(engine),
        job.settings.pins,
        dropped,
        job.settings.source,
        _installs_itself(job),
        job.settings.system_packages,
    )


def _installs_itself(job: Job) -> bool:
    # Production's pins hold no build backend: there the project arrives as a wheel.
    return job.settings.editable and not job.settings.production_only


def _work(job: Job, engine: Engine, interpreter: Interpreter, dropped: tuple[str, ...]) -> Work:
    project = job.request.project
    names = pins.with_included(project, job.settings.pins)
    own = editable.INPUTS if _installs_itself(job) else (stamp.WATCHED,)
    order = _order(job, [(project / name).read_text(encoding="utf-8", errors="replace") for name in names])
    return Work(
        project=project,
        environment=job.environment,
        settings=job.settings,
        machine=job.machine,
        console=job.console,
        engine=engine,
        interpreter=interpreter,
        order=order,
        pip_requirement=_pip_requirement(engine, hashed=order.hashed),
        dropped=dropped,
        inputs=("bootstrap/settings.ini", "bootstrap/tools.txt", ".python-version", *names, *own),
    )


def _order(job: Job, texts: list[str]) -> Order:
    complete = all(text.startswith(LOCKED) for text in texts)
    return Order(
        files=tuple(job.request.project / name for name in job.settings.pins),
        pip_file=job.environment.folder / "bootstrap-pip.txt",
        wheelhouse=job.wheelhouse,
        offline=job.request.offline,
        # As pip sees it: one hash anywhere asks for a hash everywhere.
        hashed=complete or any("--hash=" in text for text in texts),
        complete=complete,
    )


def _pip_requirement(engine: Engine, *, hashed: bool) -> str:
    tool = tools.pinned("pip")
    if isinstance(engine, PipEngine) and not engine.pip.is_pinned:
        return f"pip=={engine.pip.version}\n"
    # One hash among requirements without any would ask for a hash from all of them.
    return tool.requirement if hashed else f"pip=={tool.version}\n"


def _other_python_asked(job: Job) -> bool:
    """Tell whether --python names another Python than the one that the environment has."""
    asked = job.request.python
    if not asked or not job.environment.is_one:
        return False
    if asked.replace(".", "").isdigit():
        return not (job.environment.version + ".").startswith(asked + ".")
    there = interpreters.probe(asked, job.machine)
    here = interpreters.probe(job.environment.python, job.machine)
    return not (isinstance(there, Interpreter) and isinstance(here, Interpreter) and there.path.samefile(here.path))


def _interpreter(job: Job, *, keep: bool) -> Interpreter:
    choice = _choice(job, keep=keep)
    for each in choice.refused:
        job.console.detail(f"passed over {each.candidate}: {each.reason}")
    if choice.interpreter.conda:
        job.console.warn("this Python belongs to conda: if that conda environment is removed, .venv stops working")
    if warning := warning_for_rosetta(job.machine, choice.interpreter.platform):
        job.console.warn(warning)
    return choice.interpreter


def _choice(job: Job, *, keep: bool) -> Choice:
    if not keep:
        return search.choose(job.settings, job.machine, job.request.project, job.request.python)
    found = interpreters.probe(job.environment.python, job.machine)
    if isinstance(found, Refused):
        raise Failure(f"the Python of .venv does not work: {found.reason}.", "", "bootstrap --recreate")
    return Choice(found, "the present environment")


def _engine(job: Job) -> Engine:
    request, machine, console = job.request, job.machine, job.console
    asked = request.installer or job.settings.installer
    if asked in ("auto", "uv"):
        found = tools.find_uv(machine, job.wheelhouse)
        if found:
            return UvEngine(found)
        if asked == "uv" and not request.dry_run:
            return UvEngine(tools.fetch_uv(machine, console, job.wheelhouse, offline=request.offline))
    if request.dry_run:
        return PipEngine(tools.Pip(Path("pip"), tools.pinned("pip").version, Path()))
    return PipEngine(tools.pip_tool(machine, console, job.wheelhouse, offline=request.offline))


def _named(engine: Engine) -> str:
    return "uv" if isinstance(engine, UvEngine) else f"pip {engine.pip.version}"


def _shown(interpreter: Interpreter) -> str:
    return f"Python {interpreter.dotted} ({interpreter.path})"


def _dropped(job: Job) -> tuple[str, ...]:
    """Return what an earlier run installed and the pins no longer name, as far as it is still there."""
    written = stamp.read(str(job.environment.folder))
    if written is None:
        return ()
    texts = (text for name, text in written[1].items() if text and name.endswith(".txt"))
    before = "\n".join(text.decode("utf-8", "replace") for text in texts)
    now = set(pins.read_pins(pin_text(job.request.project, job.settings.pins))) | {"pip", "uv"}
    present = pins.installed(job.environment.site_packages)
    dropped = {name for name in pins.read_pins(before) if name not in now and name in present}
    if not _installs_itself(job):
        dropped.update(pins.editable_from(job.request.project, job.environment.site_packages))
    return tuple(sorted(dropped))
