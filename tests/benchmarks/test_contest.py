"""Rounds in turn: who may fail is left out, who may not ends the measurement."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.__main__ import main, measure
from benchmarks.bench import Bench
from benchmarks.budgets import not_measured
from benchmarks.clock import Command
from benchmarks.contest import Contest, saved
from benchmarks.report import lines_of
from benchmarks.ways import Way


def _ends_with(code: int) -> Callable[[Path], list[Command]]:
    return lambda _place: [[sys.executable, "-I", "-c", f"raise SystemExit({code})"]]


def _contest(tmp_path: Path, *ways: Way, work: str = "copier copy") -> Contest:
    return Contest(work, list(ways), Bench(Path(sys.executable), tmp_path, tmp_path), 2, rest=0)


def test_a_rival_that_does_not_work_is_left_out_of_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody else's template of today may ask for what is not here; the others are measured all the same."""
    works, fails = (
        Way("classic", "the classic way", _ends_with(0)),
        Way("ccds", "a rival", _ends_with(3), may_fail=True),
    )
    contest = _contest(tmp_path, works, fails)
    contest.run()
    assert len(contest.results["classic"]) == 2
    assert "a rival" not in "\n".join(lines_of(contest))
    assert "a rival: not measured." in capsys.readouterr().err
    assert {"ccds", "modern-uv"} <= {budget.against for budget in not_measured([contest])}


def test_a_way_of_ours_that_does_not_work_ends_the_measurement(tmp_path: Path) -> None:
    """A figure of something that failed would be a fast one."""
    with pytest.raises(RuntimeError, match="ended with 3"):
        _contest(tmp_path, Way("ours-uv", "ours", _ends_with(3))).run()


def test_every_contest_that_was_measured_is_reported_cold_ones_last(tmp_path: Path) -> None:
    """Two of them were measured and never written down."""
    works = ["small, cold", "doctor", "copier copy, as shipped", "copier copy", "nothing to do", "something new"]
    for work in works:
        contest = _contest(tmp_path, Way("classic", "the classic way", _ends_with(0)), work=work)
        contest.run(1)
        contest.save()
    told = [each.work for each in saved(Bench(Path(sys.executable), tmp_path, tmp_path))]
    assert sorted(told) == sorted(works)
    assert told[:4] == ["nothing to do", "copier copy", "copier copy, as shipped", "doctor"]


@pytest.mark.parametrize(("short", "kept"), [(True, []), (False, ["small"])])
def test_the_short_form_takes_the_place_of_no_figure(tmp_path: Path, short: bool, kept: list[str]) -> None:
    """Else what CI measures in two rounds would be written down as what was measured in seven."""
    options = argparse.Namespace(only=None, rounds=1, check=False, short=short)
    measure(iter([_contest(tmp_path, Way("classic", "the classic way", _ends_with(0)), work="small")]), options)
    assert [each.work for each in saved(Bench(Path(sys.executable), tmp_path, tmp_path))] == kept


def test_the_short_form_cannot_be_written_down(capsys: pytest.CaptureFixture[str]) -> None:
    """It would write the figures of another day, which is not what was asked for."""
    with pytest.raises(SystemExit):
        main(["--short", "--write"])
    assert "leave out one of --short and --write" in capsys.readouterr().err
