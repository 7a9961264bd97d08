"""Private indexes, their logins, certificates and proxies: used as the user configured them, and never printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.engines import ENGINES, Run, nothing_left, through, with_uv
from tests.support.index import LOGIN, Index, nobody_there, serving
from tests.support.project import Project
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow


CA_VARIABLES = ["PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"]


@situations(
    Situation(
        "the company's CA is named by PIP_CERT, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE or SSL_CERT_FILE",
        "every one of them counts, for pip and for uv",
        "Making .venv ... Done in",
        modes="D9",
    )
)
@pytest.mark.parametrize("variable", CA_VARIABLES)
@pytest.mark.parametrize("run", ENGINES.values(), ids=ENGINES)
def test_a_private_ca(project: Project, tmp_path: Path, situation: Situation, variable: str, run: Run) -> None:
    """A private CA is honoured whichever variable names it."""
    with serving(project.wheels, certificates=tmp_path / "ca") as index:
        situation.shown_by(run(project, index.simple, **{variable: str(index.authority)}))


@situations(
    Situation(
        "a company's proxy shows its own certificate, and nobody named its CA",
        "nothing left behind",
        "the certificate of localhost ... is not trusted here ... Next: name your company's CA bundle: PIP_CERT=",
        code=1,
        modes="D9",
    )
)
@pytest.mark.parametrize("run", ENGINES.values(), ids=ENGINES)
def test_an_unknown_ca(project: Project, tmp_path: Path, situation: Situation, run: Run) -> None:
    """An untrusted certificate is told from a missing network."""
    with serving(project.wheels, certificates=tmp_path / "ca") as index:
        situation.shown_by(run(project, index.simple))
    assert nothing_left(project)


def login_by_netrc(project: Project, index: Index) -> str:
    """Put the login into ~/.netrc, and return the plain address."""
    netrc = project.home / ".netrc"
    netrc.write_text(f"machine localhost login {LOGIN[0]} password {LOGIN[1]}\n")
    netrc.chmod(0o600)
    return index.simple


def login_by_url(_project: Project, index: Index) -> str:
    """Return the address with the login in it."""
    return index.with_login()


@situations(
    Situation(
        "a private index with its login in the URL or in ~/.netrc",
        "installed; the password is printed nowhere and written nowhere",
        "Making .venv ... Done in",
        modes="D8",
    )
)
@pytest.mark.parametrize("login", [login_by_url, login_by_netrc], ids=["url", "netrc"])
@pytest.mark.parametrize("run", ENGINES.values(), ids=ENGINES)
def test_a_private_index(
    project: Project, situation: Situation, login: Callable[[Project, Index], str], run: Run
) -> None:
    """A login is used, and neither printed nor kept, though everything is to be told."""
    with serving(project.wheels, "auth") as index:
        ran = run(project, login(project, index), "--verbose")
    situation.shown_by(ran)
    assert LOGIN[1] not in ran.text
    kept = [path for path in project.folder.rglob("*") if path.is_file() and LOGIN[1].encode() in path.read_bytes()]
    assert kept == []


@pytest.mark.parametrize("behaviour", ["401", "403", "500", "portal", "stall-page", "truncate", "wrong-file", "404"])
@pytest.mark.parametrize("run", ENGINES.values(), ids=ENGINES)
def test_no_failure_prints_a_password(project: Project, behaviour: str, run: Run) -> None:
    """However a private index fails, the password in its address is masked, --verbose or not."""
    with serving(project.wheels, behaviour) as index:
        ran = run(project, index.with_login(), "--verbose")
    assert ran.code == 1
    assert LOGIN[1] not in ran.text


@situations(
    Situation(
        "a proxy that wants no login",
        "everything goes through it",
        "Making .venv ... Done in",
        modes="D2",
        case="honest",
    ),
    Situation(
        "a proxy with its login in HTTP_PROXY",
        "everything goes through it; the password is not printed",
        "Making .venv ... Done in",
        modes="D2",
        case="proxy-auth",
    ),
)
@pytest.mark.parametrize("run", ENGINES.values(), ids=ENGINES)
def test_a_proxy(project: Project, situation: Situation, run: Run) -> None:
    """A proxy is used, with its login, which stays secret."""
    with serving(project.wheels, situation.case) as proxy:
        user = f"{LOGIN[0]}:{LOGIN[1]}@" if situation.case == "proxy-auth" else ""
        address = proxy.url.replace("://", f"://{user}")
        ran = run(project, "http://packages.example/simple", "--verbose", http_proxy=address, **TRUSTED)
    situation.shown_by(ran)
    assert any("http://packages.example/simple/hello/" in each for each in proxy.asked)
    assert LOGIN[1] not in ran.text


TRUSTED = {"PIP_TRUSTED_HOST": "packages.example", "UV_INSECURE_HOST": "packages.example"}


@situations(
    Situation(
        "the proxy is not there",
        "nothing left behind",
        "the connection to the proxy localhost failed or broke off. ... Next: run this again; behind a proxy, check HTTPS_PROXY",
        code=1,
        modes="D2",
        case="gone",
    ),
    Situation(
        "the proxy wants a login that nobody gave",
        "nothing left behind",
        "the proxy wants a user name and a password (407). ... Next: set HTTPS_PROXY=",
        code=1,
        modes="D2",
        case="proxy-auth",
    ),
)
def test_a_faulty_proxy(project: Project, situation: Situation) -> None:
    """A proxy's fault is told from the index's."""
    with serving(project.wheels, "proxy-auth") as proxy:
        address = nobody_there() if situation.case == "gone" else proxy.url
        ran = through(project, "http://packages.example/simple", http_proxy=address, **TRUSTED)
    situation.shown_by(ran)
    assert nothing_left(project)


def test_the_index_of_pip_conf(project: Project) -> None:
    """A private index named in pip.conf is used, by pip and by uv alike."""
    for run in (through, with_uv):
        with serving(project.wheels) as index:
            folder = project.home / ".config" / "pip"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "pip.conf").write_text(f"[global]\nindex-url = {index.simple}\n")
            ran = run(project, "", "--recreate", PIP_INDEX_URL=None, PIP_CONFIG_FILE=None, UV_NO_CONFIG=None)
            assert ran.code == 0, ran.text
            assert "GET /simple/hello/" in index.asked


def test_the_index_of_uv_toml(project: Project) -> None:
    """A private index named in uv.toml is used by uv."""
    with serving(project.wheels) as index:
        folder = project.home / ".config" / "uv"
        folder.mkdir(parents=True)
        (folder / "uv.toml").write_text(f'[[index]]\nurl = "{index.simple}"\ndefault = true\n')
        ran = with_uv(project, "", PIP_INDEX_URL=None, UV_NO_CONFIG=None)
        assert ran.code == 0, ran.text
        assert "GET /simple/hello/" in index.asked
