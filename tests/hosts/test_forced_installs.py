"""Packages forced into a real Debian are found, told apart from the distribution's, and taken back by the plan."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.debian import Debian, debian
from tests.support.project import make_project, shared_cache, the_pip_wheel
from tests.support.wheels import make_wheel

pytestmark = [pytest.mark.hosts, pytest.mark.slow]

PIP = ("python3", "-m", "pip", "install", "--no-index", "--find-links", "/wheels")
WATCHED = ("usr/lib/python3", "usr/local", "root/.local", "usr/bin", "var/lib/dpkg/status")


def tree(root: Path) -> dict[str, str]:
    """Return a digest of every file that pip could have touched; bytecode is not evidence."""
    found = {}
    for top in WATCHED:
        paths = [root / top] if (root / top).is_file() else sorted((root / top).rglob("*"))
        for path in paths:
            if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
                found[str(path.relative_to(root))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@dataclass(frozen=True)
class Story:
    """A Debian before and after people forced packages into it, and what doctor says of it."""

    host: Debian
    before: dict[str, str]
    packages: str
    distributions: str
    told: dict[str, Any]

    def forced(self, name: str) -> dict[str, Any]:
        """Return what doctor found of one forced package."""
        return next(each for each in self.told["forced"] if each["name"] == name)


def places(forced: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Return what is forced and where."""
    return {(each["name"], each["metadata"]) for each in forced}


def doctor(host: Debian, *arguments: str) -> str:
    """Run the project's doctor inside, with Debian's own Python, and return what it prints."""
    return host.run("python3", "-I", "-B", "/project/bootstrap", "doctor", *arguments).stdout


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Force packages in the four ways of the usual advice, and into Debian's own folder, then ask doctor."""
    place = tmp_path_factory.mktemp("forced")
    host = debian(place / "root")
    project = make_project(place)
    shutil.copytree(project.folder, host.root / "project")
    wheels = host.root / "wheels"
    shutil.copytree(project.wheels, wheels)
    shutil.copy(the_pip_wheel().path, wheels)
    make_wheel(wheels, "six", "1.99")
    make_wheel(wheels, "requests", "9.0", modules={"requests/__init__.py": ""}, scripts={"req": "requests:main"})
    make_wheel(wheels, "certifi", "2099.1", modules={"certifi/__init__.py": ""})
    make_wheel(wheels, "blinker", "1.99", modules={"blinker/__init__.py": ""})
    make_wheel(wheels, "cowsay", "1.0", modules={"cowsay/__init__.py": ""})
    make_wheel(wheels, "idna", "99.0", modules={"idna/__init__.py": "", "idna/extra.py": ""})
    clean = tree(host.root)
    packages, distributions = host.says("dpkg-query", "-W"), host.says("python3", "-m", "pip", "list")
    assert host.says("dpkg", "--verify") == ""
    assert host.run(*PIP, "six==1.99").returncode == 1, "PEP 668 guards this Python"
    host.says(*PIP, "--break-system-packages", "six==1.99")
    host.says(*PIP, "--break-system-packages", "--user", "requests==9.0")
    host.says(*PIP, "--break-system-packages", "--ignore-installed", "certifi==2099.1")
    # sudo pip, as it is done for years: pip upgrades itself first, and is no longer Debian's careful one.
    host.says(*PIP, "--break-system-packages", "--upgrade", f"pip=={the_pip_wheel().version}")
    host.says(*PIP, "--break-system-packages", "blinker==1.99")
    # Among Debian's own files: one package that is new there, and one that overwrites.
    host.says(*PIP, "--break-system-packages", "cowsay", DEB_PYTHON_INSTALL_LAYOUT="deb")
    host.says(
        *PIP,
        "--break-system-packages",
        "--ignore-installed",
        "--no-deps",
        "idna==99.0",
        DEB_PYTHON_INSTALL_LAYOUT="deb",
    )
    return Story(host, clean, packages, distributions, json.loads(doctor(host, "--json")))


def test_each_way_of_forcing_is_found(story: Story) -> None:
    """All that pip put there is named with its place, and nothing of Debian's."""
    found = {each["name"]: each["kind"] for each in story.told["forced"]}
    assert found == {
        "six": "local", "requests": "user", "certifi": "local", "pip": "local", "blinker": "local",
        "cowsay": "system", "idna": "system",
    }  # fmt: skip
    assert {each["installer"] for each in story.told["forced"]} == {"pip"}


def test_what_is_hidden_is_told_with_its_version(story: Story) -> None:
    """A forced package that stands before Debian's own of that name says which version it hides."""
    assert story.forced("six")["hides"] == "1.16.0"
    assert story.forced("requests")["hides"] == "2.28.1"
    assert story.forced("cowsay")["hides"] == ""


def test_damaged_packages_are_found_by_asking_dpkg(story: Story) -> None:
    """A pip that is not Debian's removed files of python3-blinker; another call overwrote one of python3-idna."""
    assert set(story.told["damaged"].values()) == {"python3-blinker", "python3-idna"}


