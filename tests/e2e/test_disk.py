"""Hostile disks and paths: it works, or says what is the matter, and loses nothing."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import needs
from tests.support.project import BASE_PYTHON, Project, Ran, make_project, pip_version
from tests.support.situations import Situation, situations

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="mounts file systems")

INSTALLED = {"hello": "1.0", "pip": pip_version()}


def mounted(project: Project, options: str, *commands: str) -> Ran:
    """Run shell commands in a file system of its own with these options, the project's files copied into it."""
    disk = project.folder.with_name("disk")
    disk.mkdir()
    run = shlex.join([str(BASE_PYTHON), "-I", "-B", "bootstrap"])
    script = f'mount -t tmpfs -o {options} none "$1" && cp -R "$2/." "$1" && cd "$1" || exit 99\n'
    script += "\n".join(each.replace("BOOTSTRAP", run) for each in commands)
    words = [*needs.own_mounts(), "sh", "-c", script, "sh", str(disk), str(project.folder)]
    return project.finish(words)


@situations(
    Situation(
        "the disk is full",
        "nothing is left behind",
        "the disk is full, or a quota is used up. ... Next: free some space, then run this again ... .venv gone",
        modes="B16",
        case="size=3m",
    ),
    Situation(
        "there are no inodes left",
        "nothing is left behind",
        "the disk is full, or a quota is used up. ... Next: free some space, then run this again ... .venv gone",
        modes="B16",
        case="nr_inodes=200",
    ),
)
def test_full_disk(project: Project, situation: Situation) -> None:
    """A full disk is named, exit code 1, and what was half made is gone."""
    ran = mounted(project, situation.case, "BOOTSTRAP 2>&1; echo code $?", "test -e .venv || echo .venv gone")
    assert "code 1" in ran.out, ran.text
    situation.shown_by(ran)


@situations(
    Situation(
        "the disk is full when `.venv` is made anew",
        "the former environment is put back",
        "No space left on device. ... Next: free some space, then run this again ... Nothing to do: .venv matches the pins",
        modes="B16",
    )
)
def test_full_disk_loses_nothing(project: Project, situation: Situation) -> None:
    """An environment that worked is back after its successor found no room."""
    commands = ("BOOTSTRAP >/dev/null", "dd if=/dev/zero of=filler bs=64k 2>/dev/null")
    ran = mounted(project, "size=40m", *commands, "BOOTSTRAP --recreate 2>&1", "BOOTSTRAP")
    situation.shown_by(ran)


@situations(
    Situation(
        "the project is on a read-only disk, and has no environment",
        "nothing is changed",
        "Read-only file system. ... Next: copy the project to a folder you can write to",
        code=1,
        modes="B17",
    )
)
def test_read_only(project: Project, situation: Situation) -> None:
    """A read-only project says so."""
    situation.shown_by(mounted(project, "size=40m", "mount -o remount,bind,ro .", "BOOTSTRAP"))


@situations(
    Situation(
        "the project is on a read-only disk, and its environment is up to date",
        "it is used",
        "Nothing to do: .venv matches the pins",
        modes="B17",
    )
)
def test_read_only_and_ready(project: Project, situation: Situation) -> None:
    """What is up to date needs no writing."""
    commands = (
        "BOOTSTRAP >/dev/null",
        "mount -o remount,bind,ro .",
        "BOOTSTRAP && BOOTSTRAP run python -c 'import hello'",
    )
    situation.shown_by(mounted(project, "size=40m", *commands))


@situations(
    Situation(
        "the disk is mounted noexec",
        "the environment works: its Python is a link to one elsewhere",
        "Done in ... 1.0",
        modes="B15 B30",
    )
)
def test_noexec(project: Project, situation: Situation) -> None:
    """On a noexec disk the environment's Python runs, since it is a link."""
    version = "BOOTSTRAP run python -c 'import hello; print(hello.VERSION)'"
    situation.shown_by(mounted(project, "size=40m,noexec", "BOOTSTRAP", version))


@situations(
    Situation(
        "the disk knows no symbolic links (exFAT, some network drives)",
        "the environment is made of copies, with pip as the installer",
        "Done in",
        modes="B14 B30",
    )
)
def test_no_links(project: Project, situation: Situation) -> None:
    """Without symbolic links the environment is made all the same."""
    with_links_refused(project)
    situation.shown_by(project.run())
    assert project.installed() == INSTALLED
    assert not [path for path in project.venv.rglob("*") if path.is_symlink()]


