"""A code says what the check found, and no slip of the fingers makes another code of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projectenv.workshop.verdict import (
    ALPHABET,
    CHECKS,
    PROCESSORS,
    SYSTEMS,
    Verdict,
    decode,
    encode,
    nearest,
    part_of,
    tidied,
)

verdicts = st.builds(
    Verdict,
    failed=st.sets(st.sampled_from(CHECKS)).map(lambda names: tuple(name for name in CHECKS if name in names)),
    pins=st.integers(0, 2**18 - 1),
    system=st.sampled_from(SYSTEMS),
    processor=st.sampled_from(PROCESSORS),
    minor=st.integers(0, 63),
)
places = st.integers(0, 11)


def replaced(letters: str, place: int, letter: str) -> str:
    """Return letters with another at a place."""
    return letters[:place] + letter + letters[place + 1 :]


@given(verdicts)
def test_a_code_says_what_was_put_in(verdict: Verdict) -> None:
    """Whatever was found comes out again, from three groups of four characters."""
    code = encode(verdict)
    assert decode(code) == verdict
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert set(tidied(code)) <= set(ALPHABET)


@given(verdicts, places, st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_found(verdict: Verdict, place: int, letter: str) -> None:
    """No code becomes another by one wrong character, and it is known which was meant."""
    code = encode(verdict)
    wrong = replaced(tidied(code), place, letter)
    if wrong != tidied(code):
        assert decode(wrong) is None
        assert nearest(wrong) == code


@given(verdicts, st.integers(0, 10))
def test_swapped_neighbours_are_found(verdict: Verdict, place: int) -> None:
    """No code becomes another by swapping two neighbours, and it is known which was meant."""
    code = encode(verdict)
    letters = tidied(code)
    wrong = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    if wrong != letters:
        assert decode(wrong) is None
        assert nearest(wrong) == code


@given(verdicts, st.dictionaries(places, st.sampled_from(ALPHABET), min_size=2, max_size=4))
def test_up_to_four_mistyped_characters_are_found(verdict: Verdict, changes: dict[int, str]) -> None:
    """Nothing else is taken for a code, either: two codes differ in five places."""
    letters = tidied(encode(verdict))
    wrong = letters
    for place, letter in changes.items():
        wrong = replaced(wrong, place, letter)
    assert wrong == letters or decode(wrong) is None


@pytest.mark.parametrize("spelling", ["lower", "blanks", "nothing", "misread"])
def test_a_code_may_be_spelled_in_many_ways(spelling: str) -> None:
    """Small letters, blanks, no dashes, O for 0 and I or L for 1: all are read."""
    verdict = Verdict(("kernel",), part_of("ab" * 32), "macos", "arm64", 13)
    code = encode(verdict)
    written = {
        "lower": code.lower(),
        "blanks": code.replace("-", " "),
        "nothing": code.replace("-", ""),
        "misread": code.replace("0", "O").replace("1", "l"),
    }
    assert decode(written[spelling]) == verdict


@pytest.mark.parametrize("text", ["", "8831", "UUUU-UUUU-UUUU", "0000-0000-0000", "this will work"])
def test_what_is_no_code_says_nothing(text: str) -> None:
    """Neither words nor zeros are taken for a code."""
    assert decode(text) is None


def test_equal_laptops_have_equal_codes() -> None:
    """Nothing of a person is in it: the code is made of these five facts, and of nothing else."""
    facts = Verdict((), part_of("0f" * 32), "windows", "x64", 12)
    assert encode(facts) == encode(Verdict((), part_of("0f" * 32), "windows", "x64", 12))
