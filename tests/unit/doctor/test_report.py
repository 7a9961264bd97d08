"""The diagnosis is short, plain, and fit to be shared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from projectenv.doctor.forced import Forced
from projectenv.doctor.managers import Offer
from projectenv.doctor.pythons import Found, origin
from projectenv.doctor.report import Diagnosis, Package, as_data, as_text, without_home
from projectenv.record import replace

PYTHON = Found("/usr/bin/python3.11", "3.11.2", "apt", "", managed=True, words="Use apt.", lacks=("ensurepip",))
OLD = Found("/home/me/.pyenv/versions/3.9.1/bin/python3", "3.9.1", "pyenv", "Python 3.9.1 is too old")
HEALTHY = Diagnosis(
    works=True,
    needs="Python 3.10 to 3.15",
    pythons=[PYTHON, OLD],
    chosen=PYTHON.path,
    environment="There is no .venv yet.",
    healthy=False,
    tools={"uv": "/home/me/.local/bin/uv"},
    network={"index": "https://me:secret@index.example/simple"},
    manager="apt",
    packages=[
        Package("requests", ">=2.30", Offer("python3-requests", "2.28.1"), satisfies=False),
        Package("six", "", Offer("python3-six", "1.16.0", installed=True), satisfies=True),
        Package("rich", "", Offer("python3-rich", "13.0"), satisfies=True),
        Package("odd", ""),
    ],
    install="sudo apt install python3-rich",
    forced=[],
    damaged={},
    advice="The bootstrap would work here, without sudo.",
    next="sh bootstrap.sh",
    plan="sh bootstrap.sh doctor --rollback-plan rollback.sh",
)
FORCED = Forced(
    "six", "1.99", "/usr/local/lib/python3.11/dist-packages", "/m", "local", "/usr/bin/python3", "pip", "1.16.0"
)


def test_a_person_reads_which_python_and_why() -> None:
    """One line for each Python: the sign, the version, the path, where from, and the reason."""
    lines = as_text(HEALTHY).splitlines()
    assert "  > 3.11.2   /usr/bin/python3.11" in lines[1]
    assert lines[1].endswith("apt      the one to use; externally managed by apt; without ensurepip")
    assert lines[2].startswith("  x 3.9.1")
    assert lines[2].endswith("Python 3.9.1 is too old")


def test_there_is_one_advice_with_one_command_at_the_end() -> None:
    """The last line is what to type."""
    assert as_text(HEALTHY).endswith("Advice\n  The bootstrap would work here, without sudo.\n  Next: sh bootstrap.sh")


def test_each_package_of_the_distribution_is_judged() -> None:
    """Package, version, installed or not, whether it satisfies, and the command to install what would do."""
    text = as_text(HEALTHY)
    assert "  requests: python3-requests 2.28.1, not installed, does not satisfy >=2.30\n" in text
    assert "  six: python3-six 1.16.0, installed\n" in text
    assert "  odd: not offered under a name that was tried\n" in text
    assert "  To install: sudo apt install python3-rich\n" in text


def test_what_was_forced_is_told_with_what_it_hides_and_the_way_back() -> None:
    """Nothing is said when nothing was forced."""
    assert "Forced" not in as_text(HEALTHY)
    text = as_text(replace(HEALTHY, forced=[FORCED], damaged={"/usr/lib/x": "python3-six"}))
    assert "  six 1.99 by pip, in /usr/local/lib/python3.11/dist-packages, hides the system's 1.16.0\n" in text
    assert "1 files of python3-six" in text
    assert "To take it back: sh bootstrap.sh doctor --rollback-plan rollback.sh" in text


def test_a_report_stays_short() -> None:
    """Of hundreds of packages a dozen is named, with how to see all."""
    text = as_text(replace(HEALTHY, forced=[FORCED] * 500, packages=[Package(f"p{n}", "") for n in range(300)]))
    assert len(text.splitlines()) < 60
    assert "and 488 more: --json names them all" in text


def test_what_was_not_answered_is_told() -> None:
    """A manager that hung is a line of the report."""
    assert "Not answered\n  apt-cache gave no answer" in as_text(
        replace(HEALTHY, not_answered=["apt-cache gave no answer"])
    )


@pytest.mark.parametrize("home", ["/home/me", "/home/me/"])
def test_neither_home_nor_password_is_shared(home: str) -> None:
    """The home is ~, a password is stars, in the text as in the data."""
    folder = Path(home)
    for told in (without_home(as_text(HEALTHY), folder), json.dumps(without_home(as_data(HEALTHY), folder))):
        assert "/home/me" not in told
        assert "secret" not in told
        assert "~/.local/bin/uv" in told


def test_columns_stand_in_line_though_a_home_is_shortened() -> None:
    """Where each Python is from begins in one column, also behind a path that ~ made shorter."""
    shared = as_text(without_home(HEALTHY, Path("/home/me"))).splitlines()
    assert shared[2].startswith("  x 3.9.1    ~/.pyenv/")
    assert shared[1].index(" apt ") == shared[2].index(" pyenv ")


def test_a_file_that_is_a_key_shows_no_home_either() -> None:
    """Damaged files are the keys of a table in the data."""
    told = as_data(without_home(replace(HEALTHY, damaged={"/home/me/x.py": "python3-six"}), Path("/home/me")))
    assert told["damaged"] == {"~/x.py": "python3-six"}


def test_another_folder_that_begins_like_the_home_is_kept() -> None:
    """Only the home itself is replaced; a home of / is no name."""
    assert without_home("/home/me2/x /home/me/x /home/me", Path("/home/me")) == "/home/me2/x ~/x ~"
    assert without_home("/usr/bin", Path("/")) == "/usr/bin"


def test_the_data_can_be_read_by_machines() -> None:
    """Every fact has a key; what was found out about a package stands beside what was wanted."""
    told = json.loads(json.dumps(as_data(HEALTHY)))
    assert told["chosen"] == told["pythons"][0]["path"]
    assert told["pythons"][1]["refused"] == "Python 3.9.1 is too old"
    offer = {"package": "python3-requests", "version": "2.28.1", "installed": False}
    assert told["packages"][0] == {"name": "requests", "range": ">=2.30", "offer": offer, "satisfies": False}
    assert told["packages"][3] == {"name": "odd", "range": "", "offer": None, "satisfies": None}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/usr/bin/python3.11", "apt"),
        ("/root/.pyenv/versions/3.12.1/bin/python3.12", "pyenv"),
        ("/home/me/.local/share/uv/python/cpython-3.13/bin/python3.13", "uv"),
        ("/opt/homebrew/Cellar/python@3.13/3.13.1/bin/python3.13", "brew"),
        ("/Library/Frameworks/Python.framework/Versions/3.13/bin/python3.13", "python.org"),
        ("C:\\Users\\me\\AppData\\Local\\Programs\\Python\\Python313\\python.exe", "python.org"),
        ("C:\\Users\\me\\AppData\\Local\\Microsoft\\WindowsApps\\python3.13.exe", "Microsoft Store"),
        ("/usr/local/bin/python3.13", "built here"),
        ("/srv/python/bin/python3", "unknown"),
    ],
)
def test_where_a_python_comes_from_is_told_from_its_path(path: str, expected: str) -> None:
    """The real path gives away who put it there."""
    assert origin(path, "apt") == expected
