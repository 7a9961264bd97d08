"""Fetch one pinned wheel from the package index that the user's own configuration names.

This is for the very first wheel only, pip itself, on a Python that has no pip. All else is fetched by pip or uv.
"""

from __future__ import annotations

import configparser
import hashlib
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from .console import masked
from .failure import Failure
from .machine import Machine

DEFAULT = "https://pypi.org/simple"
_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
_SECONDS = 15


def configured(key: str, machine: Machine) -> str:
    """Return what pip's configuration says of a key such as index-url: variable first, then files, or nothing."""
    value = machine.environ.get("PIP_" + key.upper().replace("-", "_"))
    if value:
        return value
    found = ""
    for file in pip_configuration_files(machine):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        for section in ("global", "install"):
            found = parser.get(section, key, fallback=found)
    return found.strip()


def pip_configuration_files(machine: Machine) -> list[Path]:
    """Return where pip looks for its configuration, weakest first (https://pip.pypa.io/en/stable/topics/configuration/)."""
    named = machine.environ.get("PIP_CONFIG_FILE")
    if named in ("/dev/null", "nul", "NUL"):
        return []
    if machine.system == "windows":
        roaming = Path(machine.environ.get("APPDATA") or machine.home / "AppData" / "Roaming")
        files = [Path(machine.environ.get("ProgramData", "C:/ProgramData")) / "pip" / "pip.ini"]
        files += [machine.home / "pip" / "pip.ini", roaming / "pip" / "pip.ini"]
    elif machine.system == "macos":
        files = [Path("/Library/Application Support/pip/pip.conf"), machine.home / ".pip" / "pip.conf"]
        files += [
            machine.home / ".config" / "pip" / "pip.conf",
            machine.home / "Library/Application Support/pip/pip.conf",
        ]
    else:
        own = Path(machine.environ.get("XDG_CONFIG_HOME") or machine.home / ".config")
        files = [
            Path("/etc/xdg/pip/pip.conf"),
            Path("/etc/pip.conf"),
            machine.home / ".pip" / "pip.conf",
            own / "pip" / "pip.conf",
        ]
    return [*files, Path(named)] if named else files


def index_url(machine: Machine) -> str:
    """Return the package index in force: pip's, else uv's by its variables, else PyPI."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if not configured("index-url", machine) and machine.environ.get(name):
            return (
                machine.environ[name].rpartition("=")[2]
                if "=" in machine.environ[name].split("://")[0]
                else machine.environ[name]
            )
    return configured("index-url", machine) or DEFAULT


def certificates(machine: Machine) -> str:
    """Return the CA bundle that the user named, by any of the variables people set; empty for the system's."""
    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    return configured("cert", machine) or next(
        (machine.environ[name] for name in names if machine.environ.get(name)), ""
    )


def fetch_wheel(project: str, version: str, hashes: frozenset[str], folder: Path, machine: Machine) -> Path:
    """Download the pure wheel of a pinned version into a folder, checked against its hashes (sha256, hex).

    Raises Failure with the host and the cause in plain words.
    """
    page = index_url(machine).rstrip("/") + f"/{project}/"
    context = _context(machine)
    content, kind, page = _get(page, context, _ACCEPT)
    for name, url in _links(content, kind, page):
        if name.startswith(f"{project}-{version}-") and name.endswith("-none-any.whl"):
            wheel, _, _ = _get(url, context, "*/*")
            if hashlib.sha256(wheel).hexdigest() not in hashes:
                raise Failure(
                    f"{name} from {urlsplit(url).hostname} is not the file that bootstrap/tools.txt pins.",
                    "Its SHA-256 differs: the download was damaged, or somebody changed it on the way.",
                    "run this again; if it stays, tell whoever runs that package index, and do not bypass the check",
                )
            folder.mkdir(parents=True, exist_ok=True)
            unfinished = folder / (name + ".part")
            unfinished.write_bytes(wheel)
            unfinished.replace(folder / name)
            return folder / name
    raise Failure(
        f"{masked(page)} does not offer {project} {version}.",
        "The answer was no list of packages, or the index does not carry this version (a login page of the network does that too).",
        "open that address in a browser; behind a company index, set index-url in pip.conf",
    )


def _get(url: str, context: ssl.SSLContext, accept: str) -> tuple[bytes, str, str]:
    parts = urlsplit(url)
    request = urllib.request.Request(url, headers={"Accept": accept, "User-Agent": "venv-template"})
    if parts.username:
        plain = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        login = urllib.request.HTTPPasswordMgrWithPriorAuth()
        login.add_password(None, plain, unquote(parts.username), unquote(parts.password or ""), is_authenticated=True)
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), urllib.request.HTTPBasicAuthHandler(login)
        )
        request = urllib.request.Request(plain, headers=dict(request.header_items()))
    else:
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            return answer.read(), answer.headers.get_content_type(), answer.geturl()
    except (OSError, ValueError) as error:
        raise Failure(
            f"{parts.hostname or masked(url)} did not give what was asked for: {_plainly(error)}.",
            "pip is fetched once from the package index, and kept in your cache.",
            "check the network (or proxy) and run this again; with a folder of wheels: put it at ./wheelhouse and add --offline",
        ) from error


def _plainly(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"it answered {error.code} {error.reason}"
    reason = getattr(error, "reason", error)
    return masked(str(getattr(reason, "strerror", None) or reason)) or type(error).__name__


def _context(machine: Machine) -> ssl.SSLContext:
    bundle = certificates(machine)
    try:
        return ssl.create_default_context(cafile=bundle or None)
    except OSError as error:
        raise Failure(
            f"the CA bundle {bundle} cannot be read: {error.strerror or error}.",
            "Your configuration names it (PIP_CERT, REQUESTS_CA_BUNDLE, SSL_CERT_FILE or cert in pip.conf).",
            "correct that setting, or install the bundle (Debian: sudo apt install ca-certificates)",
        ) from error


def _links(content: bytes, kind: str, page: str) -> Iterator[tuple[str, str]]:
    text = content.decode("utf-8", "replace")
    if kind.endswith("json"):
        try:
            yield from ((file["filename"], urljoin(page, file["url"])) for file in json.loads(text)["files"])
        except (ValueError, KeyError, TypeError):
            return
    else:
        anchors = _Anchors()
        anchors.feed(text)
        for target in anchors.targets:
            url = urldefrag(urljoin(page, target)).url
            yield unquote(urlsplit(url).path.rpartition("/")[2]), url


class _Anchors(HTMLParser):
    """Collect the targets of a page's links (PEP 503)."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note each <a href>."""
        self.targets += [value for key, value in attrs if tag == "a" and key == "href" and value]
