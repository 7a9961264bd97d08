"""Run a project's bootstrap against an index, with either engine and little patience."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from tests.support import needs
from tests.support.project import Project, Ran, shared_cache

Run = Callable[..., Ran]

QUICK: dict[str, str | None] = {
    "PIP_NO_INDEX": None,
    "PIP_FIND_LINKS": None,
    "PIP_TIMEOUT": "0.4",
    "UV_OFFLINE": None,
    "UV_HTTP_TIMEOUT": "1",
    "UV_HTTP_RETRIES": "0",
}


def through(project: Project, url: str, *options: str, **more: Any) -> Ran:
    """Run the bootstrap with this index and a short patience; pip itself is in the cache."""
    return project.run(*options, **{**QUICK, "PIP_INDEX_URL": url, **more})


def with_uv(project: Project, url: str, *options: str, **more: Any) -> Ran:
    """Run the bootstrap with uv and this index; pip's wheel is the only one it has at hand."""
    path = f"{needs.uv().parent}{os.pathsep}{project.environ['PATH']}"
    links = str(shared_cache() / "wheels")
    return through(project, url, "--installer", "uv", *options, PATH=path, UV_FIND_LINKS=links, **more)


def nothing_left(project: Project) -> bool:
    """Tell whether a failed first run left nothing behind."""
    return sorted(each.name for each in project.folder.iterdir() if each.name.startswith(".venv")) == []


ENGINES = {"pip": through, "uv": with_uv}
