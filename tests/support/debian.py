"""Have a small real Debian in a folder, with a dpkg and an apt that work: made once by debootstrap, then kept."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.needs import need, without_network

_CACHE = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
# Read when the module is: the tests themselves have a home of their own.
KEPT = Path(os.environ.get("VENV_TEMPLATE_CACHE") or f"{_CACHE}/venv-template") / "hosts"
"""Where the tarballs are, from one run to the next; the same place as that of .ci/prepare-hosts.sh."""
PACKAGES = (
    "ca-certificates",
    "python3",
    "python3-apt",
    "python3-blinker",
    "python3-pip",
    "python3-requests",
    "python3-yaml",
)
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Debian:
    """One private root; what is done to it ends with the test."""

    root: Path

    def run(self, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside, as root, without a network; return what it printed, both streams together."""
        clean = {"HOME": "/root", "PATH": _PATH, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", **environ}
        return subprocess.run(
            [*without_network(), "chroot", str(self.root), *command],
            env=clean,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def says(self, *command: str, **environ: str) -> str:
        """Run a command inside that must succeed and return what it printed."""
        done = self.run(*command, **environ)
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        return done.stdout


def debian(
    folder: Path, release: str = "bookworm", packages: tuple[str, ...] = PACKAGES, called: str = "dpkg"
) -> Debian:
    """Unpack a fresh root into a folder; the first time it is made, which takes a minute and the network."""
    need("root: a chroot with a dpkg that works", have=hasattr(os, "geteuid") and os.geteuid() == 0)
    tarball = KEPT / f"debian-{release}-{called}.tar.gz"
    if not tarball.is_file():
        need("debootstrap", have=shutil.which("debootstrap") is not None)
        _make(tarball, release, packages)
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "-xpf", tarball, "-C", folder, "--numeric-owner"], check=True)
    return Debian(folder)


def _make(tarball: Path, release: str, packages: tuple[str, ...]) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    making = KEPT / f"making-{release}-{os.getpid()}"
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(packages)}", release, str(making)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    # The .deb files stay: a repair then needs no network.
    unfinished = tarball.with_suffix(".part")
    subprocess.run(["tar", "-czpf", unfinished, "-C", making, "--numeric-owner", "."], check=True)
    shutil.rmtree(making)
    unfinished.rename(tarball)
