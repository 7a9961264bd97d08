"""Know the ways to be told about a Python that thousands of packages were forced into; neither takes the network."""

from __future__ import annotations

import subprocess
from pathlib import Path

from benchmarks.bench import PINS, Bench
from benchmarks.clock import Command
from benchmarks.ways import Way, lay_bootstrap

MANY = 4000
SYSTEM = Path("/usr/bin/python3")
"""The Python that a package manager looks after: doctor looks for forced packages in no other."""


def crowded(bench: Bench) -> list[Way]:
    """Return doctor, and `pip list` beside it: both look at every package of the user's folder."""
    home = bench.ground / "crowded-home"

    def crowd(place: Path) -> None:
        if not (place / "bootstrap").is_dir():
            lay_bootstrap(place, PINS / "small.txt")
        where = [str(SYSTEM), "-I", "-c", "import site; print(site.getusersitepackages())"]
        told = subprocess.run(where, env={"HOME": str(home)}, capture_output=True, text=True, check=True).stdout
        for number in range(MANY):
            folder = Path(told.strip()) / f"package{number}-1.0.dist-info"
            if not folder.is_dir():
                folder.mkdir(parents=True)
                (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: package{number}\nVersion: 1.0\n")
                (folder / "INSTALLER").write_text("pip\n")
                (folder / "RECORD").write_text(f"package{number}.py,,\n{folder.name}/METADATA,,\n")

    def doctor(_place: Path) -> list[Command]:
        return [["env", f"HOME={home}", SYSTEM, "-I", "bootstrap", "doctor"]]

    def pip_list(_place: Path) -> list[Command]:
        return [["env", f"HOME={home}", SYSTEM, "-m", "pip", "list"]]

    return [Way("ours", "bootstrap doctor", doctor, crowd), Way("pip-list", "pip list", pip_list, crowd)]
