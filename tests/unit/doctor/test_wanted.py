"""Requirements are read by name and compared as far as that is certain."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from projectenv.doctor.wanted import Wanted, declared, read, satisfies


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("requests", Wanted("requests")),
        ("PyYAML >= 5.1, <7", Wanted("pyyaml", ">= 5.1, <7")),
        ("rich[jupyter]>=13 ; python_version < '3.12'", Wanted("rich", ">=13")),
        ("zope.interface==5.0 --hash=sha256:00", Wanted("zope-interface", "==5.0 --hash=sha256:00")),
        ("-r other.txt", None),
        ("# a comment", None),
        ("", None),
    ],
)
def test_a_requirement_is_read_by_its_name(line: str, expected: Wanted | None) -> None:
    """Extras and markers are left out, options and comments are none."""
    told = read(line)
    assert told == expected or (told and expected and told.name == expected.name)


@pytest.mark.parametrize(
    ("version", "wanted", "expected"),
    [
        ("2.28.1", "", True),
        ("2.28.1", ">=2.28", True),
        ("2.28.1", ">=2.30", False),
        ("2.28.1", ">=2, <3", True),
        ("1.10", ">=1.9", True),
        ("1.0", "==1.0.0", True),
        ("1.4.2", "~=1.4.1", True),
        ("1.5", "~=1.4.1", False),
        ("3.9", "~=3.1", True),
        ("6.0", "==6.*", True),
        ("6.0", "!=6.0", False),
        ("6.0", "@ https://example.org/a.whl", None),
        ("unknown", ">=1", None),
    ],
)
def test_a_version_is_compared_with_a_range(version: str, wanted: str, expected: bool | None) -> None:
    """Numbers are compared as numbers; what takes a real resolver is left open."""
    assert satisfies(version, wanted) is expected


@pytest.mark.skipif(sys.version_info < (3, 11), reason="this Python cannot read TOML")
def test_what_is_declared_comes_from_pyproject(tmp_path: Path) -> None:
    """The declared dependencies are asked for, not the many that they pull in."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["six>=1", "rich"]\n')
    (tmp_path / "requirements.txt").write_text("six==1.17\nrich==14\npygments==2\n")
    assert declared(tmp_path, ("requirements.txt",)) == [Wanted("six", ">=1"), Wanted("rich")]


@pytest.mark.parametrize("text", [None, "not toml [", "[tool.x]\n", "[project]\ndependencies = 3\n"])
def test_without_a_declaration_the_pins_are_asked_for(tmp_path: Path, text: str | None) -> None:
    """A pyproject.toml that is missing, broken or says nothing leaves the production pins."""
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "requirements.txt").write_text("# Locked\nsix==1.17 \\\n    --hash=sha256:00\n")
    assert [each.name for each in declared(tmp_path, ("requirements.txt",))] == ["six"]
    assert declared(tmp_path, ()) == []
