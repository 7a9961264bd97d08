"""What is said twice agrees: documents, settings, declarations and the command line."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest
import yaml
from projectenv import activation
from projectenv.commandline import parser

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = sorted(
    path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if ".venv" not in path.relative_to(ROOT).parts
)


def text(name: str) -> str:
    """Return a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def slug(heading: str) -> str:
    """Return the anchor that a heading gets on the web."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_inside_the_repository_leads_somewhere(document: Path) -> None:
    """Files exist, and so do the headings that are named behind a #."""
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (document.parent / name).resolve() if name else document
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, target


def test_the_readme_names_every_command_and_option() -> None:
    """And nothing that the command line does not know."""
    whole = parser()
    readme = text("README.md")
    verbs = next(action for action in whole._actions if action.dest == "command")
    for verb in verbs.choices or ():
        assert f"bootstrap.sh {verb}" in readme, verb
    known = {option for action in whole._actions for option in action.option_strings}
    hidden = {"-h", "--help", "--project"}
    assert [option for option in sorted(known - hidden) if f"`{option}" not in readme] == []


@pytest.mark.parametrize(
    ("heading", "folder", "cwd", "system"),
    [("| Linux, macOS, WSL |", "/p/.venv", "/p", "posix"), ("| Windows |", r"C:\p\.venv", r"C:\p", "windows")],
)
def test_the_readme_activates_as_the_code_does(heading: str, folder: str, cwd: str, system: str) -> None:
    """Row by row, as ACTIVATE.md; and one way to leave."""
    section = text("README.md").split(f"\n{heading} activate |\n")[1].split("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines()[1:]]
    assert [(shells, line.strip("`")) for shells, line in rows] == activation.table(folder, cwd, system)
    assert f"`{activation.LEAVE}` leaves it" in text("README.md")


def test_every_document_is_found_from_the_index() -> None:
    """docs/README.md links each page; the README links the index."""
    index = text("docs/README.md")
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")]
    lost = [
        page for page in sorted(pages) if f"({page})" not in index and not page.startswith(("decisions/", "README"))
    ]
    assert lost == []
    assert "(docs/README.md)" in text("README.md")


def test_no_document_shows_the_machine_it_was_written_on() -> None:
    """No home folder but an invented one, no temporary one, no index of somebody's own."""
    for document in DOCUMENTS:
        found = re.findall(r"/(?:home|Users|root)/\w+|/tmp/\w{6,}|/opt/\w+", document.read_text(encoding="utf-8"))
        assert found == [], document


def test_the_pythons_agree_everywhere() -> None:
    """One range: declaration, question, settings of this repository, README."""
    questions = yaml.safe_load(text("copier.yml"))
    oldest, newest = questions["oldest_python"]["choices"][0], questions["oldest_python"]["choices"][-1]
    settings = configparser.ConfigParser()
    settings.read(ROOT / "bootstrap" / "settings.ini", encoding="utf-8")
    assert settings["environment"]["oldest-python"] == oldest
    assert f'requires-python = ">={oldest}"' in text("pyproject.toml")
    assert f"newest-python = {newest}" in text("template/bootstrap/settings.ini.jinja")
    assert f"Python {oldest} to {newest}" in text("README.md")


def test_the_rooms_are_on_the_map() -> None:
    """CONTRIBUTING.md names every module of the bootstrap and every folder of the tests."""
    guide = text("CONTRIBUTING.md")
    modules = {path.stem for path in (ROOT / "template/bootstrap/projectenv").glob("*.py")} - {"__init__"}
    assert [name for name in sorted(modules) if not re.search(rf"\b{name}\b", guide)] == []
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert [name for name in sorted(folders) if f"{name}/" not in guide] == []


def test_decisions_fit_one_screen_and_are_numbered_once() -> None:
    """A record that needs two screens is two decisions."""
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [record.name[:4] for record in records]
    assert len(set(numbers)) == len(numbers)
    assert [record.name for record in records if len(record.read_text(encoding="utf-8").splitlines()) > 45] == []
