"""Ask the package manager that is really here what it has; naming conventions are only what to ask for first."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ..machine import Machine
from ..record import Record, replace
from .asking import ask
from .wanted import Wanted

# Distributions name a package after what is imported where that is not the project's name.
_IMPORTED_AS = {
    "attrs": "attr", "beautifulsoup4": "bs4", "dbus-python": "dbus", "gitpython": "git", "mysqlclient": "mysqldb",
    "opencv-python": "opencv", "pillow": "pil", "psycopg2-binary": "psycopg2", "pycairo": "cairo", "pygobject": "gi",
    "pyjwt": "jwt", "pynacl": "nacl", "pyopenssl": "openssl", "pyserial": "serial", "pyusb": "usb", "pyyaml": "yaml",
    "pyzmq": "zmq", "scikit-image": "skimage", "scikit-learn": "sklearn",
}  # fmt: skip


class Offer(Record):
    """A distribution's package: its name, the upstream version, and whether it is installed."""

    package: str
    version: str
    installed: bool = False


Told = tuple[str, Offer]
"""What was answered for: the package's own name, or the project's where the manager knows it."""
Read = Callable[[str], list[Told]]


class Manager(Record):
    """One package manager: what to ask it, how to read it, and what a person types. {} stands for names or paths."""

    name: str
    question: str
    read: Read
    prefix: str = ""
    """Before a project's name, to guess the package's; without one the manager knows projects by their names."""
    installed: str = ""
    """A second question, for managers whose first answer does not tell what is installed."""
    install: str = ""
    dependents: str = ""
    owner: str = ""
    listing: str = ""
    verify: str = ""
    """Which files of some packages are damaged; of apk's, below some folders."""
    fetch: str = ""
    repair: str = ""
    one_by_one: bool = False
    """Whether one unknown name spoils the answer for all."""


def _by_package(offers: list[Offer]) -> list[Told]:
    return [(each.package, each) for each in offers]


def _policy_of_apt(output: str) -> list[Told]:
    found = re.findall(r"^(\S+):\n  Installed: (\S+)\n  Candidate: (\S+)", output, re.M)
    return _by_package(
        [
            Offer(name, upstream(candidate if installed == "(none)" else installed), installed != "(none)")
            for name, installed, candidate in found
            if candidate != "(none)"
        ]
    )


def _provides_of_rpm(output: str) -> list[Told]:
    """Read blocks of @NAME|VERSION and what that package provides, as dnf and rpm were asked to print them."""
    found = []
    for block in re.split(r"^@", output, flags=re.M)[1:]:
        name, _, version = block.partition("\n")[0].partition("|")
        offer = Offer(name, version)
        found += [(project, offer) for project in re.findall(r"^python3dist\(([^)\[]+)\)", block, re.M)]
    return found


def _fields_of_pacman(output: str) -> list[Told]:
    return _by_package(
        [
            Offer(name, upstream(version), "Install Date" in block)
            for block in output.split("\n\n")
            for name, version in re.findall(r"^Name +: (\S+)\nVersion +: (\S+)", block, re.M)
        ]
    )


def _table_of_zypper(output: str) -> list[Told]:
    """Read rows of packages, each followed by lines that say what it was found by."""
    found: list[Told] = []
    offer: Offer | None = None
    for line in output.splitlines():
        row = [cell.strip() for cell in line.split("|")]
        if len(row) > 5:
            offer = Offer(row[1], upstream(row[3]), row[0][:1] == "i") if row[2] == "package" else None
        elif offer and (match := re.match(r" +provides: python3dist\(([^)\[]+)\)", line)):
            found.append((match[1], offer))
    return found


def _policy_of_apk(output: str) -> list[Told]:
    found: list[Offer] = []
    name = version = ""
    for line in output.splitlines():
        if line.endswith(" policy:"):
            name = line.removesuffix(" policy:")
        elif line.startswith(" ") and line.endswith(":"):
            version = upstream(line.strip(" :"))
        elif line.startswith(" ") and not line.lstrip().startswith("@"):  # @edge: only for who asks for it
            found.append(Offer(name, version, line.strip().endswith("lib/apk/db/installed")))
    return _by_package(found)


def _json_of_brew(output: str) -> list[Told]:
    try:
        formulae = json.loads(output)["formulae"]
        return _by_package(
            [Offer(each["name"], each["versions"]["stable"], bool(each["installed"])) for each in formulae]
        )
    except (ValueError, KeyError, TypeError):
        return []


def upstream(version: str) -> str:
    """Return the project's own part of a distribution's version: 1:2.28.1+dfsg-1 is 2.28.1."""
    match = re.match(r"(?:\d+:)?v?([0-9][0-9A-Za-z.]*)", version)
    return match[1] if match else version


_RPM_OWNER = r"rpm -qf --qf %{NAME}\n {}"
_RPM_DEPENDENTS = r"rpm -q --qf %{NAME}\n --whatrequires python(abi)"

