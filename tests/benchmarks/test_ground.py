"""What is measured happens in memory where it fits, and leaves nothing there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks import ground as room
from benchmarks.bench import Bench
from benchmarks.contest import REST, Contest
from benchmarks.ground import ground, has_room

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="benchmarks run on POSIX")


def test_in_memory_nothing_is_left_and_nothing_rests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no disk that would still be at work on what was deleted, and memory is given back."""
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(room, "MEMORY", memory)
    with ground(tmp_path, needed=1) as place:
        bench = Bench(Path(sys.executable), tmp_path, place)
        (place / "left").touch()
        assert (bench.where, Contest("small", [], bench, 1).rest) == ("in memory", 0.0)
        assert bench.environ()["TMPDIR"] == str(place)
        assert bench.caches.parent == bench.template.parent == place
    assert list(memory.iterdir()) == []


@pytest.mark.parametrize(("on_disk", "needed"), [(True, 1), (False, 1 << 60)])
def test_on_the_disk_commands_rest(tmp_path: Path, on_disk: bool, needed: int) -> None:
    """By wish, or because memory has no room for it; the folder stays."""
    with ground(tmp_path, needed, on_disk=on_disk) as place:
        bench = Bench(Path(sys.executable), tmp_path, place)
        assert (bench.where, Contest("small", [], bench, 1).rest) == ("on the disk", REST)
        assert "TMPDIR" not in bench.environ() or bench.environ()["TMPDIR"] == os.environ["TMPDIR"]
    assert tmp_path.is_dir()


def test_where_no_program_may_run_there_is_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Containers mount shared memory so."""
    assert has_room(tmp_path, 1)
    assert not has_room(tmp_path / "absent", 1)
    real = os.statvfs(tmp_path)
    fields = list(real)
    fields[8] |= os.ST_NOEXEC  # f_flag
    monkeypatch.setattr(os, "statvfs", lambda _path: os.statvfs_result(fields))
    assert not has_room(tmp_path, 1)
