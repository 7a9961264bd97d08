"""Wheels are chosen as pip on the other laptop would choose them, not as this computer would."""

from __future__ import annotations

import pytest
from projectenv.failure import Failure
from projectenv.settings import TARGETS as NAMES
from projectenv.targets import TARGETS
from projectenv.workshop.laptops import Laptop
from projectenv.workshop.selection import best, needed, parse, patch_levels

HASH = f"    --hash=sha256:{'0' * 64}\n"


def laptop(name: str, minor: int = 12) -> Laptop:
    """Return a laptop."""
    return Laptop(TARGETS[name], (3, minor))


def wanted(text: str, name: str, minor: int = 12) -> list[str]:
    """Return what a laptop needs of some pins."""
    pins = parse("".join(f"{line} \\\n{HASH}" for line in text.splitlines()))
    return [f"{pin.name} {pin.version}" for pin in needed(pins, laptop(name, minor))]


@pytest.mark.parametrize(
    ("marker", "those"),
    [
        ("sys_platform == 'win32'", {"windows-x64", "windows-arm64"}),
        ("os_name == 'posix'", {"linux-x64", "linux-arm64", "mac-x64", "mac-arm64"}),
        ("platform_system == 'Darwin' and platform_machine == 'arm64'", {"mac-arm64"}),
        ("platform_machine == 'AMD64' or platform_machine == 'x86_64'", {"windows-x64", "mac-x64", "linux-x64"}),
        ("sys_platform != 'emscripten' and implementation_name == 'cpython'", set(NAMES)),
        ("platform_python_implementation == 'PyPy'", set()),
    ],
)
def test_markers_are_those_of_the_laptop(marker: str, those: set[str]) -> None:
    """Whatever computer prepares the wheels, each platform gets what its own markers ask for."""
    assert {name for name in NAMES if wanted(f"some==1 ; {marker}", name)} == those


@pytest.mark.parametrize(("minor", "expected"), [(10, ["soup 1"]), (11, ["soup 1", "soup 2"]), (12, ["soup 2"])])
def test_a_split_inside_a_python_brings_both(minor: int, expected: list[str]) -> None:
    """Nobody knows whether a laptop has 3.11.4 or 3.11.5, so that both files are carried; other Pythons need one."""
    text = "soup==1 ; python_full_version < '3.11.5'\nsoup==2 ; python_full_version >= '3.11.5'"
    assert wanted(text, "linux-x64", minor) == expected


def test_both_sides_of_a_split_are_proven() -> None:
    """The patch levels around each split, and the first of all."""
    pins = parse(f"soup==1 ; python_full_version < '3.11.5' \\\n{HASH}")
    assert patch_levels(pins, laptop("linux-x64", 11)) == [0, 4, 5, 6]
    assert patch_levels(pins, laptop("linux-x64", 12)) == [0]


@pytest.mark.parametrize(
    ("platforms", "name", "expected"),
    [
        (["manylinux_2_5_x86_64.manylinux1_x86_64"], "linux-x64", 0),
        (["manylinux2014_x86_64"], "linux-x64", 0),
        (["manylinux_2_28_x86_64"], "linux-x64", 0),
        (["manylinux_2_28_x86_64", "manylinux_2_17_x86_64"], "linux-x64", 1),
        (["manylinux_2_34_x86_64"], "linux-x64", None),
        (["musllinux_1_2_x86_64"], "linux-x64", None),
        (["manylinux_2_17_aarch64"], "linux-x64", None),
        (["macosx_10_9_universal2"], "mac-arm64", 0),
        (["macosx_14_0_arm64", "macosx_12_0_arm64"], "mac-arm64", 1),
        (["macosx_15_0_arm64"], "mac-arm64", None),
        (["macosx_10_13_x86_64"], "mac-x64", 0),
        (["win32", "win_amd64"], "windows-x64", 1),
        (["win_amd64"], "windows-arm64", None),
    ],
)
def test_tags_are_those_of_the_laptop(platforms: list[str], name: str, expected: int | None) -> None:
    """Older manylinux and macOS tags fit, too; of two that fit, the one for older systems serves more people."""
    files = [f"fast-1-cp312-cp312-{platform}.whl" for platform in platforms]
    assert best(files, laptop(name)) == ("" if expected is None else files[expected])


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["cp311-cp311-win_amd64", "cp312-cp312-win_amd64"], 1),
        (["cp313-cp313-win_amd64"], None),
        (["cp312-cp312t-win_amd64"], None),
        (["cp38-abi3-win_amd64", "py3-none-any"], 0),
        (["py2.py3-none-any"], 0),
        (["py2-none-any"], None),
        (["pp311-pypy311_pp73-win_amd64"], None),
    ],
)
def test_wheels_are_those_of_the_python(tags: list[str], expected: int | None) -> None:
    """Its own, the stable ABI and pure ones fit; others do not."""
    files = [f"fast-1-{tag}.whl" for tag in tags]
    assert best(files, laptop("windows-x64")) == ("" if expected is None else files[expected])


def test_a_pin_without_hashes_is_refused() -> None:
    """A file could not be told from another one of the same name."""
    with pytest.raises(Failure, match="'some==1' is not pinned with its hashes") as caught:
        parse("some==1\n")
    assert caught.value.next_step == "bootstrap lock"
