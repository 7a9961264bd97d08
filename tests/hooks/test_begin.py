"""What `start.py new` runs offers the folder's name, says little, and notes an address that others can reach."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import begin
import pytest
import yaml

ADDRESS = "https://example.org/us/template.git"


def git(at: Path, *words: str) -> None:
    """Type a git command."""
    who = ["-c", "user.name=me", "-c", "user.email=me@here.invalid"]
    subprocess.run(["git", "-C", str(at), *who, *words], check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give a clone with one version, which its origin has."""
    at = tmp_path / "clone"
    at.mkdir()
    for words in (["init"], ["commit", "--allow-empty", "-m", "one"], ["tag", "1.0.0"]):
        git(at, *words)
    git(at, "update-ref", "refs/remotes/origin/main", "HEAD")
    return at


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Give the answers that Copier notes in a project made from that clone."""
    file = tmp_path / ".copier-answers.yml"
    file.write_text(f"# ours\n_commit: 1.0.0\n_src_path: {tmp_path / 'clone'}\nmore: false\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("remote", "noted"),
    [
        (ADDRESS, ADDRESS),
        ("https://me:secret@example.org/us/template.git", ADDRESS),
        ("https://github.com/us/template", "https://github.com/us/template"),
        ("https://example.org/us/template", "git+https://example.org/us/template"),
        ("https://me:p@ss@example.org/us/template.git", ADDRESS),
        ("https://me:p@example.org/us/template.git?token=secret", ADDRESS),
        ("ssh://git:secret@example.org/us/template.git", "ssh://git@example.org/us/template.git"),
        ("HTTPS://me:secret@example.org/us/template.git", ADDRESS),
        ("git@example.org:us/template", "git@example.org:us/template"),
        ("ssh://git@example.org/us/template", "git+ssh://git@example.org/us/template"),
        ("/home/me/template", ""),
        ("../template.git", ""),
        ("file:///home/me/template.git", ""),
        ("", ""),
    ],
)
def test_an_address_is_noted_as_copier_knows_it_and_without_a_password(remote: str, noted: str) -> None:
    """A path of this machine is no address."""
    assert begin.public(remote) == noted
    if noted:
        from copier._vcs import get_repo

        assert get_repo(noted)


def test_a_project_notes_the_address_of_the_clones_origin(clone: Path, answers: Path) -> None:
    """Nothing is to be said then, and nothing else is changed."""
    git(clone, "remote", "add", "origin", ADDRESS)
    assert begin.readdress(answers, clone) == ""
    assert answers.read_text("utf-8") == f"# ours\n_commit: 1.0.0\n_src_path: {ADDRESS}\nmore: false\n"


def test_a_clone_that_is_reached_through_a_link_or_a_long_path_is_known(tmp_path: Path, clone: Path) -> None:
    """As on a Mac, where /tmp is a link; YAML writes a long path with blanks in several lines."""
    git(clone, "remote", "add", "origin", ADDRESS)
    place = tmp_path / "a long way to go " / " ".join(["and on"] * 12)
    place.mkdir(parents=True)
    (place / "linked").symlink_to(clone)
    file = tmp_path / "answers.yml"
    file.write_text(
        yaml.safe_dump({"_commit": "1.0.0", "_src_path": str(place / "linked"), "more": False}), encoding="utf-8"
    )
    assert "\n  " in file.read_text("utf-8")
    assert begin.readdress(file, clone) == ""
    assert file.read_text("utf-8") == f"_commit: 1.0.0\n_src_path: {ADDRESS}\nmore: false\n"


def test_an_address_that_is_no_path_of_this_clone_stays(clone: Path, answers: Path) -> None:
    """It was noted before, by somebody else."""
    git(clone, "remote", "add", "origin", ADDRESS)
    for text in ("_commit: 1.0.0\n_src_path: https://elsewhere.invalid/t.git\n", "starter: app\n"):
        answers.write_text(text, encoding="utf-8")
        assert begin.readdress(answers, clone) == ""
        assert answers.read_text("utf-8") == text


def test_what_origin_may_not_have_is_said(clone: Path, answers: Path) -> None:
    """A commit that was never pushed, and one that Copier made of changes."""
    git(clone, "remote", "add", "origin", ADDRESS)
    git(clone, "commit", "--allow-empty", "-m", "two")
    git(clone, "tag", "1.1.0")
    for commit in ("1.1.0", "1.0.0-1-gabcdef0"):
        answers.write_text(f"_commit: {commit}\n_src_path: {clone}\n", encoding="utf-8")
        assert f"version {commit} at {ADDRESS}" in begin.readdress(answers, clone)


@pytest.mark.parametrize("origin", ["", "/srv/template.git"])
def test_without_an_address_one_is_asked_for(clone: Path, answers: Path, origin: str) -> None:
    """The project can still be updated on this machine."""
    before = answers.read_text("utf-8")
    if origin:
        git(clone, "remote", "add", "origin", origin)
    assert f"`_src_path: {clone}`" in begin.readdress(answers, clone)
    assert answers.read_text("utf-8") == before


def test_lines_for_files_and_tasks_are_left_out_and_others_stay() -> None:
    """Coloured or plain, in whatever pieces they come."""
    kept = io.StringIO()
    brief = begin.Brief(kept)
    for piece in (
        "\x1b[32m\x1b[1m    create\x1b[39m\x1b[0m  src\n",
        "    create  README.md\n identical  x\n",
        " > Running task 1 of 1: [...]\n",
        "  conflict  README.md\n",
        "create",
        " is a word\n",
        "the last",
    ):
        brief.write(piece)
    brief.finish()
    assert kept.getvalue() == "  conflict  README.md\ncreate is a word\nthe last"


def test_the_folders_name_is_offered_where_it_can_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other would end --defaults with an error."""
    monkeypatch.chdir(tmp_path)
    assert begin.named_after("../odd/") == {"project_name": "odd"}
    assert begin.named_after(".") == {"project_name": tmp_path.name}
    assert begin.named_after("x" * 81) == begin.named_after("a\tb") == begin.named_after(os.sep) == {}
