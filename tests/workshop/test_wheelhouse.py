"""`bootstrap wheelhouse` fetches what the named laptops need and nothing else, and proves it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from projectenv.failure import Failure
from projectenv.workshop.house import read_house
from projectenv.workshop.stock import Ware
from projectenv.workshop.wheelhouse import refuse_full_disk

from tests.support.foundry import LAPTOPS, PLATFORMS, TYPED, build, make_foundry, names, pin
from tests.support.index import LOGIN, Index, nobody_there, serving
from tests.support.project import BASE_PYTHON, Project

MANYLINUX = PLATFORMS[3]
EXPECTED = {
    "hello-1.0-py3-none-any.whl",
    "registry-1.0-py3-none-any.whl",
    "soup-1.0-py3-none-any.whl",
    "soup-2.0-py3-none-any.whl",
    *(
        f"fast-2.0-{abi}-{abi}-{platform}.whl"
        for abi in ("cp311", "cp312")
        for platform in ("win_amd64", "macosx_11_0_arm64", MANYLINUX)
    ),
}


@pytest.fixture
def foundry(tmp_path: Path) -> Project:
    """Return a workshop whose pins differ between laptops."""
    return make_foundry(tmp_path)


@pytest.fixture
def index(foundry: Project) -> Iterator[Index]:
    """Serve its wheels as a package index."""
    with serving(foundry.wheels) as served:
        yield served


def through(index: Index) -> dict[str, str | None]:
    """Return the variables for this index alone."""
    return {"PIP_INDEX_URL": index.simple, "PIP_NO_INDEX": None, "PIP_FIND_LINKS": None}


def test_it_holds_what_each_laptop_needs(foundry: Project) -> None:
    """Markers and tags of each target, both sides of a split, pip and the uv of each target; and a manifest of it all."""
    ran = build(foundry)
    assert ran.code == 0, ran.text
    folder = foundry.folder / "wheelhouse"
    assert names(folder) == EXPECTED
    house = read_house((folder / "manifest.json").read_text())
    assert set(house.sets) == {f"{name} 3.{n}" for name in ("windows-x64", "mac-arm64", "linux-x64") for n in (11, 12)}
    windows, linux = set(house.sets["windows-x64 3.11"]), set(house.sets["linux-x64 3.12"])
    assert {"registry-1.0-py3-none-any.whl", "soup-1.0-py3-none-any.whl", "soup-2.0-py3-none-any.whl"} <= windows
    assert not {"registry-1.0-py3-none-any.whl", "soup-1.0-py3-none-any.whl"} & linux
    assert [name for name in linux if name.startswith("uv-")] == [
        name for name in linux if MANYLINUX in name and "uv" in name
    ]
    assert {name.split("-")[0] for name in linux} == {"hello", "fast", "soup", "pip", "uv"}
    for name, file in house.files.items():
        assert (folder / name).stat().st_size == file.size
    assert "for 6 of 6 kinds of laptop" in ran.out


def test_sizes_come_before_the_download(foundry: Project, index: Index) -> None:
    """For each platform and together; --dry-run stops there, and no file has been asked for."""
    ran = build(foundry, "--dry-run", **through(index))
    assert ran.code == 0, ran.text
    assert "windows-x64" in ran.out
    assert "all together" in ran.out
    assert "to fetch" in ran.out
    assert not (foundry.folder / "wheelhouse").exists()
    assert not [
        asked for asked in index.asked if asked.startswith("GET") and asked.endswith(".whl") and "pip-" not in asked
    ]


def test_it_comes_from_the_index_in_force(foundry: Project, index: Index) -> None:
    """What an index without sizes and hashes offers is held against the pins when it is there."""
    ran = build(foundry, **through(index))
    assert ran.code == 0, ran.text
    assert names(foundry.folder / "wheelhouse") == EXPECTED


@pytest.mark.slow
def test_the_login_of_a_private_index_is_used_for_its_files(foundry: Project, index: Index) -> None:
    """As pip would: it stands in the address, and is not shown."""
    index.behaviour = "auth"
    ran = build(foundry, **(through(index) | {"PIP_INDEX_URL": index.with_login()}))
    assert ran.code == 0, ran.text
    assert names(foundry.folder / "wheelhouse") == EXPECTED
    assert LOGIN[1] not in ran.text
    ran = build(foundry, **(through(index) | {"VENV_TEMPLATE_CACHE": str(foundry.home / "empty")}))
    assert ran.code == 1
    assert "wants a user name and a password (401)" in ran.err


@pytest.mark.slow
def test_a_file_of_another_index_is_found(foundry: Project, index: Index, tmp_path: Path) -> None:
    """What the first index lacks comes from the extra one, and is held against the pins like all else."""
    (tmp_path / "few").mkdir()
    for wheel in foundry.wheels.glob("pip-*"):
        shutil.copy(wheel, tmp_path / "few")
    with serving(tmp_path / "few") as first:
        ran = build(foundry, **(through(first) | {"PIP_EXTRA_INDEX_URL": index.simple}))
    assert ran.code == 0, ran.text
    assert names(foundry.folder / "wheelhouse") == EXPECTED


@pytest.mark.slow
def test_offline_asks_no_index(foundry: Project, index: Index) -> None:
    """What is in the folders that the configuration names is enough, or it fails."""
    assert build(foundry, "--offline", PIP_INDEX_URL=index.simple, PIP_NO_INDEX=None).code == 0
    ran = build(foundry, "--offline", "--folder", "elsewhere", **through(index))
    assert ran.code == 1
    assert "as a wheel that the pins name" in ran.err
    assert not index.asked


@pytest.mark.slow
def test_a_second_run_fetches_nothing(foundry: Project) -> None:
    """What is there and right stays; a damaged file is fetched again, and one that nobody needs any more goes."""
    build(foundry)
    folder = foundry.folder / "wheelhouse"
    ran = build(foundry)
    assert re.search(r"^  to fetch +nothing$", ran.out, re.M)
    (folder / "hello-1.0-py3-none-any.whl").write_bytes(b"half")
    (folder / "somebodys-1.0-py3-none-any.whl").write_bytes(b"not ours")
    pin(foundry, hello="1.1")
    ran = build(foundry)
    assert ran.code == 0, ran.text
    assert "Removed 1 older wheel" in ran.out
    held = EXPECTED - {"hello-1.0-py3-none-any.whl"} | {"hello-1.1-py3-none-any.whl", "somebodys-1.0-py3-none-any.whl"}
    assert names(folder) == held
    (folder / "hello-1.1-py3-none-any.whl").write_bytes(b"half")
    assert build(foundry).code == 0
    assert foundry.run("wheelhouse", "--check").code == 0


def test_a_laptop_that_is_added_takes_none_away(foundry: Project) -> None:
    """With the same pins the folder stays complete for those that it was made for; with others it begins anew."""
    foundry.run("wheelhouse", "--python", "3.11", "--target", "mac-arm64")
    ran = foundry.run("wheelhouse", "--python", "3.12", "--target", "linux-x64")
    assert "It stays complete for mac-arm64 3.11, too" in ran.out
    manifest = foundry.folder / "wheelhouse" / "manifest.json"
    assert set(read_house(manifest.read_text()).sets) == {"mac-arm64 3.11", "linux-x64 3.12"}
    pin(foundry, hello="1.1")
    foundry.run("wheelhouse", "--python", "3.12", "--target", "linux-x64")
    assert set(read_house(manifest.read_text()).sets) == {"linux-x64 3.12"}


def test_a_laptop_without_a_wheel_is_named(foundry: Project) -> None:
    """Nothing is fetched, and the command that leaves that laptop out is told."""
    ran = foundry.run("wheelhouse", "--python", "3.11-3.13", "--target", "win-x64,linux-arm64,linux-x64")
    assert ran.code == 1
    assert "fast 2.0: none for windows-x64 3.13, linux-arm64 3.11" in ran.err
    assert f"Next: {TYPED} wheelhouse --python 3.11,3.12 --target windows-x64,linux-x64" in ran.err
    assert not (foundry.folder / "wheelhouse").exists()


def test_a_file_that_was_changed_on_the_way_is_refused(foundry: Project, index: Index) -> None:
    """Nothing of it stays, and no manifest is written."""
    index.behaviour = "wrong-file"
    ran = build(foundry, **through(index))
    assert ran.code == 1
    assert "is not the file that is pinned: its SHA-256 differs" in ran.err
    assert not (foundry.folder / "wheelhouse" / "manifest.json").exists()
    assert names(foundry.folder / "wheelhouse") == set()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are sent another way")
def test_ctrl_c_ends_it_at_once(foundry: Project, index: Index) -> None:
    """Though the connection stalls; what was fetched stays, and the next run makes it whole."""
    index.behaviour = "stall-file"
    folder = foundry.folder / "wheelhouse"
    command = [str(BASE_PYTHON), "-I", "-B", "bootstrap", "wheelhouse", *LAPTOPS]
    with foundry.start(command, through(index)) as child:
        until = time.monotonic() + 20
        while not any(file.stat().st_size for file in folder.glob("*.part")) and time.monotonic() < until:
            time.sleep(0.05)
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=20)
    assert (child.returncode, b"Interrupted" in err) == (130, True)
    assert time.monotonic() - began < 5
    assert not (folder / "manifest.json").exists()
    index.behaviour = "honest"
    assert build(foundry, **through(index)).code == 0
    assert names(folder) == EXPECTED
    assert not list(folder.glob("*.part"))


def test_without_the_index_it_says_so(foundry: Project) -> None:
    """The three parts of a failure, as everywhere."""
    ran = build(foundry, PIP_INDEX_URL=f"{nobody_there()}/simple", PIP_NO_INDEX=None, PIP_FIND_LINKS=None)
    assert ran.code == 1
    assert "error: " in ran.err
    assert "Next: " in ran.err
    assert "Traceback" not in ran.err


def test_a_full_disk_is_seen_beforehand(tmp_path: Path) -> None:
    """It is no use to fetch a gigabyte and then to stop."""
    ware = Ware("big-1-py3-none-any.whl", "", 1 << 60, frozenset())
    with pytest.raises(Failure, match=r"are to be fetched, and .* has .* left"):
        refuse_full_disk([ware], tmp_path / "not" / "yet")
    refuse_full_disk([], tmp_path)


def test_each_system_has_a_zip_of_its_own(foundry: Project) -> None:
    """Its manifest names that system's laptops alone; unpacked beside the workshop it is a wheelhouse, and can be verified."""
    ran = build(foundry, "--zip")
    assert ran.code == 0, ran.text
    packed = {file.name for file in foundry.folder.glob("*.zip")}
    assert packed == {"wheelhouse-windows.zip", "wheelhouse-mac.zip", "wheelhouse-linux.zip"}
    with zipfile.ZipFile(foundry.folder / "wheelhouse-mac.zip") as archive:
        held = set(archive.namelist())
        told = json.loads(archive.read("wheelhouse/manifest.json"))
    assert set(told["sets"]) == {"mac-arm64 3.11", "mac-arm64 3.12"}
    assert held == {f"wheelhouse/{each['name']}" for each in told["files"]} | {"wheelhouse/manifest.json"}
    assert foundry.run("wheelhouse", "--check", "wheelhouse-mac.zip").code == 0


