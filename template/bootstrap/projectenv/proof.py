"""Prove that pins have wheels: uv chooses a file for each of them, as it would on every platform and every Python."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from .failure import Failure
from .resolver import Uv
from .targets import combinations

_LACKS = re.compile(r"Because (?P<name>[A-Za-z0-9._-]+)(?:\{[^}]*\})?==(?P<version>\S+) has no (?:usable )?wheels")
_SHOWN = 12


def missing_wheels(uv: Uv) -> list[str]:
    """Return, in words, what has no wheel for a platform and a Python that settings.ini names."""
    pairs = list(combinations(uv.settings))
    with uv.console.progress("looking for wheels for every platform and Python"), ThreadPoolExecutor(4) as several:
        proofs = several.map(lambda pair: uv.prove(pair[0], pair[1], ["all.txt"]), pairs)
        lacking: dict[str, list[tuple[str, str]]] = {}
        for (target, python), done in zip(pairs, proofs, strict=True):
            if done.code != 0:
                found = _LACKS.search(done.output)
                if not found:
                    raise _not_proven(target.name, python, done.output)
                lacking.setdefault(f"{found['name']} {found['version']}", []).append((target.name, python))
    every = [(target.name, python) for target, python in pairs]
    return [f"{what} has none for {_joined(places, every)}" for what, places in lacking.items()]


def _not_proven(target: str, python: str, told: str) -> Failure:
    """Return the failure for an answer of another kind, such as a wheel that came later than the hashes of its pin."""
    return Failure(
        f"uv could not choose a file for every pin on {target} with Python {python}.",
        told.strip(),
        "bootstrap lock --upgrade PKG   for the package that it names",
    )


def _joined(places: list[tuple[str, str]], every: list[tuple[str, str]]) -> str:
    """Return (platform, Python) pairs in words, each platform once and those alike together."""
    alike: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for name, _ in places):
        pythons = [python for each, python in places if each == name]
        everywhere = len(pythons) == sum(each == name for each, _ in every)
        alike.setdefault("" if everywhere else f" with Python {', '.join(pythons)}", []).append(name)
    return "; ".join(f"{', '.join(names)}{pythons}" for pythons, names in alike.items())


def refuse_missing_wheels(uv: Uv) -> None:
    """Raise a Failure that names what has no wheel, and for which platform and Python."""
    missing = missing_wheels(uv)
    if missing:
        shown = [*missing[:_SHOWN], *(["..."] if len(missing) > _SHOWN else [])]
        name = missing[0].partition(" ")[0]
        raise Failure(
            "there are not wheels for every platform and Python that bootstrap/settings.ini names.",
            "\n".join(f"  {line}" for line in shown),
            "in bootstrap/settings.ini, take that platform out of `targets`, or narrow oldest-python or newest-python;\n"
            f"      or ask for another version of it; or allow building it: `build = {name}` under [lock]",
        )
