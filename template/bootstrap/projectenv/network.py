"""Turn what pip or uv printed when they failed into what happened, why, and what to type next."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

from . import index, pipconf
from .causes import CAUSES, cause_of
from .console import masked
from .failure import Failure
from .layout import project_folder
from .machine import Machine
from .process import Finished

# What both tools say when an index has nothing for them, whatever it really answered.
_NOTHING_FOUND = re.compile(
    r"No matching distribution found for (?P<pip>\S+)|there is no version of (?P<none>\S+)|"
    r"Because (?P<unknown>\S+) was not found in the (?:package registry|provided package locations)|"
    r"Because (?P<unfit>\S+) has no wheels with a matching"
)
# What they say when all is well; a package may be called async-timeout, and have 401 kB.
_USUAL = re.compile(
    r"\s*(Collecting|Downloading|Using cached|Processing|Looking in|Requirement already|Installing|Resolved)\b"
)

# Of no use beside our own sentence: objects by their address, and a package blamed for what the network did.
_SAID_BETTER = re.compile(r"WARNING: Retrying \(| object at 0x|No matching distribution found|Could not find a version")


def explain(done: Finished, machine: Machine) -> Failure:
    """Return the failure that stands for an unsuccessful pip or uv; unknown ones show all the tool printed."""
    telling = [line for line in done.output.splitlines() if line.strip() and not _USUAL.match(line)]
    known = cause_of("\n".join(telling), _host("\n".join(telling), machine))
    if known:
        return Failure(f"the packages could not be installed: {known[0]}.", _essence(telling), known[1])
    missing = _NOTHING_FOUND.search(done.output)
    if missing:
        return _explain_missing(str(next(filter(None, missing.groups()))).rstrip(",."), done, machine)
    return Failure(
        f"the packages could not be installed (exit code {done.code}).",
        masked(done.output.strip()),
        "read the lines above; --verbose shows the command",
    )


def _explain_missing(wanted: str, done: Finished, machine: Machine) -> Failure:
    if {"--offline", "--no-index"} & set(done.command) or pipconf.configured("no-index", machine):
        what = f"the packages could not be installed: {wanted} is not among the wheels on this machine."
        if os.path.join(project_folder(), "wheelhouse") in done.command:
            return Failure(
                what,
                "While ./wheelhouse is there, all comes from it; a wheel must fit this Python, too.",
                "put the wheel into ./wheelhouse, or rename that folder: then the index is asked",
            )
        return Failure(
            what,
            "No index may be asked, so only ./wheelhouse and the caches count; a wheel must fit this Python, too.",
            "run this once with a network, or put the wheel into ./wheelhouse",
        )
    failure = index.why_missing(re.split(r"[=<>!~\[]", wanted)[0], wanted, machine)
    return Failure(f"the packages could not be installed: {failure.what}", failure.why, failure.next_step)


def _host(output: str, machine: Machine) -> str:
    """Return who did not do as asked: a host that the output names, else the index."""
    found = re.search(r"host='([^']+)'|https?://(?:[^/\s]*@)?([^/\s:'\")]+)", output)
    host = (found[1] or found[2]) if found else urlsplit(pipconf.index_url(machine)).hostname or "the package index"
    return f"the proxy {host}" if host in _proxies(machine) else host


def _proxies(machine: Machine) -> set[str | None]:
    named = [
        value for name, value in machine.environ.items() if name.lower() in ("http_proxy", "https_proxy", "all_proxy")
    ]
    return {
        urlsplit(address).hostname for address in (*named, pipconf.configured("proxy", machine)) if "://" in address
    }


def _essence(lines: list[str]) -> str:
    """Return the line that told the cause, and the tool's last error: enough to look it up."""
    first = next((line for line in lines for pattern, *_ in CAUSES if re.search(pattern, line)), lines[-1])
    errors = [line for line in lines if line.upper().startswith("ERROR")]
    kept = [line for line in dict.fromkeys([first, *errors[-1:]]) if not _SAID_BETTER.search(line)]
    return "\n".join("  " + masked(line.strip()[:300]) for line in kept)
