"""Know what a disk's refusal means, and what helps."""

from __future__ import annotations

import errno
import os

from .failure import Failure


def of_the_disk(error: BaseException, why: str = "") -> Failure | None:
    """Return what a disk's refusal means and what helps; None for an error of any other kind."""
    refused = getattr(error, "filename", None)
    if refused and not os.path.lexists(refused):
        refused = os.path.dirname(refused) or "."  # what could not be made: its folder refuses
    mine = f"make {refused or 'it'} yours (ls -ld shows whose it is), or copy the project elsewhere"
    if os.name == "nt":
        mine = "close the programs that have it open (JupyterLab, editors, terminals), or copy the project elsewhere"
    helps = {
        errno.ENOSPC: "free some space",
        getattr(errno, "EDQUOT", errno.ENOSPC): "free some space",
        errno.EROFS: "copy the project to a folder you can write to",
        errno.EACCES: mine,
        errno.EPERM: mine,
    }
    if not isinstance(error, OSError) or error.errno not in helps:
        return None
    what = f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    return Failure(what, why, f"{helps[error.errno]}, then run this again")
