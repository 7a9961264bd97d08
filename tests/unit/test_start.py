"""start.py knows what a person probably meant."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import start


@pytest.mark.parametrize(
    ("words", "next_"),
    [
        (["nwe", "../my-project"], "python3 start.py new ../my-project"),
        (["tset"], "python3 start.py test"),
        (["docter", "--explain"], "python3 start.py doctor --explain"),
        (["frobnicate"], "python3 start.py --help"),
    ],
)
def test_a_mistyped_word_is_named_and_the_probable_one_given(
    words: list[str], next_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ready to paste, with everything that was typed behind it."""
    assert start.main(words) == 2
    said = capsys.readouterr().err.splitlines()
    assert said == [f"error: {words[0]} is not a command of start.py.", f"Next: {next_}"]


def test_help_goes_to_where_it_was_asked_from(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a word it is an error and goes beside the output."""
    assert start.main(["--help"]) == 0
    assert capsys.readouterr().out == start.USAGE
    assert start.main([]) == 2
    assert capsys.readouterr().err == start.USAGE


def test_every_command_is_in_the_help_and_every_line_of_the_help_is_a_command() -> None:
    """What --help says can be typed."""
    named = {line.split("start.py ")[1].split()[0] for line in start.USAGE.splitlines()}
    assert {name for name in named if not callable(getattr(start, name, None))} == set()
    assert named >= {"new", "update", "test", "run", "doctor", "docs", "pins", "release", "bench"}


def test_an_update_is_given_the_folder_as_git_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Copier ends in a traceback when there is a `..` or a link in it."""
    typed: list[str] = []

    def noted(*words: str) -> int:
        typed.extend(words)
        return 0

    monkeypatch.setattr(start, "copier", noted)
    monkeypatch.setattr(start, "serve_origin", lambda _noted: None)
    (tmp_path / "clone").mkdir()
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "clone")
    assert start.update(["../project", "--defaults"]) == 0
    assert typed[-2:] == [os.path.realpath(tmp_path / "project"), "--defaults"]


def test_a_mistyped_command_is_given_back_as_it_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    """A path with a blank stays one word."""
    assert start.main(["nwe", "../my project", "--defaults"]) == 2
    assert capsys.readouterr().err.endswith('Next: python3 start.py new "../my project" --defaults\n')


def test_new_makes_nothing_in_a_project_of_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Enter would overwrite what was written since."""
    (tmp_path / ".copier-answers.yml").touch()
    for options in ([], ["--overwrite"], ["--data", "starter=existing"]):
        assert start.main(["new", *options, str(tmp_path)]) == 1
        said = capsys.readouterr().err.splitlines()
        assert said[0] == f"error: {tmp_path} is a project of this template already."
        assert said[1] == f"Next: python3 start.py update {tmp_path}   or name another folder"


def test_new_makes_nothing_among_a_persons_files_unless_asked(tmp_path: Path) -> None:
    """A folder with nothing but git's own is empty."""
    (tmp_path / ".git").mkdir()
    assert start.refusal(str(tmp_path), []) == ""
    assert start.refusal(str(tmp_path / "new"), []) == ""
    (tmp_path / "README.md").touch()
    assert "is not empty" in start.refusal(str(tmp_path), ["--data", "starter=app"])
    for asked in (["--data", "starter=existing"], ["--data=starter=existing"], ["--overwrite"]):
        assert start.refusal(str(tmp_path), asked) == ""


@pytest.mark.parametrize(
    "words", [["../p"], ["../p", "--defaults"], ["--defaults", "../p"], ["-d", "a=b", "../p"], ["--data=a=b", "../p"]]
)
def test_the_folder_is_found_among_options(words: list[str]) -> None:
    """Wherever it stands."""
    assert start.destination(words) == "../p"


def test_copier_alone_asks_for_no_tools_and_takes_none_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A .venv for development is used as it is."""
    typed: list[tuple[str, ...]] = []

    def noted(*words: str) -> int:
        typed.append(words)
        return 0

    monkeypatch.setattr(start, "ROOT", str(tmp_path))
    monkeypatch.setattr(start, "bootstrap", noted)
    start.copier("copier")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "pytest").touch()
    start.copier("copier")
    assert typed == [("run", "--prod", "--", "copier"), ("run", "--", "copier")]


@pytest.mark.skipif(os.name == "nt", reason="a signal to one's group is POSIX")
def test_an_interruption_is_130_without_a_traceback_and_the_child_ends_first(tmp_path: Path) -> None:
    """It has things to put in order."""
    child = tmp_path / "child.py"
    child.write_text(
        "import time, sys\ntry:\n    print('begun', flush=True); time.sleep(60)\n"
        "except KeyboardInterrupt:\n    time.sleep(1); print('tidy', flush=True); sys.exit(1)\n",
        encoding="utf-8",
    )
    words = f"import sys, start; start.BOOTSTRAP = {str(child)!r}; sys.exit(start.main(['run', 'x']))"
    run = subprocess.Popen(
        [sys.executable, "-c", words], cwd=start.ROOT, stdout=-1, stderr=-1, text=True, start_new_session=True
    )
    assert run.stdout
    assert run.stdout.readline() == "begun\n"
    time.sleep(0.1)
    os.killpg(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=20)
    assert (run.returncode, out, err) == (130, "tidy\n", "")


def test_git_reads_the_clone_where_a_project_notes_its_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the ending that Copier adds, and without a network."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", "https://me@nowhere.invalid/t"], check=True)
    monkeypatch.setattr(start, "ROOT", str(tmp_path))
    for name in ("KEY_0", "KEY_1", "VALUE_0", "VALUE_1", "COUNT"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", "")
    start.serve_origin("https://nowhere.invalid/t-fork")
    assert os.environ["GIT_CONFIG_COUNT"] == ""
    (tmp_path / ".copier-answers.yml").write_text("_src_path: git+https://nowhere.invalid/t\n", encoding="utf-8")
    start.serve_origin(start.noted_in(str(tmp_path)))
    for address in ("https://nowhere.invalid/t", "https://nowhere.invalid/t.git"):
        subprocess.run(["git", "ls-remote", address], check=True, timeout=20)


def test_a_program_that_a_signal_ended_is_told_as_a_shell_does(tmp_path: Path) -> None:
    """Killed for want of memory is not interrupted."""
    child = tmp_path / "child.py"
    child.write_text("import os; os.kill(os.getpid(), 9)", encoding="utf-8")
    words = f"import sys, start; start.BOOTSTRAP = {str(child)!r}; sys.exit(start.main(['run', 'x']))"
    assert subprocess.run([sys.executable, "-c", words], cwd=start.ROOT, check=False).returncode == 137