# apt, dnf, zypper and pacman were seen at work (tests/hosts, tests/recorded); apk and brew are read from what they printed
# for somebody else (tests/unit/doctor/test_managers.py).
MANAGERS = (
    Manager(
        "apt", "apt-cache policy {}", _policy_of_apt, "python3-", install="sudo apt install {}",
        dependents="apt-cache rdepends --installed python3", owner="dpkg-query -S {}", listing="dpkg-query -W",
        verify="dpkg --verify {}", fetch="apt-get install --reinstall --yes --download-only {}",
        repair="apt-get install --reinstall --yes {}",
    ),
    Manager(
        "dnf", r"dnf -C -q repoquery --qf @%{name}|%{version}\n%{provides}\n --whatprovides=python3dist({})",
        _provides_of_rpm, installed=r"rpm -q --qf @%{NAME}|%{VERSION}\n[%{PROVIDES}\n] --whatprovides python3dist({})",
        install="sudo dnf install {}", dependents=_RPM_DEPENDENTS, owner=_RPM_OWNER, listing="rpm -qa", verify="rpm -V {}",
        fetch="dnf reinstall -y --downloadonly {}", repair="dnf reinstall -y {}",
    ),
    Manager(
        "pacman", "pacman -Si {}", _fields_of_pacman, "python-", installed="pacman -Qi {}",
        install="sudo pacman -S {}", dependents="pacman -Qi python", owner="pacman -Qo {}", listing="pacman -Q",
        verify="pacman -Qkk {}", fetch="pacman -Sw --noconfirm {}", repair="pacman -S --noconfirm {}",
    ),
    Manager(
        "zypper", "zypper --no-refresh -q search -v -x --provides python3dist({})", _table_of_zypper,
        install="sudo zypper install {}", dependents=_RPM_DEPENDENTS, owner=_RPM_OWNER, listing="rpm -qa",
        verify="rpm -V {}", fetch="zypper --non-interactive install --force --download-only {}",
        repair="zypper --non-interactive install --force {}",
    ),
    Manager(
        "apk", "apk policy {}", _policy_of_apk, "py3-", install="sudo apk add {}",
        dependents="apk info -r python3", owner="apk info -W {}", listing="apk info -v",
        verify="apk audit --system --recursive {}", fetch="apk fetch --simulate {}", repair="apk fix --reinstall {}",
    ),
    Manager(
        "brew", "brew info --json=v2 --formula {}", _json_of_brew, install="brew install {}",
        dependents="brew uses --installed python3", listing="brew list --versions", one_by_one=True,
    ),
)  # fmt: skip


_OWN = {
    "debian": "apt", "ubuntu": "apt", "fedora": "dnf", "rhel": "dnf", "arch": "pacman", "suse": "zypper",
    "opensuse": "zypper", "alpine": "apk",
}  # fmt: skip


def present(machine: Machine) -> Manager | None:
    """Return the package manager of this machine; where there are several, the one that os-release speaks for."""
    path = machine.environ.get("PATH")
    here = [each for each in MANAGERS if shutil.which(each.question.split()[0], path=path)]
    own = {_OWN.get(word) for word in machine.family.split()}
    return next((each for each in here if each.name in own), here[0] if here else None)


def guesses(name: str, prefix: str) -> tuple[str, ...]:
    """Return the names to ask for, best first; without a prefix the manager knows the project's own."""
    if not prefix:
        return (name,)
    bare = name.removeprefix("python-")
    return tuple(dict.fromkeys(prefix + each for each in (_IMPORTED_AS.get(name, name), name, bare)))


def command(template: str, *words: str) -> list[str]:
    """Return the words of a command; a part with {} in it is there once for each word."""
    told: list[str] = []
    for part in template.split(" "):
        told += [part.replace("{}", word) for word in words] if "{}" in part else [part]
    return told


def offers(manager: Manager, wanted: list[Wanted], machine: Machine) -> tuple[dict[str, Offer], list[str]]:
    """Return what the manager has for each name, and in words what it failed to answer."""
    asked = {each.name: guesses(each.name, manager.prefix) for each in wanted}
    if not asked:
        return {}, []
    names = [name for tried in asked.values() for name in tried]
    groups = [[name] for name in names] if manager.one_by_one else [names]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda group: _about(manager, group, machine), groups))
    told = [each for answer, _ in answers for each in answer]
    found: dict[str, Offer] = {}
    for name, tried in asked.items():
        match = [(word, offer) for word, offer in told if word in tried]
        if match:
            found[name] = min(match, key=lambda each: (not each[1].installed, tried.index(each[0])))[1]
    return found, list(dict.fromkeys(trouble for _, troubles in answers for trouble in troubles))


def _about(manager: Manager, names: list[str], machine: Machine) -> tuple[list[Told], list[str]]:
    """Ask both questions about some names, side by side."""
    questions = [text for text in (manager.question, manager.installed) if text]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda text: ask(command(text, *names), machine), questions))
    told = manager.read(answers[0].output)
    # The second question is about what is installed, whatever the answer to it looks like.
    told += [
        (word, replace(each, installed=True)) for answer in answers[1:] for word, each in manager.read(answer.output)
    ]
    return told, [answer.trouble for answer in answers if answer.trouble]
