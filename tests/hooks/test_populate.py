"""The hook runs the project's own bootstrap, helps a person, and never makes Copier delete the project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from populate import OURS

ROOT = Path(__file__).resolve().parent.parent.parent
HOOK = ROOT / "hooks" / "populate.py"

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="stands in for bootstrap.sh; hosted CI runs the whole chain on Windows"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a folder whose bootstrap.sh notes its arguments and ends as the file `ends` says, one code a line."""
    (tmp_path / "bootstrap.sh").write_text(
        '# hand over to the bootstrap folder\necho "run:$*" >>calls\ncode=$(head -n 1 ends)\nsed -i 1d ends\nexit "${code:-0}"\n',
        encoding="ascii",
    )
    (tmp_path / "bootstrap").mkdir()
    (tmp_path / "bootstrap" / "__main__.py").write_text(
        "import sys\nopen('calls', 'a').write('core:' + ' '.join(sys.argv[1:]) + '\\n')\n", encoding="ascii"
    )
    (tmp_path / "ends").write_text("0\n", encoding="ascii")
    return tmp_path


def calls(project: Path) -> list[str]:
    """Return what was called, in order."""
    file = project / "calls"
    return file.read_text(encoding="ascii").splitlines() if file.exists() else []


def run_hook(project: Path, **wishes: object) -> subprocess.CompletedProcess[str]:
    """Run the hook without a terminal."""
    command = [sys.executable, str(HOOK), json.dumps(wishes)]
    return subprocess.run(command, cwd=project, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def test_it_runs_the_command_that_the_readme_gives(project: Path) -> None:
    """One way in: sh bootstrap.sh, once."""
    done = run_hook(project, ask=True)
    assert (done.returncode, calls(project)) == (0, ["run:"])


def test_a_failure_without_a_person_keeps_the_project_and_says_the_next_command(project: Path) -> None:
    """Exit 0, or Copier would delete the project; the last line is what to type."""
    (project / "ends").write_text("1\n")
    done = run_hook(project, ask=True)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "Next, in the project's folder: sh bootstrap.sh"
    assert calls(project) == ["run:"]


def test_where_the_shim_finds_no_python_the_one_behind_copier_serves(project: Path) -> None:
    """Copier runs on a Python, so there is one."""
    (project / "ends").write_text("2\n")
    assert run_hook(project).returncode == 0
    assert calls(project) == ["run:", "core:"]


def test_quiet_is_passed_on(project: Path) -> None:
    """A quiet copy stays quiet."""
    run_hook(project, quiet=True)
    assert calls(project) == ["run:--quiet"]


def test_conflict_markers_stop_it_before_anything_is_installed(project: Path) -> None:
    """An update that left two versions exits 0 with no message of Copier's own."""
    (project / "requirements.txt").write_text("<<<<<<< before updating\na==1\n=======\na==2\n>>>>>>> after updating\n")
    done = run_hook(project, ask=True)
    assert (done.returncode, calls(project)) == (0, [])
    assert "requirements.txt" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Next: ")


def at_a_terminal(project: Path, *, ask: bool = True) -> pexpect.spawn[str]:
    """Run the hook as a person would meet it."""
    environ = {name: value for name, value in os.environ.items() if name != "CI"}
    return pexpect.spawn(
        sys.executable,
        [str(HOOK), json.dumps({"ask": ask})],
        cwd=str(project),
        env={**environ, "TERM": "xterm-256color"},
        dimensions=(24, 80),
        timeout=30,
        encoding="utf-8",
    )


def test_a_person_is_offered_help_and_can_leave_it_for_later(project: Path) -> None:
    """The menu's last entry keeps the project and says what to type."""
    (project / "ends").write_text("1\n")
    child = at_a_terminal(project)
    child.expect("What now")
    child.send("\x1b[A\r")  # up from the first entry is the last
    child.expect("Next, in the project's folder: sh bootstrap.sh")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, calls(project)) == (0, ["run:"])


@pytest.mark.parametrize(
    ("keys", "expected"),
    [("\r", "run:"), ("\x1b[B\x1b[B\r", "run:--offline"), ("\x1b[B\x1b[B\x1b[B\r", "run:--verbose")],
)
def test_each_entry_of_the_menu_does_what_it_says(project: Path, keys: str, expected: str) -> None:
    """Again, offline, and with every step shown."""
    (project / "ends").write_text("1\n0\n")
    child = at_a_terminal(project)
    child.expect("What now")
    child.send(keys)
    child.expect(pexpect.EOF)
    assert calls(project) == ["run:", expected]


