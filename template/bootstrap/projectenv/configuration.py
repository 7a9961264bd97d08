"""Keep the user's own pip and uv configuration in force, less what would break isolation."""

from __future__ import annotations

import os

from . import pipconf
from .machine import Machine
from .process import clean_environment

# In a pip.conf these send packages elsewhere while pip reports success (FAILURES C2).
_LYING_KEYS = ("target", "prefix", "root", "dry-run", "python")
_NETWORK_KEYS = (
    "index-url",
    "extra-index-url",
    "find-links",
    "no-index",
    "cert",
    "client-cert",
    "proxy",
    "trusted-host",
    "timeout",
    "retries",
    "keyring-provider",
    "cache-dir",
)


def engine_environment(machine: Machine, engine: str) -> dict[str, str]:
    """Return the environment variables for pip or uv, with what one has and the other lacks translated."""
    environ = clean_environment(machine.environ)
    return _for_uv(environ, machine) if engine == "uv" else _for_pip(environ, machine)


def _for_pip(environ: dict[str, str], machine: Machine) -> dict[str, str]:
    if any(pipconf.configured(key, machine) for key in _LYING_KEYS):
        kept = {"PIP_" + key.upper().replace("-", "_"): pipconf.configured(key, machine) for key in _NETWORK_KEYS}
        environ.update({name: value for name, value in kept.items() if value})
        environ["PIP_CONFIG_FILE"] = os.devnull
    # As pip has it, a network that stalls costs a minute and a half.
    for key in ("retries", "resume-retries"):
        if not pipconf.configured(key, machine):
            environ["PIP_" + key.upper().replace("-", "_")] = "2"
    bundle = pipconf.certificates(machine)
    if bundle and os.path.isfile(bundle):
        environ.setdefault("PIP_CERT", bundle)  # not every pip knows SSL_CERT_FILE
    return environ


def _for_uv(environ: dict[str, str], machine: Machine) -> dict[str, str]:
    own = any(name in environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL"))
    if not own and not _has_uv_toml(machine):
        main = pipconf.configured("index-url", machine)
        # piwheels rebuilds wheels, so its files never match the hashes of the pins (WORKSHOP, 15).
        extra = [url for url in pipconf.configured("extra-index-url", machine).split() if "piwheels" not in url]
        if main:
            environ["UV_DEFAULT_INDEX"] = main
        if extra:
            # Safe with hashes: whichever index answers, only the pinned file is accepted.
            environ.update(UV_INDEX=" ".join(extra), UV_INDEX_STRATEGY="unsafe-best-match")
    if pipconf.certificates(machine) and "SSL_CERT_FILE" not in environ:
        environ["SSL_CERT_FILE"] = pipconf.certificates(machine)
    return environ


def _has_uv_toml(machine: Machine) -> bool:
    from pathlib import Path

    if machine.environ.get("UV_CONFIG_FILE"):
        return True
    own = Path(machine.environ.get("XDG_CONFIG_HOME") or machine.home / ".config")
    roaming = Path(machine.environ.get("APPDATA") or machine.home / "AppData" / "Roaming")
    return any((folder / "uv" / "uv.toml").is_file() for folder in (own, roaming, Path("/etc")))
