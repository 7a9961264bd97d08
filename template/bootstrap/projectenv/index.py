"""Fetch one pinned wheel from the package index that the user's own configuration names.

This is for the very first wheel only, pip itself, on a Python that has no pip. All else is fetched by pip or uv.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, unquote, urldefrag, urljoin, urlsplit

from .causes import cause_of
from .console import masked
from .failure import Failure
from .machine import Machine
from .pipconf import certificates, configured, index_url

if TYPE_CHECKING:
    import ssl

_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
_SECONDS = 15


class Offer(NamedTuple):
    """One file of an index, and what the index says of it."""

    name: str
    url: str
    sha256: str = ""
    size: int = 0
    """0 where it does not say."""


def fetch_wheel(project: str, version: str, hashes: frozenset[str], folder: Path, machine: Machine) -> Path:
    """Download the pure wheel of a pinned version into a folder, checked against its hashes (sha256, hex).

    Raises Failure with the host and the cause in plain words.
    """
    files, opener = offered(project, machine)
    for name, url, *_ in files:
        if name.startswith(f"{project}-{version}-") and name.endswith("-none-any.whl"):
            wheel, _, _ = _get(url, opener, "*/*", machine)
            if hashlib.sha256(wheel).hexdigest() not in hashes:
                raise Failure(
                    f"{name} from {urlsplit(url).hostname} is not the file that bootstrap/tools.txt pins.",
                    "Its SHA-256 differs: the download was damaged, or somebody changed it on the way.",
                    "run this again; if it stays, tell whoever runs that package index, and do not bypass the check",
                )
            folder.mkdir(parents=True, exist_ok=True)
            unfinished = folder / f"{name}.{os.getpid()}"  # of two projects' first runs, each has its own
            unfinished.write_bytes(wheel)
            unfinished.replace(folder / name)
            return folder / name
    raise not_offered(f"{project} {version}", machine)


def not_offered(wanted: str, machine: Machine) -> Failure:
    """Return the failure for an index that answers, and has other files than those that are pinned."""
    return Failure(
        f"{masked(index_url(machine))} does not offer {wanted}.",
        "That index lacks this version, or has no file of it for this Python and this system.",
        "if this is a company's index, ask for that version there; else correct the pin, or look for another Python: bootstrap doctor",
    )


def why_missing(project: str, wanted: str, machine: Machine) -> Failure:
    """Ask the index itself why an installer found nothing there: pip does not tell (FAILURES, section D)."""
    try:
        offered(project, machine)
    except Failure as failure:
        return failure
    return not_offered(wanted, machine)


def offered(
    project: str, machine: Machine, index: str | None = None
) -> tuple[list[Offer], urllib.request.OpenerDirector]:
    """Return each file of a project on an index, by default the one in force, and what opens them."""
    index = index or index_url(machine)
    opener = _opener(index, machine)
    content, kind, page = _get(f"{_without_login(index).rstrip('/')}/{project}/", opener, _ACCEPT, machine)
    files = list(_links(content, kind, page))
    if not any(name.endswith((".whl", ".gz", ".zip")) for name, *_ in files):
        raise Failure(
            f"{urlsplit(page).hostname} answered with a page that lists no packages.",
            "A network that wants a login first (hotel, train, campus) answers like this; so does a wrong index-url.",
            f"open {masked(index)} in a browser, log in there if it asks, then run this again",
        )
    return files, opener


def _opener(index: str, machine: Machine) -> urllib.request.OpenerDirector:
    """Return what opens addresses as pip would: its CA bundle, its proxy, the login of the index, and of no other host."""
    handlers: list[urllib.request.BaseHandler] = [urllib.request.HTTPSHandler(context=_context(machine))]
    proxy = configured("proxy", machine)
    if proxy:
        handlers.append(urllib.request.ProxyHandler({"http": proxy, "https": proxy}))
    parts = urlsplit(index)
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else _from_netrc(parts, machine)
    if login:
        known = urllib.request.HTTPPasswordMgrWithPriorAuth()
        known.add_password(None, urljoin(_without_login(index), "/"), *login, is_authenticated=True)
        handlers.append(urllib.request.HTTPBasicAuthHandler(known))
    return urllib.request.build_opener(*handlers)


def _without_login(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _from_netrc(parts: SplitResult, machine: Machine) -> tuple[str, str] | None:
    import netrc

    try:
        found = netrc.netrc(machine.environ.get("NETRC") or str(machine.home / ".netrc"))
    except (OSError, netrc.NetrcParseError):
        return None
    entry = found.authenticators(parts.hostname or "")
    return (entry[0], entry[2] or "") if entry else None


def _get(url: str, opener: urllib.request.OpenerDirector, accept: str, machine: Machine) -> tuple[bytes, str, str]:
    request = urllib.request.Request(url, headers={"Accept": accept, "User-Agent": "venv-template"})
    try:
        with opener.open(request, timeout=_seconds(machine)) as answer:
            return answer.read(), answer.headers.get_content_type(), answer.geturl()
    except (OSError, ValueError, http.client.HTTPException) as error:
        told = f"{error.code} {error.reason}" if isinstance(error, urllib.error.HTTPError) else _plainly(error)
        host = urlsplit(url).hostname or masked(url)
        cause, next_step = cause_of(told, host) or (
            f"{host} did not give what was asked for: {told}",
            "check the network (or proxy) and run this again; or with wheels in ./wheelhouse: add --offline",
        )
        raise Failure(f"{cause}.", f"  {masked(url)}: {masked(told)}", next_step) from error


def _seconds(machine: Machine) -> float:
    try:
        return float(configured("timeout", machine) or configured("default-timeout", machine) or _SECONDS)
    except ValueError:
        return _SECONDS


def _plainly(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason) or type(error).__name__


def _context(machine: Machine) -> ssl.SSLContext:
    try:
        import ssl
    except ImportError:
        raise Failure(
            "the Python that runs the bootstrap was built without ssl.",
            "Without it nothing can be fetched from a package index.",
            f"{machine.how_to_install_python}   or put the wheels into ./wheelhouse and add --offline",
        ) from None
    bundle = certificates(machine)
    try:
        return ssl.create_default_context(cafile=bundle or None)
    except OSError as error:
        raise Failure(
            f"the CA bundle {bundle} cannot be read: {error.strerror or error}.",
            "Your configuration names it (PIP_CERT, REQUESTS_CA_BUNDLE, SSL_CERT_FILE or cert in pip.conf).",
            "correct that setting, or install the bundle (Debian: sudo apt install ca-certificates)",
        ) from error


def _links(content: bytes, kind: str, page: str) -> Iterator[Offer]:
    text = content.decode("utf-8", "replace")
    if kind.endswith("json"):
        try:
            for file in json.loads(text)["files"]:
                sha256 = file.get("hashes", {}).get("sha256", "")
                yield Offer(file["filename"], urljoin(page, file["url"]), sha256, int(file.get("size") or 0))
        except (ValueError, KeyError, TypeError, AttributeError):
            return
    else:
        anchors = _Anchors()
        anchors.feed(text)
        for target in anchors.targets:
            url, fragment = urldefrag(urljoin(page, target))
            sha256 = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else ""
            yield Offer(unquote(urlsplit(url).path.rpartition("/")[2]), url, sha256)


class _Anchors(HTMLParser):
    """Collect the targets of a page's links (PEP 503)."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note each <a href>."""
        self.targets += [value for key, value in attrs if tag == "a" and key == "href" and value]