def test_another_folder_may_be_named(foundry: Project, tmp_path: Path) -> None:
    """Such as a stick; the next command names it as well."""
    stick = tmp_path / "a stick" / "wheelhouse"
    ran = build(foundry, "--folder", str(stick))
    assert ran.code == 0, ran.text
    assert names(stick) == EXPECTED
    assert re.search(rf"--serve --folder ['\"]{re.escape(str(stick))}['\"]", ran.out)
    assert not (foundry.folder / "wheelhouse").exists()


@pytest.mark.slow
def test_what_was_made_serves_for_starting_here(foundry: Project) -> None:
    """On a laptop of a kind that is in it, `start` needs no network and says so."""
    import sysconfig

    if sysconfig.get_platform() != "linux-x86_64" or sysconfig.get_python_version() not in ("3.11", "3.12"):
        pytest.skip("the hand-made wheels are for other laptops")
    build(foundry)
    (foundry.folder / "pyproject.toml").write_text('[project]\nname = "it"\nversion = "1"\ndependencies = ["hello"]\n')
    ran = foundry.run("start", PIP_FIND_LINKS=None, UV_FIND_LINKS=None, PATH=os.environ["PATH"])
    assert "nothing to fetch" in ran.out
    assert set(foundry.installed()) >= {"hello", "fast", "soup", "pip"}


@pytest.mark.parametrize("words", [["--python", "3.9"], ["--target", "amiga"]])
def test_what_the_pins_are_not_for_is_a_usage_error(foundry: Project, words: list[str]) -> None:
    """Exit code 2, and what they are for."""
    ran = foundry.run("wheelhouse", *words)
    assert ran.code == 2
    assert "the pins are not for" in ran.err


def test_it_belongs_to_workshops(foundry: Project) -> None:
    """A project without the section has no wheelhouse to make."""
    foundry.configure()
    ran = foundry.run("wheelhouse", *LAPTOPS)
    assert ran.code == 2
    assert "is for workshops" in ran.err
