"""start.py knows what a person probably meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import start


@pytest.mark.parametrize(
    ("words", "next_"),
    [
        (["nwe", "../my-project"], "python3 start.py new ../my-project"),
        (["tset"], "python3 start.py test"),
        (["docter", "--explain"], "python3 start.py doctor --explain"),
        (["frobnicate"], "python3 start.py --help"),
    ],
)
def test_a_mistyped_word_is_named_and_the_probable_one_given(
    words: list[str], next_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ready to paste, with everything that was typed behind it."""
    assert start.main(words) == 2
    said = capsys.readouterr().err.splitlines()
    assert said == [f"error: {words[0]} is not a command of start.py.", f"Next: {next_}"]


def test_help_goes_to_where_it_was_asked_from(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a word it is an error and goes beside the output."""
    assert start.main(["--help"]) == 0
    assert capsys.readouterr().out == start.USAGE
    assert start.main([]) == 2
    assert capsys.readouterr().err == start.USAGE


def test_every_command_is_in_the_help_and_every_line_of_the_help_is_a_command() -> None:
    """What --help says can be typed."""
    named = {line.split("start.py ")[1].split()[0] for line in start.USAGE.splitlines()}
    assert {name for name in named if not callable(getattr(start, name, None))} == set()
    assert named >= {"new", "update", "test", "run", "doctor", "docs", "pins", "release", "bench"}


def test_an_update_is_given_the_folder_as_git_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Copier ends in a traceback when there is a `..` or a link in it."""
    typed: list[str] = []

    def noted(*words: str) -> int:
        typed.extend(words)
        return 0

    monkeypatch.setattr(start, "inside", noted)
    (tmp_path / "clone").mkdir()
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "clone")
    assert start.update(["../project", "--defaults"]) == 0
    assert typed[-2:] == [os.path.realpath(tmp_path / "project"), "--defaults"]


def test_a_mistyped_command_is_given_back_as_it_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    """A path with a blank stays one word."""
    assert start.main(["nwe", "../my project", "--defaults"]) == 2
    assert capsys.readouterr().err.endswith('Next: python3 start.py new "../my project" --defaults\n')
