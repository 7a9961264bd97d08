"""Run bootstrap.sh in every POSIX shell, with every kind of Python and with none."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.shells.conftest import HOSTILE
from tests.shells.drivers import DRIVERS, find
from tests.shells.matrix import HERE
from tests.shells.shim import OLD, ROOT, TEMPLATE, Shim, make_shim, told
from tests.support import needs
from tests.support.project import BASE_PYTHON

pytestmark = [
    pytest.mark.shells,
    pytest.mark.skipif(os.name == "nt", reason="bootstrap.sh in Git Bash: test_hosted.py"),
]
ARGUMENTS = ["run", "a b", "", "-x", "--", "it's", 'q"q', "$HOME", "*", "\\", "`id`", "è🚒", "a\nb", "%PATH%", "-"]
SHELLS = [shell for shell in HERE if DRIVERS[shell].before == DRIVERS["bash"].before]


@pytest.fixture
def shim(tmp_path: Path) -> Shim:
    """Return a shim beside a stand-in core, in a folder with a hostile name, and a real Python on PATH."""
    made = make_shim(tmp_path, HOSTILE)
    (made.bin / "python3").symlink_to(BASE_PYTHON)
    return made


@pytest.fixture
def bare(tmp_path: Path) -> Shim:
    """Return a shim on a Debian without any Python."""
    return make_shim(tmp_path, release='ID=debian\nPRETTY_NAME="Debian"\n')


@pytest.mark.parametrize("shell", SHELLS)
def test_arguments_flags_and_exit_code_arrive(shell: str, shim: Shim) -> None:
    """Hand over byte by byte, isolated, without bytecode, and give back the exit code."""
    command = find(shell).command
    shim.environ["PATH"] += ":/usr/bin:/bin"
    answer = told(shim.run(*command, "bootstrap.sh", *ARGUMENTS, text="typed"))
    assert answer["words"] == ARGUMENTS
    assert answer["isolated"] == 1
    assert answer["bytecode"] is False
    assert answer["stdin"] == "typed"
    assert answer["cwd"] == str(shim.folder)


def test_it_is_a_program_of_its_own(shim: Shim) -> None:
    """Start by its own first line, which needs the executable bit."""
    assert told(shim.run("./bootstrap.sh", "x"))["words"] == ["x"]


@pytest.mark.parametrize("shell", SHELLS)
def test_from_any_folder_and_through_links(shell: str, shim: Shim, tmp_path: Path) -> None:
    """Find the folder beside the shim, not beside the link and not in the current folder."""
    command = find(shell).command
    shim.environ["PATH"] += ":/usr/bin:/bin"
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "one").symlink_to(Path("..") / HOSTILE / "bootstrap.sh")
    (tmp_path / "-two").symlink_to(tmp_path / "links" / "one")
    for script, cwd in (
        (str(shim.folder / "bootstrap.sh"), tmp_path),
        (f"{HOSTILE}/bootstrap.sh", tmp_path),
        ("one", tmp_path / "links"),
        ("./-two", tmp_path),
    ):
        answer = told(shim.run(*command, script, "x", cwd=cwd))
        assert answer["words"] == ["x"]
        assert answer["cwd"] == str(cwd)


def test_a_folder_that_begins_with_a_dash(tmp_path: Path) -> None:
    """Keep the folder from being taken for an option of Python."""
    made = make_shim(tmp_path, "-I")
    (made.bin / "python3").symlink_to(BASE_PYTHON)
    assert told(made.run("/bin/sh", "--", "-I/bootstrap.sh", "x", cwd=tmp_path))["words"] == ["x"]


@pytest.mark.parametrize(
    "stub",
    [
        'echo "pyenv: python3: command not found" >&2; exit 127',
        'echo "Python was not found; run without arguments to install from the Microsoft Store" >&2; exit 49',
        "exit 0",
        'echo "Usage: py <regular Python options>"',
        "kill -9 $$",
        "printf 'new win32'",
    ],
)
def test_what_only_looks_like_a_python_is_passed_over(stub: str, bare: Shim) -> None:
    """Try the next candidate after a shim, a stub, a launcher, a crash, and Windows' Python met from WSL."""
    bare.stand_in("python3", stub)
    bare.python("python3.12")
    done = bare.sh("x")
    assert done.stdout == "python3.12 -I -B ./bootstrap x\n"
    assert done.returncode == 5


@pytest.mark.parametrize("name", ["python3", "python3.15", "python3.10", "python"])
def test_one_name_is_enough(name: str, bare: Shim) -> None:
    """Find a Python by the only name that it has."""
    bare.python(name)
    assert bare.sh().stdout == f"{name} -I -B ./bootstrap\n"


def test_python3_comes_first_and_then_the_newest(bare: Shim) -> None:
    """Keep to the order that people expect."""
    for name in ("python", "python3.10", "python3.14"):
        bare.python(name)
    assert bare.sh().stdout.split()[0] == "python3.14"
    bare.python("python3")
    assert bare.sh().stdout.split()[0] == "python3"


def test_an_old_python_gets_to_say_what_is_missing(bare: Shim) -> None:
    """Run the bootstrap with an old Python when there is no other; -I is unknown to Python 2."""
    bare.python("python3", OLD)
    assert bare.sh("x").stdout == "python3 -B ./bootstrap x\n"
    bare.python("python")
    assert bare.sh("x").stdout == "python -I -B ./bootstrap x\n"


