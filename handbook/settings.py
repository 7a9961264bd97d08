"""Write the page of bootstrap/settings.ini from the template of that file, and from the code that reads it."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import jinja2

from handbook.reference import ROOT, WRITTEN

STARTERS = ("app", "package", "workshop", "existing")


def settings() -> str:
    """Return the page of what bootstrap/settings.ini may say, and what each starter says there."""
    texts = {starter: _rendered(starter) for starter in STARTERS}
    ini = {starter: configparser.ConfigParser(interpolation=None) for starter in STARTERS}
    for starter, text in texts.items():
        ini[starter].read_string(text)
    lines = [
        "# bootstrap/settings.ini",
        "",
        WRITTEN.format(source="template/bootstrap/settings.ini.jinja"),
        "The one file in `bootstrap/` that differs between projects, and the one that is yours to edit. In the last columns",
        "stands what each starter begins with.",
    ]
    for section in dict.fromkeys(section for starter in STARTERS for section in ini[starter].sections()):
        having = [starter for starter in STARTERS if ini[starter].has_section(section)]
        lines += [
            "",
            f"## [{section}]",
            "",
            f"| key | meaning | {' | '.join(having)} |",
            "|---|---|" + "---|" * len(having),
        ]
        for key in ini[having[-1]][section]:
            values = [ini[starter][section][key] for starter in having]
            said = " | ".join(f"`{value}`" if value else "" for value in values)
            lines.append(f"| `{key}` | {_comment(texts[having[-1]], key)} | {said} |")
        lines += [row + " |" * len(having) for row in _unwritten(section, ini[having[-1]][section])]
    return "\n".join(lines) + "\n"


def _rendered(starter: str) -> str:
    place = jinja2.Environment(
        loader=jinja2.FileSystemLoader([ROOT / "template", ROOT]),
        extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 an INI file, not a page
    )
    oldest = "3.11" if starter == "workshop" else "3.10"
    answers = {"starter": starter, "oldest_python": oldest, "pins": "requirements.txt", "system_packages": False}
    return place.get_template("bootstrap/settings.ini.jinja").render(
        **answers, installer="auto", package_name="my_project"
    )


def _comment(text: str, key: str) -> str:
    """Return what stands above a key."""
    above: list[str] = []
    spoken_for = False
    for line in text.splitlines():
        if line.startswith("# "):
            above = [] if spoken_for else above
            above.append(line.removeprefix("# "))
            spoken_for = False
        elif line.startswith(f"{key} ="):
            return " ".join(above).replace("|", "\\|")
        else:
            # Neighbours share the comment above the first of them.
            spoken_for = True
    return ""


def _unwritten(section: str, keys: Iterable[str]) -> Iterator[str]:
    """Yield rows for what the bootstrap reads though no starter writes it, in the words of the code."""
    source = (ROOT / "template" / "bootstrap" / "projectenv" / "settings.py").read_text(encoding="utf-8")
    fields = next(node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)).body
    says = {
        field.target.id: after.value.value
        for field, after in pairwise(fields)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
    }
    for key in re.findall(rf'\b{section}\.get\("([\w-]+)"', source):
        if key not in keys:
            yield f"| `{key}` | {says[key]!s} |"
