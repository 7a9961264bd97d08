"""Open the attendee's copies of the notebooks in JupyterLab."""

from __future__ import annotations

import os
import subprocess

from ..console import Console
from ..environment import Environment
from ..failure import Failure
from ..layout import ENVIRONMENT
from ..process import clean_environment
from .copies import make_copies
from .described import MY_WORK, Workshop


def open_notebooks(workshop: Workshop, console: Console) -> int:
    """Copy what is new, then run JupyterLab in the folder of the copies until it is closed; return its exit code."""
    environment = Environment(workshop.project / ENVIRONMENT)
    if not environment.is_one:
        raise Failure("the workshop is not set up on this computer yet.", "", "bootstrap start")
    for each in make_copies(workshop):
        console.say(each)
    folder = workshop.project / MY_WORK
    folder.mkdir(exist_ok=True)
    console.say("JupyterLab opens in your browser. To end it: close the browser, then press Ctrl-C here, twice.")
    # A kernel of the same name in the person's home would be taken for ours (issue: notebooks run elsewhere).
    environ = clean_environment(dict(os.environ)) | {"JUPYTER_PREFER_ENV_PATH": "1"}
    return subprocess.call([str(environment.python), "-m", "jupyterlab", "--log-level=WARN"], cwd=folder, env=environ)
