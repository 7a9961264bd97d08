"""Facts kept twice: what is declared, and what is pinned for it in this repository and in each starter."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from copier import run_copy
from packaging.markers import Marker
from packaging.requirements import Requirement
from projectenv.console import Console
from projectenv.declaration import read_declaration
from projectenv.engines import LOCKED
from projectenv.lockfile import blocks, drift
from projectenv.machine import this_machine
from projectenv.pins import normalised, read_pins
from projectenv.settings import read_settings

ROOT = Path(__file__).parent.parent.parent
PLACES = [ROOT, *sorted(folder for folder in (ROOT / "pins").iterdir() if folder.is_dir())]
FILES = ("requirements.txt", "requirements-dev.txt")


def files(place: Path) -> list[Path]:
    """Return the pin files that are there: a workshop has nothing for its development."""
    return [place / name for name in FILES if (place / name).is_file()]


everywhere = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name if place != ROOT else "repository")


def declared(place: Path, template: Path, rendered: Path) -> list[Requirement]:
    """Return the requirements of the pyproject.toml that belongs to these pins."""
    file = ROOT / "pyproject.toml"
    if place != ROOT:
        run_copy(
            str(template),
            rendered,
            data={"starter": place.name},
            defaults=True,
            quiet=True,
            skip_tasks=True,
            unsafe=True,
        )
        file = rendered / "pyproject.toml"
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", file.read_text(encoding="utf-8"), re.M | re.S)
    assert len(lists) == len(files(place))
    return [Requirement(each) for text in lists for each in re.findall(r'^\s*"([^"]+)"', text, re.M)]


@everywhere
def test_each_pin_satisfies_its_declaration(place: Path, template: Path, tmp_path: Path) -> None:
    """Every version that is pinned for a declared package is one that was asked for."""
    pinned = read_pins("\n".join(file.read_text(encoding="utf-8") for file in files(place)))
    for requirement in declared(place, template, tmp_path):
        versions = pinned.get(normalised(requirement.name), set())
        wrong = [version for version in versions if not requirement.specifier.contains(version, prereleases=True)]
        assert versions, f"{requirement} is not pinned: python3 start.py pins --keep"
        assert not wrong, f"{requirement} is pinned to {wrong}: python3 start.py pins"


@everywhere
def test_the_pins_cover_what_a_fresh_project_asks_for(place: Path, template: Path, tmp_path: Path) -> None:
    """Its very first `check` finds no drift: the same requirements, Pythons and platforms."""
    declared(place, template, tmp_path)
    project = ROOT if place == ROOT else tmp_path
    settings = read_settings(project / "bootstrap" / "settings.ini")
    digest = read_declaration(project, settings, this_machine(), Console(io.StringIO())).digest
    for file in files(place):
        assert drift(file.read_text(encoding="utf-8"), digest, settings) == "", "python3 start.py pins --keep"


@everywhere
def test_the_two_files_agree(place: Path) -> None:
    """Where both pin a package, it is to versions that the other one knows, too."""
    production, *others = (read_pins(file.read_text(encoding="utf-8")) for file in files(place))
    for development in others:
        for name in set(production) & set(development):
            assert production[name] & development[name], name


@everywhere
def test_every_pin_is_hashed_and_no_host_is_named(place: Path) -> None:
    """They are installed with --require-hashes, from whatever index the person has."""
    for file in files(place):
        text = file.read_text(encoding="utf-8")
        assert text.startswith(LOCKED)
        assert text.isascii()
        assert "://" not in text
        for block in blocks(text):
            assert "--hash=sha256:" in block, block


@everywhere
def test_each_pin_has_one_version_on_any_machine(place: Path) -> None:
    """Versions forked by markers never meet: for a machine and a Python there is one of each, whichever file it is in."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in files(place))
    requirements = [Requirement(block.partition("\n")[0].rstrip(" \\")) for block in blocks(text)]
    for system, processor in (("linux", "x86_64"), ("darwin", "arm64"), ("darwin", "x86_64"), ("win32", "AMD64")):
        for minor in range(10, 16):
            here = {"sys_platform": system, "platform_machine": processor, "python_version": f"3.{minor}"}
            here |= {"python_full_version": f"3.{minor}.1", "platform_python_implementation": "CPython"}
            chosen: dict[str, set[str]] = {}
            for each in requirements:
                if _holds(each.marker, here):
                    chosen.setdefault(normalised(each.name), set()).add(str(each.specifier))
            assert {name: versions for name, versions in chosen.items() if len(versions) > 1} == {}


def _holds(marker: Marker | None, here: dict[str, str]) -> bool:
    return marker is None or marker.evaluate({**here, "implementation_name": "cpython"})
