"""Check the activation table: its lines, its quoting, and that ACTIVATE.md says the same."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from projectenv import activation
from projectenv.failure import Failure

TEMPLATE = Path(__file__).resolve().parents[2] / "template"
HOSTILE = "'\";&&e-$ èрт🚒♞中片-j"


@pytest.mark.parametrize(
    ("system", "shell", "line"),
    [
        ("posix", "bash", "source .venv/bin/activate"),
        ("posix", "sh", ". .venv/bin/activate"),
        ("posix", "fish", "source .venv/bin/activate.fish"),
        ("posix", "tcsh", "source .venv/bin/activate.csh"),
        ("posix", "nu", "overlay use .venv/bin/activate.nu"),
        ("posix", "elvish", "eval (slurp < .venv/bin/activate.elv)"),
        ("posix", "pwsh", ".venv/bin/Activate.ps1"),
    ],
)
def test_below_the_current_folder_the_line_is_short(system: str, shell: str, line: str) -> None:
    """Name the environment relative to where the person is."""
    assert activation.activation("/home/jo/p/.venv", "/home/jo/p", system, shell) == line


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("powershell", r".venv\Scripts\Activate.ps1"),
        ("cmd", r".venv\Scripts\activate.bat"),
        ("bash", "source .venv/Scripts/activate"),
    ],
)
@pytest.mark.parametrize("cwd", [r"C:\jo\p", r"c:\Jo\P", "C:\\jo\\p\\", "C:/jo/p"])
def test_windows_paths_are_told_apart_by_neither_case_nor_slash(shell: str, line: str, cwd: str) -> None:
    """Recognise the current folder however Windows spells it."""
    assert activation.activation(r"C:\jo\p\.venv", cwd, "windows", shell) == line


@pytest.mark.parametrize(
    ("folder", "system", "shell", "line"),
    [
        ("/a b/.venv", "posix", "bash", "source '/a b/.venv/bin/activate'"),
        ("/it's/.venv", "posix", "fish", r"source '/it\'s/.venv/bin/activate.fish'"),
        ("/wow!/.venv", "posix", "tcsh", r"source '/wow\!/.venv/bin/activate.csh'"),
        ("/it's/.venv", "posix", "elvish", "eval (slurp < '/it''s/.venv/bin/activate.elv')"),
        ("/a b/.venv", "posix", "pwsh", "& '/a b/.venv/bin/Activate.ps1'"),
        ("C:\\it's\\.venv", "windows", "powershell", "& 'C:\\it''s\\.venv\\Scripts\\Activate.ps1'"),
        ("C:\\it\u2019s\\.venv", "windows", "powershell", "& 'C:\\it\u2019\u2019s\\.venv\\Scripts\\Activate.ps1'"),
        ("C:\\a b\\.venv", "windows", "cmd", '"C:\\a b\\.venv\\Scripts\\activate.bat"'),
        ("C:\\a b\\.venv", "windows", "bash", "source 'C:/a b/.venv/Scripts/activate'"),
    ],
)
def test_elsewhere_the_path_is_whole_and_quoted_for_its_shell(folder: str, system: str, shell: str, line: str) -> None:
    """Quote what the shell would read otherwise."""
    assert activation.activation(folder, "/elsewhere", system, shell) == line


def test_a_sibling_with_the_same_beginning_is_not_below() -> None:
    """Keep /p and /p2 apart."""
    assert activation.activation("/p2/.venv", "/p", "posix", "bash") == "source /p2/.venv/bin/activate"


def test_a_dash_never_becomes_an_option() -> None:
    """Put ./ before a path that begins with a dash."""
    assert activation.activation("/w/-x/.venv", "/w", "posix", "sh") == ". ./-x/.venv/bin/activate"


def test_posix_quoting_reads_back() -> None:
    """Agree with the standard library on what a quoted word means."""
    assert shlex.split(activation.quote_sh(HOSTILE)) == [HOSTILE]


def test_every_system_lists_shells_that_are_known() -> None:
    """Leave no shell without a line, and no line without a system."""
    assert {shell for shells in activation.ON.values() for shell in shells} == set(activation.SHELLS)
    assert set(activation.ALIASES.values()) <= set(activation.SHELLS)


@pytest.mark.parametrize(
    ("name", "shell"),
    [("bash", "bash"), ("BASH.EXE", "bash"), ("dash", "sh"), ("busybox", "sh"), ("ksh93", "ksh"), ("nushell", "nu"),
     ("PowerShell", "powershell"), ("python3", None), ("", None)],
)  # fmt: skip
def test_shells_go_by_several_names(name: str, shell: str | None) -> None:
    """Know a shell by the names that people and processes use."""
    assert activation.shell_named(name) == shell


def test_words_begin_with_the_line_for_the_shell_in_use() -> None:
    """Give the line first, then the way without activating."""
    assert activation.in_words("/p/.venv", "/p", "posix", "bash") == (
        "Activate it in this shell (bash):\n    source .venv/bin/activate\n"
        "Or work without activating:\n    sh bootstrap.sh run python"
    )


def test_words_for_a_repository_with_a_script_of_its_own_start_the_folder() -> None:
    """Where the shim's name is taken, it is not what runs python inside."""
    words = activation.in_words("/a b/.venv", "/", "posix", "fish", "bootstrap")
    assert words.endswith("    python3 'a b/bootstrap' run python")
    words = activation.in_words(r"C:\p\.venv", r"C:\p", "windows", "cmd", "bootstrap")
    assert words.endswith("    py bootstrap run python")


