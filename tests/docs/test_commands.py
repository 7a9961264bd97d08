"""Whatever the documents have people type is typed here, or stands in ELSEWHERE with the reason why it is not.

A new document needs nothing of this file unless it has something typed that does not work in a fresh project as it stands.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.documents import PROGRAMS, Typed, Written, agrees, documents, steps
from tests.support.person import ADDRESS, ROOT, SYSTEM_PYTHON, Person, with_a_clone

VERSION = subprocess.run(
    [SYSTEM_PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True
).stdout.strip()

STORIES = {
    "docs/tutorial/first-project.md": "",
    "docs/how-to/adopt.md": "mkdir your-repository; cd your-repository; git init --quiet; echo six > requirements.txt; "
    "git add --all; git commit --quiet --message begin",
    "docs/how-to/offline.md": f"copier copy --quiet --trust --defaults {ADDRESS} .",
}
"""Documents that are lived from their first block to their last, and what is there before."""

GENERATED = ("commands", "questions", "settings", "situations", "speed", "shell-matrix")
"""Pages of the reference that are written from the code or from a measurement; tests of their own hold them."""

ELSEWHERE = {
    # What another system has.
    r"(\.\\bootstrap|bootstrap\.cmd|\.venv\\|Set-ExecutionPolicy).*": "Windows: .ci/story.ps1, tests/shells",
    r"(winget|py) install .*": "Windows, and it installs a Python",
    r"(sudo|brew) .*|xcode-select --install": "changes the machine, and asks for an administrator",
    r"docker .*": "needs a Docker engine; tests/e2e/test_package.py runs the image's steps, tests/render has it linted",
    r"direnv allow": "tests/e2e/test_direnv.py",
    # What somebody else runs.
    r"python3 start\.py (test|bench|docs|pins|release|run).*": "this repository's own: .ci/run, tests/docs/test_reference.py",
    r"sh bootstrap\.sh (start|open|roster|wheelhouse|check --(rehearse|accept-data))\b.*": "workshops: tests/workshop",
    r"git checkout -- data": "workshops: tests/workshop",
    r"(less|sh) rollback\.sh": "changes the system: tests/hosts/test_forced_installs.py, in a Debian of its own",
    r"(uvx|pipx run) copier.*": "the same Copier, started by another tool",
    r"git pull": "needs a remote",
    r"(source|overlay use|eval|\.) .*\.venv.*": "tests/shells/test_matrix.py, in every shell",
    r"sh bootstrap\.sh run vim": "opens an editor",
    # What is named in a sentence, and not meant to be typed as it stands.
    r"copier (copy|update)( --\S+)?( \.\.\.)?": "the name of a command",
    r"sh bootstrap\.sh lock --upgrade PKG|PIP_CERT=.*|export PIP_CERT=.*|unset PYTHONHOME": "takes a name or a file of yours",
    r"(sudo pip|pip install|python3? -m (pip|venv))": "the name of what others do",
    r"pip install .*|pip freeze|uv (sync|init|add|venv|pip|lock).*|git clone|python3 -m venv .*": "what others do",
    r"sh bootstrap\.sh run": "the beginning of a command",
    r"cd .*": "the test goes there by itself",
}
"""What is not typed here, as a pattern for the whole of it, and why."""

FILLED = {
    r"sh bootstrap\.sh run CMD \.\.\.": "sh bootstrap.sh run python --version",
    r"sh bootstrap\.sh run python your_script\.py": "sh bootstrap.sh run python src/my_project/__init__.py",
    r"sh bootstrap\.sh add (PKG\.\.\.|NAME)": "sh bootstrap.sh add six",
    r"sh bootstrap\.sh remove (PKG\.\.\.|NAME)": "sh bootstrap.sh add six && sh bootstrap.sh remove six",
    r"sh bootstrap\.sh doctor NAME": "sh bootstrap.sh doctor requests",
    r"sh bootstrap\.sh --python [\d.]+": f"sh bootstrap.sh --python {VERSION}",
    r"(PIP_USER=0 )?\.venv/bin/python -m pip install \.\.\.": r"\1.venv/bin/python -m pip install six",
    r"python3 -m pip config set (.*)": r"HOME=$(mktemp -d) .venv/bin/python -m pip config set \1",
    r"python -c (.*)": r".venv/bin/python -c \1",
    # Nobody is there to press Enter; tests/docs/test_pictures.py has a terminal in which somebody does.
    r"(python3 start\.py (?:new|update) .*)": r"\1 --defaults",
    r"copier copy --skip-tasks URL DEST": f"copier copy --defaults --skip-tasks {ADDRESS} dest",
    # JupyterLab is 150 MB; tests/workshop makes its environment.
    r"copier copy --trust (--data starter=workshop .*)": r"copier copy --skip-tasks --defaults \1",
    r"copier (copy|update) (.*)": r"copier \1 --defaults \2",
    r"copier recopy (.*)": r"copier recopy --force \1",
}
"""What stands for a word of the reader's, or an answer that is not asked for without a terminal."""


def everything() -> Iterator[Typed | Written]:
    """Yield every step of every document that is not written from the code."""
    for page in documents():
        if page.stem not in GENERATED:
            yield from steps(page)


def elsewhere(text: str) -> bool:
    """Tell whether something is typed elsewhere, or cannot be."""
    return any(re.fullmatch(pattern, text) for pattern in ELSEWHERE)


def filled(text: str) -> str:
    """Return what is typed for something."""
    for pattern, replacement in FILLED.items():
        if re.fullmatch(pattern, text):
            return re.sub(pattern, replacement, text)
    return text


