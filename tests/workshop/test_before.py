"""Before anything is installed, the folder and the disk are looked at; each obstacle has one next step."""

from __future__ import annotations

import io
import sys
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest
from projectenv.console import Console
from projectenv.failure import Failure
from projectenv.machine import this_machine
from projectenv.place import LONGEST_ON_WINDOWS
from projectenv.record import replace
from projectenv.settings import read_settings
from projectenv.workshop.before import NEEDED_MB, UPDATE_MB, Ground, obstacle, refuse_foreign, stand_on
from projectenv.workshop.described import Workshop
from projectenv.workshop.examine import Room
from projectenv.workshop.house import target_of

from tests.support.workshop import last_lines, make_workshop

PLENTY = 1 << 40
LINUX = replace(this_machine(), system="linux")
MAC = replace(LINUX, system="macos")
WINDOWS = replace(LINUX, system="windows")


def found(folder: PurePath, system: str = "linux", **more: object) -> str:
    """Return what stands in the way there, and what to do, or an empty text."""
    machine = {"linux": LINUX, "macos": MAC, "windows": WINDOWS}[system]
    failure = obstacle(replace(Ground(folder, machine, PLENTY), **more))
    return f"{failure.what} -> {failure.next_step}" if failure else ""


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        (r"C:\Users\ada\AppData\Local\Temp\Temp1_workshop-main.zip\workshop-main", "still inside the ZIP"),
        (r"C:\Users\ada\AppData\Local\Temp\7zO4A1B2C3D\workshop", "still inside the ZIP"),
        (r"C:\Users\ada\AppData\Local\Temp\Rar$DIa1234.5678\workshop", "still inside the ZIP"),
        (r"\\wsl$\Ubuntu\home\ada\workshop", "in the WSL window, type: sh start-linux.sh"),
        (r"\\wsl.localhost\Debian\home\ada\workshop", "in the WSL window"),
        (r"\\fileserver\students\ada\workshop", "on a network drive"),
        (r"C:\Users\ada\OneDrive\workshop", "synchronised with the cloud (onedrive)"),
        (r"C:\Users\ada\OneDrive - Example University\workshop", "synchronised with the cloud (onedrive)"),
        (r"C:\Users\ada\Dropbox\workshop", "synchronised with the cloud (dropbox)"),
        ("C:\\" + "a" * (LONGEST_ON_WINDOWS - 2), "too long for Windows (98 characters, 97 fit)"),
    ],
)
def test_on_windows_these_places_are_refused(folder: str, says: str) -> None:
    """Each with one next step."""
    assert says in found(PureWindowsPath(folder), "windows")


@pytest.mark.parametrize(
    ("folder", "system", "says"),
    [
        ("/home/ada/.cache/.fr-a1B2c3/workshop", "linux", "still inside the ZIP"),
        ("/Users/ada/Library/Mobile Documents/com~apple~CloudDocs/workshop", "macos", "synchronised with the cloud"),
        ("/Users/ada/Library/CloudStorage/OneDrive-Example/workshop", "macos", "synchronised with the cloud"),
        ("/home/ada/Nextcloud/workshop", "linux", "synchronised with the cloud (nextcloud)"),
    ],
)
def test_elsewhere_these_places_are_refused(folder: str, system: str, says: str) -> None:
    """The same things have other names there."""
    assert says in found(PurePosixPath(folder), system)


@pytest.mark.parametrize(
    ("folder", "system"),
    [
        (r"C:\work\workshop", "windows"),
        (r"C:\Users\Zoë Müller\Documents\my workshop", "windows"),
        ("C:\\" + "a" * (LONGEST_ON_WINDOWS - 3), "windows"),
        (r"D:\zip\Temperature_data\workshop", "windows"),
        ("/home/ada/one drive/workshop.zip.d", "linux"),
        ("/home/" + "a" * 200, "linux"),
        ("/Users/ada/Desktop/workshop", "macos"),
    ],
)
def test_these_places_are_fine(folder: str, system: str) -> None:
    """Blanks, accents and long paths elsewhere than on Windows do no harm."""
    assert found(PureWindowsPath(folder) if system == "windows" else PurePosixPath(folder), system) == ""