def test_the_report_says_so_to_a_person(story: Story) -> None:
    """The same in words, with the command for the plan, and no home path."""
    text = doctor(story.host)
    assert "six 1.99 by pip, in /usr/local/lib/python3.11/dist-packages, hides the system's 1.16.0" in text
    assert "python3-blinker" in text
    assert "To take it back: sh project/bootstrap.sh doctor --rollback-plan rollback.sh" in text
    assert "/root/" not in text


def test_apt_is_asked_for_real(story: Story) -> None:
    """Names are answered from Debian's own data: installed or not, and with the version that it has."""
    told = json.loads(doctor(story.host, "PyYAML>=5", "pillow", "requests>=99", "no-such-thing", "--json"))["packages"]
    by_name = {each["name"]: each for each in told}
    yaml = {"package": "python3-yaml", "version": "6.0", "installed": True}
    assert by_name["pyyaml"] == {"name": "pyyaml", "range": ">=5", "offer": yaml, "satisfies": True}
    pillow = by_name["pillow"]["offer"]
    assert (pillow["package"], pillow["installed"]) == ("python3-pil", False)
    assert by_name["requests"]["satisfies"] is False
    assert by_name["no-such-thing"]["offer"] is None


def test_the_story_is_told_with_the_markers_own_words(story: Story) -> None:
    """--explain shows Debian's marker and what depends on this Python."""
    text = doctor(story.host, "--explain")
    assert "If you wish to install a non-Debian-packaged Python" in text
    assert "installed packages that depend on it" in text
    assert "/usr/local/lib/python3.11/dist-packages" in text


def test_the_plan_takes_everything_back(story: Story) -> None:
    """Run from top to bottom, the plan leaves every file, the package list and dpkg --verify as they were before."""
    host = story.host
    forced = tree(host.root)
    doctor(host, "--rollback-plan", "/root/rollback.sh")
    assert tree(host.root) == forced, "writing the plan changes nothing"
    ran = host.run("sh", "-c", "cd /root && sh rollback.sh")
    assert ran.returncode == 0, ran.stdout
    assert host.says("dpkg", "--verify") == ""
    assert host.says("dpkg-query", "-W") == story.packages
    assert host.says("python3", "-m", "pip", "list") == story.distributions
    after = tree(host.root)
    assert after.keys() == story.before.keys()
    status = "var/lib/dpkg/status"
    assert {path for path in after if after[path] != story.before[path]} <= {status}
    again = host.run("sh", "-c", "cd /root && sh rollback.sh")
    assert again.returncode == 0, again.stdout
    assert tree(host.root).keys() == story.before.keys(), "running it twice does no harm"
    host.says("tar", "-xpf", "/root/rollback.sh.snapshot/files.tar", "-C", "/")
    back = json.loads(doctor(host, "--json"))["forced"]
    assert places(back) == places(story.told["forced"]), "the way back leads back"


def test_a_python_without_pip_is_helped_by_the_environments(tmp_path: Path) -> None:
    """Where the system's pip is gone by now, the plan uninstalls with the one in .venv."""
    host = debian(tmp_path / "root")
    project = make_project(tmp_path)
    shutil.copytree(project.folder, host.root / "project")
    shutil.copytree(project.wheels, host.root / "wheels")
    shutil.copytree(shared_cache() / "wheels", host.root / "cache/wheels")
    make_wheel(host.root / "wheels", "requests", "9.0", modules={"requests/__init__.py": ""})
    host.says(*PIP, "--break-system-packages", "--user", "requests==9.0")
    host.says(*PIP, "--break-system-packages", "--ignore-installed", "requests==9.0")
    host.says("apt-get", "remove", "--yes", "python3-pip")
    bootstrap = ("python3", "-I", "-B", "/project/bootstrap")
    host.says(*bootstrap, VENV_TEMPLATE_CACHE="/cache", PIP_NO_INDEX="1", PIP_FIND_LINKS="/wheels")
    doctor(host, "--rollback-plan", "/root/rollback.sh")
    assert "/project/.venv/bin/python -m pip --python" in (host.root / "root/rollback.sh").read_text()
    host.says("sh", "-c", "cd /root && sh rollback.sh")
    assert json.loads(doctor(host, "--json"))["forced"] == []
    assert host.says("dpkg", "--verify", "python3-requests") == ""


def test_afterwards_there_is_nothing_to_take_back(tmp_path: Path) -> None:
    """On a Debian that nobody forced, doctor finds nothing and writes no plan."""
    host = debian(tmp_path / "root")
    shutil.copytree(make_project(tmp_path).folder, host.root / "project")
    assert json.loads(doctor(host, "--json"))["forced"] == []
    assert "nothing to take back" in doctor(host, "--rollback-plan", "/root/plan.sh")
    assert not os.path.exists(host.root / "root/plan.sh")
