"""A disk's refusal is told with the file or folder that refused."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from projectenv.disk import of_the_disk


@pytest.mark.skipif(os.name == "nt", reason="Windows is told to close programs instead")
def test_the_folder_is_named_where_the_file_could_not_be_made(tmp_path: Path) -> None:
    """What does not exist cannot be made anybody's."""
    for name, named in ((".venv.lock", tmp_path), ("there", tmp_path / "there")):
        (tmp_path / "there").touch()
        told = of_the_disk(PermissionError(errno.EACCES, "Permission denied", str(tmp_path / name)))
        assert told
        assert told.next_step.startswith(f"make {named} yours ")
