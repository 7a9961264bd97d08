"""What pip and uv print when they fail is told in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest
from projectenv.machine import Machine
from projectenv.network import explain
from projectenv.process import Finished

MACHINE = Machine(
    "linux", "x86_64", "debian", 1000, {"PIP_INDEX_URL": "https://me:secret@pkg.example/simple"}, Path("/home/me")
)

# The lines are what pip 26.3 and uv 0.13 print, shortened.
SAID = [
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "SHA-256 differs"),
    ("  Failed to download\n  Hash mismatch for `six==1.0`", "SHA-256 differs"),
    ("OSError: [Errno 28] No space left on device", "disk is full"),
    (
        "WARNING: Retrying: NewConnectionError: Temporary failure in name resolution: /simple/six/",
        "pkg.example was not found",
    ),
    ("dns error: failed to lookup address information", "pkg.example was not found"),
    (
        "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]",
        "certificate of pkg.example is not trusted",
    ),
    ("error: invalid peer certificate: UnknownIssuer", "not trusted"),
    ("ERROR: HTTP error 401 while getting https://pkg.example/x", "user name and a password"),
    ("403 Client Error: Forbidden for url: https://pkg.example/simple/six/", "refused access"),
    ("HTTP status server error (503 Service Unavailable) 503 for url (https://pkg.example/simple/)", "out of order"),
    (
        "ReadTimeoutError: HTTPSConnectionPool(host='files.example', port=443): Read timed out.",
        "files.example did not answer in time",
    ),
    ("Connection refused", "connection to pkg.example failed"),
    ("error: command 'gcc' failed: No such file", "had to be compiled"),
    # Windows' own words are those of the person's language; its numbers are not.
    ("OSError: [WinError 112] Es steht nicht genug Speicherplatz zur Verf\u00fcgung", "disk is full"),
    ("error: failed to remove file `numpy.pyd`: Zugriff verweigert (os error 5)", "a program has it open"),
    ("PermissionError: [WinError 32] Le processus ne peut pas acc\u00e9der au fichier", "a program has it open"),
    ("error: failed to open file: The filename or extension is too long. (os error 206)", "too long for Windows"),
]


@pytest.mark.parametrize(("output", "told"), SAID)
def test_each_known_cause_is_told_with_a_next_step(output: str, told: str) -> None:
    """Cause, the tool's own line, and what to type; never a credential."""
    failure = explain(Finished(("pip",), 1, output), MACHINE)
    assert told in failure.what
    assert failure.next_step
    assert output.splitlines()[-1].strip()[:40] in failure.why or output.splitlines()[0].strip()[:40] in failure.why
    assert "secret" not in failure.what + failure.why + failure.next_step


@pytest.mark.parametrize("output", ["Broken pipe (os error 32)", "Input/output error (os error 5)"])
def test_the_same_numbers_of_other_systems_are_not_taken_for_windows(output: str) -> None:
    """There they are a pipe that broke and a disk that fails."""
    assert "a program has it open" not in explain(Finished(("uv",), 2, output), MACHINE).what


def test_an_unknown_cause_shows_all_that_the_tool_printed() -> None:
    """Nothing is swallowed that we cannot explain, except passwords."""
    failure = explain(Finished(("pip",), 9, "strange\nthings at https://me:secret@pkg.example/\n"), MACHINE)
    assert failure.why == "strange\nthings at https://****@pkg.example/"
    assert "exit code 9" in failure.what


def test_a_wheel_that_is_missing_offline_is_named() -> None:
    """Without an index, what is missing is told without asking anybody."""
    done = Finished(("pip", "install", "--no-index"), 1, "ERROR: No matching distribution found for six==1.17.0")
    assert "six==1.17.0 is not among the wheels on this machine" in explain(done, MACHINE).what


def test_a_package_called_like_a_fault_is_no_fault() -> None:
    """What the tools say when all is well is not searched for causes."""
    output = "Collecting async-timeout\n  Downloading proxy-1.0.whl (401 kB)\nerror: command 'gcc' failed\n"
    assert "had to be compiled" in explain(Finished(("pip",), 1, output), MACHINE).what


def test_what_our_sentence_says_better_is_left_out() -> None:
    """Neither an object's address nor a package that is blamed for the network helps anybody."""
    output = (
        "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError(<Connection object at "
        "0x7fd7>: [Errno -3] Temporary failure in name resolution)': /simple/rich/\n"
        "ERROR: No matching distribution found for rich==14.0.0"
    )
    failure = explain(Finished(("pip",), 1, output), MACHINE)
    assert "there is no network" in failure.what
    assert failure.why == ""
