"""Carry out the steps of a plan, one small function each."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from . import editable, pins, stamp
from .activators import write_missing
from .configuration import engine_environment
from .engines import PipEngine, create_of_copies
from .environment import pin_text
from .failure import Failure
from .filling import fill
from .process import Finished, run
from .transaction import recover, remove, rename
from .work import Work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plan import Name, Step


def carry_out(steps: tuple[Step, ...], work: Work) -> None:
    """Do each step; after a failure the environment that was there before is back in its place."""
    done: list[Name] = []
    try:
        for step in steps:
            work.console.detail(f"step: {step.says}")
            _DOING[step.name](work)
            done.append(step.name)
    except BaseException:
        if "set aside" in done and "stamp" not in done:
            recover(work.environment)
        elif "create" in (step.name for step in steps) and "stamp" not in done:
            remove(work.environment.folder)
        raise


def _set_aside(work: Work) -> None:
    rename(work.environment.folder, work.environment.aside)


def _create(work: Work) -> None:
    folder = work.environment.folder
    folder.mkdir(exist_ok=True)
    # From its first instant the folder can be told for an environment, should this run be killed.
    (folder / "pyvenv.cfg").touch()
    # Python before 3.13 writes none, and then the environment ends up in git (FAILURES E15).
    (folder / ".gitignore").write_text("*\n", encoding="ascii")
    command = work.engine.create(work.interpreter, work.environment)
    if os.name != "nt" and not _knows_links(folder):
        # Before 3.15 venv links lib64 even with --copies, unless it is there; uv has no copies (FAILURES B14).
        (folder / "lib64").mkdir(exist_ok=True)
        command = create_of_copies(work.interpreter, work.environment)
    done = work.run(command, "creating .venv")
    if done.code != 0 or not work.environment.python.exists():
        raise Failure(
            f"{work.interpreter.path} could not create .venv (exit code {done.code}).",
            done.output.strip(),
            f"see what it says: {work.pasteable(command)}",
        )
    write_missing(str(folder))


def _knows_links(folder: Path) -> bool:
    """Tell whether this disk has symbolic links; exFAT and some network drives have not."""
    link = folder / "link"
    try:
        link.symlink_to("pyvenv.cfg")
        link.unlink()
    except OSError:
        return False
    return True


def _see_system(folder: Path, wanted: str) -> None:
    file = folder / "pyvenv.cfg"
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.partition("=")[0].strip() != "include-system-site-packages"]
    unfinished = folder / "pyvenv.cfg.new"
    unfinished.write_text("\n".join([*kept, f"include-system-site-packages = {wanted}"]) + "\n", encoding="utf-8")
    unfinished.replace(file)


def _open(work: Work) -> None:
    # Only now: while it sees them, pip takes a system package for the pinned one ("already satisfied", FAILURES C12).
    _see_system(work.environment.folder, "true")


def _mark(work: Work) -> None:
    written = stamp.read(str(work.environment.folder))
    if written:
        stamp.write(str(work.environment.folder), {**written[0], "state": "changing"}, written[1])


def _install(work: Work) -> None:
    if work.environment.sees_system:
        _see_system(work.environment.folder, "false")
    if isinstance(work.engine, PipEngine):
        from .seed import plant_pip  # uv does this itself

        plant_pip(work.engine.pip, work.environment)
    work.order.pip_file.write_text(work.pip_requirement, encoding="utf-8")
    before = stamp.distributions(str(work.environment.site_packages))
    done = fill(work)
    work.order.pip_file.unlink()
    if done.code != 0:
        if stamp.distributions(str(work.environment.site_packages)) == before:
            _unmark(work)
        raise _explained(done, work)


def _explained(done: Finished, work: Work) -> Failure:
    from .network import explain  # brings all of HTTP with it

    return explain(done, work.machine)


def _unmark(work: Work) -> None:
    """Trust the environment again as it was: the installer failed before it changed anything."""
    written = stamp.read(str(work.environment.folder))
    if written:
        stamp.write(str(work.environment.folder), {**written[0], "state": _state(work)}, written[1])


def _state(work: Work) -> str:
    # Whoever comes next without --prod has something to do.
    return "production" if work.settings.production_only else "complete"


def _uninstall(work: Work) -> None:
    done = work.run(work.engine.uninstall(work.environment, list(work.dropped)), "removing what the pins dropped")
    if done.code != 0:
        raise _explained(done, work)


def _link(work: Work) -> None:
    source = work.project / work.settings.source
    # A relative line would be read from site-packages, which differs between systems.
    (work.environment.site_packages / "_project.pth").write_bytes(os.fsencode(f"{source}\n"))


def _editable(work: Work) -> None:
    command = work.engine.install_editable(work.environment, work.project)
    work.console.detail(f"run: {work.pasteable(command)}")
    environ = editable.isolated(engine_environment(work.machine, work.engine.name))
    done = run(command, environ=environ)
    if done.code != 0:
        raise editable.refused(done, work.engine)
    former = editable.renamed(work.project, work.environment)
    if former:
        work.run(work.engine.uninstall(work.environment, former), "removing the project's former name")


def _verify(work: Work) -> None:
    present = pins.installed(work.environment.site_packages)
    wrong = pins.differences(pin_text(work.project, work.settings.pins), present)
    if "pip" not in present:
        wrong.append("pip is not installed")
    if wrong:
        raise Failure(
            f"{work.engine.name} reported success, yet the environment differs from its pins.",
            "\n".join(f"  {each}" for each in wrong[:10]),
            "look for target, prefix, root or dry-run in pip's configuration (`python3 -m pip config list`), "
            "then run this again with --recreate",
        )


def _stamp(work: Work) -> None:
    folder = str(work.environment.folder)
    library = str(work.environment.site_packages)
    header = {
        "state": _state(work),
        "pins": " ".join(work.settings.pins),
        "folder": folder,
        "machine": stamp.machine(),
        "interpreter": stamp.interpreter_identity(folder),
        "python": work.environment.version,
        "installer": work.engine.name,
        "site-packages": library,
        "installed": stamp.distributions(library),
        "try": work.settings.try_it,
    }
    stamp.write(folder, header, stamp.read_inputs(str(work.project), list(work.inputs)))


def _discard(work: Work) -> None:
    try:
        remove(work.environment.aside)
    except OSError as error:
        work.console.warn(
            f"the former environment could not be removed: {error}; delete {work.environment.aside} yourself"
        )


_DOING: dict[Name, Callable[[Work], None]] = {
    "set aside": _set_aside,
    "create": _create,
    "mark": _mark,
    "install": _install,
    "uninstall": _uninstall,
    "link": _link,
    "editable": _editable,
    "open": _open,
    "verify": _verify,
    "stamp": _stamp,
    "discard": _discard,
}
