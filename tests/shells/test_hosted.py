"""Run the shims in real PowerShells, cmd and Git Bash: only a real Windows can, so hosted CI does.

bootstrap.cmd runs under wine in test_shim_cmd.py, and bootstrap.ps1 is parsed in test_shim_ps1.py; neither proves this.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shells.conftest import HOSTILE
from tests.shells.drivers import BASH, REPORT, drive, find
from tests.shells.shim import TEMPLATE, Shim, make_shim, told
from tests.support.project import BASE_PYTHON

windows = pytest.mark.skipif(os.name != "nt", reason="left to hosted CI: needs a real Windows")
POWERSHELLS = ("powershell", "pwsh") if os.name == "nt" else ("pwsh",) * (shutil.which("pwsh") is not None)
ARGUMENTS = ["run", "a b", "", 'q"q', "back\\", "x y\\", '\\"', "it's", "-x", "--long=v w", "$HOME", "%PATH%", "è🚒"]


@pytest.fixture
def shim(tmp_path: Path) -> Shim:
    """Return every shim beside a stand-in core, in a folder with a hostile name, and the world as it is."""
    made = make_shim(tmp_path, HOSTILE)
    for name in ("bootstrap.ps1", "bootstrap.cmd"):
        shutil.copy(TEMPLATE / name, made.folder)
    made.environ = {**os.environ, "PATH": f"{BASE_PYTHON.parent}{os.pathsep}{os.environ['PATH']}"}
    return made


def quoted(word: str) -> str:
    """Quote for PowerShell."""
    return "'" + word.replace("'", "''") + "'"


@pytest.mark.shells
@pytest.mark.parametrize("shell", POWERSHELLS)
def test_powershell_hands_over_every_argument(shell: str, shim: Shim) -> None:
    """Keep what PowerShell before 7.3 would drop or break, and give back the exit code."""
    line = f"& ./bootstrap.ps1 {' '.join(map(quoted, ARGUMENTS))}\nexit $LASTEXITCODE\n"
    # Without a byte order mark 5.1 reads a script in the machine's code page.
    (shim.folder / "call.ps1").write_text(line, encoding="utf-8-sig")
    answer = told(shim.run(*find(shell).command, "call.ps1"))
    assert answer["words"] == ARGUMENTS
    assert answer["isolated"] == 1


@pytest.mark.shells
@pytest.mark.parametrize("shell", POWERSHELLS)
def test_powershell_evaluates_what_the_shim_prints(shell: str, shim: Shim) -> None:
    """Let the output go down the pipeline."""
    (shim.folder / "bootstrap" / "__main__.py").write_text("print('Write-Output (6 * 7)')\n")
    (shim.folder / "call.ps1").write_text("./bootstrap.ps1 activate | Invoke-Expression\n")
    assert shim.run(*find(shell).command, "call.ps1").stdout.strip() == "42"


@windows
@pytest.mark.shells
def test_powershell_without_any_python_says_what_to_install(shim: Shim) -> None:
    """Give the three parts, exit code 2."""
    system = os.environ["SYSTEMROOT"]
    shim.environ |= {
        "PATH": f"{system}\\System32;{system}\\System32\\WindowsPowerShell\\v1.0",
        "LOCALAPPDATA": "C:\\no",
    }
    done = shim.run(*find("powershell").command, "bootstrap.ps1")
    # py.exe stands in the Windows folder of some machines.
    assert done.returncode == 2, done.stdout
    assert "Next: winget install" in done.stderr


@windows
@pytest.mark.shells
def test_cmd_hands_over_what_was_typed(shim: Shim) -> None:
    """Keep quotes, carets, ampersands and exclamation marks inside quotes; give back the exit code, also by call."""
    lines = '@call bootstrap.cmd run "a b" "" -x "a&b" "!p!" "c|d" -- "it\'s"\n@exit /b %errorlevel%\n'
    (shim.folder / "outer.cmd").write_text(lines)
    answer = told(shim.run("cmd", "/d", "/c", "outer.cmd"))
    assert answer["words"] == ["run", "a b", "", "-x", "a&b", "!p!", "c|d", "--", "it's"]
    assert answer["isolated"] == 1


@windows
@pytest.mark.shells
def test_git_bash_hands_over_every_argument(shim: Shim) -> None:
    """Find the Windows Python from Git Bash, through the same bootstrap.sh."""
    words = [word for word in ARGUMENTS if "/" not in word]
    answer = told(shim.run(BASH, "-eu", "bootstrap.sh", *words))
    assert answer["words"] == words


@windows
@pytest.mark.shells
@pytest.mark.parametrize(("shell", "found"), [("powershell", "powershell"), ("pwsh", "pwsh"), ("cmd", "cmd")])
def test_the_shell_is_found_through_the_cmd_shim(shell: str, found: str, shim: Shim) -> None:
    """See through the cmd.exe that PowerShell starts for a .cmd file."""
    code = (
        f"import sys\nsys.path.insert(0, {str(TEMPLATE / 'bootstrap')!r})\nfrom projectenv.shells import shell_in_use\n"
    )
    main = shim.folder / "bootstrap" / "__main__.py"
    main.write_text(code + "sys.argv[1:] = ['found', shell_in_use() or '']\n" + REPORT, encoding="utf-8")
    driver = find(shell)
    line = "call bootstrap.cmd" if shell == "cmd" else ".\\bootstrap.cmd"
    (report,) = drive(driver, [line], shim.folder, {**shim.environ, "REPORTS": str(shim.folder / "reports")})
    assert report["words"] == [found]


@windows
def test_a_stub_of_the_store_is_no_python() -> None:
    """Show that the probe's exit code is nothing that Windows' own placeholder answers."""
    stub = Path(os.environ["LOCALAPPDATA"]) / "Microsoft" / "WindowsApps" / "python.exe"
    if not os.path.lexists(stub):
        pytest.skip("this Windows has no placeholder")
    code = "import sys; sys.exit(76 + min(1, sys.hexversion // 0x30a0000))"
    assert subprocess.run([str(stub), "-c", code], capture_output=True, timeout=60).returncode != 77
