"""Know the options as they are when nothing was typed: then argparse need not be imported, which takes its time."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEFAULTS: dict[str, Any] = {
    "command": None, "project": None, "python": None, "installer": None, "offline": False, "recreate": False,
    "dry_run": False, "quiet": False, "verbose": False, "no_input": False, "json": False, "prod": False,
    "upgrade": None, "cooldown": None, "pylock": False, "group": None,
}  # fmt: skip
