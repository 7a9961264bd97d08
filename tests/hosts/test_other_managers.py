"""dnf, zypper and pacman are asked for real, and the plan takes back what was forced among their files.

They are Debian's builds of them, in a private root, with a small distribution of packages made by the real tools
(tests/recorded/world.sh). With RECORD=1 what they were asked and answered is written to tests/recorded, where the quick
tests read it: `RECORD=1 python3 start.py test tests/hosts/test_other_managers.py -n0 -m slow`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

import pytest

from tests.support.debian import Debian, debian
from tests.support.needs import own_mounts
from tests.support.project import ROOT, TEMPLATE

pytestmark = [pytest.mark.hosts, pytest.mark.slow]

RECORDED = ROOT / "tests" / "recorded"
SITE = "usr/lib/python3.99/site-packages"
NEEDED = (
    "ca-certificates", "createrepo-c", "fakeroot", "libarchive-tools", "makepkg", "pacman-package-manager", "python3",
    "rpm", "xz-utils", "zypper",
)  # fmt: skip
INSTALLED = {
    "dnf": "{dnf} -y -q install python3-six python3-idna firewalld",
    "zypper": "zypper -n --no-gpg-checks install glibc python3-six python3-idna firewalld",
    "pacman": "pacman -Sy --noconfirm python-six python-idna firewalld",
}
VERSION = {"dnf": "{dnf} --version", "zypper": "zypper --version", "pacman": "pacman --version"}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
EXPECTED = {"dnf": "python3-", "zypper": "python3-", "pacman": "python-"}


# The newer managers of sid (dnf5, pacman 7) are asked when recording; what they answered is read by the quick tests. A
# root of theirs takes minutes to make.
RELEASES = ["bookworm", "sid"] if os.environ.get("RECORD") else ["bookworm"]


@pytest.fixture(scope="module", params=RELEASES)
def root(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Debian, str]:
    """Return a root with all three managers and the small distribution's repositories, and the name of its dnf."""
    release = str(request.param)
    dnf = "dnf" if release == "bookworm" else "dnf5"
    host = debian(tmp_path_factory.mktemp(release) / "root", release, (*NEEDED, dnf), "managers")
    world = host.root / "world"
    world.mkdir()
    for name in ("world.sh", "asking.py"):
        shutil.copy(RECORDED / name, world)
    shutil.copytree(TEMPLATE / "bootstrap", world / "bootstrap")
    for name in ("dnf", "rpm", "zypper", "pacman"):
        (world / "asked").mkdir(exist_ok=True)
        shutil.copy(RECORDED / "asked.sh", world / "asked" / name)
        (world / "asked" / name).chmod(0o755)
    if dnf == "dnf5" and not (host.root / "usr/bin/dnf").exists():
        (host.root / "usr/bin/dnf").symlink_to("dnf5")  # as Fedora has it
    # makepkg needs /proc, which only this one command sees.
    entered = 'mount -t proc proc "$1/proc" && exec chroot "$1" sh /world/world.sh'
    made = subprocess.run(
        [*own_mounts(), "sh", "-c", entered, "sh", str(host.root)], env={"PATH": PATH}, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return host, dnf


def force(host: Debian) -> None:
    """Leave what `sudo pip install --upgrade six` and `--ignore-installed idna` leave where pip is not held back."""
    site = host.root / SITE
    shutil.rmtree(site / "six-1.16.0.dist-info")
    for name, version, files in (("six", "1.99", ["six.py"]), ("idna", "99.0", ["idna/__init__.py", "idna/extra.py"])):
        for file in files:
            (site / file).write_text("forced\n", encoding="utf-8")
        folder = site / f"{name}-{version}.dist-info"
        folder.mkdir()
        (folder / "INSTALLER").write_text("pip\n", encoding="utf-8")
        record = [*files, f"{folder.name}/INSTALLER", f"{folder.name}/RECORD"]
        (folder / "RECORD").write_text("".join(f"{each},,\n" for each in record), encoding="utf-8")
    # What a person edited is theirs to keep, and no damage of pip's.
    (host.root / "etc/idna.conf").write_text("my own\n", encoding="utf-8")


def tree(host: Debian) -> dict[str, str]:
    """Return the content of every file of the small distribution."""
    folder = host.root / "usr/lib/python3.99"
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def recorded(host: Debian, version: str, told: dict[str, Any]) -> dict[str, Any]:
    """Return what the programs were asked and answered, in the order of the asking."""
    answers = []
    for place in sorted((host.root / "world/recorded").iterdir()):
        code, output, errors = ((place / name).read_text(encoding="utf-8") for name in ("code", "output", "errors"))
        asked = (place / "asked").read_text(encoding="utf-8").splitlines()
        answers.append({"asked": asked, "code": int(code), "output": output, "errors": errors})
    return {"version": version, "answers": answers, "told": told}


@pytest.mark.parametrize("name", ["dnf", "zypper", "pacman"])
def test_the_plan_takes_back_what_was_forced(root: tuple[Debian, str], name: str) -> None:
    """Offers, dependents, forced and damaged are told by this manager itself; after its plan every file is as before."""
    host, dnf = root
    for place in ("usr/lib/python3.99", "var/lib/pacman/local", "world/recorded", "world/plan.sh.snapshot"):
        shutil.rmtree(host.root / place, ignore_errors=True)
    (host.root / "usr/bin/firewall-cmd").unlink(missing_ok=True)
    host.run("sh", "-c", "rm -f /etc/idna.conf*; rpm -qa | xargs -r rpm -e --nodeps")
    host.says("sh", "-c", INSTALLED[name].format(dnf=dnf))
    if name == "dnf":
        host.says("dnf", "-q", "makecache")
    before = tree(host)
    force(host)
    told = json.loads(
        host.says("python3", "-B", "/world/asking.py", name, PATH=f"/world/asked:{PATH}").splitlines()[-1]
    )
    prefix = EXPECTED[name]
    assert told["offers"] == {
        "six": {"package": f"{prefix}six", "version": "1.16.0", "installed": True},
        "idna": {"package": f"{prefix}idna", "version": "3.3", "installed": True},
        "requests": {"package": f"{prefix}requests", "version": "2.28.1", "installed": False},
    }
    assert told["forced"] == {"six": "1.99", "idna": "99.0"}
    assert set(told["damaged"]) >= {f"/{SITE}/six.py", f"/{SITE}/idna/__init__.py"}
    assert set(told["damaged"].values()) == {f"{prefix}six", f"{prefix}idna"}
    assert "/etc/idna.conf" not in told["damaged"]
    assert "firewalld" in told["dependents"]
    assert [each for each in told["troubles"] if each] == []
    version = host.says("sh", "-c", VERSION[name].format(dnf=dnf))
    answers = recorded(host, " ".join(version.split())[:200], told)
    if os.environ.get("RECORD"):
        file = RECORDED / f"{name}-{host_release(host)}.json"
        file.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    ran = host.run("sh", "-c", "cd /world && sh plan.sh")
    assert ran.returncode == 0, ran.stdout
    assert "Done." in ran.stdout
    assert tree(host) == before
    assert (host.root / "etc/idna.conf").read_text(encoding="utf-8") == "my own\n"


def host_release(host: Debian) -> str:
    """Return the code name of the Debian that carries the managers."""
    lines = (host.root / "etc/os-release").read_text(encoding="utf-8").splitlines()
    return next((line.partition("=")[2] for line in lines if line.startswith("VERSION_CODENAME")), "sid")
