"""Measure the most memory that the bootstrap itself takes, children aside."""

from __future__ import annotations

import shutil
import subprocess

from benchmarks.bench import PINS, Bench
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


def peak(bench: Bench, size: str, engine: str) -> float:
    """Return the peak of one run that makes an environment, in MB."""
    place = bench.folder / "places" / "memory"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    lay_bootstrap(place, PINS / f"{size}.txt")
    command = [bench.python, "-I", "-B", "-c", _WATCH.replace("ENGINE", engine)]
    environ = bench.environ(with_uv=engine == "uv")
    subprocess.run(command, cwd=place, env=environ, check=True, stdout=subprocess.DEVNULL)
    kilobytes = int((place / "peak.txt").read_text(encoding="ascii"))
    shutil.rmtree(place)
    return kilobytes / 1024
