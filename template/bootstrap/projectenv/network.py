"""Turn what pip or uv printed when they failed into what happened, why, and what to type next."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from . import index, pipconf
from .console import masked
from .failure import Failure
from .machine import Machine
from .process import Finished

# Most failures end in the same last line, so the earlier ones decide (FAILURES, section D). First match wins.
_CAUSES: tuple[tuple[str, str, str], ...] = (
    (
        r"incomplete-download|Connection interrupted|IncompleteRead|Connection broken|before message length",
        "the connection to {host} broke off in the middle of a download",
        "run this again: what was fetched so far is kept in the installer's own cache",
    ),
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
    (r"\b401 |\(401\)|Unauthorized", "{host} wants a user name and a password (401)",
     "put them into ~/.netrc or into the index-url of pip.conf"),
    (r"\b403 |Forbidden", "{host} refused access (403)", "ask who runs that index, or whether a proxy blocks it"),
    (r"\b407 |Proxy Authentication", "the proxy wants a user name and a password (407)",
     "set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"),
    (r"ProxyError|[Cc]annot connect to proxy|tunneling|tunnel error|proxy connect", "the proxy could not be reached",
     "check HTTPS_PROXY and HTTP_PROXY, or unset them, then run this again"),
    (r"\b429 |Too Many Requests", "{host} has had too many requests from here (429)",
     "wait a few minutes, then run this again"),
    (r"\b50[0-9] ", "{host} is out of order (it answered with a server error)", "run this again later"),
    (r"[Tt]imed? out|TimeoutError|network timeout", "{host} did not answer in time", "run this again on a better network"),
    (r"Connection refused|Connection reset|ConnectError|closed connection without|error sending request",
     "the connection to {host} failed or broke off", "run this again; behind a proxy, check HTTPS_PROXY and HTTP_PROXY"),
    (r"Failed to extract archive|BadZipFile", "a downloaded file is damaged", "run this again"),
    (r"\b404 ", "{host} has nothing at that address (404)",
     "check index-url in pip.conf, or ask for that package where the index is run"),
    (r"is not a valid value for", "pip's configuration holds a value that it cannot read",
     "see where it comes from: env | grep PIP_   or: python3 -m pip config debug"),
    (r"in --require-hashes mode|requires? hashes", "the pins are not complete: a package has no hash", "bootstrap lock"),
    (r"error: command '.*' failed|Failed to build|Python\.h", "a package had to be compiled here, and that failed",
     "use a Python that the pins have wheels for: --python 3.13"),
)  # fmt: skip


# What both tools say when an index has nothing for them, whatever it really answered.
_NOTHING_FOUND = re.compile(
    r"No matching distribution found for (?P<pip>\S+)|there is no version of (?P<none>\S+)|"
    r"Because (?P<unknown>\S+) was not found in the package registry|Because (?P<unfit>\S+) has no wheels with a matching"
)
# What they say when all is well; a package may be called async-timeout, and have 401 kB.
_USUAL = re.compile(
    r"\s*(Collecting|Downloading|Using cached|Processing|Looking in|Requirement already|Installing|Resolved)\b"
)


def cause_of(output: str, host: str) -> tuple[str, str] | None:
    """Return the cause and the next command that this output tells of; None when it is none that is known."""
    for pattern, cause, next_step in _CAUSES:
        if re.search(pattern, output):
            return cause.format(host=host), next_step
    return None


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
        return Failure(
            f"the packages could not be installed: {wanted} is not among the wheels on this machine.",
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
    first = next((line for line in lines for pattern, *_ in _CAUSES if re.search(pattern, line)), lines[-1])
    errors = [line for line in lines if line.upper().startswith("ERROR")]
    return "\n".join("  " + masked(line.strip()[:300]) for line in dict.fromkeys([first, *errors[-1:]]))
