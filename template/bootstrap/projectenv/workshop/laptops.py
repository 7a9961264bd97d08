"""Know the laptops that a wheelhouse is for: platforms by the names that people type, and their Pythons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sized

from ..failure import Failure
from ..record import Record
from ..settings import Settings, Version
from ..targets import TARGETS, Target

USUAL = ("windows-x64", "mac-arm64", "mac-x64", "linux-x64")
"""What people bring along; others are asked for by name."""
_SYSTEMS = {"win": "windows", "win32": "windows", "macos": "mac", "osx": "mac", "darwin": "mac"}
_PROCESSORS = {"amd64": "x64", "x86_64": "x64", "intel": "x64", "aarch64": "arm64", "arm": "arm64"}
_DASHES = re.compile("[\u2010-\u2015]")


class Laptop(Record):
    """One kind of computer with one Python."""

    target: Target
    python: Version

    @property
    def key(self) -> str:
        """Return its name in a manifest: windows-x64 3.12."""
        return f"{self.target.name} {self.dotted}"

    @property
    def dotted(self) -> str:
        """Return its Python as people write it."""
        return f"{self.python[0]}.{self.python[1]}"


def kinds(several: Sized) -> str:
    """Return how many there are, in words."""
    return f"{len(several)} kind{'' if len(several) == 1 else 's'} of laptop"


def laptops(pythons: str | None, targets: str | None, settings: Settings) -> list[Laptop]:
    """Return each platform with each Python that was asked for; by default what people bring, and all Pythons allowed.

    Failure for a word that means nothing, and for what the pins were not locked for.
    """
    wanted = list(_targets(targets, settings)) if targets else [name for name in USUAL if name in settings.targets]
    versions = _pythons(pythons, settings) if pythons else _between(settings.oldest, settings.newest)
    found = [Laptop(TARGETS[name], each) for name in wanted for each in versions if each >= TARGETS[name].oldest]
    if not found:
        raise _not_for(f"Python {pythons} on {targets or 'any platform'}", settings)
    return found


def in_words(several: Iterable[Laptop]) -> str:
    """Return them as the options that ask for them again."""
    pythons = sorted({each.python for each in several})
    whole = len(pythons) > 2 and pythons == _between(pythons[0], pythons[-1])
    shown = [f"{major}.{minor}" for major, minor in pythons]
    names = dict.fromkeys(each.target.name for each in several)
    return f"--python {f'{shown[0]}-{shown[-1]}' if whole else ','.join(shown)} --target {','.join(names)}"


def from_keys(keys: Iterable[str]) -> list[Laptop]:
    """Return the laptops that the keys of a manifest name; what nobody knows any more is left out."""
    found = []
    for key in keys:
        name, _, version = key.partition(" ")
        numbers = version.split(".")
        if name in TARGETS and len(numbers) == 2 and all(each.isdigit() for each in numbers):
            found.append(Laptop(TARGETS[name], (int(numbers[0]), int(numbers[1]))))
    return sorted(found, key=lambda each: (list(TARGETS).index(each.target.name), each.python))


def _targets(text: str, settings: Settings) -> Iterator[str]:
    seen = set()
    for word in _words(text):
        names = settings.targets if word == "all" else _named(word)
        if not names:
            raise _not_for(f"{word!r}", settings)
        meant = [name for name in names if name in settings.targets]
        if not meant:
            raise _not_for(" or ".join(names), settings)
        for name in meant:
            if name not in seen:
                seen.add(name)
                yield name


def _named(word: str) -> list[str]:
    """Return the names of ours that a word stands for: win-x64, macos-arm64, linux (any processor)."""
    system, _, processor = word.partition("-")
    system, processor = _SYSTEMS.get(system, system), _PROCESSORS.get(processor, processor)
    return [
        name for name in TARGETS if name == f"{system}-{processor}" or (not processor and name.startswith(system + "-"))
    ]


def _pythons(text: str, settings: Settings) -> list[Version]:
    found: list[Version] = []
    for word in _words(text):
        first, dash, last = word.partition("-")
        begin, end = _version(first, settings), _version(last if dash else first, settings)
        found += [each for each in _between(begin, end) if each not in found]
    if not found:
        raise _not_for(f"Python {text}", settings)
    return sorted(found)


def _version(text: str, settings: Settings) -> Version:
    major, _, minor = text.partition(".")
    if not (major == "3" and minor.isdigit()):
        raise _not_for(f"Python {text!r}", settings)
    version = (3, int(minor))
    if not settings.oldest <= version <= settings.newest:
        raise _not_for(f"Python {text}", settings)
    return version


def _between(oldest: Version, newest: Version) -> list[Version]:
    return [(3, minor) for minor in range(oldest[1], newest[1] + 1)]


def _words(text: str) -> list[str]:
    plain = re.sub(r"\s*-\s*", "-", _DASHES.sub("-", text.lower()))
    return [word for word in re.split(r"[\s,;]+", plain) if word]


def _not_for(what: str, settings: Settings) -> Failure:
    return Failure(
        f"the pins are not for {what}.",
        f"They are for Python {settings.allowed.replace(' to ', '-')} on {', '.join(settings.targets)} "
        "(bootstrap/settings.ini).",
        f"bootstrap wheelhouse --python {settings.allowed.replace(' to ', '-')} --target {','.join(settings.targets)}",
        exit_code=2,
    )
