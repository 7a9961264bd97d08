"""What attendees are told to fetch is the sum of the files that an installer would choose there."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from projectenv.settings import read_settings

ROOT = Path(__file__).resolve().parent.parent.parent
MB = 1_000_000


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script, which stands in a folder that is no package."""
    monkeypatch.syspath_prepend(str(ROOT / "template" / "bootstrap"))
    spec = importlib.util.spec_from_file_location("sizes", ROOT / "release" / "sizes.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel(name: str, megabytes: int) -> dict[str, object]:
    """Return a wheel as pylock.toml has it."""
    return {"url": f"https://example.invalid/a/{name}.whl", "size": megabytes * MB}


LOCK = {
    "packages": [
        {"name": "pure", "wheels": [wheel("pure-1-py3-none-any", 1)]},
        {"name": "only-windows", "marker": "sys_platform == 'win32'", "wheels": [wheel("only_windows-1-py3-none-any", 10)]},
        {"name": "young", "marker": "python_full_version < '3.13'", "wheels": [wheel("young-1-py3-none-any", 100)]},
        {
            "name": "compiled",
            "wheels": [
                wheel("compiled-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64", 2),
                wheel("compiled-1-cp312-cp312-manylinux_2_28_x86_64", 3),
                wheel("compiled-1-cp313-cp313-manylinux_2_28_x86_64", 4),
                wheel("compiled-1-cp313-cp313t-manylinux_2_28_x86_64", 500),
                wheel("compiled-1-cp312-cp312-musllinux_1_2_x86_64", 600),
                wheel("compiled-1-cp311-abi3-win_amd64", 5),
                wheel("compiled-1-cp311-abi3-win_arm64", 700),
                wheel("compiled-1-cp312-cp312-macosx_11_0_arm64", 6),
                wheel("compiled-1-cp313-cp313-macosx_11_0_arm64", 6),
                wheel("compiled-1-cp311-abi3-macosx_10_13_universal2", 7),
            ],
        },
    ]
}  # fmt: skip


@pytest.mark.parametrize(
    ("target", "oldest", "amount"),
    [
        ("linux-x64", "3.12", 1 + 100 + 3),
        ("linux-x64", "3.13", 1 + 4),
        ("windows-x64", "3.13", 1 + 10 + 5),
        ("mac-arm64", "3.12", 1 + 100 + 6),
        ("mac-x64", "3.13", 1 + 7),
    ],
)
def test_markers_and_tags_choose_as_an_installer_does(
    sizes: ModuleType, tmp_path: Path, target: str, oldest: str, amount: int
) -> None:
    """With the Python that needs most; free-threaded, musl and ARM wheels are for others."""
    file = tmp_path / "settings.ini"
    file.write_text(f"[environment]\noldest-python = {oldest}\nnewest-python = 3.13\npins = requirements.txt\n")
    assert sizes.megabytes(LOCK, read_settings(file), target) == amount
