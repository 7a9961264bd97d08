"""Codes are found in what chats and forms give, and turned into who needs what."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projectenv.workshop.chat import read_entries
from projectenv.workshop.described import pins_digest
from projectenv.workshop.roster import report
from projectenv.workshop.verdict import Verdict, encode, part_of

from tests.support.project import Project
from tests.support.workshop import PINS, make_workshop

OURS = part_of("ab" * 32)
READY = encode(Verdict((), OURS, "linux", "x64", 12))
KERNEL = encode(Verdict(("kernel",), OURS, "windows", "x64", 13))
BLOCKED = encode(Verdict(("blocked", "kernel"), OURS, "macos", "arm64", 11))
OLD = encode(Verdict((), OURS ^ 1, "linux", "x64", 12))

# Each holds what is there when a chat is saved, or marked and copied: the same three people, Ada with a second try.
CHATS = {
    "zoom-file": f"""\
10:01:07 From Ada Lovelace to Everyone:
	hi, it works I think
10:02:31 From Ada Lovelace to Everyone:
	NOT READY  code: {KERNEL}
	next: sh bootstrap.sh start --recreate
10:03:02 From Grace Hopper (she/her) To Everyone:
	READY  code: {READY}
10:05:40 From Ada Lovelace to Jo Host(Direct Message):
	READY  code: {READY}
10:06:00 From Zoë Müller-Ünal to Everyone:
	NOT READY  code: {BLOCKED}
""",
    "zoom-old-file": f"""\
10:02:31	 From  Ada Lovelace : NOT READY  code: {KERNEL}
10:03:02	 From  Grace Hopper (she/her) : READY  code: {READY}
10:04:02	 From  Ada Lovelace : READY code: {READY}
10:06:00	 From  Zoë Müller-Ünal  to  Jo Host(Privately) : {BLOCKED}
""",
    "zoom-window": f"""\
Ada Lovelace to Everyone 10:02 AM
NOT READY  code: {KERNEL}
next: sh bootstrap.sh start
Grace Hopper (she/her) to Everyone 10:03 AM
READY  code: {READY}
Ada Lovelace to Everyone 10:05 AM
now
READY  code: {READY}
Zoë Müller-Ünal to Everyone 10:06 AM
NOT READY  code: {BLOCKED}
""",
    "slack": f"""\
Ada Lovelace
  10:02 AM
NOT READY  code: {KERNEL}
next: sh bootstrap.sh start --recreate
10:05
that helped:
READY  code: {READY}
Grace Hopper (she/her)
  10:05 AM
READY  code: {READY.replace("-", chr(0x2013))}
Zoë Müller-Ünal  [10:06 AM]
```NOT READY  code: {BLOCKED}```
""",
    "teams": f"""\
[10:02 AM] Ada Lovelace
NOT READY  code: {KERNEL}

[10:03 AM] Grace Hopper (Guest)
READY  code: {READY}

[Monday 10:05 AM] Ada Lovelace
READY  code: {READY}

[23/11 10:06] Zoë Müller-Ünal
NOT READY  code: {BLOCKED}
""",
    "teams-new": f"""\
Ada Lovelace
23/11/2026 10:02
NOT READY  code: {KERNEL}
Grace Hopper (Guest)
23/11/2026 10:03
READY  code: {READY}
Ada Lovelace
23/11/2026 10:05
READY  code: {READY}
Zoë Müller-Ünal
23/11/2026 10:06
NOT READY  code: {BLOCKED}
""",
    "discord": f"""\
Ada Lovelace — Today at 10:02 AM
NOT READY  code: {KERNEL}
next: bootstrap start
[10:05 AM]
READY  code: {READY}
Grace Hopper — Today at 10:05 AM
READY  code: {READY} (edited)
Zoë Müller-Ünal — 11/23/2026 10:06 AM
NOT READY  code: {BLOCKED}
""",
    "whatsapp": f"""\
[23.11.26, 10:02:31] Ada Lovelace: NOT READY  code: {KERNEL}
[23.11.26, 10:03:02] Grace Hopper: READY  code: {READY}
[23.11.26, 10:05:02] Ada Lovelace: READY  code: {READY}
23/11/26, 10:06 - Zoë Müller-Ünal: NOT READY  code: {BLOCKED}
""",
    "google-form": f"""\
"Timestamp","Email Address","Your name","The code"
"2026/11/23 10:02:31 AM GMT+1","ada@example.org","Ada Lovelace","NOT READY  code: {KERNEL}"
"2026/11/23 10:03:02 AM GMT+1","grace@example.org","Grace Hopper","{READY.lower()}"
"2026/11/23 10:05:02 AM GMT+1","ada@example.org","Ada Lovelace","{READY}"
"2026/11/23 10:06:00 AM GMT+1","zoe@example.org","Zoë Müller-Ünal","{BLOCKED.replace("-", " ")}"
""",
    "spreadsheet": f"""\
Vorname;Nachname;Code
Ada;Lovelace;{READY}
Grace;Hopper;{READY}
Zoë;Müller-Ünal;{BLOCKED}
""",
    "list": f"""\
