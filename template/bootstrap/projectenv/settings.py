"""Read bootstrap/settings.ini, the one file here that differs between projects."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path

from .failure import Failure
from .record import Record

Version = tuple[int, int]
TARGETS = ("linux-x64", "linux-arm64", "mac-arm64", "mac-x64", "windows-x64", "windows-arm64")


class Settings(Record):
    """What a project says about its environment."""

    oldest: Version
    newest: Version
    pins: tuple[str, ...]
    """Names of the pin files, relative to the project; they are installed together."""
    source: str
    """A folder of the project to put on the environment's import path, or an empty string."""
    installer: str
    """auto, uv or pip."""
    try_it: str
    """A command that shows the project at work, for the last message."""
    editable: bool = False
    """Whether the project itself is installed after its pins, so that its edits count at once."""
    system_packages: bool = False
    """Whether the environment also sees what the system's own package manager installed."""
    targets: tuple[str, ...] = ()
    """Platforms that the pins must have wheels for (see targets.py)."""
    build: tuple[str, ...] = ()
    """Packages that may be built from source, and so need no wheels."""
    cooldown: int = 0
    """Days that a release must be out before `lock` takes it."""
    production_only: bool = False
    """Whether the pins are cut down to production's, for this run (--prod)."""

    @property
    def allowed(self) -> str:
        """Return the range of Pythons as a reader says it: 3.10 to 3.15."""
        return f"{_dotted(self.oldest)} to {_dotted(self.newest)}"


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def read_settings(file: Path) -> Settings:
    """Read one settings file; a missing or malformed one is a Failure that names the line."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with file.open(encoding="utf-8-sig") as text:
            parser.read_file(text)
        environment = parser["environment"]
        lock = dict(parser["lock"]) if parser.has_section("lock") else {}
        settings = Settings(
            oldest=_version(environment["oldest-python"]),
            newest=_version(environment["newest-python"]),
            pins=tuple(environment["pins"].split()),
            source=environment.get("source", "").strip(),
            installer=environment.get("installer", "auto").strip(),
            try_it=environment.get("try", "").strip(),
            editable=_yes(environment, "editable"),
            system_packages=_yes(environment, "system-packages"),
            targets=_targets(lock.get("targets", " ".join(TARGETS))),
            build=tuple(lock.get("build", "").split()),
            cooldown=int(lock.get("cooldown", "0")),
        )
        if settings.installer not in ("auto", "uv", "pip"):
            raise ValueError(f"installer is {settings.installer!r}, not auto, uv or pip")
    except FileNotFoundError:
        raise Failure(
            f"{file} is missing.",
            "It tells the bootstrap which Pythons and which pin files this project has.",
            "git checkout -- bootstrap   (or `copier recopy` to write it again)",
        ) from None
    except (configparser.Error, KeyError, ValueError, OSError) as error:
        raise Failure(
            f"{file.parent.name}/{file.name} cannot be used: {_one_line(error)}.",
            "The bootstrap reads its settings from there.",
            "mend that line, or `git checkout -- bootstrap/settings.ini`",
        ) from error
    return settings


def _yes(section: Mapping[str, str], key: str) -> bool:
    text = section.get(key, "no").strip()
    if text not in ("yes", "no"):
        raise ValueError(f"{key} is {text!r}, not yes or no")
    return text == "yes"


def _targets(text: str) -> tuple[str, ...]:
    unknown = [name for name in text.split() if name not in TARGETS]
    if unknown:
        raise ValueError(f"targets has {unknown[0]!r}, not one of {', '.join(TARGETS)}")
    return tuple(text.split())


def _version(text: str) -> Version:
    major, _, minor = text.strip().partition(".")
    if not (major.isdigit() and minor.isdigit()):
        raise ValueError(f"{text.strip()!r} is not a Python version such as 3.12")
    return int(major), int(minor)


def _one_line(error: Exception) -> str:
    text = f"the line {error} is missing" if isinstance(error, KeyError) else str(error)
    return " ".join(text.split()).rstrip(".")
