"""Install the project itself after its pins, editable: pip refuses `-e` beside hashes, so it is a step of its own.

Everything the step needs is there by then: the build backend is one of the pins, so nothing is resolved or fetched.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from .engines import Engine
from .environment import Environment
from .failure import Failure
from .pins import editable_from
from .process import Finished

INPUTS = ("pyproject.toml", "setup.py", "setup.cfg")
"""What name, version and entry points come from: when one of them changes, the environment is out of date."""

_KEPT = ("UV_CACHE_DIR", "UV_LINK_MODE")


def isolated(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables without pip's and uv's: no index is asked, and a wish for hashes would be refused."""
    kept = {name: value for name, value in environ.items() if not name.startswith(("PIP_", "UV_")) or name in _KEPT}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_NO_CONFIG": "1"}


def renamed(project: Path, environment: Environment) -> list[str]:
    """Return the names that the project went by before the present one."""
    return editable_from(project, environment.site_packages)[:-1]


def refused(done: Finished, engine: Engine) -> Failure:
    """Return the failure of an editable installation: what the build backend said comes last in the output."""
    said = [line for line in done.output.splitlines() if line.strip()]
    return Failure(
        f"{engine.name} could not install the project itself (exit code {done.code}).",
        "\n".join(f"  {line.strip()}" for line in said[-8:]),
        "mend what it names, most often a line of pyproject.toml, then run this again",
    )
