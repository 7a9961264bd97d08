"""Write down, as a script to read and run step by step, how to take back what was forced; nothing is done here."""

from __future__ import annotations

import os
import shlex
import time

from .forced import Forced, files
from .managers import Manager, command

_HEAD = """\
#!/bin/sh
# Rollback plan of {day}, written by `bootstrap doctor`, which changed nothing itself.
#
# It takes away what pip was forced to put beside {manager}'s packages, and repairs what that damaged:
{found}
#
# Read it, then run it as yourself (sh {file}), or start sh and paste it step by step; what needs root says as_root.
# Running it twice does no harm. To go back afterwards: see the last lines.
set -eu
snapshot=${{SNAPSHOT:-$PWD/{file}.snapshot}}
cd /
as_root() {{ if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }}
# The names whose record is still there: else pip would look for another package of that name, and find the system's.
still() {{ for each in "$@"; do if [ -e "${{each#*=}}" ]; then echo "${{each%%=*}}"; fi; done; }}
# The two see only what is meant: never your own packages as root, and yours also under sudo.
for_all() {{ as_root env PYTHONNOUSERSITE=1 PIP_ROOT_USER_ACTION=ignore PIP_BREAK_SYSTEM_PACKAGES=1 "$@"; }}
for_me() {{ base=$1; shift; env PYTHONUSERBASE="$base" PIP_ROOT_USER_ACTION=ignore PIP_BREAK_SYSTEM_PACKAGES=1 "$@"; }}
"""

_BACK = """
echo "Done. Look: sh bootstrap.sh doctor"
# To go back to where this began:
#   as_root tar -xpf "$snapshot/files.tar" -C /
"""


def plan(
    forced: list[Forced], damaged: dict[str, str], theirs: set[str], manager: Manager | None, file: str, pip: list[str]
) -> str:
    """Return the script.

    `damaged` is file -> package; `theirs` are files that the manager owns, never removed here; `pip` is a command that
    takes --python, for a Python that has no pip of its own, else empty.
    """
    packages = sorted(set(damaged.values()))
    found = [f"#   {each.name} {each.version} in {' '.join(each.place.split())}" for each in forced]
    found += [f"#   {len(damaged)} damaged files of {', '.join(packages)}"] if packages else []
    head = _HEAD.format(
        day=time.strftime("%Y-%m-%d"), manager=manager.name if manager else "the system", found="\n".join(found),
        file=shlex.quote(os.path.basename(file)),
    )  # fmt: skip
    steps = [_snapshot(forced, manager)]
    repairs = manager is not None and bool(packages)
    if manager and repairs:
        steps.append(
            (
                "Fetch what will be repaired, so that nothing is removed if that fails",
                [_as_root(manager.fetch, packages)],
            )
        )
    steps.append(("Uninstall", _uninstall(forced, theirs | set(damaged), pip)))
    if manager and repairs:
        steps.append(("Repair the system's packages", [_as_root(manager.repair, packages)]))
    steps.append(_verify(packages, manager))
    told = [f'\necho "Step {n}. {title}"\n' + "\n".join(lines) for n, (title, lines) in enumerate(steps, 1)]
    return head + "\n".join(told) + "\n" + _BACK


def _as_root(template: str, packages: list[str]) -> str:
    return f"as_root {shlex.join(command(template, *packages))}"


def _snapshot(forced: list[Forced], manager: Manager | None) -> tuple[str, list[str]]:
    paths = sorted({path for each in forced for path in _roots(each)})
    lines = ['mkdir -p "$snapshot"']
    lines += [f'{manager.listing} | sort > "$snapshot/packages.before"'] if manager and manager.listing else []
    lines.append("for each in \\")
    lines += [f"    {shlex.quote(path.lstrip('/'))} \\" for path in paths]
    lines.append('; do if [ -e "/$each" ]; then printf "%s\\n" "$each"; fi; done > "$snapshot/files.txt"')
    # A second run finds less: what the first one kept is the way back.
    lines.append('[ -e "$snapshot/files.tar" ] || as_root tar -cpf "$snapshot/files.tar" -C / -T "$snapshot/files.txt"')
    return "Keep what is there now", lines


def _roots(forced: Forced) -> set[str]:
    """Return what belongs to a package, whole folders where they lie in its place: short enough to be read."""
    found = {forced.metadata}
    for path in files(forced):
        inside = os.path.relpath(path, forced.place).split(os.sep)
        if inside[0] == os.pardir:
            found.add(path)
        elif inside[0] != "__pycache__":
            found.add(os.path.join(forced.place, inside[0]))
    return found


def _uninstall(forced: list[Forced], theirs: set[str], pip: list[str]) -> list[str]:
    lines = [
        f"# pip cannot remove {shlex.quote(each.metadata)}: look into it yourself"
        for each in forced
        if not each.complete
    ]
    able = [each for each in forced if each.complete]
    # The user's own first; in each place pip last: it does the work.
    for kind, place in sorted({(each.kind, each.place) for each in able if each.kind != "system"}, reverse=True):
        here = sorted((each for each in able if each.place == place), key=lambda each: (each.name == "pip", each.name))
        base = os.path.dirname(os.path.dirname(os.path.dirname(place)))
        who = ["for_me", base] if kind == "user" else ["for_all"]
        runs = [*pip, "--python", here[0].python] if pip else [here[0].python, "-m", "pip"]
        names = " \\\n    ".join(shlex.quote(f"{each.name}={each.metadata}") for each in here)
        lines.append(f"names=$(still \\\n    {names})")
        lines.append(f'[ -z "$names" ] || {shlex.join([*who, *runs, "uninstall", "--yes"])} $names')
    for each in able:
        lines += _by_hand(each, theirs) if each.kind == "system" else []
    return lines


def _by_hand(forced: Forced, theirs: set[str]) -> list[str]:
    # Debian's pip refuses to remove anything from here, another pip would take the distribution's files along.
    mine = sorted(set(files(forced)) - theirs)
    body = " \\\n    ".join(shlex.quote(path) for path in mine)
    folders = sorted(path for path in _roots(forced) if os.path.isdir(path))
    empty = [
        f"if [ -d {shlex.quote(path)} ]; then as_root find {shlex.quote(path)} -depth -type d -empty -delete; fi"
        for path in folders
    ]
    return [f"as_root rm -f -- \\\n    {body}", *empty]


def _verify(packages: list[str], manager: Manager | None) -> tuple[str, list[str]]:
    if manager is None or not manager.listing:
        return "Verify", ["# Start the programs that you use, and run doctor again."]
    lines = [
        f'{manager.listing} | sort > "$snapshot/packages.after"',
        'cmp "$snapshot/packages.before" "$snapshot/packages.after"',
    ]
    if packages and "audit" not in manager.verify:
        lines.append(
            f"{_as_root(manager.verify, packages)} || echo 'Look at the files named above.'   # no file is good news"
        )
    return "Verify", lines
