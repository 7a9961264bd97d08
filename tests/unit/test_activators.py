"""Check what is written into an environment's folder of programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from projectenv.activation import ON, SHELLS
from projectenv.activators import write_missing

OURS = {"activate", "activate.csh", "activate.elv", "activate.fish", "activate.nu", "activate.xsh"}


def written(folder: Path) -> dict[str, bytes]:
    """Return the content of every file by its name."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@pytest.mark.parametrize(("scripts", "shells"), [("bin", ON["posix"]), ("Scripts", ("bash", "fish", "nu", "xonsh"))])
def test_every_shell_gets_its_activator(tmp_path: Path, scripts: str, shells: tuple[str, ...]) -> None:
    """Write a file for each shell, with this system's folder in it and no placeholder left."""
    (tmp_path / scripts).mkdir()
    write_missing(str(tmp_path))
    files = written(tmp_path / scripts)
    assert {SHELLS[shell][0] for shell in shells if shell != "pwsh"} <= set(files)
    for content in files.values():
        assert b"@" not in content.replace(b"$@before", b"").replace(b"{env@", b"")
        assert scripts.encode() in content
        assert b"\r" not in content


def test_twice_is_once(tmp_path: Path) -> None:
    """Leave the same files however often it runs."""
    (tmp_path / "bin").mkdir()
    write_missing(str(tmp_path))
    before = written(tmp_path / "bin")
    write_missing(str(tmp_path))
    assert written(tmp_path / "bin") == before
    assert set(before) == OURS


def test_broken_activators_are_replaced_and_others_kept(tmp_path: Path) -> None:
    """Replace what venv and uv wrote where ours works better, and only there."""
    (tmp_path / "bin").mkdir()
    for name in ("activate", "activate.bat", "Activate.ps1"):
        (tmp_path / "bin" / name).write_text("theirs")
    write_missing(str(tmp_path))
    files = written(tmp_path / "bin")
    assert files["activate"] != b"theirs"
    assert files["activate.bat"] == files["Activate.ps1"] == b"theirs"


def test_powershell_finds_uvs_script_under_venvs_name(tmp_path: Path) -> None:
    """Make one line right for environments of both, where case matters."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "activate.ps1").write_text("theirs")
    write_missing(str(tmp_path))
    assert (tmp_path / "bin" / "Activate.ps1").read_text() == "theirs"
