"""Attendees work on copies: what somebody has worked on is never written over, and pulling an update never conflicts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from projectenv.workshop.copies import make_copies
from projectenv.workshop.described import Workshop

from tests.support.template import commit, git
from tests.support.workshop import write_notebook


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Return a folder with two notebooks, one of them in a folder of its own."""
    (tmp_path / "notebooks" / "more").mkdir(parents=True)
    (tmp_path / "notebooks" / "01.ipynb").write_text("one", encoding="utf-8")
    (tmp_path / "notebooks" / "more" / "figure.png").write_bytes(b"\x89PNG")
    return Workshop(tmp_path)


def test_everything_is_copied_once(workshop: Workshop) -> None:
    """With its folders; a second time there is nothing to do, and nothing to say."""
    assert make_copies(workshop) == []
    mine = workshop.project / "my-work"
    assert (mine / "01.ipynb").read_text(encoding="utf-8") == "one"
    assert (mine / "more" / "figure.png").read_bytes() == b"\x89PNG"
    assert make_copies(workshop) == []


def test_what_was_worked_on_stays_and_the_new_one_is_put_beside(workshop: Workshop) -> None:
    """Once for each new version, under a name that says so."""
    make_copies(workshop)
    mine = workshop.project / "my-work" / "01.ipynb"
    mine.write_text("my answer", encoding="utf-8")
    (workshop.project / "notebooks" / "01.ipynb").write_text("one, corrected", encoding="utf-8")
    (told,) = make_copies(workshop)
    assert "01-new.ipynb" in told
    assert mine.read_text(encoding="utf-8") == "my answer"
    assert (mine.parent / "01-new.ipynb").read_text(encoding="utf-8") == "one, corrected"
    assert make_copies(workshop) == []


def test_what_nobody_changed_is_renewed(workshop: Workshop) -> None:
    """An update arrives where people work."""
    make_copies(workshop)
    (workshop.project / "notebooks" / "01.ipynb").write_text("one, corrected", encoding="utf-8")
    assert make_copies(workshop) == []
    assert (workshop.project / "my-work" / "01.ipynb").read_text(encoding="utf-8") == "one, corrected"


def test_a_file_of_that_name_that_was_there_before_stays(workshop: Workshop) -> None:
    """Also when the record of what was copied is lost."""
    make_copies(workshop)
    mine = workshop.project / "my-work" / "01.ipynb"
    mine.write_text("my answer", encoding="utf-8")
    (mine.parent / ".copied").unlink()
    (told,) = make_copies(workshop)
    assert "stays as it is" in told
    assert mine.read_text(encoding="utf-8") == "my answer"


def test_a_copy_that_was_deleted_comes_back(workshop: Workshop) -> None:
    """Who made a mess can begin again."""
    make_copies(workshop)
    (workshop.project / "my-work" / "01.ipynb").unlink()
    make_copies(workshop)
    assert (workshop.project / "my-work" / "01.ipynb").exists()


def test_a_second_new_version_does_not_write_over_work_in_the_first(workshop: Workshop) -> None:
    """Somebody may have gone on in the one that was put beside."""
    make_copies(workshop)
    mine, original = workshop.project / "my-work", workshop.project / "notebooks" / "01.ipynb"
    (mine / "01.ipynb").write_text("my answer", encoding="utf-8")
    original.write_text("second", encoding="utf-8")
    make_copies(workshop)
    (mine / "01-new.ipynb").write_text("my second answer", encoding="utf-8")
    original.write_text("third", encoding="utf-8")
    make_copies(workshop)
    assert (mine / "01-new.ipynb").read_text(encoding="utf-8") == "my second answer"
    assert [file.name for file in mine.glob("*.ipynb") if file.read_bytes() == b"third"] == ["01-new-2.ipynb"]


def test_pulling_an_update_never_conflicts(tmp_path: Path) -> None:
    """With real git: both sides changed the same notebook, and the pull is a fast-forward."""
    teacher = tmp_path / "teacher"
    (teacher / "notebooks").mkdir(parents=True)
    write_notebook(teacher / "notebooks" / "01.ipynb", "1 + 1")
    template = Path(__file__).parent.parent.parent / "template"
    (teacher / ".gitignore").write_bytes((template / ".gitignore").read_bytes())
    git(teacher, "init", "--quiet", "--initial-branch", "main")
    commit(teacher, "begin")
    git(tmp_path, "clone", "--quiet", str(teacher), "attendee")
    attendee = tmp_path / "attendee"
    make_copies(Workshop(attendee))
    write_notebook(attendee / "my-work" / "01.ipynb", "my answer")
    write_notebook(teacher / "notebooks" / "01.ipynb", "2 + 2")
    commit(teacher, "correct")
    assert git(attendee, "status", "--porcelain") == ""
    git(attendee, "pull", "--quiet", "--ff-only")
    (told,) = make_copies(Workshop(attendee))
    assert "01-new.ipynb" in told
    assert "my answer" in (attendee / "my-work" / "01.ipynb").read_text(encoding="utf-8")
    assert "2 + 2" in (attendee / "my-work" / "01-new.ipynb").read_text(encoding="utf-8")
    assert git(attendee, "status", "--porcelain") == ""


def test_a_copy_that_was_cut_off_is_made_again(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a notebook is not taken for somebody's work."""
    for file in (workshop.project / "my-work").glob("*.ipynb"):
        file.unlink()

    def cut(_: Path, copy: Path) -> None:
        copy.write_bytes(b"o")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", cut)
        with pytest.raises(OSError, match="No space"):
            make_copies(workshop)
    assert make_copies(workshop) == []
    assert (workshop.project / "my-work" / "01.ipynb").read_text(encoding="utf-8") == "one"


def test_a_gitignore_of_ones_own_stays_and_a_damaged_record_is_no_obstacle(workshop: Workshop) -> None:
    """Who keeps the own work in git may say so there."""
    make_copies(workshop)
    mine = workshop.project / "my-work"
    (mine / ".gitignore").write_text("!*\n", encoding="ascii")
    (mine / ".copied").write_bytes(b"\xff\xfe")
    assert make_copies(workshop) == []
    assert (mine / ".gitignore").read_text(encoding="ascii") == "!*\n"
