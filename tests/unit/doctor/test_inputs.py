"""What the bootstrap could not read of a project is told before it is tried."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from projectenv.doctor.inputs import trouble

PINS = ("requirements.txt",)
GOOD = """\
# Locked by bootstrap
-r other.txt
--index-url https://index.example/simple
six==1.17.0 \\
    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:08695f5cb7ed6e0531a20572697297273c47b8cae5a63ffc6d6ed5c201be6e44
zope.interface[test] >=5, <7  # why
tool @ https://example.org/tool-1.0.zip
./local/folder
vendored-1.0-py3-none-any.whl
git+https://example.org/x.git@main#egg=x
${HOME}/x.whl
rich
"""


def test_what_pip_reads_is_no_trouble(tmp_path: Path) -> None:
    """Every form that pip has for a line passes; a project without pyproject.toml is fine."""
    (tmp_path / "requirements.txt").write_text(GOOD, encoding="utf-8")
    assert trouble(tmp_path, PINS) is None
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n', encoding="utf-8")
    assert trouble(tmp_path, PINS) is None


@pytest.mark.parametrize(
    "shipped", sorted((Path(__file__).parents[3] / "pins").rglob("*.txt")), ids=lambda each: each.name
)
def test_the_pins_that_are_shipped_are_no_trouble(tmp_path: Path, shipped: Path) -> None:
    """Nobody is told that the pins of a fresh project are broken."""
    (tmp_path / "requirements.txt").write_bytes(shipped.read_bytes())
    told = trouble(tmp_path, PINS)
    assert told is None or "is missing" in told[0], told


@pytest.mark.parametrize(
    ("text", "expected", "command"),
    [
        ("six==1.17.0\n%%% garbage\n", "requirements.txt, line 2, is no requirement: '%%% garbage'.", "git checkout -- requirements.txt"),
        ("six==1 \\\n    --hash=sha256:00\nthis is not a requirement\n", "requirements.txt, line 3, is no requirement: 'this is not a requirement'.", "git checkout"),
        ("six==\n", "requirements.txt, line 1, is no requirement: 'six=='.", "git checkout"),
        ("\x00\x01\x02", "requirements.txt, line 1, is no requirement", "git checkout"),
        ("six==1\n<<<<<<< HEAD\nsix==2\n=======\nsix==3\n>>>>>>> other\n", "requirements.txt holds merge-conflict markers (<<<<<<<).", "git checkout --theirs requirements.txt"),
        (None, "requirements.txt, which names the pins, is missing.", "bootstrap lock"),
    ],
)  # fmt: skip
def test_broken_pins_are_told_with_their_line_and_what_to_type(
    tmp_path: Path, text: str | None, expected: str, command: str
) -> None:
    """Garbage, markers of a merge, and a file that is not there."""
    if text is not None:
        (tmp_path / "requirements.txt").write_text(text, encoding="utf-8")
    told = trouble(tmp_path, PINS)
    assert told
    assert told[0].startswith(expected)
    assert told[1].startswith(command)


def test_an_included_file_is_looked_at_too(tmp_path: Path) -> None:
    """What -r names is part of the pins."""
    (tmp_path / "requirements.txt").write_text("-r more.txt\n", encoding="utf-8")
    (tmp_path / "more.txt").write_text("six==1\n???\n", encoding="utf-8")
    assert (trouble(tmp_path, PINS) or ("", ""))[0] == "more.txt, line 2, is no requirement: '???'."


@pytest.mark.skipif(sys.version_info < (3, 11), reason="this Python cannot read TOML")
@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"[project\nname", "pyproject.toml is no TOML: "), (b'name = "\xff"\n', "pyproject.toml is not UTF-8.")],
)
def test_a_broken_pyproject_is_told(tmp_path: Path, content: bytes, expected: str) -> None:
    """With the reader's own words, which name the line."""
    (tmp_path / "requirements.txt").write_text("", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_bytes(content)
    told = trouble(tmp_path, PINS)
    assert told
    assert told[0].startswith(expected)
    assert "pyproject.toml" in told[1]
