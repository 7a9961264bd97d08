"""What an import's failure means is told by Windows' own number, not by its words, which are translated."""

from __future__ import annotations

import ctypes

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