def lived(step: Typed) -> bool:
    """Tell whether a story has this typed."""
    return step.in_block and step.document in STORIES


def alone() -> list[str]:
    """Return, once each, what is typed outside of stories and in none of them."""
    typed = [step for step in everything() if isinstance(step, Typed)]
    known = {step.text for step in typed if lived(step)}
    found = {filled(step.text): step.text for step in typed if step.text not in known and not elsewhere(step.text)}
    # What makes a project stands first, and what throws changes away last.
    return sorted(found.values(), key=lambda text: (not text.startswith("copier copy"), "git" in text))


def test_nothing_is_typed_that_no_test_knows() -> None:
    """It is run below, as part of a story or alone; else say in ELSEWHERE where, and why not here."""
    places = (
        "sh bootstrap.sh", "python3 bootstrap", ".venv/bin/python", "python -c", "copier ", "git ", "python3 start.py", "ls ",
        "PIP_USER=0 .venv", "python3 -m pip config", "rm -rf .venv",
    )  # fmt: skip
    unknown = [
        f"{step.where}: {step.text}"
        for step in everything()
        if isinstance(step, Typed) and not lived(step)
        if not elsewhere(step.text) and not step.text.startswith(places)
    ]
    assert unknown == []


def test_every_reason_and_every_filling_is_needed() -> None:
    """What no document says any longer has no business here."""
    texts = [step.text for step in everything() if isinstance(step, Typed)]
    idle = [each for each in (*ELSEWHERE, *FILLED) if not any(re.fullmatch(each, text) for text in texts)]
    assert idle == []
    named = [place for reason in ELSEWHERE.values() for place in re.findall(r"(?:tests|\.ci)/[\w./]+", reason)]
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_a_fenced_command_begins_with_a_program_that_is_looked_for_in_sentences_too() -> None:
    """So that no sentence escapes by naming a program that PROGRAMS does not know."""
    rare = ("less", "sh rollback.sh", "python3 --version")
    texts = [step.text for step in everything() if isinstance(step, Typed) and step.in_block]
    assert [text for text in texts if not PROGRAMS.match(text) and not text.startswith(rare)] == []


class Desk:
    """A person at a desk: a clone, Copier, git that finds the template's address in the clone, and a folder to work in."""

    def __init__(self, person: Person) -> None:
        self.person = person
        person.has_copier()
        person.makes(person.home / "work")

    def types(self, text: str, at: Path) -> subprocess.CompletedProcess[str]:
        """Type one line in a folder."""
        return self.person.types("sh", "-c", text, at=at)

    def writes(self, name: str, text: str, at: Path) -> None:
        """Write a file with an editor."""
        self.person.types("sh", "-c", 'mkdir -p "$(dirname "$1")" && printf %s "$2" > "$1"', "write", name, text, at=at)

    def records(self, at: Path) -> None:
        """Commit all that is there."""
        done = self.types("git init --quiet && git add --all && git commit --quiet --allow-empty --message all", at)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """Give a person all that the documents take for granted."""
    people = with_a_clone()
    with closing(people):
        yield Desk(next(people))


@pytest.fixture
def newcomer() -> Iterator[Desk]:
    """Give somebody the same who has never used any of it."""
    people = with_a_clone()
    with closing(people):
        yield Desk(next(people))


@pytest.fixture(scope="module")
def project(desk: Desk) -> Path:
    """Make the project in which the documents' commands are typed."""
    home = desk.person.home
    done = desk.types(f"copier copy --trust --defaults {ADDRESS} desk-project", home)
    assert done.returncode == 0, done.stdout + done.stderr
    desk.records(home / "desk-project")
    return home / "desk-project"


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the documents' commands are typed in a POSIX shell")
@pytest.mark.parametrize("text", alone())
def test_it_can_be_typed(desk: Desk, project: Path, text: str) -> None:
    """In a fresh project, in the template's clone, or in an empty folder, whichever it is for."""
    at = project
    if text.startswith("copier copy"):
        at = desk.person.home / "work"
        desk.types("rm -rf ./*", at)
    elif text.startswith("python3 start.py"):
        at = desk.person.clone
        if not (at.parent / "my-project").exists():
            desk.types("cp -R ../desk-project ../my-project", at)
    elif not text.startswith("git"):
        made = desk.types("sh bootstrap.sh --quiet", project)
        assert made.returncode == 0, made.stderr
    if text.startswith("copier update") or " update " in text:
        desk.records(project if at == project else at.parent / "my-project")
    done = desk.types(filled(text), at)
    assert done.returncode == 0, f"{filled(text)}\n{done.stdout}{done.stderr}"


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the documents' commands are typed in a POSIX shell")
@pytest.mark.parametrize("document", STORIES)
def test_the_story_can_be_lived(newcomer: Desk, document: str) -> None:
    """Step by step, with what it has its reader write, and what it shows as printed; for somebody who never did so before."""
    at = newcomer.person.home / "work"
    before = newcomer.types(STORIES[document], at)
    assert before.returncode == 0, before.stderr
    for step in steps(ROOT / document):
        if isinstance(step, Written):
            newcomer.writes(step.name, step.text, at)
        elif step.in_block and step.text.startswith("cd "):
            at = (at / step.text.removeprefix("cd ")).resolve()
        elif step.in_block:
            done = newcomer.types(filled(step.text), at)
            printed = done.stdout + done.stderr
            fails = any("Error" in line for line in step.shows)
            assert (done.returncode != 0) == fails, f"{step.where}: {step.text}\n{printed}"
            assert agrees(step.shows, printed), f"{step.where}: {step.text} shows\n{step.shows}\nand printed\n{printed}"
