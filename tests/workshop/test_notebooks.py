"""Notebooks are opened from copies; where that cannot be, it is said what can."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.workshop import OF_WORKSHOPS, make_workshop

pytestmark = OF_WORKSHOPS

SHIM = "bootstrap.cmd" if os.name == "nt" else "sh bootstrap.sh"
_LAB = 'import os, random, sys\nprint(os.path.basename(os.getcwd()), os.environ.get("JUPYTER_PATH"), flush=True)\nsys.exit(4)\n'


def test_before_the_workshop_is_set_up_that_is_the_next_step(tmp_path: Path) -> None:
    """Nothing is made on the way."""
    project = make_workshop(tmp_path)
    ran = project.run("open")
    assert ran.code == 1
    assert "not set up on this computer yet" in ran.err
    assert f"Next: {SHIM} start" in ran.err


def test_a_workshop_without_jupyterlab_says_where_to_open_them(tmp_path: Path) -> None:
    """Who teaches with VS Code saves 35 MB on each laptop."""
    project = make_workshop(tmp_path)
    assert project.run("start", "--from", "index").code == 0
    ran = project.run("open")
    assert ran.code == 1
    assert "Next: open this folder in VS Code" in ran.err


def test_jupyterlab_runs_among_the_copies_and_its_exit_code_is_ours(tmp_path: Path) -> None:
    """The original notebooks and the bootstrap are not in sight there; foreign kernels are not either."""
    project = make_workshop(tmp_path)
    lab = project.wheel("jupyterlab", modules={"jupyterlab/__init__.py": "", "jupyterlab/__main__.py": _LAB})
    project.pin(project.wheel("hello"), lab)
    assert project.run("start", "--from", "index").code == 0
    (project.folder / "my-work" / "01.ipynb").unlink()
    (project.folder / "my-work" / "random.py").write_text("raise SystemExit('not mine')", encoding="utf-8")
    ran = project.run("open", JUPYTER_PATH="/elsewhere")
    assert ran.code == 4
    assert ran.out.splitlines()[-1] == "my-work None"
    assert (project.folder / "my-work" / "01.ipynb").exists()
