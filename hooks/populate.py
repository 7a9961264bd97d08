"""Fill the new or updated project's environment: run its own bootstrap, and help when that fails.

Copier runs this in the project's folder, with its own Python. It adds nothing but recovery to the command that the
project's README gives, and exits 0 even when no environment could be made: a non-zero exit on the first copy makes
Copier delete the whole new project.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

LATER = "later"
NO_PYTHON = 2
INTERRUPTED = 130
OURS = b"hand over to the bootstrap folder"
"""What every shim of ours says of itself."""


def command() -> list[str]:
    """Return the project's own way to begin on this system, as its README gives it."""
    if os.name == "nt":
        return ["cmd", "/d", "/c", "bootstrap.cmd"]
    return ["sh", "bootstrap.sh"]


def keeps_own_script() -> bool:
    """Tell whether the script under the shim's name is the person's own."""
    shim = Path(command()[-1])
    return shim.is_file() and OURS not in shim.read_bytes()


def go_to(destination: str) -> str:
    """Return the folder to go to first, as it was typed; empty for somebody who is there already."""
    return "" if os.environ.get("PWD") == os.getcwd() or destination == "." else destination


def bootstrap(*options: str) -> int:
    """Run the bootstrap in this folder and return its exit code.

    When its shim finds no Python (2), the one behind Copier serves: it is sure to be there. So it does where the person
    kept a script of their own under the shim's name, which is not ours to run.
    """
    own = keeps_own_script()
    code = NO_PYTHON if own else subprocess.call([*command(), *options])
    if own or (code == NO_PYTHON and "--python" not in options):
        base = getattr(sys, "_base_executable", sys.executable)
        code = subprocess.call([base, "-I", "-B", "bootstrap", *options])
    return code


def conflicts() -> list[str]:
    """Return the files in which an update left both versions; nothing may be installed from those."""
    paths = [*Path().glob("*.txt"), *Path().glob("*.toml"), *Path("bootstrap").rglob("*.*")]
    return [path.as_posix() for path in paths if path.is_file() and b"<<<<<<< before updating" in path.read_bytes()]


def offer_help() -> str:
    """Ask the person what to try now, and return it."""
    import questionary

    choices = [
        questionary.Choice("Try again", "again"),
        questionary.Choice("Try another Python", "python"),
        questionary.Choice("Try without the network", "offline"),
        questionary.Choice("Show every step", "details"),
        questionary.Choice("Leave it for later: the project is complete without it", LATER),
    ]
    answer = questionary.select("The environment is not ready. What now?", choices=choices).ask()
    return str(answer or LATER)


def options_for(answer: str) -> list[str]:
    """Return the bootstrap's options for an answer of the menu."""
    if answer == "python":
        import questionary

        path = questionary.text("Which Python? A version such as 3.12, or a path:").ask()
        return ["--python", str(path)] if path else []
    return {"offline": ["--offline"], "details": ["--verbose"]}.get(answer, [])


def somebody_is_there(*, may_ask: bool) -> bool:
    """Tell whether a question would reach a person."""
    return may_ask and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty() and not os.environ.get("CI")


def populate(*, may_ask: bool, quiet: bool) -> bool:
    """Fill the environment, with the person's help if need be, and tell whether it is ready."""
    options = ["--quiet"] if quiet else []
    while True:
        code = bootstrap(*options)
        if code in (0, INTERRUPTED) or not somebody_is_there(may_ask=may_ask):
            return code == 0
        answer = offer_help()
        if answer == LATER:
            return False
        options = options_for(answer)


def declare(packages: list[str], pins: list[str]) -> bool:
    """Add the packages that were asked for, and lock what a repository declares but never pinned.

    When that cannot be done now, the project is whole without it, and the command for later is printed. Return whether
    there is anything to install from: without its pins, a second failure would only bury the first one's reason.
    """
    unpinned = bool(pins) and not all(Path(name).exists() for name in pins)
    for words in [*([["add", *packages]] if packages else []), *([["lock"]] if unpinned else [])]:
        if bootstrap(*words) != 0 and words != ["lock"]:
            print(f"The project is as it would be without that. Later: {later(words)}", flush=True)
    return all(Path(name).exists() for name in pins)


def later(words: list[str]) -> str:
    """Return one of the bootstrap's commands as it is typed in the project's folder."""
    begin = ["py" if os.name == "nt" else "python3", "bootstrap"] if keeps_own_script() else command()[-2:]
    return pasteable([*begin, *words])


def nowhere() -> str:
    """Return the template's address if it is noted as it was typed, relative to where that was; else nothing."""
    answers = Path(".copier-answers.yml")
    noted = re.search(r"^_src_path: (.+)$", answers.read_text("utf-8") if answers.is_file() else "", re.MULTILINE)
    address = noted[1].strip("'\"") if noted else ""
    return "" if ":" in address or address.startswith(("/", "~", "\\")) else address


def pasteable(words: list[str]) -> str:
    """Return a command as it is typed on this system."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def renew_pins(template: Path, starter: str) -> None:
    """Bring the pins to this version of the template, and say what was done (Copier sets VERSION_FROM in a migration)."""
    from renew import renew

    told = renew(Path(), template, starter, os.environ.get("VERSION_FROM", ""), lambda: bootstrap("lock") == 0)
    if told:
        print(told, flush=True)


def main(arguments: list[str]) -> int:
    """Run the hook and return its exit code: 0 unless it is broken itself."""
    wishes = json.loads(arguments[0]) if arguments else {}
    # The activation line is typed where the person is, not where this hook runs.
    os.environ["BOOTSTRAP_GO_TO"] = go_to(str(wishes.get("to", ".")))
    marked = conflicts()
    if marked:
        print(f"error: the update left two versions (<<<<<<<) in {', '.join(marked)}; nothing was installed.")
        print(f"Next: choose one in each, then: {later([])}")
        return 0
    if keeps_own_script():
        print(f"{command()[-1]} is yours and stays as it is. The bootstrap is typed: {later([])}", flush=True)
    if os.environ.get("STAGE") == "after":
        renew_pins(Path(str(wishes["template"])), str(wishes["starter"]))
    elif not declare(str(wishes.get("packages", "")).split(), str(wishes.get("pins", "")).split()):
        print("\nThe bootstrap is in place; it has nothing to install from yet, for the reason above.")
        print(f"Once that is put right: {later(['lock'])}   and then: {later([])}", flush=True)
        return 0
    if not populate(may_ask=bool(wishes.get("ask")), quiet=bool(wishes.get("quiet"))):
        print("\nThe project is complete; only its environment is still to be made.")
        print(f"Next, in the project's folder: {later([])}")
    if nowhere():
        print(
            f"\nAn update will not find the template: .copier-answers.yml has `_src_path: {nowhere()}`, a relative path."
        )
        print("Next: put the template's address or full path there, before you commit.")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        # The bootstrap has said so.
        sys.exit(INTERRUPTED)
