"""Know by which words a network's troubles are told, whoever printed them, and what helps."""

from __future__ import annotations

import re

# Most failures end in the same last line, so the earlier ones decide (FAILURES, section D). First match wins.
CAUSES: tuple[tuple[str, str, str], ...] = (
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
    (r"No space left|Disk quota|os error (28|112)\b|WinError 112\b", "the disk is full, or a quota is used up", "free some space, then run this again"),
    # Windows' own words are translated, its numbers are not; on other systems 5 and 32 are something else.
    (
        r"WinError (5|32)\b|(?<!Input/output error )\(os error 5\)|(?<!Broken pipe )\(os error 32\)",
        "a file of .venv cannot be replaced, because a program has it open",
        "close JupyterLab, editors and terminals that use .venv, then run this again",
    ),
    (
        r"WinError 206\b|os error 206\b",
        "a path is too long for Windows",
        "move the project to a short folder, such as C:\\work, then run this again",
    ),
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
     "bootstrap doctor   lists the Pythons that are here; take another one with --python"),
)  # fmt: skip


def cause_of(output: str, host: str) -> tuple[str, str] | None:
    """Return the cause and the next command that this output tells of; None when it is none that is known."""
    for pattern, cause, next_step in CAUSES:
        if re.search(pattern, output):
            return cause.format(host=host), next_step
    return None
