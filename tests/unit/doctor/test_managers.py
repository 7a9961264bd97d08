"""Package managers are read as they answer.

apt, dnf, zypper and pacman are asked for real in tests/hosts; what the latter three answered there, of two versions each, is
in tests/recorded and read here. apk and brew are read from what they printed for somebody else, whose place is noted.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from projectenv.doctor.managers import MANAGERS, Manager, Offer, command, guesses, offers, present, upstream
from projectenv.doctor.wanted import Wanted
from projectenv.machine import Machine
from projectenv.record import replace

# apt 2.6 on Debian 12, recorded on a machine of our own: `apt-cache policy python3-six python3-requests python3-copier`.
APT = """\
python3-six:
  Installed: 1.16.0-4
  Candidate: 1.16.0-4
  Version table:
 *** 1.16.0-4 500
        500 http://deb.debian.org/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
python3-requests:
  Installed: (none)
  Candidate: 2.28.1+dfsg-1
  Version table:
     2.28.1+dfsg-1 500
        500 http://deb.debian.org/debian bookworm/main amd64 Packages
"""
# apk 2.12 on Alpine 3.13: ocaml/opam, pull request 4758.
APK = """\
gmp-dev policy:
  6.2.1-r0:
    https://dl-cdn.alpinelinux.org/alpine/v3.13/main
    @edge https://dl-cdn.alpinelinux.org/alpine/v3.13/main
    https://dl-cdn.alpinelinux.org/alpine/edge/main
    @edge https://dl-cdn.alpinelinux.org/alpine/edge/main
libx11-dev policy:
 1.7.1-r0:
   lib/apk/db/installed
   https://dl-cdn.alpinelinux.org/alpine/v3.13/main
 1.7.2-r0:
   @edge https://dl-cdn.alpinelinux.org/alpine/edge/main
capnproto policy:
  0.8.0-r1:
    @edgecommunity https://dl-cdn.alpinelinux.org/alpine/edge/community
"""
# brew in December 2024: wxnacy/homebrew-rs, examples/info.rs, shortened.
BREW = """\
{"casks": [], "formulae": [{"name": "wget", "full_name": "wget", "tap": "homebrew/core", "aliases": [],
"versions": {"stable": "1.25.0", "head": "HEAD", "bottle": true}, "revision": 0, "keg_only": false,
"installed": [{"version": "1.25.0", "used_options": [], "built_as_bottle": true, "time": 1734795904}],
"linked_keg": "1.25.0", "pinned": false, "outdated": false}]}
"""


def named(name: str) -> Manager:
    """Return one manager of the table."""
    return next(each for each in MANAGERS if each.name == name)


def machine(path: Path, family: str = "", **environ: str) -> Machine:
    """Return a machine whose programs are in one folder."""
    variables = {"PATH": f"{path}:/usr/bin:/bin", **environ}
    return Machine("linux", "x86_64", family, 1000, variables, path)


def program(folder: Path, name: str, script: str) -> None:
    """Put a stand-in for a manager's program into a folder."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


def answering(folder: Path, name: str, answer: str, extra: str = "") -> Machine:
    """Return a machine on which a program prints a recorded answer."""
    (folder / "answer").write_text(answer, encoding="utf-8")
    program(folder, name, f"{extra}\ncat {folder}/answer")
    return machine(folder)


@pytest.mark.parametrize(
    ("name", "recorded", "expected"),
    [
        ("apt", APT, [Offer("python3-six", "1.16.0", installed=True), Offer("python3-requests", "2.28.1")]),
        ("brew", BREW, [Offer("wget", "1.25.0", installed=True)]),
    ],
)
def test_a_recorded_answer_is_read(name: str, recorded: str, expected: list[Offer]) -> None:
    """Name, upstream version and whether it is installed come out of what the manager printed."""
    assert [offer for _, offer in named(name).read(recorded)] == expected


def test_apk_offers_what_needs_no_tag(tmp_path: Path) -> None:
    """A version that only a tagged repository has is not offered, and the installed one counts."""
    wanted = [Wanted("gmp-dev"), Wanted("libx11-dev"), Wanted("capnproto")]
    found, _ = offers(replace(named("apk"), prefix="lib"), wanted, answering(tmp_path, "apk", APK))
    assert found == {}
    told = [offer for _, offer in named("apk").read(APK)]
    assert Offer("gmp-dev", "6.2.1") in told
    assert [each for each in told if each.package == "libx11-dev"][0] == Offer("libx11-dev", "1.7.1", installed=True)
    assert not [each for each in told if each.package == "capnproto"]


@pytest.mark.parametrize("manager", MANAGERS, ids=lambda each: str(each.name))
@pytest.mark.parametrize("nonsense", ["", "\n\n", "{}", "[]", "error: \x00\udcff", "a | b\n", "x policy:\n"])
def test_nonsense_is_no_offer(manager: Manager, nonsense: str) -> None:
    """What cannot be read is nothing, never a traceback."""
    assert manager.read(nonsense) == []


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1:2.28.1+dfsg-1", "2.28.1"), ("0.6.2-7", "0.6.2"), ("6.2.1-r0", "6.2.1"), ("2.0~rc1-1", "2.0"), ("odd", "odd")],
)
def test_the_upstream_version_is_told_from_the_distributions(version: str, expected: str) -> None:
    """Epoch, repackaging and revision are the distribution's."""
    assert upstream(version) == expected


def test_guesses_know_what_a_package_is_imported_as() -> None:
    """The usual exceptions come first, the plain convention is tried as well."""
    assert guesses("pyyaml", "python3-") == ("python3-yaml", "python3-pyyaml")
    assert guesses("python-dateutil", "python3-") == ("python3-python-dateutil", "python3-dateutil")
    assert guesses("six", "py3-") == ("py3-six",)


def test_a_question_is_a_list_of_words() -> None:
    """Names stand alone or inside python3dist(), and never reach a shell."""
    assert command("apt-cache policy {}", "a", "b; rm") == ["apt-cache", "policy", "a", "b; rm"]
    assert command("rpm -q python3dist({})", "a", "b") == ["rpm", "-q", "python3dist(a)", "python3dist(b)"]


def test_a_manager_that_fails_is_told_in_a_line(tmp_path: Path) -> None:
    """The last line of its complaint is passed on."""
    program(tmp_path, "apt-cache", "echo 'E: Could not open lock file' >&2; exit 100")
    found, troubles = offers(named("apt"), [Wanted("six")], machine(tmp_path))
    assert (found, troubles) == ({}, ["apt-cache failed (exit code 100): E: Could not open lock file"])


def test_a_manager_that_has_no_such_package_has_not_failed(tmp_path: Path) -> None:
    """Exit code 1 of pacman means that a name is unknown: that is an answer."""
    program(tmp_path, "pacman", "echo \"error: package 'python-six' was not found\" >&2; exit 1")
    assert offers(named("pacman"), [Wanted("six")], machine(tmp_path)) == ({}, [])


def test_the_manager_of_the_system_is_the_one_asked(tmp_path: Path) -> None:
    """On Debian apt is asked though dnf is there too; without any there is none to ask."""
    for name in ("dnf", "apt-cache", "brew"):
        program(tmp_path, name, "")
    only = {"PATH": str(tmp_path)}
    for family, own in (("ubuntu debian", "apt"), ("fedora", "dnf"), ("rocky rhel centos fedora", "dnf")):
        assert getattr(present(replace(machine(tmp_path, family), environ=only)), "name", None) == own
    assert present(replace(machine(tmp_path), environ={"PATH": "/nowhere"})) is None
