"""The bootstrap stays small enough to be read: lines of code on each path, held against docs/decisions/*-weight.md.

A line of code is one that holds something else than a blank, a comment or a docstring. What is imported is asked of a real
run, without `site`, whose imports are the machine's and not ours.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

from tests.support.project import BASE_PYTHON, TEMPLATE, Project, make_project

BOOTSTRAP = TEMPLATE / "bootstrap"
DECISION = next((TEMPLATE.parent / "docs" / "decisions").glob("*-weight.md"))
HEAVY = {"argparse", "subprocess", "json", "hashlib", "pathlib", "dataclasses", "re", "typing"}
_NOT_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def lines_of_code(text: str) -> int:
    """Return how many lines hold code."""
    told: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        # A string that stands alone is said about the name before it, and does nothing.
        for each in body if isinstance(body, list) else ():
            if (
                isinstance(each, ast.Expr)
                and isinstance(each.value, ast.Constant)
                and isinstance(each.value.value, str)
            ):
                told.update(range(each.lineno, (each.end_lineno or each.lineno) + 1))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NOT_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - told)


def weight_of(files: list[Path]) -> int:
    """Return the lines of code of these files together."""
    return sum(lines_of_code(file.read_text(encoding="utf-8")) for file in files)


def allowed(what: str) -> int:
    """Return the number that the decision gives for a path."""
    found = re.search(rf"^\| {what} \|.*\| (\d+) \|$", DECISION.read_text(encoding="utf-8"), re.M)
    assert found, what
    return int(found[1])


def imported(project: Project, *options: str) -> set[str]:
    """Run the bootstrap in a project and return the names of all modules that it imported."""
    command = [str(BASE_PYTHON), "-I", "-S", "-B", "-X", "importtime", "bootstrap", *options]
    ran = project.finish(command)
    assert ran.code == 0, ran.text
    return {line.rpartition("|")[2].strip() for line in ran.err.splitlines() if line.startswith("import time:")}


def ours(modules: set[str]) -> list[Path]:
    """Return the files of our own modules among these, and the one that starts them."""
    files = {BOOTSTRAP / "__main__.py"}
    for name in modules:
        path = BOOTSTRAP / name.replace(".", "/")
        if name.startswith("projectenv"):
            files.add(path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py")
    return sorted(files)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, set[str]]:
    """Return a project whose environment the default command has made, and what that imported."""
    project = make_project(tmp_path_factory.mktemp("weight"))
    project.pin(project.wheel("six"))
    return project, imported(project)


def test_doing_nothing_imports_nothing_heavy(made: tuple[Project, set[str]]) -> None:
    """The path that answers in milliseconds keeps away from what costs milliseconds."""
    assert not imported(made[0]) & HEAVY


def test_doing_nothing_is_light(made: tuple[Project, set[str]]) -> None:
    """What runs when nothing is to be done stays within its number."""
    assert weight_of(ours(imported(made[0]))) <= allowed("nothing to do")


def test_making_an_environment_imports_no_more_than_it_needs(made: tuple[Project, set[str]]) -> None:
    """What costs more to import than it does stays out (docs/decisions/0018)."""
    assert not made[1] & {"dataclasses", "inspect", "argparse", "difflib"}


def test_the_default_command_can_be_read(made: tuple[Project, set[str]]) -> None:
    """What runs when an environment is made by pip stays within its number."""
    assert weight_of(ours(made[1])) <= allowed("the default command")


def test_the_folder_can_be_read() -> None:
    """All that the app starter's project receives stays within its number."""
    files = [file for file in BOOTSTRAP.rglob("*.py") if "workshop" not in file.relative_to(BOOTSTRAP).parts]
    assert weight_of(sorted(files)) <= allowed("the whole folder")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"""Say."""\n\n# why\nx = 1  # because\n', 1),
        ('def f() -> None:\n    """Say\n    more.\n    """\n    return\n', 2),
        ('x = """a\nb"""\n"""About x."""\n', 2),
    ],
)
def test_only_code_is_counted(text: str, expected: int) -> None:
    """Comments, docstrings and blank lines weigh nothing; a string that is a value does."""
    assert lines_of_code(text) == expected
