"""Write what was measured as text, and as the page docs/reference/speed.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from pathlib import Path

from benchmarks.bench import ROOT, Bench
from benchmarks.budgets import PEAK, Budget, Verdict, not_measured
from benchmarks.contest import Contest
from benchmarks.picture import picture

FOLDER = ROOT / "docs" / "reference"
BASELINE = {"nothing to do": "pass", "copier copy": "classic", "copier update": "skip", "doctor": "pip-list"}


def lines_of(contest: Contest) -> list[str]:
    """Return a contest as a table in Markdown: medians, the ratio to its baseline, and how far the rounds lie apart."""
    baseline = BASELINE.get(contest.work, "classic")
    rounds = len(next(iter(contest.results.values())))
    rows = [
        f"### {contest.work}",
        "",
        f"| {rounds} round{'' if rounds == 1 else 's'} in turn, {contest.where} | CPU s | wall s | CPU ratio | wall ratio | spread |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for way in contest.ways:
        median = contest.median(way.key)
        ratios = [f"{contest.ratio(way.key, baseline, wall=wall):.2f}" for wall in (False, True)]
        figures = [f"{median.cpu:.3f}", f"{median.wall:.3f}", *ratios, f"{contest.spread(way.key):.0%}"]
        name = f"**{way.name}**" if way.key.startswith("ours") else way.name
        rows.append(f"| {name} | {' | '.join(figures)} |")
    return rows


def lines_of_verdicts(verdicts: list[Verdict]) -> list[str]:
    """Return the budgets as a table in Markdown."""
    rows = [
        "| work | ours | against | at most | on the wall | in single rounds | processor | |",
        "|---|---|---|--:|--:|--:|--:|---|",
    ]
    for each in verdicts:
        budget = each.budget
        rounds = f"{min(each.rounds):.2f} to {max(each.rounds):.2f}"
        figures = f"{budget.at_most:.2f} | {each.wall:.2f} | {rounds} | {each.cpu:.2f}"
        rows.append(f"| {budget.work} | {budget.ours} | {budget.against} | {figures} | {each.said} |")
    return rows


def _line_without(budget: Budget) -> str:
    return f"| {budget.work} | {budget.ours} | {budget.against} | {budget.at_most:.2f} | | | | not measured: its git host was out of reach |"


def write(bench: Bench, contests: list[Contest], verdicts: list[Verdict], peaks: dict[str, float]) -> None:
    """Write the page and its picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "speed.svg").write_text(picture(contests), encoding="utf-8")
    memory = ", ".join(f"{peak:.1f} MB with {engine}" for engine, peak in peaks.items())
    parts = [
        (Path(__file__).parent / "foreword.md").read_text(encoding="utf-8").rstrip(),
        "## The machine\n\n" + _machine(bench),
        "## Budgets\n\n" + "\n".join([*lines_of_verdicts(verdicts), *map(_line_without, not_measured(contests))]),
        f"The bootstrap's own peak of memory, children aside: {memory}; at most {PEAK:.0f} MB.",
        "## Every figure",
        *("\n".join(lines_of(contest)) for contest in contests),
    ]
    (FOLDER / "speed.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _machine(bench: Bench) -> str:
    python = _said(bench.python, "-I", "-c", "import platform; print(platform.python_version())")
    pip = _said(bench.python, "-I", "-m", "pip", "--version").split(" from ")[0]
    system = platform.freedesktop_os_release()["PRETTY_NAME"] if hasattr(platform, "freedesktop_os_release") else ""
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    commit = _said("git", "-C", ROOT, "log", "-1", "--format=%h")
    facts = {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "system": f"{system or platform.system()}, {platform.release().split('-')[0]}",
        "Python": f"{python} on every side; it brings {pip}",
        "uv, Copier": f"{_said(bench.uv, '--version')}, {_said(bench.own / 'copier', '--version')}",
        "load at the end": load,
        "measured": f"{dt.datetime.now(tz=dt.timezone.utc):%Y-%m-%d}, commit {commit}",
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in facts.items())])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _said(*command: str | Path) -> str:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True).stdout.strip()