def test_a_letter_that_stands_for_a_share_is_refused() -> None:
    """Windows itself tells; hard links fail there, and thirty laptops share one disk."""
    assert "network drive" in found(PureWindowsPath(r"H:\workshop"), "windows", network_drive=True)


def test_a_folder_that_cannot_be_written_and_a_full_disk_are_refused() -> None:
    """With the numbers."""
    assert "nothing can be written" in found(PurePosixPath("/workshop"), writable=False)
    assert f"has 300 MB left, and {NEEDED_MB} are needed" in found(PurePosixPath("/workshop"), free=300 << 20)


def test_an_environment_that_is_there_needs_less(tmp_path: Path) -> None:
    """A renewed pin has not to be refused for the room that all of them would take."""
    assert stand_on(tmp_path, LINUX, anew=True).needed == NEEDED_MB << 20
    assert stand_on(tmp_path, LINUX, anew=False).needed == UPDATE_MB << 20


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux's /proc")
def test_the_disk_is_really_asked(tmp_path: Path) -> None:
    """Also where permissions say yes and the system says no: root may not write there either."""
    assert stand_on(tmp_path, LINUX, anew=True).writable
    assert stand_on(tmp_path, LINUX, anew=True).free > 0
    assert not stand_on(Path("/proc"), LINUX, anew=True).writable


@pytest.mark.parametrize(
    ("platform", "architecture", "target"),
    [
        ("win-amd64", "amd64", "windows-x64"),
        ("win-arm64", "arm64", "windows-arm64"),
        ("win32", "amd64", "windows-x86"),
        ("macosx-10.13-universal2", "arm64", "mac-arm64"),
        ("macosx-10.13-universal2", "x86_64", "mac-x64"),
        ("macosx-14.0-arm64", "x86_64", "mac-arm64"),
        ("macosx-11.0-x86_64", "arm64", "mac-x64"),
        ("linux-x86_64", "x86_64", "linux-x64"),
        ("linux-aarch64", "aarch64", "linux-arm64"),
        ("linux-i686", "x86_64", "linux-x86"),
        ("linux-armv7l", "aarch64", "linux-armv7l"),
    ],
)
def test_the_kind_of_laptop_is_the_pythons_not_the_computers(platform: str, architecture: str, target: str) -> None:
    """But for python.org's on a Mac, which is for both processors and says neither."""
    assert target_of(platform, architecture) == target


@pytest.mark.parametrize(
    ("target", "step"),
    [
        ("windows-arm64", "the Python for Windows 64-bit, not ARM64"),
        ("linux-armv7l", "tell the instructor"),
        ("linux-x86", "tell the instructor"),
    ],
)
def test_a_python_for_which_there_are_no_packages_is_refused_before_anything_is_fetched(
    tmp_path: Path, target: str, step: str
) -> None:
    """With what to do: Windows on ARM runs the usual Python, too."""
    settings = tmp_path / "settings.ini"
    lines = "[environment]\noldest-python = 3.11\nnewest-python = 3.14\npins = requirements.txt\n"
    settings.write_text(f"{lines}[lock]\ntargets = linux-x64 mac-arm64 windows-x64\n", encoding="utf-8")
    look = Room(Workshop(tmp_path), read_settings(settings), LINUX, Console(io.StringIO()))
    refuse_foreign("linux-x64", look)
    with pytest.raises(Failure, match=f"do not exist for this Python \\({target}\\)") as raised:
        refuse_foreign(target, look)
    assert step in raised.value.next_step
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("name", ["Dropbox/w", "Temp1_workshop.zip/w"])
def test_nothing_is_made_before_the_obstacle_is_gone(tmp_path: Path, name: str) -> None:
    """The error, then the verdict, whose next step is the obstacle's."""
    project = make_workshop(tmp_path, name)
    ran = project.run("start")
    verdict, step = last_lines(ran)
    assert ran.code == 1
    assert "environment" in verdict.failed
    assert "Nothing was installed yet." in ran.err
    assert step.endswith("start there")
    assert not project.venv.exists()
