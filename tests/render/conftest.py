"""Render projects with Copier's own functions, as the best templates do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from copier import run_copy

Render = Callable[..., Path]


@pytest.fixture
def render(template: Path, tmp_path: Path) -> Render:
    """Return a function that renders a project from answers, without its environment."""
    made = 0

    def rendered(**answers: object) -> Path:
        nonlocal made
        made += 1
        destination = tmp_path / f"project-{made}"
        run_copy(
            str(template),
            destination,
            data=answers,
            defaults=True,
            quiet=True,
            unsafe=True,
            skip_tasks=True,
            overwrite=True,
        )
        return destination

    return rendered
