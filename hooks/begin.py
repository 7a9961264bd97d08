"""What `start.py new` runs: Copier's own command, with the folder's name offered, few words, and an address that others can reach."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit, urlunsplit

import yaml

ROOT = Path(os.path.abspath(__file__)).parents[1]
# YAML folds a long value with blanks into further lines, which begin with a blank.
_SOURCE = re.compile(r"^_src_path:(?: .*)?$(?:\n[ \t].*$)*", re.MULTILINE)
_CHATTER = re.compile(r"(\x1b\[[0-9;]*m)*( *(create|identical)(  |\x1b)| > Running task )")
_BEFORE_ADDRESS = "git+"


class Brief:
    """A stream without Copier's line for each file and task; what the bootstrap says never passes here."""

    def __init__(self, stream: TextIO) -> None:
        """Write to this stream."""
        self._stream = stream
        self._line = ""

    def write(self, text: str) -> int:
        """Pass whole lines on, but no chatter."""
        *lines, self._line = (self._line + text).split("\n")
        self._stream.write("".join(line + "\n" for line in lines if not _CHATTER.match(line)))
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        self._stream.flush()

    def finish(self) -> None:
        """Pass on what never ended its line."""
        self._stream.write(self._line)

    def __getattr__(self, name: str) -> Any:
        """Be the stream in everything else."""
        return getattr(self._stream, name)


def named_after(folder: str) -> dict[str, str]:
    """Return the folder's name as the project's, unless it is none that copier.yml would take."""
    # Disks of Apple's once took letters apart (NFD): an ä is to be one.
    name = unicodedata.normalize("NFC", Path(os.path.abspath(folder)).name)
    return {"project_name": name} if 0 < len(name) <= 80 and name == name.strip() and name.isprintable() else {}


def public(remote: str) -> str:
    """Return a remote as anybody may read it, in the form that Copier knows as git's; empty for a path of this machine."""
    address = remote.strip()
    if re.match(r"[\w.-]+@[\w.-]+:", address):
        return address if address.startswith("git@") or address.endswith(".git") else _BEFORE_ADDRESS + address
    if not re.match(r"(https?|ssh|git)://", address, re.IGNORECASE):
        return ""
    parts = urlsplit(address)
    login, _, host = parts.netloc.rpartition("@")
    # Over ssh the user's name is part of the way; a password never is.
    user = login.partition(":")[0] + "@" if login and parts.scheme == "ssh" else ""
    address = urlunsplit((parts.scheme, user + host, parts.path, "", ""))
    known = address.endswith(".git") or address.startswith(
        ("git@", "git://", "https://github.com/", "https://gitlab.com/")
    )
    return address if known else _BEFORE_ADDRESS + address


def _git(root: Path, *words: str) -> str:
    ran = subprocess.run(["git", "-C", str(root), *words], capture_output=True, encoding="utf-8", check=False)
    return ran.stdout.strip() if ran.returncode == 0 else ""


def readdress(answers: Path, root: Path) -> str:
    """Note the template's public address in a project that was made from a clone, and return what is to be said of it."""
    text = answers.read_text("utf-8") if answers.is_file() else ""
    noted = yaml.safe_load(text) or {}
    source = str(noted.get("_src_path", ""))
    if not os.path.isdir(source) or not os.path.samefile(source, root):
        return ""
    address = public(_git(root, "remote", "get-url", "origin"))
    if not address:
        return (
            f"\nOnly this machine can update it: {answers.name} has `_src_path: {source}`, a folder of yours.\n"
            "Next: put the template's address there, before you commit.\n"
        )
    with answers.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(_SOURCE.sub(lambda _: f"_src_path: {address}", text))
    commit = str(noted.get("_commit") or "")
    if commit and _git(root, "for-each-ref", "--contains", commit, "refs/remotes/origin"):
        return ""
    return (
        f"\nAn update may not find version {commit or 'none'} at {address}: this clone has what was not pushed there.\n"
        "Next: push it, or make the project again from a version that is there.\n"
    )


def main(arguments: list[str]) -> int:
    """Run Copier with these words and return its exit code."""
    import questionary

    # Its private modules: the command line has no option for what is set here.
    own = {name: importlib.import_module("copier." + name) for name in ("_cli", "_main")}

    made: list[Path] = []
    copy = own["_cli"].run_copy

    def run_copy(source: str, destination: str, **options: Any) -> Any:
        # Noted first: whoever interrupts it has a project all the same.
        made.append(Path(os.path.abspath(destination), options.get("answers_file") or ".copier-answers.yml"))
        return copy(source, destination, user_defaults=named_after(destination), **options)

    vars(own["_cli"])["run_copy"] = run_copy
    # What is there stays when somebody presses Enter.
    vars(own["_main"])["confirm"] = lambda message, **_: questionary.confirm(message, default=False)
    brief = Brief(sys.stderr)
    with contextlib.redirect_stderr(brief):
        _, code = own["_cli"].CopierApp.run(["copier", *arguments], exit=False)
    brief.finish()
    if made:
        print(readdress(made[0], ROOT), end="", flush=True)
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
