"""Add up what the package index sends for a workshop's pins: megabytes for each platform, noted beside the pins.

`python3 start.py pins` calls it. The Python that needs most counts; the platforms and Pythons are the project's own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging import tags
from packaging.markers import Marker
from packaging.utils import parse_wheel_filename

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "template" / "bootstrap"))
from projectenv.settings import Settings, read_settings
from projectenv.targets import named
from projectenv.workshop.described import pins_digest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_GLIBC = (28, *range(27, 4, -1))
"""A system that takes manylinux_2_28 takes what asks for less, too."""
_OLDEST_MACOS = (14, 0)


def note_sizes(project: Path, file: Path) -> None:
    """Write what a locked project's pins weigh, as its pylock.toml tells, for `includes/` to bring into projects."""
    settings = read_settings(project / "bootstrap" / "settings.ini")
    lock = tomllib.loads((project / "pylock.toml").read_text(encoding="utf-8"))
    sizes = {target: megabytes(lock, settings, target) for target in settings.targets}
    noted = {"pins": pins_digest(project, settings.pins), "megabytes": sizes}
    file.write_text(json.dumps(noted, indent=2) + "\n", encoding="utf-8")


def megabytes(lock: dict[str, Any], settings: Settings, name: str) -> int:
    """Return how much one platform fetches, with the Python that needs most."""
    target = next(each for each in named(settings) if each.name == name)
    minors = range(max(settings.oldest[1], target.oldest[1]), settings.newest[1] + 1)
    return max(_weight(lock, target.system, target.processor, minor) for minor in minors) // 1_000_000


def _weight(lock: dict[str, Any], system: str, processor: str, minor: int) -> int:
    here = {
        "sys_platform": system,
        "platform_machine": processor,
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
        "os_name": "nt" if system == "win32" else "posix",
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.5",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    fits = list(_tags(system, processor, minor))
    packages = [each for each in lock["packages"] if "marker" not in each or Marker(each["marker"]).evaluate(here)]
    return sum(_best(each, fits) for each in packages)


def _best(package: dict[str, Any], fits: list[tags.Tag]) -> int:
    """Return the size of the wheel that an installer would take."""
    ranked = [
        (min(fits.index(tag) for tag in found), int(wheel["size"]))
        for wheel in package["wheels"]
        if (found := parse_wheel_filename(wheel["url"].rpartition("/")[2])[3] & set(fits))
    ]
    return min(ranked)[1]


def _tags(system: str, processor: str, minor: int) -> Iterator[tags.Tag]:
    if system == "linux":
        platforms = [f"manylinux_2_{glibc}_{processor}" for glibc in _GLIBC]
        platforms += [f"manylinux2014_{processor}", f"manylinux2010_{processor}", f"manylinux1_{processor}"]
    elif system == "darwin":
        platforms = list(tags.mac_platforms(_OLDEST_MACOS, processor))
    else:
        platforms = [f"win_{processor.lower()}"]
    yield from tags.cpython_tags((3, minor), platforms=platforms)
    yield from tags.compatible_tags((3, minor), f"cp3{minor}", platforms)
