"""Check that a release is ready: version, changelog, tag, clean tree, pins that agree, and convergence from every tag.

Run it as `python3 start.py release`. It changes nothing; the last lines are the commands that make the release.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_VERSION = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)
_SECTION = re.compile(r"^## \[([^\]]+)\](.*)$", re.MULTILINE)


def version(root: Path = ROOT) -> str:
    """Return the version that pyproject.toml declares."""
    found = _VERSION.search((root / "pyproject.toml").read_text(encoding="utf-8"))
    return found[1] if found else ""


def changelog(root: Path = ROOT) -> str | None:
    """Return what is wrong with the changelog, or None."""
    sections = _SECTION.findall((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    released = [(name, date) for name, date in sections if name != "Unreleased"]
    if not released or released[0][0] != version(root):
        return f"CHANGELOG.md's newest section is not [{version(root)}]"
    if not re.fullmatch(r" - \d{4}-\d\d-\d\d", released[0][1]):
        return f"CHANGELOG.md's section [{version(root)}] has no date: ## [{version(root)}] - YYYY-MM-DD"
    return None


def tag(root: Path = ROOT) -> str | None:
    """Return what is wrong with the tag to be made, or None."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version(root)):
        return f"{version(root)!r} is no version of the form 1.2.3, which Copier sorts tags by"
    if version(root) in _git(root, "tag", "--list").split():
        return f"the tag {version(root)} is there already: raise the version in pyproject.toml"
    return None


def tree(root: Path = ROOT) -> str | None:
    """Return what is wrong with the work tree, or None."""
    changed = _git(root, "status", "--porcelain")
    return f"there are changes that are not committed:\n{changed}" if changed else None


def suite(root: Path = ROOT) -> str | None:
    """Return which of the tests that a release leans on fail, or None: convergence, pins, documents."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not network", "tests/e2e/test_convergence.py"]
    command += ["tests/e2e/test_update.py", "tests/render", "tests/docs"]
    done = subprocess.run(
        [word for word in command if not word.startswith("tests/") or (root / word).exists()], cwd=root, check=False
    )
    return None if done.returncode == 0 else "tests fail that a release leans on (see above)"


CHECKS: dict[str, Callable[[], str | None]] = {"tag": tag, "changelog": changelog, "work tree": tree, "tests": suite}


def main() -> int:
    """Run every check, say what is wrong, and return 0 when the release can be made."""
    wrong = {name: reason for name, check in CHECKS.items() if (reason := check())}
    for name in CHECKS:
        print(f"{'no ' if name in wrong else 'ok '} {name}{': ' + wrong[name] if name in wrong else ''}")
    if wrong:
        return 1
    print(
        f"\nReady. To release:\n    git tag --annotate {version()} --message {version()}\n    git push origin main {version()}"
    )
    return 0


def _git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
