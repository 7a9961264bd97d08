"""Open the attendee's copies of the notebooks in JupyterLab."""

from __future__ import annotations

import subprocess

from ..console import Console
from ..environment import Environment
from ..failure import Failure
from ..layout import ENVIRONMENT
from .copies import make_copies
from .described import MY_WORK, Workshop
from .examine import jupyter_environment


def open_notebooks(workshop: Workshop, console: Console) -> int:
    """Copy what is new, then run JupyterLab in the folder of the copies until it is closed; return its exit code."""
    environment = Environment(workshop.project / ENVIRONMENT)
    if not environment.is_one:
        raise Failure("the workshop is not set up on this computer yet.", "", "bootstrap start")
    if not (environment.site_packages / "jupyterlab").is_dir():
        raise Failure(
            "this workshop comes without JupyterLab.",
            "Its pins do not hold it.",
            f"open this folder in VS Code, a notebook in {MY_WORK}, and choose .venv as its kernel",
        )
    for each in make_copies(workshop):
        console.say(each)
    folder = workshop.project / MY_WORK
    folder.mkdir(exist_ok=True)
    console.say("JupyterLab opens in your browser. To end it: close the browser, then press Ctrl-C here, twice.")
    # -P: an attendee's random.py is not JupyterLab's. PYTHONSAFEPATH would reach the kernels, which are to find helpers.
    command = [str(environment.python), "-P", "-m", "jupyterlab", "--log-level=WARN"]
    with subprocess.Popen(command, cwd=folder, env=jupyter_environment()) as lab:
        while True:
            try:
                return lab.wait()
            except KeyboardInterrupt:
                # It hears Ctrl-C, too, and asks whether it is meant: it is its turn, and not ours.
                continue
