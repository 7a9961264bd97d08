"""Write the activators, the same ones whoever made the environment.

venv's and uv's own are not enough: between them they lack elvish, nushell and xonsh; uv's `activate` is a syntax error
in yash and fails under `set -u` in dash, busybox, ksh and mksh; venv's break on a quote or a dollar sign in the path
before 3.10.16, 3.11.11, 3.12.8 and 3.13.1. What only Windows reads (activate.bat) is left as it is.
"""

from __future__ import annotations

import os

from .activation import SHELLS

_BY_FILE = {file: quote for file, _, quote in SHELLS.values()}


def write_missing(folder: str) -> None:
    """Write every activator that differs from ours into the environment's folder of programs."""
    scripts = "bin" if os.path.isdir(os.path.join(folder, "bin")) else "Scripts"
    sources = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scripts")
    for name in sorted(_BY_FILE.keys() & os.listdir(sources)):
        with open(os.path.join(sources, name), encoding="utf-8") as file:
            text = file.read()
        text = text.replace("@BIN@", scripts).replace("@FOLDER@", _BY_FILE[name](folder))
        _write(os.path.join(folder, scripts, name), text)
    _name_as_venv_does(os.path.join(folder, scripts))


def _write(path: str, text: str) -> None:
    # Bytes, not text: Windows would make CRLF of it, which sh cannot read; surrogates are a path that is not UTF-8.
    content = text.encode("utf-8", "surrogateescape")
    with open(path, "wb") as file:
        file.write(content)


def _name_as_venv_does(scripts: str) -> None:
    """Let PowerShell find uv's activate.ps1 under the name that venv gives it, where case matters."""
    theirs, ours = (os.path.join(scripts, name) for name in ("activate.ps1", "Activate.ps1"))
    if os.path.exists(theirs) and not os.path.exists(ours):
        with open(theirs, "rb") as file:
            content = file.read()
        with open(ours, "wb") as file:
            file.write(content)
