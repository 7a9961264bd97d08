"""Bytecode is kept in the user's cache, for our own modules alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from projectenv.bytecode import is_own, users_cache


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {}, "/home/ada/.cache/venv-template"),
        ("linux", {"XDG_CACHE_HOME": "/var/cache/ada"}, "/var/cache/ada/venv-template"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "/home/ada/.cache/venv-template"),
        ("darwin", {"XDG_CACHE_HOME": "/var/cache/ada"}, "/home/ada/Library/Caches/venv-template"),
        ("linux", {"VENV_TEMPLATE_CACHE": "/mnt/shared"}, "/mnt/shared"),
    ],
)
def test_the_cache_is_where_the_system_wants_it(platform: str, environ: dict[str, str], expected: str) -> None:
    """Each system has a place for caches, and our own variable wins over it."""
    assert users_cache(environ, platform, "/home/ada") == expected


@pytest.mark.skipif(os.name == "nt", reason="users are numbers on POSIX only")
def test_a_cache_of_somebody_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is not there yet is judged by the one it would be made in; another user's is left alone."""
    wanted = str(tmp_path / "not" / "yet")
    assert is_own(wanted)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    assert not is_own(wanted)
    assert not is_own(str(tmp_path))
