"""Write down which cells of shell x creator x Python ran, and which are left to hosted machines."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CREATORS = {"venv": "pip", "uv": "uv"}
"""Who makes the environment, and the bootstrap's option that has it made so."""
POSIX = ("bash", "zsh", "dash", "busybox", "ksh", "mksh", "yash", "fish", "csh", "tcsh", "nu", "xonsh", "elvish")
MACOS = ("bash", "zsh", "dash", "ksh", "csh", "tcsh", "pwsh")
WINDOWS = ("powershell", "pwsh", "cmd", "bash")
HERE = WINDOWS if os.name == "nt" else MACOS if sys.platform == "darwin" else POSIX
"""The shells that this system must have in CI."""
HOSTED = {
    "Windows": ("PowerShell 5.1", "PowerShell 7", "cmd", "Git Bash"),
    "macOS": ("bash 3.2", "zsh", "dash", "ksh", "csh", "tcsh", "PowerShell 7"),
    "Linux": ("PowerShell 7",),
}
HOSTED_PYTHONS = ("3.10", "3.14")
_SIGNS = {"passed": "ran", "skipped": "missing", "failed": "FAILED"}


def write_matrix(place: Path, cells: dict[tuple[str, str, str], str], versions: list[str], platform: str) -> None:
    """Write the matrix as a page in Markdown."""
    columns = [(creator, version) for creator in CREATORS for version in versions]
    shells = [shell for shell in (*HERE, "pwsh") if any(cell[0] == shell for cell in cells)]
    ran = sum(outcome == "passed" for outcome in cells.values())
    hosted = len(HOSTED_PYTHONS) * len(CREATORS) * sum(map(len, HOSTED.values()))
    lines = [
        "# Shells that were tried",
        "",
        "Written by `SHELL_MATRIX=docs/reference/shell-matrix.md pytest tests/shells/test_matrix.py`; do not edit.",
        "",
        "In each cell a real shell, told to stop at errors and unset variables where it can, activates an environment in",
        "a folder with a hostile name by the line that `bootstrap activate` prints, finds `python` and `pip` inside, runs",
        "pip, leaves, and finds `PATH`, `PYTHONHOME` and its prompt as before. In folders that pip filled, pip runs as",
        "`python -m pip`: the programs that pip writes cannot start from a path with a double quote in it.",
        "",
        f"{ran} of {len(cells)} cells ran here ({platform}).",
        "",
        "| shell | " + " | ".join(f"{creator}, Python {version}" for creator, version in columns) + " |",
        "|---|" + "---|" * len(columns),
    ]
    for shell in shells:
        signs = [_SIGNS[cells.get((shell, *column), "skipped")] for column in columns]
        lines.append(f"| {shell} | " + " | ".join(signs) + " |")
    lines += [
        "",
        f"Left to hosted machines, by `.github/workflows/shells.yml`: {hosted} cells, not claimed here.",
        "",
        "| system | shells | creators | Python |",
        "|---|---|---|---|",
        *(
            f"| {system} | {', '.join(names)} | {', '.join(CREATORS)} | {', '.join(HOSTED_PYTHONS)} |"
            for system, names in HOSTED.items()
        ),
        "",
    ]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("\n".join(lines), encoding="utf-8")
