"""A real exFAT disk, as USB sticks have: no links of either kind, no modes, upper and lower case are one."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support import needs
from tests.support.engines import with_uv
from tests.support.index import serving
from tests.support.project import Project, make_project, pip_version
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """Mount a fresh exFAT of 200 MB and return where."""
    tools = all(shutil.which(name) for name in ("mkfs.exfat", "mount.exfat-fuse", "losetup"))
    needs.need("exFAT over FUSE (apt install exfat-fuse exfatprogs fuse3), and root", have=tools and os.geteuid() == 0)
    image, place = tmp_path / "image", tmp_path / "stick"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(200 * 2**20)
    subprocess.run(["mkfs.exfat", image], check=True, capture_output=True)
    device = subprocess.run(
        ["losetup", "--find", "--show", image], check=True, capture_output=True, text=True
    ).stdout.strip()
    try:
        subprocess.run(["mount.exfat-fuse", device, place], check=True, capture_output=True)
        yield place
        subprocess.run(["umount", place], check=True)
    finally:
        subprocess.run(["losetup", "--detach", device], check=False)


@situations(
    Situation(
        "a real exFAT disk, with pip: no links, and upper and lower case are one",
        "the environment is made of copies",
        "Done in",
        modes="B14",
    )
)
def test_pip_on_exfat(stick: Path, situation: Situation) -> None:
    """The environment works, and a second run finds nothing to do."""
    project = make_project(stick)
    situation.shown_by(project.run())
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
    assert (project.folder / ".VENV").is_dir(), "this disk does tell upper from lower case"
    assert "Nothing to do" in project.run().out


@situations(
    Situation(
        "a real exFAT disk, with uv, whose own way to make environments needs links",
        "venv makes it of copies, uv fills it",
        "Done in",
        modes="B14",
    )
)
def test_uv_on_exfat(stick: Path, tmp_path: Path, situation: Situation) -> None:
    """What venv made, uv fills."""
    project: Project = make_project(stick)
    with serving(project.wheels) as index:
        situation.shown_by(with_uv(project, index.simple, UV_CACHE_DIR=str(tmp_path / "uv-cache")))
    assert project.installed() == {"hello": "1.0", "pip": pip_version()}
