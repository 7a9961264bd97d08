"""Know where a project keeps what; light, because the path that does nothing needs it."""

from __future__ import annotations

import os

ENVIRONMENT = ".venv"
"""The environment's folder: the name that editors, tools and people look for."""


_OURS = b"hand over to the bootstrap folder"
"""What every shim of ours says of itself (hooks/populate.py looks for it, too)."""


def starter(project: str) -> str:
    """Return the name that starts the bootstrap in a project: our shim, or the folder where a person kept their own script."""
    name = "bootstrap.cmd" if os.name == "nt" else "bootstrap.sh"
    try:
        with open(os.path.join(project, name), "rb") as shim:
            return name if _OURS in shim.read(4096) else "bootstrap"
    except OSError:
        return name


def project_folder() -> str:
    """Return the project that this bootstrap folder belongs to."""
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
