"""Measure the most memory that the bootstrap itself takes, children aside."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from benchmarks.bench import PINS, Bench
from benchmarks.clock import Command
from benchmarks.ways import lay_bootstrap

# VmHWM is that of this program alone; what getrusage tells may stem from the process that started it.
_WATCH = """
import atexit, runpy, sys
def tell():
    with open("/proc/self/status") as status:
        peak = [line.split()[1] for line in status if line.startswith("VmHWM")]
    with open("peak.txt", "w") as file:
        file.write(peak[0])
atexit.register(tell)
sys.argv = ["bootstrap", "--installer", "ENGINE"]
runpy.run_path("bootstrap", run_name="__main__")
"""


def peaks(bench: Bench, size: str) -> dict[str, float]:
    """Return the peak with each engine, in MB."""
    return {engine: peak(bench, size, engine) for engine in ("pip", "uv")}


def keep(bench: Bench, found: dict[str, float]) -> None:
    """Keep the peaks for the report."""
    _file(bench).parent.mkdir(exist_ok=True)
    _file(bench).write_text(json.dumps(found), encoding="utf-8")


def kept(bench: Bench) -> dict[str, float]:
    """Return the peaks that were measured last."""
    return dict(json.loads(_file(bench).read_text(encoding="utf-8"))) if _file(bench).is_file() else {}


def _file(bench: Bench) -> Path:
    return bench.folder / "results" / "memory.json"


def peak(bench: Bench, size: str, engine: str) -> float:
    """Return the peak of one run that makes an environment, in MB."""
    place = bench.ground / "places" / "memory"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    lay_bootstrap(place, PINS / f"{size}.txt")
    command: Command = [bench.python, "-I", "-B", "-c", _WATCH.replace("ENGINE", engine)]
    environ = bench.environ(with_uv=engine == "uv")
    subprocess.run(command, cwd=place, env=environ, check=True, stdout=subprocess.DEVNULL)
    kilobytes = int((place / "peak.txt").read_text(encoding="ascii"))
    shutil.rmtree(place)
    return kilobytes / 1024
