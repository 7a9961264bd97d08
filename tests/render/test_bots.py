"""What proposes updates is generated when asked for, is valid, and asks for no more than it needs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from .conftest import Render

FILES = {
    "none": set(),
    "renovate": {"renovate.json"},
    "github": {".github/dependabot.yml", ".github/workflows/template-update.yml"},
}


def made(project: Path) -> set[str]:
    """Return which of these files a project has."""
    return {name for names in FILES.values() for name in names if (project / name).is_file()}


@pytest.mark.parametrize("starter", ["app", "existing"])
@pytest.mark.parametrize("bots", sorted(FILES))
def test_only_what_was_asked_for_is_made(render: Render, starter: str, bots: str) -> None:
    """For every starter, also beside a repository that exists."""
    assert made(render(starter=starter, bots=bots)) == FILES[bots]


def test_nobody_is_the_default(render: Render) -> None:
    """A bot is somebody's decision."""
    assert made(render()) == set()


def test_the_workflow_has_least_permissions_and_pinned_actions(render: Render) -> None:
    """Nothing by default, two rights in the job; every action by its full commit."""
    text = (render(bots="github") / ".github/workflows/template-update.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["update"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action) for action in used)


def test_renovate_lets_the_hook_run_and_waits_before_it_takes_a_release(render: Render) -> None:
    """Setting ignoreScripts to false is what its Copier manager needs for --trust (docs.renovatebot.com/modules/manager/copier)."""
    configuration = json.loads((render(bots="renovate") / "renovate.json").read_text(encoding="utf-8"))
    assert configuration["ignoreScripts"] is False
    assert configuration["minimumReleaseAge"] == "7 days"


def test_dependabot_knows_both_ecosystems(render: Render) -> None:
    """Pins and actions."""
    configuration = yaml.safe_load((render(bots="github") / ".github/dependabot.yml").read_text(encoding="utf-8"))
    assert [each["package-ecosystem"] for each in configuration["updates"]] == ["pip", "github-actions"]
