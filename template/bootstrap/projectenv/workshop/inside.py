"""Look at the environment from inside: its own Python runs this file, which imports nothing of the bootstrap.

Each line that it prints is marked, and one JSON list: what was looked at, whether it is right, and what is to be told.
"""

from __future__ import annotations

import faulthandler
import importlib
import json
import os
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

# "An Application Control policy has blocked this file" (4551, and 4556 to 4559 by reputation), "blocked by group policy",
# "the hash of the image is invalid", "contains a virus or potentially unwanted software".
POLICY = (4551, 4556, 4557, 4558, 4559, 1260, 577, 225)
MISSING_LIBRARY = 126
KERNEL_SECONDS = 90
MARK = "workshop-finding: "
"""How our lines begin: packages print things, too."""


def main(arguments: list[str]) -> None:
    """Look at what the first argument names: pins FILE..., imports PYPROJECT, or kernel."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    {"pins": look_at_pins, "imports": look_at_imports, "kernel": look_at_kernel}[arguments[0]](arguments[1:])


def say(what: str, *, right: bool, told: str = "") -> None:
    """Print one finding at once, on a line of its own: the next look may end this process, or print anything."""
    sys.stdout.write(f"\n{MARK}{json.dumps([what, right, told])}\n")
    sys.stdout.flush()


def look_at_pins(files: list[str]) -> None:
    """Compare every pin whose marker applies here with what is installed."""
    for line in (line for file in files for line in Path(file).read_text(encoding="utf-8").splitlines()):
        found = re.match(r"[A-Za-z0-9][^\\#]*", line)
        if not found:
            continue
        requirement = _requirement(found[0].strip())
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            say(requirement.name, right=False, told=f"{requirement.name} is not installed")
            continue
        right = requirement.specifier.contains(version, prereleases=True)
        say(requirement.name, right=right, told=f"{requirement.name} is {version}, not {requirement.specifier}")


def look_at_imports(arguments: list[str]) -> None:
    """Import what the project declares, each within some seconds; a file that Windows will not load shows only now."""
    tomllib = importlib.import_module("tomllib")  # in every Python that a workshop's environment may have
    declared = tomllib.loads(Path(arguments[0]).read_text(encoding="utf-8"))["project"]["dependencies"]
    for requirement in map(_requirement, declared):
        if requirement.marker and not requirement.marker.evaluate():
            continue
        for module in _modules(requirement.name):
            # Named first, in case the process ends here.
            say(module, right=True, told="begun")
            # The only way out of code that waits for ever: it ends the process, with a word that we know.
            faulthandler.dump_traceback_later(float(arguments[1]), exit=True)
            try:
                importlib.import_module(module)
            except (Exception, SystemExit) as error:  # noqa: BLE001 whatever an import may raise is the finding
                say(module, right=False, told=_kind(error))
            faulthandler.cancel_dump_traceback_later()
    say("", right=True, told="end")


def _kind(error: BaseException) -> str:
    """Return the kind of a failed import and its words: blocked, library or broken.

    Packages wrap what the system said in advice of their own (numpy, pandas, scikit-learn): what is below it counts.
    """
    links: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    for kind in map(_kind_of, links):
        if not kind.startswith("broken"):
            return kind
    return _kind_of(next((each for each in links if getattr(each, "path", None)), error))


def _kind_of(error: BaseException) -> str:
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    text = f"{type(error).__name__}: {first}"
    code = getattr(error, "winerror", None)
    if "DLL load failed" in str(error) and getattr(error, "path", None):
        code = _code_of_windows(str(error.path)) or code  # type: ignore[attr-defined]
    found = re.search(r"WinError (\d+)", text)
    code = code or (int(found[1]) if found else None)
    # Linux's and macOS's counterparts: a disk mounted noexec, a file that Gatekeeper holds back.
    held = "failed to map segment" in text or "not valid for use in process" in text
    if code in POLICY or held:
        return f"blocked: {text}"
    return f"library: {text}" if code == MISSING_LIBRARY else f"broken: {text}"


def _code_of_windows(path: str) -> int | None:
    """Load the file again to learn Windows' own error code: the message of the first try is localised."""
    import ctypes

    try:
        ctypes.WinDLL(path)  # type: ignore[attr-defined,unused-ignore]
    except OSError as error:
        return getattr(error, "winerror", None)
    except AttributeError:
        return None
    return None


def _modules(name: str) -> list[str]:
    """Return what a distribution lets people import: its own name if there is such a module, else all."""
    top = set()
    for file in metadata.files(name) or ():
        first = file.parts[0]
        if first.endswith((".dist-info", ".data")) or first in ("..", "__pycache__") or "share" in file.parts[:1]:
            continue
        if len(file.parts) > 1:
            top.add(first)
        elif first.endswith((".py", ".pyd", ".so")):  # and not pywin32.pth, PyWin32.chm, LICENSE
            top.add(first.partition(".")[0])
    own = re.sub(r"[-.]", "_", name).lower()
    exact = [each for each in top if each.lower() == own]
    return exact or sorted(each for each in top if each.isidentifier() and not each.startswith("__"))


def look_at_kernel(_: list[str]) -> None:
    """Start a Jupyter kernel as a notebook would, and ask it where it runs."""
    from jupyter_client.manager import start_new_kernel  # type: ignore[import-not-found,unused-ignore]

    manager, client = start_new_kernel(startup_timeout=KERNEL_SECONDS, kernel_name="python3")
    told: list[str] = []
    try:
        client.execute_interactive(
            "import sys; print(sys.prefix)",
            timeout=KERNEL_SECONDS,
            output_hook=lambda message: told.append(message["content"].get("text", "")),
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    prefix = "".join(told).strip()
    say("kernel", right=os.path.realpath(prefix) == os.path.realpath(sys.prefix), told=f"notebooks run in {prefix}")


def _requirement(text: str) -> Any:
    # The environment always holds pip, and pip brings the standard's own reader along.
    from pip._vendor.packaging.requirements import Requirement  # type: ignore[import-not-found,unused-ignore]

    return Requirement(text)


if __name__ == "__main__":
    main(sys.argv[1:])
