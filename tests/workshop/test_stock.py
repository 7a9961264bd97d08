"""A pin's files are looked for where the user's configuration says, and only those that its hashes allow are taken."""

from __future__ import annotations

import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from projectenv import record
from projectenv.failure import Failure
from projectenv.index import Offer
from projectenv.machine import Machine, this_machine
from projectenv.workshop import stock
from projectenv.workshop.selection import Pin
from projectenv.workshop.stock import Ware, look_up

from tests.support.wheels import make_wheel

OURS, OTHER = "ab" * 32, "cd" * 32
PIN = Pin("my-hello", "1.0", "", frozenset([OURS]))
WHEEL = "my_hello-1.0-py3-none-any.whl"


def machine(**variables: str) -> Machine:
    """Return this machine with this configuration alone."""
    return record.replace(this_machine(), environ={"PIP_CONFIG_FILE": "/dev/null", **variables})


def offering(monkeypatch: pytest.MonkeyPatch, shelves: dict[str, list[Offer]]) -> list[str]:
    """Let these indexes offer these files, and return the addresses that are asked, as they are."""
    asked: list[str] = []

    def offered(project: str, _: Machine, index: str) -> tuple[list[Offer], urllib.request.OpenerDirector]:
        asked.append(index)
        if index not in shelves:
            raise Failure(f"{index} has no {project}.")
        return shelves[index], urllib.request.build_opener()

    monkeypatch.setattr(stock, "offered", offered)
    return asked


def found(pin: Pin, where: Machine) -> list[Ware]:
    """Return what is found for one pin."""
    return look_up([pin], where)[pin]


def test_only_what_the_hashes_allow_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a file of the same name with another hash, not a source distribution, not another project's."""
    shelf = [
        Offer(WHEEL, "https://a/1", OTHER, 5),
        Offer(WHEEL, "https://a/2", OURS, 6),
        Offer("my_hello-1.0.tar.gz", "https://a/3", OURS, 7),
    ]
    offering(monkeypatch, {"https://a": shelf})
    assert found(PIN, machine(PIP_INDEX_URL="https://a")) == [Ware(WHEEL, "https://a/2", 6, frozenset([OURS]))]


def test_a_file_without_a_hash_is_taken_by_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is held against all of the pin's hashes once it is there."""
    shelf = [Offer(WHEEL.replace("1.0", "2.0"), "https://a/1"), Offer(WHEEL, "https://a/2")]
    offering(monkeypatch, {"https://a": shelf})
    pin = replace(PIN, hashes=frozenset([OURS, OTHER]))
    assert found(pin, machine(PIP_INDEX_URL="https://a")) == [Ware(WHEEL, "https://a/2", 0, frozenset([OURS, OTHER]))]


def test_the_nearest_place_is_asked_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder before the index, the index before the extra one; who has it ends the search."""
    wheel = make_wheel(tmp_path / "links", "my-hello")
    pin = replace(PIN, hashes=frozenset([wheel.sha256, OURS]))
    shelves = {"https://a": [Offer(WHEEL, "https://a/2", OTHER)], "https://b": [Offer(WHEEL, "https://b/2", OURS)]}
    asked = offering(monkeypatch, shelves)
    both = {"PIP_INDEX_URL": "https://a", "PIP_EXTRA_INDEX_URL": "https://b file:///nowhere"}
    assert found(pin, machine(**both, PIP_FIND_LINKS=str(tmp_path / "links")))[0].url == wheel.path.as_uri()
    assert asked == []
    assert found(pin, machine(**both))[0].url == "https://b/2"
    assert asked == ["https://a", "https://b"]


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"PIP_INDEX_URL": "https://a"}, "no place offers my-hello 1.0 as a wheel that the pins name"),
        ({"PIP_INDEX_URL": "https://closed"}, "https://closed has no my-hello"),
        ({"PIP_NO_INDEX": "1"}, "no place offers my-hello 1.0"),
    ],
)
def test_what_is_nowhere_is_told(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], says: str) -> None:
    """What an index says of itself comes first: it may only be out of order."""
    offering(monkeypatch, {"https://a": []})
    with pytest.raises(Failure, match=says):
        found(PIN, machine(**variables))
