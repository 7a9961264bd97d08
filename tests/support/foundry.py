"""Make a workshop whose pins differ between laptops, with a hand-made wheel for each: no network, and a real uv."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from tests.support import needs
from tests.support.project import Project, Ran, the_pip_wheel
from tests.support.wheels import LOCKED, Wheel, make_wheel
from tests.support.workshop import make_workshop

TYPED = "bootstrap.cmd" if os.name == "nt" else "sh bootstrap.sh"
"""What a command begins with where these tests run."""
LAPTOPS = ("--python", "3.11,3.12", "--target", "win-x64,mac-arm64,linux-x64")
PLATFORMS = ("win_amd64", "macosx_11_0_arm64", "macosx_14_0_arm64", "manylinux_2_17_x86_64.manylinux2014_x86_64")
UV = ("win_amd64", "macosx_11_0_arm64", "manylinux_2_17_x86_64.manylinux2014_x86_64", "musllinux_1_1_x86_64")


def make_foundry(place: Path) -> Project:
    """Return a workshop that pins a plain package, a compiled one, one for Windows, and one that splits at 3.11.5."""
    project = make_workshop(place)
    shutil.copy(the_pip_wheel().path, project.wheels)
    pin(project)
    _forge_uv(project)
    project.environ["PATH"] = f"{needs.uv().parent}{os.pathsep}{project.environ['PATH']}"
    return project


def pin(project: Project, hello: str = "1.0") -> None:
    """Write the pins, with this version of hello."""
    compiled = [
        make_wheel(project.wheels, "fast", "2.0", tag=f"{abi}-{abi}-{platform}")
        for abi in ("cp311", "cp312")
        for platform in (*PLATFORMS, "manylinux_2_28_x86_64")
    ]
    parts = [
        pins([make_wheel(project.wheels, "hello", hello)]),
        pins(compiled),
        pins([make_wheel(project.wheels, "registry")], "sys_platform == 'win32'"),
        pins([make_wheel(project.wheels, "soup", "1.0")], "python_full_version < '3.11.5'"),
        pins([make_wheel(project.wheels, "soup", "2.0")], "python_full_version >= '3.11.5'"),
    ]
    (project.folder / "requirements.txt").write_text(LOCKED + "".join(parts), encoding="utf-8")


def pins(wheels: list[Wheel], marker: str = "") -> str:
    """Return the lines of one pin that may be any of these files."""
    first = wheels[0].pin(marker=marker).partition("\n")[0]
    return first + "\n" + " \\\n".join(f"    --hash=sha256:{wheel.sha256}" for wheel in wheels) + "\n"


def _forge_uv(project: Project) -> None:
    """Put wheels called uv into the place of those that the template pins: they are carried here, and never run."""
    file = project.folder / "bootstrap" / "tools.txt"
    text = file.read_text(encoding="utf-8")
    found = re.search(r"^uv==(\S+)", text, re.M)
    assert found
    wheels = [make_wheel(project.wheels, "uv", found[1], tag=f"py3-none-{platform}") for platform in UV]
    file.write_text(text[: found.start()] + pins(wheels), encoding="utf-8")


def build(project: Project, *options: str, **environ: str | None) -> Ran:
    """Run `bootstrap wheelhouse` for three platforms and two Pythons."""
    return project.run("wheelhouse", *LAPTOPS, *options, **environ)


def names(folder: Path) -> set[str]:
    """Return the wheels in a folder, without the tools."""
    return {file.name for file in folder.glob("*.whl") if not file.name.startswith(("pip-", "uv-"))}
