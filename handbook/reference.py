"""Write the reference from where the code says it: the command line and the questions; settings have a room of their own."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "template" / "bootstrap"))
from projectenv import cli, commandline  # noqa: E402 the code that ships is what is described

WRITTEN = "Written by `python3 start.py docs` from `{source}`; do not edit.\n"


def pages() -> dict[Path, str]:
    """Return every page that the code writes, by its file."""
    from handbook.settings import settings

    folder = ROOT / "docs" / "reference"
    return {
        folder / "commands.md": commands(),
        folder / "questions.md": questions(),
        folder / "settings.md": settings(),
    }


def commands() -> str:
    """Return the page of commands, options and exit codes."""
    parser = commandline.parser()
    verbs = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    says = {choice.dest: choice.help or "" for choice in verbs._choices_actions}
    common = [action for action in parser._actions if action.option_strings and action.dest != "help"]
    lines = [
        "# Commands of the bootstrap",
        "",
        WRITTEN.format(source="template/bootstrap/projectenv/commandline.py"),
        "On Windows type `bootstrap.cmd` or `.\\bootstrap.ps1` in place of `sh bootstrap.sh`.",
        "",
        "## sh bootstrap.sh",
        "",
        parser.description or "",
        "",
        "These options stand before a command as well as behind it.",
        "",
        *_options(common),
    ]
    for name, verb in verbs.choices.items():
        own = [action for action in verb._actions if action.dest not in {"help", *(each.dest for each in common)}]
        words = " ".join(["sh bootstrap.sh", name, *("CMD ..." for _ in [name] if name == "run"), *map(_usage, own)])
        lines += ["", f"## sh bootstrap.sh {name}", "", f"{_sentence(says[name])} `{words}`"]
        lines += ["", *_options(own)] if own else []
    return "\n".join([*lines, "", "## Exit codes", "", *_exit_codes()]) + "\n"


def _options(actions: list[argparse.Action]) -> Iterator[str]:
    yield from ("| | |", "|---|---|")
    for action in actions:
        spelt = _spelt(action).replace("|", "\\|")
        yield f"| `{spelt}` | {action.help or ''} |"


def _spelt(action: argparse.Action) -> str:
    value = _value(action)
    return " ".join([*action.option_strings, value]).strip()


def _usage(action: argparse.Action) -> str:
    spelt = _spelt(action)
    return spelt if not action.option_strings and action.nargs not in ("*", "?") else f"[{spelt}]"


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    choices = "|".join(map(str, action.choices or ()))
    word = choices or str(action.metavar or action.dest.upper())
    return {"*": f"{word} ...", "+": f"{word} ..."}.get(str(action.nargs), word)


def _exit_codes() -> Iterator[str]:
    yield from ("| code | means |", "|---|---|")
    for part in (cli.main.__doc__ or "").partition(": ")[2].rstrip(".").split(", "):
        code, _, meaning = part.partition(" ")
        yield f"| {code} | {meaning} |"
    yield "| that of CMD | `run` hands it on |"


def questions() -> str:
    """Return the page of questions that Copier asks, or that --data answers."""
    lines = [
        "# Questions of the template",
        "",
        WRITTEN.format(source="copier.yml"),
        "Pressing Enter three times gives the default project. Each answer can be given on the command line instead, as",
        "`--data starter=package`, and changed later by `copier update --trust --data ...`.",
        "",
        "| name | question | asked | default | choices |",
        "|---|---|---|---|---|",
    ]
    for name, question in yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8")).items():
        if not name.startswith("_") and question.get("when") is not False:
            row = (f"`{name}`", " ".join(question["help"].split()), _asked(question), _default(question))
            lines.append(f"| {' | '.join(row)} | {_choices(question)} |")
    return "\n".join(lines) + "\n"


def _asked(question: dict[str, Any]) -> str:
    when = str(question.get("when", ""))
    if not when:
        return "always"
    where = "" if "'existing'" not in when else "of a repository that exists" if "==" in when else "of a new project"
    if "more" in when:
        return f"after `more` {where}".strip()
    return where or "only by `--data`"


def _default(question: dict[str, Any]) -> str:
    default = question.get("default", "")
    if isinstance(default, bool):
        return "yes" if default else "no"
    if "{" not in str(default):
        return f"`{default}`" if default else "none"
    both = re.fullmatch(r"\{\{ '(\S+)' if starter == '(\S+)' else '(\S+)' \}\}", str(default))
    return f"`{both[3]}`; for `{both[2]}` `{both[1]}`" if both else "the files that are there"


def _choices(question: dict[str, Any]) -> str:
    choices = question.get("choices", [])
    if not isinstance(choices, dict):
        return ", ".join(f"`{each}`" for each in choices)
    values = [(each["value"] if isinstance(each, dict) else each, label) for label, each in choices.items()]
    return "; ".join(f"`{value}`: {re.sub(rf' [(]{value}[)]$', '', label)}" for value, label in values)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
