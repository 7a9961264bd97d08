"""Know where a project keeps what; light, because the path that does nothing needs it."""

from __future__ import annotations

import os

ENVIRONMENT = ".venv"
"""The environment's folder: the name that editors, tools and people look for."""


def project_folder() -> str:
    """Return the project that this bootstrap folder belongs to."""
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
