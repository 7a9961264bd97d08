"""Turn what pip or uv printed when they failed into what happened, why, and what to type next."""

from __future__ import annotations

import re

from . import index
from .console import masked
from .failure import Failure
from .machine import Machine
from .process import Finished

# Most failures end in the same last line, so the earlier ones decide (FAILURES, section D). First match wins.
_CAUSES: tuple[tuple[str, str, str], ...] = (
    (
        r"DO NOT MATCH THE HASHES|[Hh]ash mismatch",
        "a downloaded file is not the one that is pinned: its SHA-256 differs",
        "run this again (a cut connection looks like this too); if it stays, do not bypass it: tell who runs the index",
    ),
    (r"No space left|Disk quota|os error 28", "the disk is full, or a quota is used up", "free some space, then run this again"),
    (r"Read-only file system", "the folder is read-only", "copy the project to a folder you can write to"),
    (
        r"Temporary failure in name resolution|Name or service not known|getaddrinfo|dns error|nodename nor servname",
        "{host} was not found: there is no network, or its name cannot be looked up",
        "check the network and run this again; or with wheels in ./wheelhouse: add --offline",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer|certificate verify failed",
        "the certificate of {host} is not trusted here; often a company's own certificate stands between",
        "name your company's CA bundle: PIP_CERT=/path/to/ca.pem",
    ),
    (r"\b401\b|Unauthorized", "{host} wants a user name and a password (401)", "put them into ~/.netrc or the index-url of pip.conf"),
    (r"\b403\b|Forbidden", "{host} refused access (403)", "ask who runs that index, or whether a proxy blocks it"),
    (r"\b407\b|Proxy Authentication", "the proxy wants a user name and a password (407)", "set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"),
    (r"ProxyError|proxy|tunneling", "the proxy could not be reached", "check HTTPS_PROXY, or unset it, then run this again"),
    (r"\b429\b|Too Many Requests", "{host} has had too many requests from here (429)", "wait a few minutes, then run this again"),
    (r"\b50[0-9]\b|Internal Server Error", "{host} is out of order (it answered with a server error)", "run this again later"),
    (r"[Tt]imed? ?out|timeout", "{host} did not answer in time", "run this again on a better network"),
    (r"Connection refused|Connection reset|ConnectError|Connection broken|IncompleteRead|error sending request",
     "the connection to {host} failed or broke off", "run this again; behind a proxy, set HTTPS_PROXY"),
    (
        r"No matching distribution found for (?P<what>\S+)|no version of (?P<uv>\S+)|has no wheels with a matching",
        "a pinned package is not to be had for this Python and this system",
        "see what is offered: python3 bootstrap --verbose; a login page of the network looks like this too",
    ),
    (r"in --require-hashes mode|requires? hashes", "the pins are not complete: a package has no hash", "bootstrap lock"),
    (r"error: command '.*' failed|Failed to build|Python\.h", "a package had to be compiled here, and that failed",
     "use a Python that the pins have wheels for: --python 3.13"),
)  # fmt: skip


def explain(done: Finished, machine: Machine) -> Failure:
    """Return the failure that stands for an unsuccessful pip or uv; unknown ones show all the tool printed."""
    for pattern, cause, next_step in _CAUSES:
        if re.search(pattern, done.output):
            return Failure(
                f"the packages could not be installed: {cause.format(host=_host(done.output, machine))}.",
                _essence(done.output, pattern),
                next_step,
            )
    return Failure(
        f"the packages could not be installed (exit code {done.code}).",
        masked(done.output.strip()),
        "read the lines above; --verbose shows the command",
    )


def _host(output: str, machine: Machine) -> str:
    found = re.search(r"host='([^']+)'|https?://(?:[^/\s@]*@)?([^/\s:'\")]+)", output)
    if found:
        return found[1] or found[2]
    address = re.search(r"https?://(?:[^/\s@]*@)?([^/\s]+)", index.index_url(machine))
    return address[1] if address else "the package index"


def _essence(output: str, pattern: str) -> str:
    """Return the line that told the cause, and the tool's last error: enough to look it up."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = next((line for line in lines if re.search(pattern, line)), "")
    errors = [line for line in lines if line.upper().startswith("ERROR")]
    chosen = dict.fromkeys(
        line[:300] for line in (telling, errors[-1] if errors else lines[-1] if lines else "") if line
    )
    return "\n".join("  " + masked(line) for line in chosen)