Ada Lovelace: {KERNEL}
Grace Hopper {READY}
- Ada Lovelace: {READY}
{BLOCKED}  Zoë Müller-Ünal
""",
}


@pytest.mark.parametrize("chat", CHATS)
def test_what_chats_give_is_understood(chat: str) -> None:
    """The names are those of the people, the last code of each counts, and nothing else is taken for either."""
    found = {each.name.replace(" (she/her)", ""): each.code for each in read_entries(CHATS[chat])}
    assert found == {"Ada Lovelace": READY, "Grace Hopper": READY, "Zoë Müller-Ünal": BLOCKED}


def test_ordinary_words_are_no_codes() -> None:
    """Three words of four letters, a telephone number and a time are not reported as mistyped codes."""
    said = "10:01 From Ada to Everyone: this will work, call 0123 4567 8901 at 10:02\nthat code here runs fine\n"
    assert read_entries(said) == []


def test_a_code_with_too_few_letters_is_not_overlooked() -> None:
    """Without the word before it, too; but "ready to go when you are" is no code."""
    entries = read_entries(f"Cy: ready {READY[:-1].replace('-', ' ')}\nDi: ready to go when you are\n")
    assert [(each.name, each.verdict) for each in entries] == [("Cy", None)]


@pytest.mark.parametrize("slip", ["other", "swap", "short", "long"])
def test_a_slip_is_named(slip: str) -> None:
    """One wrong character and two swapped ones are put right and said; what cannot be is asked for again."""
    letters = {
        "other": READY[:6] + ("2" if READY[6] != "2" else "3") + READY[7:],
        "swap": next(
            READY[:at] + READY[at + 1] + READY[at] + READY[at + 2 :]
            for at in range(13)
            if READY[at] != READY[at + 1] and "-" not in READY[at : at + 2]
        ),
        "short": READY[:-1],
        "long": READY + "Z",
    }[slip]
    entries = read_entries(f"Ada: READY  code: {letters}\n")
    assert [each.name for each in entries] == ["Ada"]
    told = "\n".join(report(entries, [], OURS))
    if slip in ("other", "swap"):
        assert f"mistyped: Ada wrote {letters}, meant {READY}" in told
        assert "1 of 1 ready: Ada" in told
    else:
        assert f"mistyped: Ada wrote {letters}: ask again" in told
        assert "0 of 1 ready: nobody" in told


def test_the_report_says_who_needs_what() -> None:
    """Who is ready, who has an old copy, what fails on which system, and who is missing."""
    codes = {"Ada": READY, "Bo": OLD, "Cy": KERNEL, "Di": KERNEL, "Ed": BLOCKED}
    told = report(read_entries("".join(f"{name}: {code}\n" for name, code in codes.items())), ["Ada", "Flo"], OURS)
    assert told == [
        "1 of 6 ready: Ada",
        "1 with an old copy: Bo\n    next: get the workshop's folder again, then start",
        "2 whose notebooks do not start: Windows: Cy (Python 3.13), Di (Python 3.13)",
        "1 blocked by the computer's owner: macOS: Ed (Python 3.11)",
        "1 missing: Flo",
        "laptops: 2 Linux x64 Python 3.12, 2 Windows x64 Python 3.13, 1 macOS arm64 Python 3.11",
    ]


def test_several_on_one_line_keep_their_names() -> None:
    """A chat that was pasted into a field without lines."""
    said = f"Ada READY code: {READY} Bo: NOT READY code: {BLOCKED} Cy {KERNEL}"
    assert {each.name: each.code for each in read_entries(said)} == {"Ada": READY, "Bo": BLOCKED, "Cy": KERNEL}


def test_a_shorter_name_is_one_of_those_expected() -> None:
    """`Ada` in the chat is Ada Lovelace of the list, unless there are two; pronouns and capitals do not matter."""
    entries = read_entries(f"Ada: {READY}\nHOPPER, Grace (she/her): {READY}\nSam: {READY}\n")
    told = "\n".join(report(entries, ["Ada Lovelace", "Grace Hopper", "Sam One", "Sam Two"], OURS))
    assert "2 missing: Sam One, Sam Two" in told


@given(st.text(st.characters(codec="utf-8") | st.sampled_from('\n\n:,;-[]() 0123456789amAM"') | st.sampled_from(READY)))
def test_whatever_is_pasted_is_read(text: str) -> None:
    """Nothing that people paste makes it stop."""
    report(read_entries(text), ["Ada", ""], OURS)


@pytest.mark.parametrize("line", ["a " * 20_000, "10:02 " * 5_000, "-" * 50_000, f"{READY} " * 2_000, 'x,"' * 9_000])
def test_long_lines_take_no_time(line: str) -> None:
    """A pasted file that is no chat is answered within a second or two, not after minutes."""
    began = time.monotonic()
    read_entries(f"{line}\n" * 3)
    assert time.monotonic() - began < 5


@pytest.fixture
def workshop(tmp_path: Path) -> Project:
    """Return a workshop."""
    return make_workshop(tmp_path)


def test_the_command_says_whether_all_are_ready(workshop: Project) -> None:
    """The exit code is 0 when all are, and 1 when somebody fails or is missing; files may come from Notepad."""
    pins = part_of(pins_digest(workshop.folder, PINS))
    ready = encode(Verdict((), pins, "linux", "x64", 12))
    (workshop.folder / "chat.txt").write_text(f"Ada: READY  code: {ready}\n", encoding="utf-16")
    ran = workshop.run("roster", "chat.txt")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "1 of 1 ready: Ada")
    (workshop.folder / "names.txt").write_text("Ada\nBo\n")
    ran = workshop.run("roster", "chat.txt", "--expected", "names.txt")
    assert (ran.code, "1 missing: Bo" in ran.out) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["nowhere.txt"], "nowhere.txt: No such file"), (["empty.txt"], "there is no code in that")],
)
def test_the_command_refuses_what_holds_no_codes(workshop: Project, arguments: list[str], says: str) -> None:
    """A file that is not there, and one without a code, are told with what to type."""
    (workshop.folder / "empty.txt").write_text("good morning\n")
    ran = workshop.run("roster", *arguments)
    assert ran.code == 1
    assert says in ran.err
    assert "Next: " in ran.err
