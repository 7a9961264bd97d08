"""Enter real Debian systems, unpacked by .ci/prepare-hosts.sh, without installing anything and without root."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import needs

if TYPE_CHECKING:
    from tests.support.project import Project, Ran

_CACHE = os.environ.get("VENV_TEMPLATE_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "venv-template"
)
TARBALLS = Path(_CACHE) / "hosts"
"""Read when this module is imported: a test's own home and cache are others."""

NAMES = tuple(
    f"{release}-{state}" for release in ("bookworm", "trixie", "sid") for state in ("bare", "venv", "pip", "pipx")
)
NAMES += ("sid-3.15-bare", "sid-3.15-venv")

_ENTER = """
PATH=/usr/sbin:/sbin:$PATH
for each in dev/null proc work home tmp; do
    case $each in dev/null) from=/dev/null ;; proc) from=/proc ;; *) from=$2/$each ;; esac
    mount --rbind "$from" "$1/$each" || exit 99
done
root=$1 user=$3
shift 3
cd "$root" && exec chroot ${user:+--userspec="$user"} "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/home LANG=C.UTF-8 \\
    /bin/sh -c 'cd /work && exec "$@"' sh "$@"
"""


@dataclass(frozen=True)
class Host:
    """One unpacked system, and the folders that are put into it."""

    name: str
    root: Path
    outside: Path
    """Holds work/, home/ and tmp/ as the host sees them."""

    def run(self, project: Project, *command: str, plain: bool = False) -> Ran:
        """Run a command in /work there, with no network at all: as root, or as a user who owns just that."""
        words = ["unshare", "-m", "-n"] if os.geteuid() == 0 else ["unshare", "-r", "-m", "-n"]
        user = "65534:65534" if plain else ""
        return project.finish([*words, "sh", "-c", _ENTER, "sh", str(self.root), str(self.outside), user, *command])

    def fingerprint(self) -> dict[str, str]:
        """Return every file of the system with its mode and a hash of its content.

        Bytecode is left out: Debian's packages compile theirs when they are configured, which these never were.
        """
        told = {}
        for folder, names, files in os.walk(self.root):
            names[:] = [name for name in names if name != "__pycache__"]
            for path in (os.path.join(folder, name) for name in files):
                content = os.readlink(path).encode() if os.path.islink(path) else Path(path).read_bytes()
                told[path] = f"{os.lstat(path).st_mode:o} {hashlib.sha256(content).hexdigest()}"
        return told


def unpack(name: str, place: Path) -> Host:
    """Unpack one host below a folder; without its tarball the test cannot be run here."""
    tarball = TARBALLS / f"{name}.tar.gz"
    needs.need(f"{tarball.name}, which .ci/prepare-hosts.sh fetches", have=tarball.is_file())
    words = ["unshare", "-m", "-n"] if os.geteuid() == 0 else ["unshare", "-r", "-m", "-n"]
    needs.need("unshare, to enter another system", have=needs.works(*words, "true"))
    root = place / "root"
    root.mkdir()
    with tarfile.open(tarball) as archive:
        archive.extractall(root, filter="fully_trusted") if hasattr(tarfile, "data_filter") else archive.extractall(
            root
        )
    return Host(name, root, place)


def copy_of(python: Path, place: Path) -> Path:
    """Return the prefix of a hard-linked copy of a Python: what is removed or added there is so in the copy alone."""
    prefix = python.resolve().parent.parent
    copy = place / "python"
    subprocess.run(["cp", "-al", str(prefix), str(copy)], check=True)
    return copy
