"""Editing what is declared: names, floors, and .in files line by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from projectenv import edits
from projectenv.failure import Failure


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        ("requests", "requests"),
        ("Ruamel.YAML", "ruamel-yaml"),
        ("rich>=14", "rich"),
        ("rich[jupyter] >=14,<16 ; python_version < '3.13'", "rich"),
        ("torch @ https://example.invalid/torch-1-py3-none-any.whl", "torch"),
    ],
)
def test_the_name_of_a_requirement(requirement: str, name: str) -> None:
    """It is compared as indexes do."""
    assert edits.name_of(requirement) == name


@pytest.mark.parametrize("wrong", ["./here", "git+https://example.invalid/x", "two words", "-e .", "", "a b>=1"])
def test_what_no_index_serves_is_refused(wrong: str) -> None:
    """Usage, so exit code 2."""
    with pytest.raises(Failure) as caught:
        edits.name_of(wrong)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "wrong", ["humanize==", "humanize>=", "rich>=14,<", "rich[jupyter] == ; python_version < '3.13'"]
)
def test_a_requirement_that_ends_before_its_version_is_told(wrong: str) -> None:
    """It is said here in a sentence, not by the editor of pyproject.toml in several."""
    with pytest.raises(Failure, match="ends before the version") as caught:
        edits.name_of(wrong)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("requirement", "bare", "floored"),
    [
        ("rich", True, "rich>=15.0"),
        ("rich[jupyter]", True, "rich[jupyter]>=15.0"),
        ("rich ; sys_platform == 'win32'", True, "rich>=15.0 ; sys_platform == 'win32'"),
        ("rich<15", False, ""),
        ("rich @ https://example.invalid/r.whl", False, ""),
    ],
)
def test_a_bare_requirement_gets_a_floor(requirement: str, bare: bool, floored: str) -> None:
    """So that no later resolution goes back to an ancient version."""
    assert edits.is_bare(requirement) is bare
    if bare:
        assert edits.with_floor(requirement, "15.0") == floored


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_in_file_keeps_its_comments_order_and_line_ends(tmp_path: Path, end: str) -> None:
    """Only the lines that name the package change."""
    file = tmp_path / "requirements.in"
    file.write_bytes(end.join(["# ours", "Rich>=13  # pretty", "-r base.in", "six", ""]).encode())
    edits.edit_in_file(file, add=["rich>=15"], remove=["six"])
    assert file.read_bytes() == end.join(["# ours", "-r base.in", "rich>=15", ""]).encode()
