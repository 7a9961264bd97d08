"""Declare packages, or declare them no longer; then pin and install. When any of it fails, every file is as it was."""

from __future__ import annotations

from pathlib import Path

from .. import edits, pins
from ..console import Console
from ..declaration import Declaration, Layer, read_declaration
from ..ensure import Outcome, ensure
from ..failure import Failure
from ..lockfile import changes, order
from ..machine import Machine
from ..preparation import Request
from ..ready import tell_done
from ..record import Record, replace
from ..resolver import Wish
from ..settings import Settings
from ..turn import our_turn
from .lock import TURN, find_or_fetch_uv, headed, read_pin_files, resolve_pins, tell_changes, write_pin_files


class Edit(Record):
    """What to change in the declaration."""

    names: tuple[str, ...]
    """Requirements to add, or names to remove."""
    remove: bool = False
    group: str | None = None


def add(edit: Edit, request: Request, settings: Settings, machine: Machine, console: Console, wish: Wish) -> int:
    """Edit the declaration, lock and install; return the exit code."""
    for each in edit.names:
        edits.name_of(each)
    with our_turn(request.project / TURN, console):
        outcome = _all_or_nothing(edit, request, settings, machine, console, wish)
    if outcome:
        if not edit.remove and not request.offline and (request.project / "wheelhouse").is_dir():
            console.warn(
                "./wheelhouse lacks what was added, and whoever installs from it is stopped. Fetch it anew, or delete it."
            )
        tell_done(outcome, settings, console)
    else:
        console.say("Nothing was changed.")
    return 0


def _all_or_nothing(
    edit: Edit, request: Request, settings: Settings, machine: Machine, console: Console, wish: Wish
) -> Outcome | None:
    project = request.project
    declaration = read_declaration(project, settings, machine, console)
    old = read_pin_files(project, settings)
    changed = {layer.source for layer in declaration.layers} | set(settings.pins)
    before = {name: _bytes(project / name) for name in changed}
    try:
        uv = find_or_fetch_uv(project, machine, console, offline=wish.offline)
        _edit(edit, project, declaration, uv, machine)
        # What is asked for by name may be renewed; all else stays.
        wish = replace(wish, upgrade=None if edit.remove else tuple(map(edits.name_of, edit.names)))
        found, platform = resolve_pins(project, settings, machine, console, wish)
        if not edit.remove:
            floors = _with_floors(edit.names, "\n".join(found.values()))
            _edit(replace(edit, names=floors), project, declaration, uv, machine)
        new = headed(project, found, platform, settings, machine, console)
        tell_changes(console, changes("\n".join(old.values()), "\n".join(new.values())))
        if wish.dry_run:
            _restore(project, before)
            return None
        write_pin_files(project, new)
        # Wheels that were fetched before cannot hold what is added now.
        beyond = not (edit.remove or request.offline)
        return ensure(replace(request, beyond_wheelhouse=beyond), settings, machine, console)
    except BaseException as error:
        _restore(project, before)
        if isinstance(error, Failure):
            raise Failure(error.what, f"{error.why}\nNothing was changed.".lstrip("\n"), error.next_step) from error
        raise


def _edit(edit: Edit, project: Path, declaration: Declaration, uv: Path | None, machine: Machine) -> None:
    if not edit.remove:
        layer = edits.place_for(declaration, edit.group)
        if layer.source.endswith(".in"):
            edits.edit_in_file(project / layer.source, add=edit.names)
            return
        _refuse_foreign(layer)
        group = ("--group", edit.group) if edit.group else ()
        edits.edit_pyproject(uv, project / layer.source, machine, "add", *group, *edit.names)
        return
    for name in map(edits.name_of, edit.names):
        places = edits.places_of(declaration, project, name)
        if not places:
            raise _not_declared(name, declaration)
        for layer, found in places:
            if layer.source.endswith(".in"):
                edits.edit_in_file(project / layer.source, remove=[name])
                continue
            group = ("--group", found) if found else ()
            edits.edit_pyproject(uv, project / layer.source, machine, "remove", *group, name)


def _not_declared(name: str, declaration: Declaration) -> Failure:
    sources = " and ".join(dict.fromkeys(layer.source for layer in declaration.layers))
    why = f"{sources} does not name it; it may be there because another package needs it, or installed by hand."
    return Failure(f"{name} is not declared, so it cannot be removed.", why, "bootstrap check")


def _refuse_foreign(layer: Layer) -> None:
    if layer.dynamic or layer.source != "pyproject.toml":
        source = layer.source
        raise Failure(
            f"{source} cannot be edited from here.",
            "Only a build tells its requirements.",
            f"edit {source}, then: bootstrap lock",
        )


def _with_floors(names: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return the requirements; one without a version gets the oldest that was pinned, so that none goes far back."""
    known = pins.read_pins(text)
    return tuple(
        edits.with_floor(each, min(known[edits.name_of(each)], key=order))
        if edits.is_bare(each) and edits.name_of(each) in known
        else each
        for each in names
    )


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _restore(project: Path, before: dict[str, bytes | None]) -> None:
    for name, content in before.items():
        if content is None:
            (project / name).unlink(missing_ok=True)
        elif _bytes(project / name) != content:
            (project / name).write_bytes(content)
