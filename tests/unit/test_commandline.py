"""Read the command line: what is mistyped is told in plain words, with what to type instead."""

from __future__ import annotations

import pytest
from projectenv.cli import DEFAULTS
from projectenv.commandline import parser, read
from projectenv.failure import Failure


@pytest.mark.parametrize(
    ("typed", "says", "next_step"),
    [
        ("chek --json", "chek is not a command", "bootstrap check --json"),
        ("install rich", "install is not a command", "bootstrap add rich"),
        ("instal rich", "instal is not a command", "bootstrap add rich"),
        ("upgrade", "upgrade is not a command", "bootstrap lock --upgrade"),
        ("sync", "sync is not a command", "bootstrap"),
        ("--offline python -V", "python is not a command", "bootstrap --offline run python -V"),
        ("zzzzzz", "zzzzzz is not a command", "bootstrap --help"),
        ("check --ofline", "bootstrap check does not know --ofline", "bootstrap check --help"),
        ("--recrate", "bootstrap does not know --recrate", "bootstrap --help"),
        ("--pyton 3.11", "bootstrap does not know --pyton", "bootstrap --help"),
        ("check rich", "bootstrap check does not know rich", "bootstrap check --help"),
        ("add", "required: PKG", "bootstrap add --help"),
        ("--installer conda", "conda", "bootstrap --help"),
        ("--python", "--python", "bootstrap --help"),
    ],
)
def test_what_is_mistyped_is_told_with_what_to_type(
    typed: str, says: str, next_step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a failure like all others, of the kind that ends with 2."""
    monkeypatch.setattr("projectenv.commandline.shutil.which", lambda word, **_: word if word == "python" else None)
    with pytest.raises(Failure) as told:
        read(typed.split())
    assert says in told.value.what
    assert told.value.next_step == next_step
    assert told.value.exit_code == 2


def test_an_option_that_is_nearly_right_is_named() -> None:
    """The person need not look for it in the help."""
    with pytest.raises(Failure, match="--ofline") as told:
        read(["check", "--ofline"])
    assert told.value.why == "Did you mean --offline?"


def test_the_word_behind_a_mistyped_option_is_no_command() -> None:
    """Its value is not what was wrong."""
    with pytest.raises(Failure, match="--pyton") as told:
        read(["--pyton", "3.11"])
    assert told.value.why == "Did you mean --python?"


@pytest.mark.parametrize(
    ("typed", "own", "command"),
    [
        (["run", "pytest", "--offline", "check"], {"offline": False}, ["pytest", "--offline", "check"]),
        (["run", "--offline", "pytest", "-q"], {"offline": True}, ["pytest", "-q"]),
        (["--python", "run", "run", "x"], {"python": "run"}, ["x"]),
        (["run", "--", "--version"], {}, ["--version"]),
        (["run", "--python", "3.12", "--", "run", "--"], {"python": "3.12"}, ["run", "--"]),
    ],
)
def test_the_words_behind_run_belong_to_its_command(
    typed: list[str], own: dict[str, object], command: list[str]
) -> None:
    """Our options stand before it, and what comes after is passed on as it is."""
    options, found = read(typed)
    assert found == command
    assert {name: getattr(options, name) for name in own} == own


def test_nothing_typed_means_what_the_parser_would_say() -> None:
    """The defaults that save argparse are those that argparse gives."""
    assert vars(parser().parse_args([])) == DEFAULTS


def test_what_is_to_be_pasted_is_quoted() -> None:
    """A shell would take `rich>=14` for a file to write."""
    with pytest.raises(Failure) as told:
        read(["instal", "rich>=14"])
    assert told.value.next_step == "bootstrap add 'rich>=14'"
