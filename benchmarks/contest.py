"""Measure several ways in turn, A B A B, and keep every figure."""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.clock import Spent, spend
from benchmarks.ways import Way

REST = 6.0
"""Seconds between two commands. ext4 without a journal passes over each inode that was freed in the last minute
(recently_deleted in its ialloc.c): who comes after somebody that deletes much pays up to ten times for each file that is
made. This gives the disk time to write, not more (docs/decisions/0019).
In memory there is nothing to wait for."""


@dataclass
class Contest:
    """One work, the ways to it, and what each cost, round by round."""

    work: str
    ways: list[Way]
    bench: Bench
    rounds: int
    fresh: bool = True
    """Whether each round begins in an empty folder."""
    rest: float | None = None
    """Seconds between two commands, where they are not to depend on where all happens."""
    results: dict[str, list[Spent]] = field(default_factory=dict)
    where: str = ""

    def __post_init__(self) -> None:
        """Take from the bench what was not given."""
        self.where = self.where or self.bench.where
        if self.rest is None:
            self.rest = 0.0 if self.where == "in memory" else REST

    def run(self, rounds: int | None = None) -> None:
        """Measure each way once a round; a first round, which fills the caches, is thrown away unless they are cold."""
        begins = 0 if self.bench.cold or self.results else -1
        for number in range(begins, rounds or self.rounds):
            for way in list(self.ways):
                try:
                    spent = self._measure(way)
                except RuntimeError as error:
                    if not way.may_fail:
                        raise
                    self._leave_out(way, error)
                    continue
                if number >= 0:
                    self.results.setdefault(way.key, []).append(spent)
        for way in self.ways:
            self._clear(self._place(way))

    def save(self) -> None:
        """Keep the figures, so that contests can be measured one at a time and reported together."""
        kept = {
            "work": self.work,
            "where": self.where,
            "ways": [[way.key, way.name] for way in self.ways],
            "results": {key: [[each.wall, each.cpu] for each in rounds] for key, rounds in self.results.items()},
        }
        file = self.bench.folder / "results" / f"{self.work}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(kept), encoding="utf-8")

    def median(self, key: str) -> Spent:
        """Return the median of a way's figures."""
        rounds = self.results[key]
        return Spent(statistics.median(each.wall for each in rounds), statistics.median(each.cpu for each in rounds))

    def spread(self, key: str) -> float:
        """Return how far a way's processor times lie apart: their range, as a part of the median."""
        times = [each.cpu for each in self.results[key]]
        return (max(times) - min(times)) / statistics.median(times)

    def ratio(self, key: str, against: str, *, wall: bool = False) -> float:
        """Return the median, over the rounds, of one way's cost as a part of another's in the same round."""
        return statistics.median(self.ratios(key, against, wall=wall))

    def ratios(self, key: str, against: str, *, wall: bool = False) -> list[float]:
        """Return one way's cost as a part of another's, round by round."""
        pairs = zip(self.results[key], self.results[against], strict=True)
        return [(a.wall / b.wall) if wall else (a.cpu / b.cpu) for a, b in pairs]

    def _place(self, way: Way) -> Path:
        # One length of path for all: it is hashed, written and compiled into what is made.
        return self.bench.ground / "places" / f"{way.key:_<12}"

    def _measure(self, way: Way) -> Spent:
        place = self._place(way)
        if self.fresh:
            self._clear(place)
        place.mkdir(parents=True, exist_ok=True)
        if self.bench.cold:
            shutil.rmtree(self.bench.caches, ignore_errors=True)
        way.prepare(place)
        environ = self.bench.environ(with_uv=way.with_uv)
        time.sleep(self.rest or 0)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{self.work}: {way.name:50.50}\r")
            sys.stderr.flush()
        return spend(way.commands(place), place, environ, self.bench.folder / "log.txt")

    def _leave_out(self, way: Way, error: RuntimeError) -> None:
        print(f"{way.name}: not measured. {error}", file=sys.stderr)
        self.ways.remove(way)
        self.results.pop(way.key, None)

    @staticmethod
    def _clear(place: Path) -> None:
        shutil.rmtree(place, ignore_errors=True)


def saved(bench: Bench) -> list[Contest]:
    """Return every contest whose figures were kept, in the order in which they are told."""
    told = [
        "nothing to do",
        "small",
        "medium",
        "workshop",
        "copier copy",
        "copier copy, as shipped",
        "copier update",
        "doctor",
    ]
    found = []
    for file in (bench.folder / "results").glob("*.json"):
        if "ways" in (kept := json.loads(file.read_text(encoding="utf-8"))):
            ways = [Way(key, name, lambda _: []) for key, name in kept["ways"]]
            results = {key: [Spent(*each) for each in rounds] for key, rounds in kept["results"].items()}
            found.append(Contest(kept["work"], ways, bench, 0, results=results, where=kept["where"]))
    # The cold ones, which no budget is about, come last.
    return sorted(found, key=lambda each: (told.index(each.work) if each.work in told else len(told), each.work))
