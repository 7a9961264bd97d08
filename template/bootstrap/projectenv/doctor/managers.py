"""Ask the package manager that is really here what it has; naming conventions are only what to ask for first."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from ..machine import Machine
from .asking import ask
from .wanted import Wanted

# Distributions name a package after what is imported where that is not the project's name.
_IMPORTED_AS = {
    "attrs": "attr", "beautifulsoup4": "bs4", "dbus-python": "dbus", "gitpython": "git", "mysqlclient": "mysqldb",
    "opencv-python": "opencv", "pillow": "pil", "psycopg2-binary": "psycopg2", "pycairo": "cairo", "pygobject": "gi",
    "pyjwt": "jwt", "pynacl": "nacl", "pyopenssl": "openssl", "pyserial": "serial", "pyusb": "usb", "pyyaml": "yaml",
    "pyzmq": "zmq", "scikit-image": "skimage", "scikit-learn": "sklearn",
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A distribution's package: its name, the upstream version, and whether it is installed."""

    package: str
    version: str
    installed: bool = False


Read = Callable[[str], list[Offer]]


@dataclass(frozen=True)
class Manager:
    """One package manager: what to ask it, how to read it, and what a person types. {} stands for names or paths."""

    name: str
    question: str
    read: Read
    prefix: str = ""
    """Before a project's name, to guess the package's; without one each project is asked for on its own."""
    installed: str = ""
    """A second question, for managers whose first answer does not tell what is installed."""
    install: str = ""
    dependents: str = ""
    owner: str = ""
    listing: str = ""


def _policy_of_apt(output: str) -> list[Offer]:
    found = re.findall(r"^(\S+):\n  Installed: (\S+)\n  Candidate: (\S+)", output, re.M)
    return [
        Offer(name, upstream(candidate if installed == "(none)" else installed), installed != "(none)")
        for name, installed, candidate in found
        if candidate != "(none)"
    ]


def _of_rpm(output: str) -> list[Offer]:
    found = re.findall(r"^(\S+)-(?:\d+:)?([^-\s]+)-[^-\s]+\.[a-z0-9_]+$", output, re.M)
    return [Offer(name, version) for name, version in found]


def _fields_of_pacman(output: str) -> list[Offer]:
    return [
        Offer(name, upstream(version), "Install Date" in block)
        for block in output.split("\n\n")
        for name, version in re.findall(r"^Name +: (\S+)\nVersion +: (\S+)", block, re.M)
    ]


def _table_of_zypper(output: str) -> list[Offer]:
    rows = ([cell.strip() for cell in line.split("|")] for line in output.splitlines())
    return [Offer(row[1], upstream(row[3]), row[0][:1] == "i") for row in rows if len(row) > 5 and row[2] == "package"]


def _policy_of_apk(output: str) -> list[Offer]:
    found: list[Offer] = []
    name = version = ""
    for line in output.splitlines():
        if line.endswith(" policy:"):
            name = line.removesuffix(" policy:")
        elif line.startswith(" ") and line.endswith(":"):
            version = upstream(line.strip(" :"))
        elif line.startswith(" ") and not line.lstrip().startswith("@"):  # @edge: only for who asks for it
            found.append(Offer(name, version, line.strip().endswith("lib/apk/db/installed")))
    return found


def _json_of_brew(output: str) -> list[Offer]:
    try:
        formulae = json.loads(output)["formulae"]
        return [Offer(each["name"], each["versions"]["stable"], bool(each["installed"])) for each in formulae]
    except (ValueError, KeyError, TypeError):
        return []


def upstream(version: str) -> str:
    """Return the project's own part of a distribution's version: 1:2.28.1+dfsg-1 is 2.28.1."""
    match = re.match(r"(?:\d+:)?v?([0-9][0-9A-Za-z.]*)", version)
    return match[1] if match else version


_RPM_OWNER = "rpm -qf --qf %{NAME}\\n {}"
_RPM_DEPENDENTS = "rpm -q --qf %{NAME}\\n --whatrequires python(abi)"

# What was seen at work: apt. The others are read from recorded answers (tests/unit/doctor/test_managers.py).
MANAGERS = (
    Manager(
        "apt", "apt-cache policy {}", _policy_of_apt, "python3-", install="sudo apt install {}",
        dependents="apt-cache rdepends --installed python3", owner="dpkg-query -S {}", listing="dpkg-query -W",
    ),
    Manager(
        "dnf", "dnf -C -q repoquery --whatprovides python3dist({})", _of_rpm,
        installed="rpm -q --whatprovides python3dist({})", install="sudo dnf install {}",
        dependents=_RPM_DEPENDENTS, owner=_RPM_OWNER, listing="rpm -qa",
    ),
    Manager(
        "pacman", "pacman -Si {}", _fields_of_pacman, "python-", installed="pacman -Qi {}",
        install="sudo pacman -S {}", dependents="pacman -Qi python", owner="pacman -Qo {}", listing="pacman -Q",
    ),
    Manager(
        "zypper", "zypper --no-refresh -q search -s -x --provides python3dist({})", _table_of_zypper,
        install="sudo zypper install {}", dependents=_RPM_DEPENDENTS, owner=_RPM_OWNER, listing="rpm -qa",
    ),
    Manager(
        "apk", "apk policy {}", _policy_of_apk, "py3-", install="sudo apk add {}",
        dependents="apk info -r python3", owner="apk info -W {}", listing="apk info -v",
    ),
    Manager(
        "brew", "brew info --json=v2 --formula {}", _json_of_brew, install="brew install {}",
        dependents="brew uses --installed python3", listing="brew list --versions",
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
    """Return the package names to ask for, best first."""
    bare = name.removeprefix("python-")
    return tuple(dict.fromkeys(prefix + each for each in (_IMPORTED_AS.get(name, name), name, bare)))


def command(template: str, *words: str) -> list[str]:
    """Return the words of a command, its {} replaced: by all words where it stands alone, else by the one word."""
    told: list[str] = []
    for part in template.split(" "):
        told += words if part == "{}" else [part.replace("\\n", "\n").replace("({})", f"({''.join(words)})")]
    return told


def offers(manager: Manager, wanted: list[Wanted], machine: Machine) -> tuple[dict[str, Offer], list[str]]:
    """Return what the manager has for each name, and in words what it failed to answer."""
    asked = {each.name: guesses(each.name, manager.prefix) for each in wanted}
    if not asked:
        return {}, []
    # One question for all where the manager takes many names, else one for each, a few at a time.
    groups = [[name for names in asked.values() for name in names]] if manager.prefix else [[name] for name in asked]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda group: _about(manager, group, machine), groups))
    found: dict[str, Offer] = {}
    for (name, tried), (told, _) in zip(asked.items(), answers * (len(asked) if manager.prefix else 1), strict=True):
        match = [offer for offer in told if not manager.prefix or offer.package in tried]
        if match:
            found[name] = min(match, key=lambda each: (not each.installed, each.package != tried[0]))
    return found, list(dict.fromkeys(trouble for _, troubles in answers for trouble in troubles))


def _about(manager: Manager, names: list[str], machine: Machine) -> tuple[list[Offer], list[str]]:
    """Ask both questions about some names."""
    answers = [ask(command(text, *names), machine) for text in (manager.question, manager.installed) if text]
    told = manager.read(answers[0].output)
    # The second question is about what is installed, whatever the answer to it looks like.
    told += [replace(each, installed=True) for answer in answers[1:] for each in manager.read(answer.output)]
    return told, [answer.trouble for answer in answers if answer.trouble]
