"""Tell whether an environment is what its inputs say, from a stamp that is written last.

The stamp holds the inputs themselves, so that comparing is exact and needs no hashing; this module imports
nothing but `os`, because the case of nothing to do is measured in milliseconds.
"""

from __future__ import annotations

import os

NAME = "bootstrap-stamp"
WATCHED = "./pyproject.toml"
"""An input that nothing is installed from: when it changes, the full path looks once whether the pins are behind."""
_FORMAT = "venv-template environment, format 1"

Header = dict[str, str]
Inputs = dict[str, "bytes | None"]


def path(environment: str) -> str:
    """Return where the stamp of this environment is."""
    return os.path.join(environment, NAME)


def interpreter_identity(environment: str) -> str:
    """Return the file behind the environment's Python, its size and its time; empty when it is gone."""
    for inside in ("bin/python", "Scripts/python.exe"):
        program = os.path.join(environment, inside)
        try:
            real = os.path.realpath(program)
            if inside.startswith("Scripts"):
                real = _windows_home(environment)
            status = os.stat(real)
        except OSError:
            continue
        return f"{real} {status.st_size} {status.st_mtime_ns}"
    return ""


def _windows_home(environment: str) -> str:
    # Scripts/python.exe is a copy that starts the Python which pyvenv.cfg names.
    with open(os.path.join(environment, "pyvenv.cfg"), encoding="utf-8") as lines:
        for line in lines:
            key, _, value = line.partition("=")
            if key.strip() == "home":
                return os.path.join(value.strip(), "python.exe")
    return ""


def machine() -> str:
    """Return the kind of processor; what was compiled for one does not run on another, though both share a folder."""
    return os.uname().machine if hasattr(os, "uname") else os.environ.get("PROCESSOR_ARCHITECTURE", "").lower()


def distributions(site_packages: str) -> str:
    """Return the names of what is installed, as one line; a package that came or went changes it."""
    try:
        return " ".join(sorted(name[:-10] for name in os.listdir(site_packages) if name.endswith(".dist-info")))
    except OSError:
        return ""


def read_inputs(project: str, names: list[str]) -> Inputs:
    """Return the contents of the project's files by name; None for one that is not there."""
    contents: Inputs = {}
    for name in names:
        try:
            with open(os.path.join(project, name), "rb") as file:
                contents[name] = file.read()
        except OSError:
            contents[name] = None
    return contents


def write(environment: str, header: Header, inputs: Inputs) -> None:
    """Write the stamp in one step, after everything that it vouches for."""
    lines = [_FORMAT]
    # A path may hold a line break, and never a NUL.
    lines += [f"{key} = {value}".replace("\n", "\0") for key, value in header.items()]
    lines += [f"{name}: {-1 if content is None else len(content)}" for name, content in inputs.items()]
    whole = os.fsencode("\n".join(lines)) + b"\n\n"
    whole += b"".join(content or b"" for content in inputs.values())
    unfinished = path(environment) + ".new"
    with open(unfinished, "wb") as file:
        file.write(whole)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path(environment))


def read(environment: str) -> tuple[Header, Inputs] | None:
    """Return what the stamp says; None when there is none, or one that this version does not know."""
    try:
        with open(path(environment), "rb") as file:
            head, _, body = file.read().partition(b"\n\n")
    except OSError:
        return None
    first, *rest = os.fsdecode(head).split("\n")  # as paths are, in any locale
    if first != _FORMAT:
        return None
    header: Header = {}
    inputs: Inputs = {}
    try:
        for line in rest:
            key, equals, value = line.partition(" = ")
            if equals:
                header[key] = value.replace("\0", "\n")
                continue
            name, _, length = line.rpartition(": ")
            inputs[name] = body[: int(length)] if int(length) >= 0 else None
            body = body[max(0, int(length)) :]
    except ValueError:
        return None
    return header, inputs


def current(project: str, environment: str) -> Header | None:
    """Return the stamp's header when environment, interpreter and every input are as it says; else None."""
    stamp = read(environment)
    if stamp is None:
        return None
    header, inputs = stamp
    if header.get("folder") != environment or header.get("interpreter") != interpreter_identity(environment):
        return None
    if header.get("machine") != machine():
        return None
    if header.get("state") != "complete" or header.get("installed") != distributions(header.get("site-packages", "")):
        return None
    return header if read_inputs(project, list(inputs)) == inputs else None
