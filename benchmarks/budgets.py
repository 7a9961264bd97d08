"""Know the most that each work may cost beside its rival, as ratios in one run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.contest import Contest


@dataclass(frozen=True)
class Budget:
    """What one way may cost as a part of another."""

    work: str
    ours: str
    against: str
    at_most: float
    """What was asked for; the report says whether it is met."""
    held: float | None = None
    """What a change must not exceed, where what was asked for is not reached yet, or lies within the noise."""


BUDGETS = (
    Budget("small", "ours-pip", "classic", 0.25, held=0.38),
    Budget("medium", "ours-pip", "classic", 0.35, held=0.45),
    Budget("workshop", "ours-pip", "classic", 0.50),
    Budget("small", "ours-uv", "uv-pip", 1.25, held=1.90),
    Budget("medium", "ours-uv", "uv-pip", 1.25, held=1.60),
    Budget("workshop", "ours-uv", "uv-pip", 1.25),
    Budget("nothing to do", "ours", "pass", 2.0, held=2.5),
    # uv starts without a Python: how long a Python takes to start (1.1 to 2.2, by its site-packages) is all in this ratio.
    Budget("nothing to do", "ours", "uv-sync", 1.3, held=3.0),
    Budget("copier copy", "ours-uv", "ours-skip", 1.6, held=2.0),
    Budget("copier copy", "ours-pip", "classic", 0.5, held=0.75),
    *(Budget("copier copy", "ours-uv", rival, 0.5, held=1.1) for rival in ("cookie", "ccds", "modern-uv")),
    Budget("doctor", "ours", "pip-list", 0.9, held=1.2),
    Budget("copier update", "ours", "skip", 1.05, held=1.5),
)
PEAK = 40.0
"""The most memory that the bootstrap itself may take, in MB, whatever it installs."""


@dataclass(frozen=True)
class Verdict:
    """A budget and the ratios that were measured: of what a person waits for, and of processor time."""

    budget: Budget
    wall: float
    cpu: float
    rounds: tuple[float, ...]
    """The wall's ratio in each round: how far a single one may lie from their median."""

    @property
    def said(self) -> str:
        """Return the verdict: what was asked for is what a person waits for; where the processor's time is above it, say so."""
        if self.wall > self.budget.at_most:
            return "**missed**"
        return "met" if self.cpu <= self.budget.at_most else "met on the wall"

    @property
    def is_held(self) -> bool:
        """Tell whether it keeps within what a change must not exceed, by the steadier of the two."""
        return self.cpu <= (self.budget.held or self.budget.at_most)


def not_measured(contests: Iterable[Contest]) -> list[Budget]:
    """Return the budgets whose rival could not be had where these contests were run."""
    return [
        budget
        for contest in contests
        for budget in BUDGETS
        if budget.work == contest.work and budget.against not in contest.results
    ]


def verdicts(contests: Iterable[Contest]) -> list[Verdict]:
    """Hold every budget against the contests that measured both of its sides."""
    found = []
    for contest in contests:
        for budget in BUDGETS:
            if budget.work == contest.work and {budget.ours, budget.against} <= set(contest.results):
                wall, cpu = (contest.ratio(budget.ours, budget.against, wall=wall) for wall in (True, False))
                rounds = tuple(contest.ratios(budget.ours, budget.against, wall=True))
                found.append(Verdict(budget, wall, cpu, rounds))
    return found
