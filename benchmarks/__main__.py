"""Measure the bootstrap beside the alternatives.

python -m benchmarks                 every contest, some tens of minutes
python -m benchmarks --short         those that a change is held against, some minutes
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks import copies, crowd, memory, rivals, ways
from benchmarks.bench import IMPORTS, Bench, prepare, private_folder
from benchmarks.budgets import PEAK, verdicts
from benchmarks.contest import Contest, saved
from benchmarks.ground import NEEDED, ground
from benchmarks.report import lines_of, lines_of_verdicts, write


def contests(bench: Bench, sizes: list[str], *, short: bool) -> Iterator[Contest]:
    """Yield the contests, none of them run yet."""
    rest = 0.0 if short else None  # what CI holds is loose enough to do without
    yield Contest("nothing to do", ways.nothing_to_do(bench), bench, 15 if short else 25, fresh=False, rest=0)
    for size in sizes:
        everyone = ways.environments(bench, size)
        budgeted = [way for way in everyone if way.key in ("classic", "ours-pip", "uv-pip", "ours-uv")]
        yield Contest(
            size, budgeted if short else everyone, bench, 2 if short else 7 if size == "small" else 3, rest=rest
        )
    small = copies.copies(bench, everything=not short, small=True)
    yield Contest("copier copy", small, bench, 4 if short else 10, rest=rest)
    if not short:
        yield Contest("copier copy, as shipped", copies.copies(bench, everything=True, small=False), bench, 3)
    yield Contest("doctor", crowd.crowded(bench), bench, 3 if short else 7, fresh=False, rest=0)
    yield Contest("copier update", copies.updates(bench), bench, 4 if short else 10, fresh=False, rest=rest)


def cold_contests(bench: Bench, sizes: list[str]) -> Iterator[Contest]:
    """Yield the contests whose every round begins with empty caches: the network is in them."""
    cold = replace(bench, cold=True)
    for size in sizes:
        yield Contest(f"{size}, cold", ways.environments(cold, size), cold, 2)


def measure(found: Iterator[Contest], options: argparse.Namespace) -> list[Contest]:
    """Run the contests; in a check, one that misses a budget is measured on: another program may have been in its way."""
    done = []
    for contest in found:
        if options.only and options.only not in (contest.work, contest.work.rpartition(" ")[2]):
            continue
        contest.run(options.rounds)
        if options.check and not all(verdict.is_held for verdict in verdicts([contest])):
            contest.run(contest.rounds * 2)
        if not options.short:
            contest.save()
        done.append(contest)
        print("\n".join(lines_of(contest)) + "\n", flush=True)
    return done


def main(arguments: list[str]) -> int:
    """Measure, print, and return 1 when asked to check and a budget is missed."""
    options = _options(arguments)
    sizes = [options.size] if options.size else ["small"] if options.short else list(IMPORTS)
    with ground(private_folder(), NEEDED[sizes[-1]], on_disk=options.disk) as place:
        return _compare(options, sizes, Bench(Path(options.python), private_folder(), place))


def _compare(options: argparse.Namespace, sizes: list[str], bench: Bench) -> int:
    prepare(bench, everything=not options.short)
    if not options.short:
        print("".join(f"{said}\n" for said in rivals.fetch(bench)), end="", flush=True)
    found = contests(bench, sizes, short=options.short)
    if not options.short:
        found = itertools.chain(found, cold_contests(bench, sizes))
    done = measure(found, options)
    held = verdicts(done)
    peaks = memory.peaks(bench, sizes[-1]) if options.only in (None, "memory") else memory.kept(bench)
    if not options.short:
        memory.keep(bench, peaks)
    print("\n".join(lines_of_verdicts(held)))
    print("\n".join(f"peak memory with {engine}: {peak:.1f} MB of {PEAK:.0f}" for engine, peak in peaks.items()))
    if options.write:
        everything = saved(bench)
        write(bench, everything, verdicts(everything), peaks)
    missed = not all(each.is_held for each in held) or max(peaks.values(), default=0) > PEAK
    return 1 if options.check and missed else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="start.py bench", description="Measure the bootstrap beside the alternatives."
    )
    base = getattr(sys, "_base_executable", sys.executable)
    parser.add_argument("--short", action="store_true", help="only what has a budget, and the small pins")
    parser.add_argument("--check", action="store_true", help="exit 1 when a ratio misses its budget; never on times")
    parser.add_argument("--size", choices=tuple(IMPORTS), help="these pins only")
    parser.add_argument(
        "--only",
        metavar="WORD",
        help="one contest, by its name or its last word: small, nothing to do, copy, update, cold; or memory",
    )
    parser.add_argument("--python", metavar="PATH", default=base, help="the Python that all of them use")
    parser.add_argument("--disk", action="store_true", help="measure on the disk, even where there is room in memory")
    parser.add_argument("--rounds", type=int, help="how often each way has its turn, the first not counted")
    parser.add_argument(
        "--write", action="store_true", help="write docs/reference/speed.md and speed.svg, from all figures kept so far"
    )
    options = parser.parse_args(arguments)
    if options.short and options.write:
        parser.error("--short is too coarse to be written down: leave out one of --short and --write")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
