"""The rehearsal shows every failure that there is, in the words that an attendee reads."""

from __future__ import annotations

import re
from pathlib import Path

from projectenv.workshop.verdict import CHECKS, decode

from tests.support.workshop import make_workshop


def test_every_check_fails_once_and_ends_as_it_would(tmp_path: Path) -> None:
    """What was found, the code, one next step; the codes are true ones, which a roster understands."""
    ran = make_workshop(tmp_path).run("check", "--rehearse")
    assert ran.code == 0
    shown = re.findall(r"^  NO  (.+)\nNOT READY  code: (\S+)\nnext: (.+)\n$", ran.out, re.M)
    assert len(shown) == ran.out.count("NOT READY")
    failed = {name for _, code, _ in shown if (verdict := decode(code)) for name in verdict.failed}
    assert failed == set(CHECKS)
    assert len({says for says, _, _ in shown}) == len(shown)
    assert not [
        step for _, _, step in shown if "bootstrap start" in step and "bootstrap.sh" not in step and "cmd" not in step
    ]


def test_every_obstacle_and_every_word_of_the_check_is_shown(tmp_path: Path) -> None:
    """Read from the code: a new failure has to be rehearsed, too."""
    told = make_workshop(tmp_path).run("check", "--rehearse").out
    package = Path(__file__).parent.parent.parent / "template/bootstrap/projectenv/workshop"
    obstacles = re.findall(r'_failure\(\s*f?"(.*?)[.{(]', (package / "before.py").read_text(encoding="utf-8"))
    findings = re.findall(r'False,\s*f?"(.*?)"', (package / "examine.py").read_text(encoding="utf-8"))
    findings += re.findall(r'raise Failure\(f"(.*?)"', (package / "before.py").read_text(encoding="utf-8"))
    pieces = [re.split(r"\{[^}]*\}", each) for each in (*obstacles, *findings)]
    assert len(pieces) >= 10
    for words in pieces:
        longest = max(words, key=len).strip(" (:.)")
        assert longest in told, longest
