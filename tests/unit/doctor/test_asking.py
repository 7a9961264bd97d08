"""A program that fails, hangs or is not there never stops doctor."""

from __future__ import annotations

import os
import time
from pathlib import Path

from projectenv.doctor.asking import ask
from projectenv.machine import Machine

MACHINE = Machine("linux", "x86_64", "", 1000, {"PATH": os.environ["PATH"]}, Path("/home/me"))


def test_an_answer_is_what_was_printed() -> None:
    """The answer comes back, with no trouble."""
    assert ask(["printf", "a\\nb"], MACHINE).output == "a\nb"


def test_a_program_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    """A grandchild that holds the pipe open does not make doctor wait, and does not outlive it."""
    began = time.monotonic()
    answer = ask(["sh", "-c", f"(sleep 1.5; touch {tmp_path}/alive) & sleep 30"], MACHINE, 0.3)
    assert answer.trouble == "sh gave no answer within 0.3 seconds"
    assert time.monotonic() - began < 1.4
    time.sleep(1.6)
    assert not (tmp_path / "alive").exists()


def test_a_program_that_is_not_there_is_told() -> None:
    """The reason of the system is passed on."""
    assert ask(["/nowhere/apt"], MACHINE).trouble == "/nowhere/apt does not start: No such file or directory"


def test_the_answer_is_in_english_whatever_the_users_language() -> None:
    """What is parsed does not depend on the locale."""
    german = Machine("linux", "x86_64", "", 1000, {**MACHINE.environ, "LANG": "de_DE.UTF-8"}, Path("/home/me"))
    assert ask(["sh", "-c", "echo $LC_ALL"], german).output.strip() == "C.UTF-8"
