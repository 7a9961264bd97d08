"""Ask the machine once what it is; everywhere else these are values."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from . import oldpython
from .bytecode import users_cache
from .record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    System = Literal["linux", "macos", "windows"]


class Machine(Record):
    """What the bootstrap needs to know of this computer and this user."""

    system: System
    architecture: str
    """As `platform.machine()` says it, in lower case: x86_64, amd64, arm64, aarch64 ..."""
    family: str
    """ID and ID_LIKE of os-release(5), or an empty string."""
    user_id: int | None
    """The effective user id; None on Windows."""
    environ: dict[str, str]
    home: Path

    @property
    def is_root(self) -> bool:
        """Tell whether this is the superuser of a Unix."""
        return self.user_id == 0

    @property
    def cache(self) -> Path:
        """Return the folder of the user's cache that is ours."""
        platform = {"windows": "win32", "macos": "darwin"}.get(self.system, "linux")
        return Path(users_cache(self.environ, platform, str(self.home)))

    @property
    def how_to_install_python(self) -> str:
        """Return the command that installs a current Python here."""
        platform = {"windows": "win32", "macos": "darwin"}.get(self.system, "linux")
        return str(oldpython.how_to_install(platform, self.family))


def this_machine() -> Machine:
    """Read the platform, the user and the environment variables."""
    system: System = "linux"
    if sys.platform == "darwin":
        system = "macos"
    elif os.name == "nt":
        system = "windows"
    if system == "windows":
        architecture = os.environ.get("PROCESSOR_ARCHITEW6432") or os.environ.get("PROCESSOR_ARCHITECTURE", "")
        user_id = None
    else:
        architecture = os.uname().machine
        user_id = os.geteuid()
    return Machine(
        system=system,
        architecture=architecture.lower(),
        family=oldpython.distribution_family() if system == "linux" else "",
        user_id=user_id,
        environ=dict(os.environ),
        home=Path(os.path.expanduser("~")),
    )
