"""Bytecode is kept in the user's cache, for our own modules alone."""

from __future__ import annotations

import pytest
from projectenv.bytecode import users_cache


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
