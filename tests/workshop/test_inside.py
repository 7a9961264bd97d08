"""What an import's failure means is told by Windows' own number, not by its words, which are translated."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from importlib import metadata
from pathlib import PurePosixPath

import pytest
from projectenv.workshop.inside import _kind, _modules

WORDS = "DLL load failed while importing lib: Eine Anwendungssteuerungsrichtlinie hat diese Datei blockiert."


@pytest.mark.parametrize(
    ("number", "kind"),
    [(4551, "blocked"), (4556, "blocked"), (1260, "blocked"), (577, "blocked"), (225, "blocked"), (126, "library"), (193, "broken")],
)  # fmt: skip
def test_a_dll_is_loaded_again_to_learn_the_number(monkeypatch: pytest.MonkeyPatch, number: int, kind: str) -> None:
    """ImportError carries the file, and only words; loading the file again says why."""

    def load(path: str) -> None:
        error = OSError(f"cannot load {path}")
        error.winerror = number  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(ctypes, "WinDLL", load, raising=False)
    assert _kind(ImportError(WORDS, path="lib.pyd")).startswith(f"{kind}: ImportError: DLL load failed")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError("[WinError 1260] This program is blocked by group policy"), "blocked"),
        (ImportError("lib.so: failed to map segment from shared object"), "blocked"),
        (ImportError("code signature in lib.so not valid for use in process: library load disallowed"), "blocked"),
        (ImportError("cannot import name 'x'"), "broken"),
        (ImportError(WORDS, path="lib.pyd"), "broken"),
        (ValueError("first\nsecond"), "broken"),
    ],
)
def test_other_failures_are_told_by_what_they_say(error: Exception, kind: str) -> None:
    """One line of them, because a finding is one line."""
    told = _kind(error)
    assert told.partition(": ")[0] == kind
    assert "\n" not in told


def test_a_distribution_of_another_name_is_found_by_its_files() -> None:
    """scikit-learn is imported as sklearn; here, PyYAML as yaml."""
    assert "yaml" in _modules("PyYAML")
    assert _modules("pytest") == ["pytest"]


def _as_numpy(error: ImportError) -> None:
    raise ImportError(f"\n\nIMPORTANT: PLEASE READ THIS FOR ADVICE\n\nOriginal error was: {error}\n") from error


def _as_pandas(error: ImportError) -> None:
    raise ImportError("C extension: pandas.compat._constants not built.") from error


def _as_sklearn(error: ImportError) -> None:
    try:
        raise error
    except ImportError:
        raise ImportError("It seems that scikit-learn has not been built correctly.")  # noqa: B904 as they do


@pytest.mark.parametrize("wrap", [_as_numpy, _as_pandas, _as_sklearn])
def test_what_the_system_said_is_found_below_a_packages_own_advice(
    monkeypatch: pytest.MonkeyPatch, wrap: Callable[[ImportError], None]
) -> None:
    """Blank lines first, raised from, raised while handling: the file is named only by the innermost."""

    def load(path: str) -> None:
        error = OSError(f"cannot load {path}")
        error.winerror = 4551  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(ctypes, "WinDLL", load, raising=False)
    with pytest.raises(ImportError) as raised:
        wrap(ImportError(WORDS, path="lib.pyd"))
    assert _kind(raised.value) == f"blocked: ImportError: {WORDS}"


def test_only_files_of_python_are_taken_for_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """pywin32 has a .pth and a .chm of its own name, others a LICENSE at the top."""
    names = (
        "pywin32.pth",
        "PyWin32.chm",
        "LICENSE",
        "README.md",
        "pythoncom.py",
        "_fast.cp312-win_amd64.pyd",
        "win32/a.py",
    )
    monkeypatch.setattr(metadata, "files", lambda _: [PurePosixPath(name) for name in names])
    assert _modules("pywin32") == ["_fast", "pythoncom", "win32"]
