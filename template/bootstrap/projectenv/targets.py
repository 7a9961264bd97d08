"""Know the platforms that pins can be proven for: their names here, in markers, and in uv."""

from __future__ import annotations

from collections.abc import Iterator

from .record import Record
from .settings import Settings, Version


class Target(Record):
    """One platform."""

    name: str
    uv: str
    """As `uv pip install --python-platform` has it; on Linux that means manylinux_2_28."""
    system: str
    processor: str
    oldest: Version = (3, 0)
    """The oldest Python that exists there."""

    def marker(self, newest: Version) -> str:
        """Return the environment marker (PEP 508) that holds on this platform alone, up to a Python."""
        words = [f"sys_platform == '{self.system}'", f"platform_machine == '{self.processor}'"]
        # Without an end, uv asks for wheels of Pythons to come.
        words.append(f"python_full_version < '{newest[0]}.{newest[1] + 1}'")
        if self.oldest > (3, 0):
            words.append(f"python_version >= '{self.oldest[0]}.{self.oldest[1]}'")
        return " and ".join(words)


TARGETS = {
    target.name: target
    for target in (
        Target("linux-x64", "x86_64-unknown-linux-gnu", "linux", "x86_64"),
        Target("linux-arm64", "aarch64-unknown-linux-gnu", "linux", "aarch64"),
        Target("mac-arm64", "aarch64-apple-darwin", "darwin", "arm64"),
        Target("mac-x64", "x86_64-apple-darwin", "darwin", "x86_64"),
        Target("windows-x64", "x86_64-pc-windows-msvc", "win32", "AMD64"),
        # python.org's first installer for it was 3.11, and so were the first wheels of most packages.
        Target("windows-arm64", "aarch64-pc-windows-msvc", "win32", "ARM64", (3, 11)),
    )
}


def named(settings: Settings) -> list[Target]:
    """Return the platforms that settings.ini names."""
    return [TARGETS[name] for name in settings.targets]


def combinations(settings: Settings) -> Iterator[tuple[Target, str]]:
    """Yield each platform with each Python that the pins are for."""
    for target in named(settings):
        for minor in range(settings.oldest[1], settings.newest[1] + 1):
            if (3, minor) >= target.oldest:
                yield target, f"3.{minor}"
