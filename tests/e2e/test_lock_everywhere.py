"""The shipped pins, installed for real from the package index: by pip of every age and by uv, on every Python that is here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from projectenv import pins, settings, targets, tools

from tests.support import needs

pytestmark = [pytest.mark.network, pytest.mark.slow]

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ROOT / "pins" / "app"
FILES = [word for name in ("requirements.txt", "requirements-dev.txt") for word in ("-r", str(SHIPPED / name))]
# The first that runs on Python 3.12, and one of each year since.
PIPS = ("23.1.2", "24.0", "25.0", tools.pinned("pip").version)
ALL = settings.Settings((3, 10), (3, 15), ("requirements.txt",), "", "auto", "", targets=settings.TARGETS)


def pythons() -> dict[str, Path]:
    """Return the Pythons on this machine that the pins are for, one of each version."""
    places = [Path("/usr/bin/python3"), *Path.home().glob(".pyenv/versions/3*/bin/python3")]
    names = (shutil.which(f"python3.{minor}") for minor in range(10, 16))
    found: dict[str, Path] = {}
    for place in [*(Path(name) for name in names if name), *places]:
        done = subprocess.run([place, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True)
        version = done.stdout.decode().strip()
        if done.returncode == 0 and (3, 10) <= tuple(map(int, version.split("."))) <= (3, 15):
            found[version] = place
    return found


PYTHONS = pythons()


def clean() -> dict[str, str]:
    """Return the variables without this machine's own wheels."""
    gone = ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL")
    kept = {name: value for name, value in os.environ.items() if name not in gone}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command with the default index and return what came of it."""
    return subprocess.run(command, env=clean(), capture_output=True, text=True, check=False)


def assert_installed(venv: Path) -> None:
    """Fail unless the environment holds what is pinned for it, and that works together."""
    site_packages = next(venv.glob("lib/python3*/site-packages"))
    text = "\n".join((SHIPPED / name).read_text() for name in ("requirements.txt", "requirements-dev.txt"))
    assert pins.differences(text, pins.installed(site_packages)) == []


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fetch every pip of the list."""
    folder = tmp_path_factory.mktemp("pips")
    for version in PIPS:
        done = run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", folder, f"pip=={version}")
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("pip", PIPS)
@pytest.mark.parametrize("python", sorted(PYTHONS))
def test_pip_installs_the_shipped_pins(python: str, pip: str, wheels: Path, tmp_path: Path) -> None:
    """With --require-hashes and nothing resolved."""
    venv = tmp_path / "venv"
    assert run(PYTHONS[python], "-m", "venv", "--without-pip", venv).returncode == 0
    wheel = wheels / f"pip-{pip}-py3-none-any.whl"
    done = run(venv / "bin/python", wheel / "pip", "install", "--require-hashes", "--no-deps", "--no-compile", *FILES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert_installed(venv)


@pytest.mark.parametrize("python", sorted(PYTHONS))
def test_uv_installs_the_shipped_pins(python: str, tmp_path: Path) -> None:
    """The other engine, the same files."""
    venv = tmp_path / "venv"
    assert run(needs.uv(), "venv", "--quiet", "--python", PYTHONS[python], venv).returncode == 0
    done = run(needs.uv(), "pip", "install", "--python", venv / "bin/python", "--require-hashes", *FILES)
    assert done.returncode == 0, done.stderr
    assert_installed(venv)


@pytest.mark.parametrize(
    ("target", "python"),
    [pytest.param(target, python, id=f"{target.name}-{python}") for target, python in targets.combinations(ALL)],
)
def test_a_wheel_exists_for_each_platform(target: targets.Target, python: str, tmp_path: Path) -> None:
    """As uv would choose there, on every Python that the pins are for, with the dependencies of each package."""
    command: list[str | Path] = [
        needs.uv(),
        "pip",
        "install",
        "--dry-run",
        "--target",
        tmp_path / "nowhere",
        "--only-binary",
        ":all:",
    ]
    command += ["--require-hashes", "--python-platform", target.uv, "--python-version", python]
    done = run(*command, *FILES)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("pip", [PIPS[0], PIPS[-1]])
def test_a_changed_hash_is_refused(pip: str, wheels: Path, tmp_path: Path) -> None:
    """Exit code 1, whatever pip it is."""
    venv = tmp_path / "venv"
    assert run("/usr/bin/python3", "-m", "venv", "--without-pip", venv).returncode == 0
    text = (SHIPPED / "requirements.txt").read_text()
    changed = tmp_path / "requirements.txt"
    changed.write_text(
        "".join(f"{line[:30]}0000{line[34:]}" if "--hash" in line else line for line in text.splitlines(True))
    )
    wheel = wheels / f"pip-{pip}-py3-none-any.whl"
    done = run(venv / "bin/python", wheel / "pip", "install", "--require-hashes", "--no-deps", "-r", changed)
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert list(venv.glob("lib/python3*/site-packages/*.dist-info")) == []


def locked(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the bootstrap's lock in a small project with the real index."""
    (folder / "bootstrap").mkdir(exist_ok=True)
    shutil.copy(ROOT / "bootstrap" / "settings.ini", folder / "bootstrap")
    if not (folder / "pyproject.toml").exists():
        (folder / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["idna"]\n')
    done = run(sys.executable, "-I", "-B", ROOT / "template" / "bootstrap", "--project", folder, "lock", *options)
    assert done.returncode == 0, done.stderr
    return done


def test_a_cooldown_leaves_out_what_is_young_and_never_goes_back(tmp_path: Path) -> None:
    """A fresh lock takes an older release; a pin that is there already stays."""
    locked(tmp_path, "--cooldown", "700")
    file = tmp_path / "requirements.txt"
    old = pins.read_pins(file.read_text())
    locked(tmp_path, "--upgrade")
    new = pins.read_pins(file.read_text())
    assert old != new
    locked(tmp_path, "--upgrade", "--cooldown", "700")
    assert pins.read_pins(file.read_text()) == new


def test_pylock_is_installed_by_pip_and_by_uv(tmp_path: Path, wheels: Path) -> None:
    """The same pins once more, in the standard's own format (PEP 751)."""
    locked(tmp_path, "--pylock")
    wheel = wheels / f"pip-{PIPS[-1]}-py3-none-any.whl"
    commands: dict[str, list[str | Path]] = {
        "pip": ["{python}", wheel / "pip", "install", "-r", tmp_path / "pylock.toml"],
        "uv": [needs.uv(), "pip", "install", "--python", "{python}", "-r", tmp_path / "pylock.toml"],
    }
    for name, command in commands.items():
        venv = tmp_path / name
        assert run(sys.executable, "-m", "venv", "--without-pip", venv).returncode == 0
        done = run(*(venv / "bin/python" if word == "{python}" else word for word in command))
        assert done.returncode == 0, done.stderr
        present = pins.installed(next(venv.glob("lib/python3*/site-packages")))
        assert pins.differences((tmp_path / "requirements.txt").read_text(), present) == []
