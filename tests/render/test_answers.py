"""Show that what a person types arrives intact in every file, or is refused with a sentence that helps."""

from __future__ import annotations

import ast
import configparser
import json
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from copier import run_copy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from markdown_it import MarkdownIt

from .conftest import Render

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HOSTILE = [
    'He said "hi"',
    "it's $(id) `id` ${HOME} %PATH% !x!",
    "{{ 7*7 }} {% raw %} {# x #}",
    "a/b\\c ..",
    "con",
    "*bold* _it_ <b>tag</b> [x](y) & | ~~z~~ # h",
    "\U0001f692 èрт 中片",
    "- list",
    "1. list",
    "> quote",
    "# heading",
    "'\";&&e-$ èрт🚒♞中片-j",
    "null",
    "yes: [no]",
    "import",
    "requests",
    "3.14",
]

# Any text on one line, without the characters that the validators refuse.
_text = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\u2028\u2029\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    min_size=1,
    max_size=80,
).map(str.strip).filter(bool)  # fmt: skip


def shown(markdown: str) -> str:
    """Return the text of one paragraph or heading as a reader sees it."""
    tokens = MarkdownIt("commonmark").parse(markdown)
    inline = [token for token in tokens if token.type == "inline"][0]
    assert not any(child.type not in ("text", "text_special") for child in inline.children or []), inline.children
    return "".join(child.content for child in inline.children or [])


def assert_intact(project: Path, name: str, description: str) -> None:
    """Assert that both texts come back from each file through its own language's parser."""
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text(encoding="utf-8"))
    assert (answers["project_name"], answers["description"]) == (name, description)
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    assert declared["project"]["description"] == description
    (package,) = (folder for folder in (project / "src").iterdir() if folder.is_dir())
    assert package.name.isidentifier()
    assert package.name not in sys.stdlib_module_names
    module = ast.parse((package / "__init__.py").read_text(encoding="utf-8"))
    assert [ast.literal_eval(node.value) for node in module.body if isinstance(node, ast.Assign)] == [name]
    blocks = (project / "README.md").read_text(encoding="utf-8").split("\n\n")
    assert blocks[0].startswith("# ")
    assert shown(blocks[0]) == name
    assert shown(blocks[1]) == description
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(project / "bootstrap" / "settings.ini", encoding="utf-8")
    assert ini["environment"]["try"] == f"python -m {package.name}"
    json.loads((project / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    for file in project.rglob("*.py"):
        ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_answers_arrive_intact(render: Render, text: str) -> None:
    """Each file of the project gives the text back through its own language's parser."""
    assert_intact(render(project_name=text, description=text), text, text)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=_text, description=_text)
@example(name="\x85x".strip(), description="x\u00a0.")
def test_any_answers_arrive_intact(template: Path, name: str, description: str) -> None:
    """Whatever Unicode is typed on one line comes back from every file."""
    with tempfile.TemporaryDirectory() as folder:
        data = {"project_name": name, "description": description}
        run_copy(
            str(template), folder, data=data, defaults=True, quiet=True, unsafe=True, skip_tasks=True, overwrite=True
        )
        assert_intact(Path(folder), name, description)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Type a name"),
        (" x", "Leave out the blanks"),
        ("x" * 300, "Type a shorter name"),
        ("two\nlines", "Type the name on one line"),
        ("name\n", "Leave out the blanks"),
        ("tab\there", "Type the name on one line"),
        ("bell\x07", "Type the name on one line"),
        ("\u202eesrever", "Type the name on one line"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_with_what_to_type(render: Render, name: str, sentence: str) -> None:
    """The validator's sentence says what to type instead."""
    with pytest.raises(ValueError, match=sentence):
        render(project_name=name)


@pytest.mark.parametrize(
    ("name", "slug", "package"),
    [
        ("Weather report", "weather-report", "weather_report"),
        ("con", "project-con", "project_con"),
        ("Müllers Über", "muellers-ueber", "muellers_ueber"),
        ("Mu\u0308llers U\u0308ber", "muellers-ueber", "muellers_ueber"),
        ("Straße in Ærø", "strasse-in-aero", "strasse_in_aero"),
        ("Ça élève à Łódź", "ca-eleve-a-lodz", "ca_eleve_a_lodz"),
        ("Cafe\u0301", "cafe", "cafe"),
        ("COM1", "project-com1", "project_com1"),
        ("3 bears", "project-3-bears", "project_3_bears"),
        ("数据", "project", "project"),
        ("json", "json", "json_app"),
        ("Requests", "requests", "requests_app"),
        ("class", "class", "class_app"),
        ("a/b", "a-b", "a_b"),
        ("..", "project", "project"),
        ("x" * 80, "x" * 40, "x" * 40),
    ],
)
def test_names_for_index_and_import_are_safe(render: Render, name: str, slug: str, package: str) -> None:
    """No derived name is a Windows device, hides a module, or leaves its folder."""
    project = render(project_name=name)
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    assert declared["project"]["name"] == slug
    assert [folder.name for folder in (project / "src").iterdir()] == [package]


def test_bootstrap_scripts_are_constants(render: Render) -> None:
    """Two sets of answers give byte-identical scripts; only settings.ini differs."""
    one = render(project_name="One", more=True, oldest_python="3.12", installer="pip")
    two = render(project_name="Two")
    for file in sorted(path for path in one.rglob("*") if path.is_file()):
        name = file.relative_to(one)
        if name.parts[0] == "bootstrap" or name.name.startswith(("bootstrap.", "requirements", "ACTIVATE")):
            same = file.read_bytes() == (two / name).read_bytes()
            assert same == (name.name != "settings.ini"), name


def test_prompts_fit_a_narrow_terminal(template: Path) -> None:
    """No help text is wider than 60 columns, which Copier would crop."""
    questions = yaml.safe_load((template / "copier.yml").read_text(encoding="utf-8"))
    for name, question in questions.items():
        if isinstance(question, dict) and "help" in question:
            assert all(len(line) <= 60 for line in question["help"].splitlines()), name


@pytest.mark.parametrize("starter", ["app", "package", "existing"])
@pytest.mark.parametrize(("more", "most"), [(False, 3), (True, 8)])
def test_three_questions_for_whoever_presses_enter_and_eight_at_the_most(
    template: Path, starter: str, more: bool, most: int
) -> None:
    """Counted with Copier's own rules: what is asked is what its `when` lets through."""
    questions = yaml.safe_load((template / "copier.yml").read_text(encoding="utf-8"))
    asked = 0
    known: dict[str, object] = {"starter": starter, "more": more}
    for question in questions.values():
        if not isinstance(question, dict) or "type" not in question:
            continue
        condition = question.get("when", True)
        asked += condition is not False and (
            condition is True or Environment().from_string(condition).render(**known).lower() == "true"
        )
    assert asked <= most


@pytest.mark.parametrize(
    "packages", ["rich; rm -rf /", "$(id)", "-r other.txt", "--help", "a b|c", "git+https://x/y", "a\nb;c"]
)
def test_packages_that_are_no_requirements_are_refused(render: Render, packages: str) -> None:
    """The sentence says what to type instead."""
    with pytest.raises(ValueError, match="Type names as an index knows them"):
        render(packages=packages)


def test_packages_with_extras_and_versions_are_taken(render: Render) -> None:
    """As people write them."""
    assert render(packages="numpy pandas>=2,<4 uvicorn[standard]==0.30.* zope.interface").is_dir()
