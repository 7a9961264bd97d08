"""The stamp is exact, complete, and read without harm whatever it holds."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projectenv import stamp


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with a stamped environment that is nothing but its bones."""
    library = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    (library / "six-1.17.0.dist-info").mkdir(parents=True)
    (tmp_path / ".venv" / "bin").mkdir()
    (tmp_path / ".venv" / "bin" / "python").write_bytes(b"a Python")
    (tmp_path / "requirements.txt").write_bytes(b"six==1.17.0\n")
    renew(tmp_path)
    assert is_current(tmp_path)
    return tmp_path


def renew(project: Path) -> None:
    """Stamp the project's environment as it stands."""
    folder = str(project / ".venv")
    library = str(project / ".venv" / "lib" / "python3.11" / "site-packages")
    header = {
        "state": "complete",
        "folder": folder,
        "interpreter": stamp.interpreter_identity(folder),
        "machine": stamp.machine(),
        "site-packages": library,
        "installed": stamp.distributions(library),
    }
    stamp.write(folder, header, stamp.read_inputs(str(project), ["requirements.txt", ".python-version"]))


def is_current(project: Path) -> bool:
    """Tell whether the stamp matches."""
    return stamp.current(str(project), str(project / ".venv")) is not None


def test_an_untouched_environment_is_current(project: Path) -> None:
    """What was stamped a moment ago matches."""
    assert is_current(project)


def test_any_change_of_a_pin_file_is_seen_even_with_size_and_time_kept(project: Path) -> None:
    """The contents count, not the size and not the time."""
    import os

    pins = project / "requirements.txt"
    before = pins.stat()
    pins.write_bytes(b"six==1.16.0\n")
    os.utime(pins, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not is_current(project)


def test_a_file_that_appears_is_seen(project: Path) -> None:
    """A .python-version that was not there is an input too."""
    (project / ".python-version").write_text("3.12\n")
    assert not is_current(project)


def test_another_interpreter_is_seen(project: Path) -> None:
    """A Python that was upgraded has another size or time."""
    (project / ".venv" / "bin" / "python").write_bytes(b"a newer Python")
    assert not is_current(project)


def test_a_package_that_came_or_went_is_seen(project: Path) -> None:
    """What was installed by hand is looked at by the slower path."""
    (project / ".venv/lib/python3.11/site-packages/rich-15.0.0.dist-info").mkdir()
    assert not is_current(project)


def test_a_moved_project_is_seen(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The folder that it was made in is part of the stamp."""
    moved = tmp_path_factory.mktemp("elsewhere") / "project"
    project.rename(moved)
    assert not is_current(moved)


def test_an_environment_being_changed_is_not_trusted(project: Path) -> None:
    """The mark that an update sets counts at once."""
    written = stamp.read(str(project / ".venv"))
    assert written
    stamp.write(str(project / ".venv"), {**written[0], "state": "changing"}, written[1])
    assert not is_current(project)


@given(content=st.binary(max_size=300))
def test_no_content_of_a_stamp_breaks_its_reader(content: bytes) -> None:
    """A damaged stamp is no stamp."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, stamp.NAME).write_bytes(content)
        assert stamp.read(folder) is None


@given(
    inputs=st.dictionaries(
        st.from_regex(r"[a-z./-]{1,12}", fullmatch=True), st.none() | st.binary(max_size=80), max_size=5
    )
)
def test_a_stamp_gives_back_what_was_written(inputs: dict[str, bytes | None]) -> None:
    """Any bytes in any number of files survive, and so does absence."""
    header = {"state": "complete", "folder": "/x y/è"}
    with tempfile.TemporaryDirectory() as folder:
        stamp.write(folder, header, inputs)
        assert stamp.read(folder) == (header, inputs)
