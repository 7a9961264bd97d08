"""The plan follows from facts alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from projectenv.environment import Trouble
from projectenv.failure import Failure
from projectenv.plan import Situation, make_plan

if TYPE_CHECKING:
    from projectenv.environment import Kind

FILL = ["install", "verify", "stamp"]


def names(trouble: Trouble | None, *, exists: bool = True, recreate: bool = False, **more: object) -> list[str]:
    """Return the names of the steps for a situation."""
    facts: dict[str, object] = {"python": "Python 3.11.2", "engine": "uv", "pins": ("requirements.txt",), **more}
    return [step.name for step in make_plan(Situation(trouble, exists, recreate, **facts))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "exists", "expected"),
    [
        ("missing", False, ["create", *FILL]),
        ("broken", True, ["set aside", "create", *FILL, "discard"]),
        ("outdated", True, ["mark", *FILL]),
    ],
)
def test_each_trouble_has_its_steps(kind: Kind, exists: bool, expected: list[str]) -> None:
    """A missing environment is made, a broken one replaced, an outdated one synced in place."""
    assert names(Trouble(kind, "why"), exists=exists) == expected


def test_a_healthy_environment_needs_no_step() -> None:
    """Nothing is wrong, nothing is done."""
    assert names(None) == []


def test_recreate_replaces_a_healthy_environment() -> None:
    """--recreate sets even a healthy environment aside and makes it anew."""
    assert names(None, recreate=True) == ["set aside", "create", *FILL, "discard"]


def test_dropped_packages_and_the_source_folder_have_steps_of_their_own() -> None:
    """What the pins dropped is removed after the installation, and the source is linked before the stamp."""
    steps = names(Trouble("outdated", "why"), dropped=("old",), source="src")
    assert steps == ["mark", "install", "uninstall", "link", "verify", "stamp"]


def test_the_stamp_comes_after_all_that_it_vouches_for() -> None:
    """Only the removal of the former environment follows the stamp."""
    steps = names(Trouble("broken", "why"), source="src", dropped=("x",))
    assert steps[steps.index("stamp") + 1 :] == ["discard"]


def test_what_is_no_environment_is_refused_and_left_alone() -> None:
    """A folder without pyvenv.cfg may be somebody's work."""
    with pytest.raises(Failure, match="not a virtual environment") as caught:
        names(Trouble("not ours", ".venv is a file, not a virtual environment"))
    assert caught.value.next_step


def test_the_environment_is_opened_to_the_system_only_after_the_installation() -> None:
    """While pip installs it must not see the system's packages: it would call them already installed."""
    assert names(Trouble("missing", "why"), exists=False, system_packages=True) == [
        "create",
        "install",
        "open",
        "verify",
        "stamp",
    ]


def test_the_project_itself_is_installed_after_its_pins_and_before_the_stamp() -> None:
    """Its build backend is one of the pins, and a package that cannot be built must not be vouched for."""
    assert names(Trouble("missing", "why"), exists=False, editable=True) == [
        "create",
        "install",
        "editable",
        "verify",
        "stamp",
    ]
