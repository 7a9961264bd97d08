"""Give every test a world of its own: no network settings of this machine, a home and a cache of its own."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Started in the background of a script, this process ignores Ctrl-C, and so would all that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def hermetic(environ: dict[str, str], home: Path) -> dict[str, str]:
    """Return the variables without pip's and uv's, with a home that holds nothing."""
    kept = {
        name: value for name, value in environ.items() if not name.startswith(("PIP_", "UV_", "COPIER_", "VIRTUAL_ENV"))
    }
    kept.update(
        HOME=str(home),
        PIP_CONFIG_FILE=os.devnull,
        PIP_NO_INDEX="1",
        UV_OFFLINE="1",
        UV_NO_CONFIG="1",
        GIT_CONFIG_NOSYSTEM="1",
        GIT_AUTHOR_NAME="Test",
        GIT_AUTHOR_EMAIL="test@example.invalid",
        GIT_COMMITTER_NAME="Test",
        GIT_COMMITTER_EMAIL="test@example.invalid",
    )
    return kept


@pytest.fixture(autouse=True)
def _world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clear what this machine's configuration would change; tests marked `network` keep the index settings."""
    if request.node.get_closest_marker("network"):
        return
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_", "COPIER_", "VIRTUAL_ENV", "XDG_")):
            monkeypatch.delenv(name)
    for name, value in hermetic({}, home).items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the template as it stands in the work tree, without git, so that uncommitted changes are tested too."""
    copy = tmp_path_factory.mktemp("template")
    for name in ("copier.yml", "template", "includes", "pins", "hooks", ".gitattributes"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, copy / name)
    return copy
