"""Renew every pin that this repository ships or uses: each starter's, its own, and those of the tools.

Run it as `python3 start.py pins`. A release that is younger than the cooldown is left for the next time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOTSTRAP = ROOT / "template" / "bootstrap"
TOOLS = BOOTSTRAP / "tools.txt"
COOLDOWN = 7

sys.path.insert(0, str(BOOTSTRAP))
from projectenv.lockfile import blocks, order  # noqa: E402 the code that ships is the code that is used here
from sizes import note_sizes  # noqa: E402 they stand side by side

# An index of the machine that runs this may hold other files under the same version.
LOCAL = ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX", "UV_EXTRA_INDEX_URL")


def main(arguments: list[str]) -> int:
    """Renew the pins and return the exit code of what failed, or 0."""
    parser = argparse.ArgumentParser(prog="python3 start.py pins", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cooldown", type=int, default=COOLDOWN, metavar="DAYS", help=f"default: {COOLDOWN}")
    parser.add_argument("--keep", action="store_true", help="lock again without upgrading what is pinned")
    wishes = parser.parse_args(arguments)
    options = ["--cooldown", str(wishes.cooldown), *([] if wishes.keep else ["--upgrade"])]
    try:
        if not wishes.keep:
            renew_tools(wishes.cooldown)
        for starter in starters():
            renew_starter(starter, options)
        lock(ROOT, options)
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


def starters() -> list[str]:
    """Return the starters that ship pins."""
    return sorted(folder.name for folder in (ROOT / "pins").iterdir() if folder.is_dir())


def renew_starter(starter: str, options: list[str]) -> None:
    """Lock a fresh project's declaration into the pins that the starter ships."""
    print(f"\n== {starter}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "my-project"
        copy = [sys.executable, "-m", "copier", "copy", "--quiet", "--defaults", "--skip-tasks", "--vcs-ref", "HEAD"]
        call([*copy, "--data", f"starter={starter}", str(ROOT), str(project)])
        # Only a workshop tells its people beforehand how much they will fetch.
        workshop = starter == "workshop"
        lock(project, [*options, *(["--pylock"] if workshop else [])])
        for shipped in sorted((ROOT / "pins" / starter).iterdir()):
            shutil.copyfile(project / shipped.name, shipped)
        if workshop:
            note_sizes(project, ROOT / "includes" / "workshop-download.json")


def lock(project: Path, options: list[str]) -> None:
    """Run the bootstrap's own lock on a project."""
    call([sys.executable, "-I", "-B", str(BOOTSTRAP), "--project", str(project), "lock", *options])


def renew_tools(cooldown: int) -> None:
    """Pin the newest pip that the oldest Python can run, and the newest uv, with the hashes of all their files."""
    print("== tools", flush=True)
    comments = [line for line in TOOLS.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - cooldown * 86400))
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "tools.in"
        wanted.write_text("pip\nuv\n", encoding="utf-8")
        resolve = ["uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--no-annotate", "--no-deps"]
        resolve += ["--python-version", "3.10", "--exclude-newer", before, "--output-file", "tools.txt", str(wanted)]
        call(resolve, cwd=folder)
        newest = (Path(folder) / "tools.txt").read_text(encoding="utf-8")
    pinned = {block.partition("==")[0]: block for block in blocks(TOOLS.read_text(encoding="utf-8"))}
    # What is pinned already may be younger than the cooldown: never back.
    chosen = [max(pinned.get(block.partition("==")[0], block), block, key=version) for block in blocks(newest)]
    TOOLS.write_text("\n".join(comments) + "\n" + "".join(chosen), encoding="utf-8")


def version(block: str) -> list[int]:
    """Return the version that a block of lines pins, to be compared."""
    return order(block.partition("\n")[0].partition("==")[2])


def call(command: list[str], cwd: str | None = None) -> None:
    """Run a command with the default package index alone; CalledProcessError when it fails."""
    environ = {name: value for name, value in os.environ.items() if name not in LOCAL}
    environ["PIP_CONFIG_FILE"] = os.devnull
    subprocess.run(command, cwd=cwd, env=environ, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
