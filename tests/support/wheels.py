"""Make wheels by hand, with zipfile alone, and the hashed pins that go with them."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LOCKED = "# Locked by bootstrap\n"
_MOMENT = (2020, 2, 2, 0, 0, 0)
_NOT_IN_A_WHEEL = ("__pycache__", "INSTALLER", "REQUESTED", "RECORD", "direct_url.json")


@dataclass(frozen=True)
class Wheel:
    """One wheel on the disk."""

    path: Path
    name: str
    version: str

    @property
    def sha256(self) -> str:
        """Return its hash as pins spell it."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def pin(self, *, marker: str = "", sha256: str | None = None) -> str:
        """Return its lines in a pin file; another hash on request."""
        condition = f" ; {marker}" if marker else ""
        return f"{self.name}=={self.version}{condition} \\\n    --hash=sha256:{sha256 or self.sha256}\n"


def make_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    requires: Iterable[str] = (),
    modules: Mapping[str, str] | None = None,
    scripts: Mapping[str, str] | None = None,
    tag: str = "py3-none-any",
) -> Wheel:
    """Write a wheel into a folder: modules are paths to text, scripts are names to `module:function`.

    Without `modules` it holds one module of its own name, which knows its VERSION.
    """
    distribution = re.sub(r"[-_.]+", "_", name)
    files = dict(modules) if modules is not None else {f"{distribution}.py": f'VERSION = "{version}"\n'}
    info = f"{distribution}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files[f"{info}/METADATA"] = metadata + "".join(f"Requires-Dist: {each}\n" for each in requires)
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n"
    if scripts:
        lines = "".join(f"{script} = {target}\n" for script, target in scripts.items())
        files[f"{info}/entry_points.txt"] = f"[console_scripts]\n{lines}"
    contents = {path: text.encode() for path, text in files.items()}
    return Wheel(_write(folder / f"{distribution}-{version}-{tag}.whl", contents, info), name, version)


def pip_wheel(folder: Path, version: str) -> Wheel:
    """Write the wheel of pip again from the pip that runs these tests: no network, the same bytes every time.

    Its hash is not that of the published wheel, so whoever uses it has to pin this one.
    """
    found = importlib.metadata.distribution("pip")
    if found.version != version:
        message = (
            f"the environment that runs these tests holds pip {found.version}, and template/bootstrap/tools.txt pins "
            f"{version}: make it again with `python3 start.py test`"
        )
        raise RuntimeError(message)
    contents = {
        str(file): Path(str(found.locate_file(file))).read_bytes()
        for file in found.files or ()
        if not str(file).startswith("..") and not any(part in _NOT_IN_A_WHEEL for part in file.parts)
    }
    return Wheel(
        _write(folder / f"pip-{version}-py3-none-any.whl", contents, f"pip-{version}.dist-info"), "pip", version
    )


def write_pins(file: Path, *wheels: Wheel) -> None:
    """Write a complete, hashed pin file for these wheels, as `bootstrap lock` would."""
    file.write_text(LOCKED + "".join(wheel.pin() for wheel in wheels), encoding="utf-8")


def _write(path: Path, contents: Mapping[str, bytes], info: str) -> Path:
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in sorted(contents.items()))
    whole = {**contents, f"{info}/RECORD": f"{record}{info}/RECORD,,\n".encode()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(whole.items()):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return path


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
