"""Where the project is may make trouble later; that is said once, when something is made."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest
from projectenv import place
from projectenv.machine import Machine

if TYPE_CHECKING:
    from projectenv.machine import System


def machine(system: System, architecture: str = "x86_64", **environ: str) -> Machine:
    """Return a machine of this kind."""
    return Machine(system, architecture, "", 1000, {"PATH": os.defpath, **environ}, Path("/home/me"))


def test_a_long_path_on_windows_is_warned_of() -> None:
    """From 98 characters on, the longest file of JupyterLab no longer fits (FAILURES B27)."""
    long = PureWindowsPath("C:/" + "x" * 95)
    assert len(str(long)) == place.LONGEST_ON_WINDOWS + 1
    (warning,) = place.warnings(long, machine("windows"))
    assert "98 characters" in warning
    assert place.warnings(PureWindowsPath("C:/" + "x" * 94), machine("windows")) == []
    assert place.warnings(PurePosixPath("/" + "x" * 200), machine("linux")) == []


@pytest.mark.parametrize(
    ("system", "path"),
    [
        ("windows", PureWindowsPath("C:/Users/me/OneDrive/work")),
        ("windows", PureWindowsPath("C:/Users/me/OneDrive - Contoso Ltd/work")),
        ("macos", PurePosixPath("/Users/me/Library/Mobile Documents/work")),
        ("linux", PurePosixPath("/home/me/Dropbox/work")),
    ],
)
def test_a_synchronised_folder_is_warned_of(system: System, path: PurePosixPath | PureWindowsPath) -> None:
    """Its service uploads and locks the files of .venv (FAILURES B29)."""
    (warning,) = place.warnings(path, machine(system))
    assert "synchronised" in warning


def test_a_folder_whose_name_only_begins_alike_is_nothing_to_talk_about() -> None:
    """A false alarm teaches people to ignore the next one."""
    assert place.warnings(PurePosixPath("/home/me/dropboxes/onedrivers"), machine("linux")) == []


@pytest.fixture
def sysctl(tmp_path: Path) -> Path:
    """Put a stand-in for macOS's sysctl on PATH, which says that the processor is Apple's."""
    program = tmp_path / "sysctl"
    program.write_text('#!/bin/sh\n[ "$*" = "-n hw.optional.arm64" ] && echo 1\n', encoding="ascii")
    program.chmod(0o755)
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_an_intel_python_on_apple_silicon_is_told(sysctl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Translated, everything says Intel; only sysctl knows better (FAILURES A12)."""
    monkeypatch.setenv("PATH", str(sysctl), prepend=os.pathsep)
    translated = machine("macos", PATH=os.environ["PATH"])
    assert "Rosetta" in place.warning_for_rosetta(translated, "macosx-11.0-x86_64")
    assert place.warning_for_rosetta(translated, "macosx-11.0-arm64") == ""


def test_an_intel_python_on_an_intel_mac_is_right(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without that key, sysctl fails there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert place.warning_for_rosetta(machine("macos", PATH=str(tmp_path)), "macosx-10.9-x86_64") == ""
    assert place.warning_for_rosetta(machine("linux"), "linux-x86_64") == ""
