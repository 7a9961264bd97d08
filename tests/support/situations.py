"""Describe the situations that tests put the bootstrap into; docs/reference/situations.md is written from these.

    python -m tests.support.situations        writes the table again

A test states its situation in literals, checks itself against that statement, and so cannot say one thing and show
another. The table is read from the source of the tests, so writing it takes no run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.project import Ran

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "docs" / "reference" / "situations.md"
KINDS = ("unit", "e2e", "hosts")


@dataclass(frozen=True)
class Situation:
    """One situation: where it stands in the catalogue, what it is, what comes of it, and the words printed."""

    what: str
    happens: str
    says: str
    """Words that are printed; ` ... ` stands for anything between them."""
    code: int = 0
    modes: str = ""
    """Failure modes of the catalogue that this shows: `B7 B31`."""
    case: str = ""
    """What the test needs to know, when one test shows several situations."""

    def shown_by(self, ran: Ran) -> None:
        """Fail unless this run ended as stated: the exit code, the words, and no traceback."""
        assert ran.code == self.code, f"exit code {ran.code}, not {self.code}:\n{ran.text}"
        assert "Traceback" not in ran.text, ran.text
        self.told_in(ran.text)

    def told_in(self, text: str) -> None:
        """Fail unless the words are there, in their order."""
        position = 0
        for words in self.says.split(" ... "):
            found = text.find(words, position)
            assert found >= 0, f"{words!r} is not in:\n{text}"
            position = found + len(words)


Test = Callable[..., Any]


def situations(*stated: Situation) -> Callable[[Test], Test]:
    """Run a test once for each of these situations, given to it as `situation`."""
    return pytest.mark.parametrize("situation", stated, ids=[each.case or each.what for each in stated])


@dataclass(frozen=True)
class Shown:
    """A situation, and the test that shows it."""

    situation: Situation
    test: str


def stated_in(root: Path = ROOT) -> Iterator[Shown]:
    """Yield every situation that a test states."""
    for kind in KINDS:
        for file in sorted((root / "tests" / kind).glob("test_*.py")):
            yield from _read(file, file.relative_to(root).as_posix())


def _read(file: Path, name: str) -> Iterator[Shown]:
    body = ast.parse(file.read_text(encoding="utf-8")).body
    words = {
        target.id: node.value.value
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in body:
        if isinstance(node, ast.FunctionDef):
            for call in (each for decorator in node.decorator_list for each in ast.walk(decorator)):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Situation":
                    yield Shown(_literal(call, words), f"{name}::{node.name}")


def _literal(call: ast.Call, words: dict[str, Any]) -> Situation:
    def value(node: ast.expr) -> Any:
        return words[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)

    return Situation(*map(value, call.args), **{str(each.arg): value(each.value) for each in call.keywords})


def table() -> str:
    """Return the page: every situation, then every failure mode of the catalogue."""
    shown = list(stated_in())
    covered = {mode for each in shown for mode in each.situation.modes.split()}
    lines = [
        "# Situations",
        "",
        "What the bootstrap does where others fail. Written from the tests by `python -m tests.support.situations`;",
        "a test fails when this page is not current, and each line is itself asserted by the test it names.",
        "",
        f"{len(shown)} situations; {len(covered)} of the {len(MODES)} known failure modes have a test here.",
        "",
        "| situation | what happens | exit | what is printed |",
        "|---|---|---|---|",
    ]
    lines += [_row(each.situation) for each in shown]
    lines += ["", "## Failure modes", "", "| mode | shown by |", "|---|---|"]
    for mode, (title, elsewhere) in MODES.items():
        tests = sorted({each.test for each in shown if mode in each.situation.modes.split()})
        where = "; ".join(f"`{test.removeprefix('tests/')}`" for test in tests)
        lines.append(f"| {mode} {title} | {'; '.join(filter(None, (where, elsewhere)))} |")
    return "\n".join(lines) + "\n"


def _row(situation: Situation) -> str:
    words = (situation.says or "as by any other run").replace("|", "\\|").replace(" ... ", " … ")
    return f"| {situation.what} | {situation.happens} | {situation.code} | {words} |"


if __name__ == "__main__":
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(table(), encoding="utf-8")