def test_another_python_is_asked_for_by_name(project: Path) -> None:
    """The path goes to --python as it was typed."""
    (project / "ends").write_text("1\n0\n")
    child = at_a_terminal(project)
    child.expect("What now")
    child.send("\x1b[B\r")
    child.expect("Which Python")
    child.send("3.12\r")
    child.expect(pexpect.EOF)
    assert calls(project) == ["run:", "run:--python 3.12"]


def test_with_defaults_nobody_is_asked_even_at_a_terminal(project: Path) -> None:
    """--defaults means: do not ask."""
    (project / "ends").write_text("1\n")
    child = at_a_terminal(project, ask=False)
    child.expect(pexpect.EOF)
    assert "What now" not in (child.before or "")
    assert calls(project) == ["run:"]


def test_interrupting_the_bootstrap_is_not_answered_with_a_menu(project: Path) -> None:
    """Whoever pressed Ctrl-C wants out."""
    (project / "ends").write_text("130\n")
    child = at_a_terminal(project)
    child.expect(pexpect.EOF)
    assert "What now" not in (child.before or "")


def test_packages_that_were_asked_for_are_added_once_then_the_environment_is_shown(project: Path) -> None:
    """Each requirement is one argument, byte for byte."""
    run_hook(project, packages="rich>=14 numpy")
    assert calls(project) == ["run:add rich>=14 numpy", "run:"]


def test_packages_that_cannot_be_added_leave_a_whole_project_and_the_command_for_later(project: Path) -> None:
    """Offline, say: exit 0, and the shell will not take >= for a redirection."""
    (project / "ends").write_text("1\n0\n")
    done = run_hook(project, packages="rich>=14")
    assert done.returncode == 0
    assert "Later: sh bootstrap.sh add 'rich>=14'" in done.stdout


def test_a_repository_without_pins_is_locked_first(project: Path) -> None:
    """What it declares becomes the pin file that the settings name."""
    shim_text = (project / "bootstrap.sh").read_text(encoding="ascii")
    (project / "bootstrap.sh").write_text(f'[ "$1" = lock ] && : >requirements.txt\n{shim_text}', encoding="ascii")
    run_hook(project, pins="requirements.txt")
    assert calls(project) == ["run:lock", "run:"]
    run_hook(project, pins="requirements.txt")
    assert calls(project)[2:] == ["run:"]


def test_where_nothing_can_be_pinned_one_reason_is_given_and_nothing_more_is_tried(project: Path) -> None:
    """A second failure, about the pins that are not there, would bury the first one's reason."""
    (project / "ends").write_text("1\n")
    done = run_hook(project, pins="requirements.txt", ask=True)
    assert (done.returncode, calls(project)) == (0, ["run:lock"])
    assert "Later" not in done.stdout
    assert done.stdout.splitlines()[-1].endswith("sh bootstrap.sh lock   and then: sh bootstrap.sh")


@pytest.mark.parametrize(
    ("address", "told"),
    [("template", True), ("'../a b'", True), ("https://x.invalid/t", False), ("gh:a/b", False), ("/srv/t", False)],
)
def test_a_template_that_no_update_would_find_is_told_at_once(project: Path, address: str, told: bool) -> None:
    """A relative path counts from where it was typed, which nothing remembers."""
    (project / ".copier-answers.yml").write_text(
        f"_commit: 1.0.0\n_src_path: {address}\nmore: false\n", encoding="utf-8"
    )
    assert ("An update will not find" in run_hook(project).stdout) is told


def test_a_script_of_the_persons_own_is_never_run(project: Path) -> None:
    """They kept theirs when Copier asked: the bootstrap runs without the shim, and is told as it is typed then."""
    (project / "bootstrap.sh").write_text("echo mine >>calls\n", encoding="ascii")
    done = run_hook(project)
    assert calls(project) == ["core:"]
    assert "bootstrap.sh is yours and stays as it is. The bootstrap is typed: python3 bootstrap" in done.stdout


@pytest.mark.parametrize("name", ["bootstrap.sh", "bootstrap.cmd"])
def test_our_own_scripts_are_known_by_what_they_say(name: str) -> None:
    """The hook and the shims agree."""
    assert OURS in (ROOT / "template" / name).read_bytes()
