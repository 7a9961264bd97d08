"""Fill an environment with what is ordered: by one command, or from the pool of wheels where pip has them all."""

from __future__ import annotations

import re

from . import pool, stamp
from .engines import PipEngine
from .environment import pin_text
from .pins import read_pins
from .process import Finished
from .record import replace
from .work import Work


def fill(work: Work) -> Finished:
    """Install what is ordered and return what the installer left behind."""
    pins = pin_text(work.project, work.settings.pins)
    what = f"{len(read_pins(pins))} packages"
    if isinstance(work.engine, PipEngine):
        done = _from_pool(work, work.engine, pins, what)
        if done:
            return done
    return work.run(work.engine.install(work.environment, work.order), f"installing {what} with {work.engine.name}")


def _from_pool(work: Work, engine: PipEngine, pins: str, what: str) -> Finished | None:
    """Install with pip from the wheels that are kept, fetched first where needed; None where the index has to be asked."""
    order = work.order
    if not (order.complete and order.hashed and engine.pip.is_pinned) or order.wheelhouse or work.settings.build:
        return None
    note = pool.note_for(pins, engine.pip.version, work.interpreter, work.machine)
    if note is None:
        return None
    before = stamp.distributions(str(work.environment.site_packages))
    if not pool.recall(note):
        # Where most is installed already, pip asks the index for the rest only.
        if order.offline or any(not name.startswith("pip-") for name in before.split()):
            return None
        fetched = work.run(engine.fetch(work.environment, order, note.parent), f"fetching {what}")
        if fetched.code != 0:
            return None if _lacks_a_wheel(fetched) or _cannot_be_kept(fetched) else fetched
        if not (pool.keep(note, fetched.output) and pool.recall(note)):
            return None
        pool.sweep(note.parent)
    install = engine.install(work.environment, replace(order, wheelhouse=note.parent))
    # pip asks lsb_release, uname and rustc what to tell an index of this machine; here no index is asked.
    done = work.run(install, f"installing {what} with pip", alone=True)
    if done.code != 0 and stamp.distributions(str(work.environment.site_packages)) == before:
        note.unlink(missing_ok=True)  # a wheel is not what it was: the index has them all
        return None
    return done


def _lacks_a_wheel(fetched: Finished) -> bool:
    """Tell whether there is no wheel for this machine, so that pip may build one; all else would fail a second time."""
    # pip ends with the same words where the index could not be reached (FAILURES, section D).
    reached = "WARNING: Retrying" not in fetched.output and "Could not fetch URL" not in fetched.output
    return reached and "No matching distribution" in fetched.output


def _cannot_be_kept(fetched: Finished) -> bool:
    """Tell whether the cache's disk is full or cannot be written: that of the project may be another."""
    return bool(re.search(r"Errno (28|122|13|30)\]|WinError (112|5)\]", fetched.output))