def old_python() -> str | None:
    """Return a real Python older than 3.10, where this machine has one."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [*root.glob("versions/2.7*/bin/python2.7"), *root.glob("versions/3.[6-9].*/bin/python3")]
    return str(found[0]) if found else None


OLD_PYTHON = old_python()


@pytest.mark.skipif(OLD_PYTHON is None, reason="no Python older than 3.10 here; tests/hosts brings them")
def test_a_really_old_python_speaks(bare: Shim) -> None:
    """Show the three-part message of the real core on a real old Python, exit code 2, no traceback."""
    (bare.bin / "python3").symlink_to(str(OLD_PYTHON))
    (bare.folder / "bootstrap" / "__main__.py").unlink()
    (bare.folder / "bootstrap").rmdir()
    (bare.folder / "bootstrap").symlink_to(TEMPLATE / "bootstrap")
    done = bare.sh()
    assert done.returncode == 2
    assert done.stderr.startswith("error: this is Python ")
    assert "Next: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("release", "command"),
    [
        ("ID=debian", "sudo apt install python3"),
        ("ID=linuxmint\nID_LIKE='ubuntu debian'", "sudo apt install python3"),
        ("ID=rocky\nID_LIKE='rhel centos fedora'", "sudo dnf install python3"),
        ("ID=manjaro\nID_LIKE=arch", "sudo pacman -S python"),
        ("ID=opensuse-leap\nID_LIKE='suse opensuse'", "sudo zypper install python3"),
        ("ID=alpine", "sudo apk add python3"),
        ("ID=other", "install Python from https://www.python.org/downloads/"),
        ("", "install Python from https://www.python.org/downloads/"),
    ],
)
def test_without_any_python_it_says_what_to_install(release: str, command: str, tmp_path: Path) -> None:
    """Give the three parts and this system's own command, exit code 2."""
    done = make_shim(tmp_path, release=release).sh()
    assert done.returncode == 2
    assert done.stdout == ""
    what, why, following, then = done.stderr.splitlines()
    assert what.startswith("error: no Python")
    assert "3.10" in why
    assert following == f"Next: {command}"
    assert then == "Then: sh bootstrap.sh"


def test_uv_is_asked_last_and_offered_when_it_has_none(bare: Shim) -> None:
    """Use a Python that only uv knows; when uv knows none either, offer to let it fetch one."""
    bare.stand_in("uv", "exit 2")
    done = bare.sh()
    assert done.returncode == 2
    assert "or: uv python install" in done.stderr
    hidden = bare.python("hidden")
    hidden.rename(bare.folder / "hidden")
    bare.stand_in("uv", f'[ "$1 $2" = "python find" ] && echo "{bare.folder / "hidden"}"')
    assert bare.sh().stdout == "hidden -I -B ./bootstrap\n"


def test_uvs_and_pyenvs_own_folders_are_searched(bare: Shim, tmp_path: Path) -> None:
    """Find a Python that is on no PATH but in a folder where tools keep theirs."""
    place = tmp_path / ".local/share/uv/python/cpython-3.13.0-linux-x86_64-gnu/bin"
    place.mkdir(parents=True)
    bare.python("python3").rename(place / "python3")
    assert bare.sh().stdout == "python3 -I -B ./bootstrap\n"


def test_apples_placeholder_is_never_started(bare: Shim, tmp_path: Path) -> None:
    """Ask xcode-select first: starting /usr/bin/python3 without the tools pops up an installer."""
    bare.stand_in("uname", "echo Darwin")
    bare.stand_in("xcode-select", f'echo "$@" >> {tmp_path}/asked; exit 2')
    bare.environ["PATH"] += ":/usr/bin"
    needs.need("/usr/bin/python3", have=os.path.exists("/usr/bin/python3"))
    done = bare.sh()
    assert done.returncode == 2, done.stdout
    assert "Next: install Python from https://www.python.org/downloads/" in done.stderr
    bare.stand_in("brew", "exit 0")
    assert "Next: brew install python" in bare.sh().stderr
    assert set((tmp_path / "asked").read_text().split()) == {"-p"}


def test_windows_python_is_right_on_windows(bare: Shim) -> None:
    """Take a Windows Python where the system is Windows: Git Bash."""
    bare.python("python3", "new win32")
    bare.environ["OS"] = "Windows_NT"
    assert bare.sh().stdout == "python3 -I -B ./bootstrap\n"


def test_without_home_and_under_set_u_it_goes_on(bare: Shim) -> None:
    """Need no variable but PATH."""
    del bare.environ["HOME"]
    bare.python("python3")
    assert bare.sh().returncode == 5


@pytest.mark.parametrize("name", ["bootstrap.sh", "bootstrap.cmd", "bootstrap.ps1"])
def test_shims_are_constants_in_ascii(name: str) -> None:
    """Hold no Jinja and no character that a code page could change; lines end as their readers need."""
    content = (TEMPLATE / name).read_bytes()
    content.decode("ascii")
    assert b"{{" not in content
    assert b"{%" not in content
    endings = {line.endswith(b"\r") for line in content.split(b"\n")[:-1]}
    assert endings == {name.endswith(".cmd")}


def test_the_executable_bit_is_in_git() -> None:
    """Arrive executable, from git as well as from a copy."""
    command = ["git", "ls-files", "-s", "template/bootstrap.sh"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    assert listed.startswith("100755 ") or not listed
    assert os.access(TEMPLATE / "bootstrap.sh", os.X_OK)
