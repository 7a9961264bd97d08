"""A wheelhouse of the workshop's own pins, for three systems and two Pythons: from the real index, and then unplugged.

It is built once, as an instructor would, and everything here uses it. All of it, though it is some 650 MB: the sizes are
those that the guide tells, and a part of it would not show what a marker, a tag or a size can do wrong.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from copier import run_copy
from projectenv.workshop.house import House, read_house

from tests.support import needs
from tests.support.person import NOBODY, SYSTEM_PYTHON, Person
from tests.support.project import TEMPLATE
from tests.support.workshop import LAST

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(sys.platform != "linux", reason="takes rights and the network away as Linux does"),
]
LAPTOPS = ("--python", "3.11,3.12", "--target", "win-x64,mac-arm64,linux-x64")
BIG = re.compile(r"^(jupyterlab|numpy|pandas|matplotlib|scikit_learn)-(\d+)")


class Instructor(Person):
    """Somebody who prepares a room."""

    @property
    def folder(self) -> Path:
        """Return the workshop's folder."""
        return self.home / "my workshop"

    @property
    def house(self) -> Path:
        """Return the folder of wheels."""
        return self.folder / "wheelhouse"

    def bootstrap(self, *words: str) -> tuple[int, str]:
        """Run the bootstrap in the workshop's folder; return the exit code and all that it printed."""
        done = self.types("sh", "bootstrap.sh", *words, at=self.folder)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def instructor(template: Path) -> Iterator[Instructor]:
    """Return an instructor who has made the wheelhouse; half of one file was there from an interrupted run."""
    one = Instructor(Path(tempfile.mkdtemp(prefix="instructor-")))
    run_copy(
        str(template), one.folder, data={"starter": "workshop"}, defaults=True, quiet=True, unsafe=True, skip_tasks=True
    )
    if os.geteuid() == 0:
        for path in (one.home, *one.home.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    began = time.monotonic()
    code, text = one.bootstrap("wheelhouse", *LAPTOPS)
    assert code == 0, text
    print(f"\n{text}built in {time.monotonic() - began:.0f} s")
    one.environ["SAID"] = text
    yield one
    shutil.rmtree(one.home, ignore_errors=True)


@pytest.fixture(scope="module")
def house(instructor: Instructor) -> House:
    """Return its manifest."""
    return read_house((instructor.house / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture
def stick(instructor: Instructor) -> Iterator[Path]:
    """Return a copy of the workshop's folder and its wheels, as it is carried around; the files are the same."""
    folder = Path(tempfile.mkdtemp(prefix="stick-", dir=instructor.home)) / "workshop"
    shutil.copytree(instructor.folder, folder, copy_function=_linked)
    if os.geteuid() == 0:
        for path in (folder.parent, folder, *(path for path in folder.rglob("*") if path.is_dir())):
            os.chown(path, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder.parent, ignore_errors=True)


def _linked(source: str, target: str) -> None:
    os.link(source, target)


def alone() -> list[str]:
    """Return the words that start a command of a person without rights where there is no network but loopback."""
    return ["unshare", "-rn", *needs.unplugged(SYSTEM_PYTHON)[-4:]]


def replace(file: Path, content: bytes) -> None:
    """Put other content into a file, and leave what it was linked to."""
    file.unlink()
    file.write_bytes(content)


def test_it_tells_the_sizes_and_proves_it_for_every_laptop(instructor: Instructor, house: House) -> None:
    """Three systems, two Pythons; each platform with its size, and all with less than their sum."""
    said = instructor.environ["SAID"]
    sizes = {found[1]: int(found[2]) for found in re.finditer(r"^  ([a-z][a-z0-9 -]*?) +(\d+) MB(?! \.)", said, re.M)}
    assert set(sizes) == {"windows-x64", "mac-arm64", "linux-x64", "all together", "to fetch"}
    assert max(sizes["windows-x64"], sizes["linux-x64"]) < sizes["all together"] == sizes["to fetch"]
    assert abs(house.size() / 1e6 - sizes["all together"]) < 1
    assert "for 6 of 6 kinds of laptop" in said
    assert len(house.sets) == 6


def test_each_laptop_gets_what_its_own_markers_ask_for(house: House) -> None:
    """Whatever computer prepared it: this one would have left out what only Windows and macOS need."""

    def projects(key: str) -> set[str]:
        return {name.split("-")[0].lower() for name in house.sets[key]}

    for python in ("3.11", "3.12"):
        windows, mac, linux = (projects(f"{name} {python}") for name in ("windows-x64", "mac-arm64", "linux-x64"))
        assert {"colorama", "pywinpty"} <= windows - mac - linux
        assert "appnope" in mac - windows - linux
        assert {"pexpect", "ptyprocess"} <= (mac & linux) - windows
        for each in (windows, mac, linux):
            assert {"pip", "uv", "jupyterlab", "numpy", "pandas", "matplotlib", "scikit_learn"} <= each
    # Both sides of a split inside 3.11, if the pins have one.
    pins = (TEMPLATE.parent / "pins" / "workshop" / "requirements.txt").read_text(encoding="utf-8")
    for name in set(re.findall(r"^([a-z0-9-]+)==\S+ ; python_full_version [<>]=? '3\.11\.\d+'", pins, re.M)):
        versions = [each for each in house.sets["linux-x64 3.11"] if each.startswith(f"{name.replace('-', '_')}-")]
        assert len(versions) == 2, versions


def test_no_old_version_slipped_in(house: House) -> None:
    """A resolution that finds no wheel for a platform may go back years: none did."""
    for key, names in house.sets.items():
        majors = {found[1]: int(found[2]) for name in names if (found := BIG.match(name))}
        assert majors["jupyterlab"] >= 4, key
        assert min(majors["numpy"], majors["pandas"]) >= 2, key


@pytest.mark.parametrize("engine", ["pip", "uv"])
def test_it_installs_with_the_network_unplugged(engine: str, instructor: Instructor, stick: Path) -> None:
    """By pip and by uv, with caches that hold nothing, from the plain `start`; notebooks run, and the laptop is READY."""
    environ = {"VENV_TEMPLATE_CACHE": str(stick.parent / "cache"), "UV_CACHE_DIR": str(stick.parent / "uv")}
    words = [f"{name}={value}" for name, value in environ.items()]
    began = time.monotonic()
    done = instructor.types(*alone(), "env", *words, "sh", "bootstrap.sh", "start", "--installer", engine, at=stick)
    print(f"\n{engine}: {time.monotonic() - began:.0f} s")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"From {stick / 'wheelhouse'}: nothing to fetch" in done.stdout
    assert f"and {engine}" in done.stdout
    assert LAST.search(done.stdout)
    assert "a notebook starts, in this environment" in done.stdout


@pytest.mark.parametrize("fault", ["tampered", "missing", "stale"])
def test_what_is_wrong_with_a_stick_is_caught(fault: str, instructor: Instructor, house: House, stick: Path) -> None:
    """By --check, with the file's name and one next command; and no laptop installs from it."""
    folder = stick / "wheelhouse"
    name = next(name for name in house.sets["linux-x64 3.11"] if name.startswith("numpy-"))
    if fault == "tampered":
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        replace(folder / name, bytes(content))
    elif fault == "missing":
        (folder / name).unlink()
    else:
        # The pins moved on: the same version of everything, but of numpy.
        pins = (stick / "requirements.txt").read_text(encoding="utf-8")
        version = name.split("-")[1]
        older = re.sub(rf"^numpy=={re.escape(version)}\b.*\n(?:    --hash.*\n)+", "", pins, flags=re.M)
        added = f"numpy==9.9 ; python_full_version < '3.12' \\\n    --hash=sha256:{'0' * 64}\n"
        replace(stick / "requirements.txt", (older + added).encode())
    began = time.monotonic()
    checked = instructor.types("sh", "bootstrap.sh", "wheelhouse", "--check", at=stick)
    print(f"\n{fault}: {time.monotonic() - began:.1f} s")
    said = checked.stdout + checked.stderr
    assert checked.returncode == 1, said
    words = {"tampered": "damaged or tampered with", "missing": "missing", "stale": "stale: the pins name"}[fault]
    assert f"NO  {name}: {words}" in said
    assert "Next: sh bootstrap.sh wheelhouse --python 3.11,3.12 --target linux-x64,mac-arm64,windows-x64" in said
    done = instructor.types(*alone(), "sh", "bootstrap.sh", "start", "--offline", at=stick)
    assert done.returncode == 1
    assert LAST.search(done.stdout)
    assert "NOT READY" in done.stdout


def test_a_good_one_is_verified_again_within_seconds(instructor: Instructor, house: House) -> None:
    """Every byte of it is read, and uv proves it for each laptop."""
    began = time.monotonic()
    code, text = instructor.bootstrap("wheelhouse", "--check")
    print(f"\nverified in {time.monotonic() - began:.1f} s")
    assert code == 0, text
    assert f"Right: {len(house.files)} wheels" in text


def test_one_zip_for_each_system_holds_what_its_laptops_need(instructor: Instructor, house: House) -> None:
    """What is there is not fetched again; each ZIP is verified as it is."""
    code, text = instructor.bootstrap("wheelhouse", *LAPTOPS, "--zip")
    assert code == 0, text
    assert re.search(r"^  to fetch +nothing$", text, re.M)
    for system in ("windows", "mac", "linux"):
        file = instructor.folder / f"wheelhouse-{system}.zip"
        with zipfile.ZipFile(file) as archive:
            told = read_house(archive.read("wheelhouse/manifest.json").decode())
        assert {key.partition("-")[0] for key in told.sets} == {system}
        assert told.size() < house.size() * 0.6
        code, text = instructor.bootstrap("wheelhouse", "--check", file.name)
        assert code == 0, text
        file.unlink()
