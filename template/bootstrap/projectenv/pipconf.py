"""Read what pip's configuration says of the network: which index, which certificates, which proxy.

Apart from `index`, so that nothing of HTTP is imported where nothing is fetched.
"""

from __future__ import annotations

import configparser
from pathlib import Path

from .machine import Machine

DEFAULT = "https://pypi.org/simple"


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
