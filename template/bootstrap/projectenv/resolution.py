"""Resolve what is declared into pins with uv, for every platform and Python at once, and prove that wheels exist."""

from __future__ import annotations

import os
import re
import time

from .declaration import Declaration
from .failure import Failure
from .index import why_missing
from .lockfile import blocks, order, preferences, tidy, without
from .network import explain
from .pins import normalised, read_pins
from .process import Finished
from .proof import refuse_missing_wheels
from .resolver import Uv, lay_out
from .targets import named


def resolve(uv: Uv, declaration: Declaration, old: dict[str, str]) -> dict[str, str]:
    """Return the pins of each layer, without header; together they are one resolution, so that they agree.

    Failure when the declaration cannot be met, or a named platform has no wheel.
    """
    lay_out(uv.folder, declaration, uv.settings, named(uv.settings))
    options = _renewing(uv, old)
    done = uv.compile(declaration.layers, "all.txt", *options)
    young = _gone_back(uv, old) if done.code == 0 and uv.wish.cooldown else []
    if young:
        options += young
        done = uv.compile(declaration.layers, "all.txt", *options)
    if done.code != 0:
        raise _why_not(uv, declaration, done, options)
    whole = (uv.folder / "all.txt").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for place, layer in enumerate(declaration.layers):
        if place == len(declaration.layers) - 1:
            text = whole
        else:
            (uv.folder / layer.pins.replace("/", "-")).write_text(whole, encoding="utf-8")
            done = uv.compile(declaration.layers[: place + 1], layer.pins.replace("/", "-"), "-c", "all.txt", *options)
            if done.code != 0:
                raise explain(done, uv.machine)
            text = (uv.folder / layer.pins.replace("/", "-")).read_text(encoding="utf-8")
        found[layer.pins] = without(tidy(text, f"{uv.project}{os.sep}"), found.values())
    refuse_missing_wheels(uv)
    if set(blocks(whole)) - set(blocks("".join(old.values()))):
        for line in _held_back(uv, declaration, whole, options):
            uv.console.warn(line)
    return found


def _held_back(uv: Uv, declaration: Declaration, whole: str, options: list[str]) -> list[str]:
    """Return, in words, what was resolved to an older version because newer ones lack a wheel for a platform."""
    lay_out(uv.folder, declaration, uv.settings, [])
    (uv.folder / "free.txt").write_text((uv.folder / "preferred.txt").read_text(encoding="utf-8"), encoding="utf-8")
    if uv.compile(declaration.layers, "free.txt", *options).code != 0:
        return []
    free, chosen = read_pins((uv.folder / "free.txt").read_text(encoding="utf-8")), read_pins(whole)
    lowest = {name: (min(chosen[name], key=order), min(free[name], key=order)) for name in set(free) & set(chosen)}
    return [
        f"{name} is pinned to {here} somewhere, as {newer} has no wheel for every platform in bootstrap/settings.ini"
        for name, (here, newer) in sorted(lowest.items())
        if order(here) < order(newer)
    ]


def _why_not(uv: Uv, declaration: Declaration, done: Finished, options: list[str]) -> Failure:
    """Return why nothing was found: the network, missing wheels, or requirements that exclude each other."""
    failure = _not_reached(uv, declaration, done.output) or _not_asked(done.output)
    if failure:
        return failure
    if "No solution found" not in done.output:
        failure = explain(done, uv.machine)
        return Failure(failure.what.replace("be installed", "be pinned"), failure.why, failure.next_step)
    lay_out(uv.folder, declaration, uv.settings, [])
    if uv.compile(declaration.layers, "all.txt", *options).code == 0:
        try:
            refuse_missing_wheels(uv)
        except Failure as missing:
            return missing
    hints = r"\n\nhint: (While the active|The `requires-python`|Wheels are required).*?(?=\n\n|\Z)"
    told = re.sub(hints, "", done.output, flags=re.DOTALL)
    return Failure(
        "the declared requirements cannot be met.",
        "\n".join(f"  {line}" for line in told.strip().splitlines()),
        f"change what it names in {declaration.layers[0].source}, then: bootstrap lock",
    )


def _not_reached(uv: Uv, declaration: Declaration, told: str) -> Failure | None:
    """Return what the index itself says of a project for which uv found nothing at all."""
    nothing = re.search(r"there are no versions of (\S+)|Because (\S+) was not found in the package registry", told)
    if not nothing or uv.wish.offline:
        return None
    name = nothing[1] or nothing[2]
    failure = why_missing(name, name, uv.machine)
    if "404" in failure.what:
        why = f"You asked for it, {declaration.layers[0].source} declares it, or a package that is declared needs it."
        return Failure(f"the package index has no project called {name}.", why, "check how it is spelt")
    # An honest index has files of other versions; uv's own words say more than that.
    return None if "does not offer" in failure.what else failure


def _not_asked(told: str) -> Failure | None:
    """Return what our own options forbade to find."""
    if "missing an upload date" in told:
        why = "Its files carry no dates, so a cooldown leaves none of them."
        return Failure("the package index does not tell when releases came out.", why, "bootstrap lock --cooldown 0")
    if "network was disabled" not in told:
        return None
    name = re.search(r"Because (\S+) was not found in the cache", told)
    what = f"{name[1] if name else 'a package'} is not in uv's cache, and --offline forbids asking for it."
    return Failure(what, "", "the same without --offline")


def _renewing(uv: Uv, old: dict[str, str]) -> list[str]:
    """Lay out the pins to prefer, and return the options that say which may change."""
    upgrade = uv.wish.upgrade
    kept = "" if upgrade == () else preferences(old.values())
    for name in ("all.txt", "preferred.txt"):
        (uv.folder / name).write_text(kept, encoding="utf-8")
    options = [word for name in upgrade or () for word in ("--upgrade-package", name)]
    if uv.wish.cooldown:
        today = time.time()
        options += ["--exclude-newer", _moment(today - uv.wish.cooldown * 86400)]
        # What is pinned already stays, however new.
        names = dict.fromkeys(re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==", kept, re.M))
        stays = [name for name in names if name not in (upgrade or ())]
        options += [word for name in stays for word in ("--exclude-newer-package", f"{name}={_moment(today)}")]
    return options


def _gone_back(uv: Uv, old: dict[str, str]) -> list[str]:
    """Return options that keep a pin which is younger than the cooldown: it was chosen once, so it does not go back."""
    before, now = read_pins("\n".join(old.values())), read_pins((uv.folder / "all.txt").read_text(encoding="utf-8"))
    pairs = {name: (max(before[name], key=order), max(now[name], key=order)) for name in set(before) & set(now)}
    young = {name: was for name, (was, found) in pairs.items() if order(found) < order(was)}
    (uv.folder / "ceiling.txt").write_text("".join(f"{name}<={was}\n" for name, was in young.items()), encoding="utf-8")
    if young:
        kept = [pin for pin in blocks(preferences(old.values())) if normalised(re.split(r"[=\[ ]", pin)[0]) in young]
        (uv.folder / "all.txt").write_text("".join(kept), encoding="utf-8")
    words = [word for name in sorted(young) for word in ("--exclude-newer-package", f"{name}={_moment(time.time())}")]
    return [*words, "-c", "ceiling.txt"] if young else []


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
