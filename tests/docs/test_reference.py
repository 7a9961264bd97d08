"""The reference is what the code says today, and says all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from projectenv.settings import Settings

from handbook.reference import pages

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = {file.name: text for file, text in pages().items()}


@pytest.mark.parametrize("file", pages(), ids=lambda file: file.name)
def test_a_page_is_as_the_code_says(file: Path) -> None:
    """Else: python3 start.py docs."""
    assert file.read_text(encoding="utf-8") == PAGES[file.name], "python3 start.py docs"


def test_every_setting_that_the_bootstrap_reads_is_on_the_page() -> None:
    """A key in settings.py that no starter writes is there, too."""
    source = (ROOT / "template/bootstrap/projectenv/settings.py").read_text(encoding="utf-8")
    keys = set(re.findall(r'(?:environment\[|\.get\(|_yes\(environment, )"([\w-]+)"', source))
    assert len(keys) >= len(Settings.__annotations__) - 2
    assert [key for key in sorted(keys) if f"| `{key}` | " not in PAGES["settings.md"]] == []
    assert "| `newest-python` | The Pythons" in PAGES["settings.md"]
    assert re.search(r"\| `cooldown` \| \w", PAGES["settings.md"])


def test_every_question_is_on_the_page_and_three_are_always_asked() -> None:
    """Of a new project: what, its name, and whether to ask more."""
    asked = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
    visible = [name for name, each in asked.items() if name[0] != "_" and each.get("when") is not False]
    assert [name for name in visible if f"| `{name}` | " not in PAGES["questions.md"]] == []
    rows = [line.split(" | ") for line in PAGES["questions.md"].splitlines() if line.startswith("| `")]
    assert [row[0].strip("| `") for row in rows if row[2] in ("always", "of a new project")] == [
        "starter",
        "project_name",
        "more",
    ]


def test_exit_codes_are_those_of_the_help() -> None:
    """What --help says at its end and what the page says have the same codes."""
    from projectenv.commandline import parser

    codes = re.findall(r"^\| (\d+) \|", PAGES["commands.md"], re.MULTILINE)
    assert codes == ["0", "1", "2", "3", "130"]
    assert re.findall(r"\b(\d) ", parser().epilog or "") == codes[:4]