def with_links_refused(project: Project) -> None:
    """Let symlink(2) fail for every program of this project, as exFAT does."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    needs.need("a C compiler", have=compiler is not None)
    folder = project.home
    (folder / "nolinks.c").write_text(
        "#include <errno.h>\n"
        "int symlink(const char *a, const char *b) { (void)a; (void)b; errno = EPERM; return -1; }\n"
        "int symlinkat(const char *a, int d, const char *b) { (void)a; (void)d; (void)b; errno = EPERM; return -1; }\n"
    )
    library = folder / "nolinks.so"
    subprocess.run([str(compiler), "-shared", "-fPIC", "-o", library, folder / "nolinks.c"], check=True)
    project.environ["LD_PRELOAD"] = str(library)


@situations(
    Situation(
        "`.venv` belongs to somebody else (root, after sudo), and the pins changed",
        "nothing is changed; nobody is asked for sudo",
        "Permission denied. ... Next: make ... yours",
        code=1,
        modes="B13",
    )
)
def test_foreign_environment(shared: Project, situation: Situation) -> None:
    """An environment of another user's is not changed, and the message says whose folder to look at."""
    assert shared.run().code == 0
    shared.pin(shared.wheel("hello", "2.0"))
    situation.shown_by(as_nobody(shared))
    assert shared.installed() == INSTALLED


@pytest.fixture
def shared() -> Iterator[Project]:
    """Return a project in a folder that every user can reach, with a Python that every user can run."""
    needs.need("root, to be another user", have=os.geteuid() == 0)
    needs.need("/usr/bin/python3", have=Path("/usr/bin/python3").exists())
    place = Path(tempfile.mkdtemp(prefix="shared-"))
    place.chmod(0o755)
    project = make_project(place)
    cache = place / "everybodys-cache"
    shutil.copytree(project.environ["VENV_TEMPLATE_CACHE"], cache)
    project.environ.update(VENV_TEMPLATE_CACHE=str(cache), PATH="/usr/bin:/bin")
    for path in (place / "tmp", place / "home", cache):
        path.chmod(0o777)
    yield project
    shutil.rmtree(place)


def as_nobody(project: Project, *arguments: str) -> Ran:
    """Run the bootstrap as a user who owns nothing."""
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    return project.finish([*user, "/usr/bin/python3", "-I", "-B", "bootstrap", *arguments])


@situations(
    Situation(
        "root runs the bootstrap in a folder of another user's",
        "done, and told once",
        "warning: you are root, and ... belongs to another user: .venv will be root's, too. ... Done in",
        modes="B13",
    )
)
def test_root_in_the_folder_of_another(shared: Project, situation: Situation) -> None:
    """Root is told that the environment will belong to root, and is not refused."""
    os.chown(shared.folder, 65534, 65534)
    ran = shared.run()
    situation.shown_by(Ran(ran.code, ran.err + ran.out, ""))


def test_root_in_its_own_folder(shared: Project) -> None:
    """In a container everything is root's, and nothing is said about it."""
    ran = shared.run()
    assert ran.code == 0
    assert "root" not in ran.err


PATHS = {
    "spaces": "my first project",
    "apostrophe": "it's mine",
    "quotes": 'a "quoted" one',
    "unicode": "проект-🚒-計画",
    "leading dash": "-rf",
    "dollar": "$HOME `id` $(id)",
    "shell": "a;b&c|d>e<f*g?h[i]",
    "exclamation": "wow!",
    "backslash": "back\\slash",
    "percent": "100%s %d",
    "hash": "c#",
    "trailing space": "end ",
    "newline": "two\nlines",
    "long": "/".join(["a-rather-long-folder-name-of-fifty-characters-00000"] * 6),
}


@situations(
    Situation(
        "the path of the project holds spaces, quotes, unicode, `$`, backticks, `;`, a backslash, a leading dash, "
        "a newline, or 300 characters",
        "the environment is made and used",
        "Done in",
        modes="B19 B20 B21",
    )
)
@pytest.mark.parametrize("name", PATHS.values(), ids=PATHS)
def test_paths(tmp_path: Path, situation: Situation, name: str) -> None:
    """Whatever its path, the project gets an environment that runs and holds its pins."""
    project = make_project(tmp_path, name)
    situation.shown_by(project.run())
    assert project.installed() == INSTALLED
    assert "Nothing to do" in project.run().out
    said = project.run("run", "python", "-c", "import sys; print(sys.prefix)")
    assert said.out.rstrip("\n") == str(project.venv)


@situations(
    Situation(
        "a program of a package is started where the path holds spaces or is long",
        "it starts",
        "hello",
        modes="B21",
    )
)
@pytest.mark.parametrize("name", ["my first project", PATHS["long"]], ids=["spaces", "long"])
def test_programs_start(tmp_path: Path, situation: Situation, name: str) -> None:
    """Console scripts work in a path with spaces, and in one too long for a shebang."""
    project = make_project(tmp_path, name)
    assert project.run().code == 0
    situation.shown_by(project.run("run", "hello"))


@situations(
    Situation(
        "the path of the project holds a colon",
        "nothing is left behind: PATH cannot hold such a folder, in any shell",
        "holds a colon ... Next: rename",
        code=1,
        modes="B18",
    )
)
def test_a_colon_in_the_path(tmp_path: Path, situation: Situation) -> None:
    """A colon is refused before anything is made."""
    project = make_project(tmp_path, "one:two")
    situation.shown_by(project.run())
    assert not project.venv.exists()
