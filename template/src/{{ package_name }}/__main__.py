"""Run with: python -m PACKAGE [ADDRESS ...]"""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version

from rich.console import Console
from rich.table import Table

from . import TITLE
from .look import Answer, look


def environment_table() -> Table:
    """Return what this program runs on."""
    table = Table(title=TITLE)
    table.add_column("part")
    table.add_column("version")
    table.add_row("Python", platform.python_version())
    for name in ("requests", "rich"):
        table.add_row(name, version(name))
    return table


def answers_table(answers: list[Answer]) -> Table:
    """Return one row for each address."""
    table = Table(title=TITLE)
    for heading in ("address", "answer", "seconds"):
        table.add_column(heading)
    for answer in answers:
        table.add_row(answer.address, answer.says, f"{answer.seconds:.2f}")
    return table


def main(arguments: list[str] | None = None) -> int:
    """Print the answers, or what the program runs on; return 1 when an address did not answer well."""
    addresses = sys.argv[1:] if arguments is None else arguments
    console = Console()
    if not addresses:
        console.print(environment_table())
        console.print("Name an address to look at: https://example.org", highlight=False)
        return 0
    answers = [look(address) for address in addresses]
    console.print(answers_table(answers))
    return 0 if all(answer.good for answer in answers) else 1


if __name__ == "__main__":
    sys.exit(main())
