"""Make a repository of the template with versions of its own, whose pins are hand-made wheels, and projects from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support import project as projects
from tests.support.wheels import Wheel, make_wheel, write_pins

PARTS = ("copier.yml", "template", "includes", "pins", "hooks", ".gitattributes")


def git(folder: Path, *words: str) -> str:
    """Run git in a folder and return what it says."""
    identity = [word for key in ("name", "email") for word in ("-c", f"user.{key}=test@example.invalid")]
    done = subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, message: str, tag: str = "") -> None:
    """Record all that is in a folder, and tag it if asked."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    if tag:
        git(folder, "tag", tag)


@dataclass
class Template:
    """A repository of the template in which each version pins other wheels."""

    folder: Path
    world: projects.Project
    """A home, a cache and wheels, for running Copier in a clean environment."""

    def release(self, version: str, *wheels: Wheel) -> None:
        """Pin these wheels and tag the result."""
        for starter in (each for each in (self.folder / "pins").iterdir() if each.is_dir()):
            write_pins(starter / "requirements.txt", *wheels)
            write_pins(starter / "requirements-dev.txt")
        commit(self.folder, f"release {version}", version)

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file of the template, to be part of the next release."""
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def copier(self, *words: str, cwd: Path | None = None) -> projects.Ran:
        """Run Copier's command line, without a terminal."""
        done = subprocess.run(
            [sys.executable, "-m", "copier", *words],
            cwd=cwd or self.folder.parent,
            env=self.world.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return projects.Ran(done.returncode, done.stdout, done.stderr)

    def new(self, name: str, *words: str) -> projects.Project:
        """Copy a project from the latest version, record it in git, and return it."""
        folder = self.folder.parent / name
        ran = self.copier("copy", "--trust", "--defaults", *words, str(self.folder), str(folder))
        assert ran.code == 0, ran.text
        git(folder, "init", "--quiet")
        commit(folder, "begin")
        return projects.Project(folder, self.world.home, self.world.wheels, self.world.environ)

    def update(self, project: projects.Project, *words: str) -> projects.Ran:
        """Update a project to the latest version."""
        return self.copier("update", "--trust", "--defaults", *words, cwd=project.folder)


def make_template(source: Path, place: Path) -> Template:
    """Copy the template into a repository of its own, to be released by the test."""
    folder = place / "template"
    for part in PARTS:
        copy = shutil.copytree if (source / part).is_dir() else shutil.copy2
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        copy(source / part, folder / part)
    git(folder, "init", "--quiet")
    world = projects.make_project(place / "world")
    # The wheel of pip is made from the one at hand, so its hash stands beside those of the published pip.
    shutil.copy2(world.folder / "bootstrap" / "tools.txt", folder / "template" / "bootstrap" / "tools.txt")
    identity = {
        f"GIT_{who}_{what}": "test@example.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    world.environ |= {**identity, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    return Template(folder, world)


def hello(template: Template, version: str) -> Wheel:
    """Make one version of the wheel that these templates pin."""
    return make_wheel(template.world.wheels, "hello", version)
