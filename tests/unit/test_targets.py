"""The platforms that pins are proven for."""

from __future__ import annotations

from packaging.markers import Marker
from projectenv import settings, targets

ALL = settings.Settings((3, 10), (3, 12), ("requirements.txt",), "", "auto", "", targets=settings.TARGETS)


def test_settings_know_the_same_names() -> None:
    """settings.py checks the names without loading this module."""
    assert tuple(targets.TARGETS) == settings.TARGETS


def test_each_marker_holds_on_its_own_platform_alone() -> None:
    """Else the resolver would look for wheels in the wrong place."""
    for target in targets.TARGETS.values():
        here = {"sys_platform": target.system, "platform_machine": target.processor}
        here |= {"python_version": "3.12", "python_full_version": "3.12.1"}
        holding = [name for name, each in targets.TARGETS.items() if Marker(each.marker((3, 12))).evaluate(here)]
        assert holding == [target.name]
        assert not Marker(target.marker((3, 11))).evaluate(here)


def test_windows_on_arm_begins_with_3_11() -> None:
    """There is no older Python for it, so none is asked for."""
    pairs = [(target.name, python) for target, python in targets.combinations(ALL)]
    assert [python for name, python in pairs if name == "windows-arm64"] == ["3.11", "3.12"]
    assert [python for name, python in pairs if name == "linux-x64"] == ["3.10", "3.11", "3.12"]