def test_words_for_powershell_name_the_policy() -> None:
    """Say what to do when running scripts is disabled, for this window only."""
    words = activation.in_words(r"C:\p\.venv", r"C:\p", "windows", "powershell")
    assert "    Set-ExecutionPolicy -Scope Process Bypass\n" in words
    assert words.endswith("    .\\bootstrap.cmd run python")


def test_words_for_cmd_name_no_policy() -> None:
    """Keep silent about PowerShell's policy where it does not apply."""
    assert "Policy" not in activation.in_words(r"C:\p\.venv", r"C:\p", "windows", "cmd")


@pytest.mark.parametrize("shell", [None, "powershell", "unheard-of"])
def test_an_unknown_shell_gets_the_table(shell: str | None) -> None:
    """List every shell of this system when it is not known which one is in use."""
    words = activation.in_words("/p/.venv", "/p", "posix", shell)
    for _, line in activation.table("/p/.venv", "/p", "posix"):
        assert line in words


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    """Let a typing error cost one look."""
    with pytest.raises(Failure) as caught:
        activation.one_line("/p/.venv", "/p", "posix", "fsh")
    assert caught.value.exit_code == 2
    assert "fish" in caught.value.why


@pytest.mark.parametrize(
    ("heading", "folder", "cwd", "system"),
    [("## Linux, macOS, WSL", "/p/.venv", "/p", "posix"), ("## Windows", r"C:\p\.venv", r"C:\p", "windows")],
)
def test_the_page_says_what_the_table_says(heading: str, folder: str, cwd: str, system: str) -> None:
    """Keep ACTIVATE.md and the code in agreement, row by row."""
    section = (TEMPLATE / "ACTIVATE.md").read_text(encoding="utf-8").split(f"\n{heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]
    assert [(shells, line.strip("`")) for shells, line in rows] == activation.table(folder, cwd, system)


def test_the_page_says_what_holds_in_every_shell() -> None:
    """Keep the other sentences of ACTIVATE.md and the code in agreement."""
    page = (TEMPLATE / "ACTIVATE.md").read_text(encoding="utf-8")
    assert f"    {activation.POLICY}\n" in page
    assert f"| Leave it? | `{activation.LEAVE}` |" in page
    assert f"| Is it on? | `{activation.IS_IT_ON}`" in page
    for system, cwd, shell in (
        ("posix", "/p", "bash"),
        ("windows", "C:\\p", "powershell"),
        ("windows", "C:\\p", "cmd"),
    ):
        slash = "\\" if system == "windows" else "/"
        assert f"`{activation.without_activating(f'{cwd}{slash}.venv', cwd, system, shell)}`" in page


def test_nothing_heavy_is_imported() -> None:
    """Stay on the path that answers in milliseconds."""
    heavy = "pathlib re dataclasses subprocess enum typing argparse shlex ctypes"
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import projectenv.activation, projectenv.shells as s;"
        "s.shell_in_use(); print(*[m for m in sys.argv[2].split() if m in sys.modules])"
    )
    command = [sys.executable, "-I", "-S", "-c", code, str(TEMPLATE / "bootstrap"), heavy]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert loaded == [] or not sys.platform.startswith("linux")
