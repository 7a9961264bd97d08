"""What the workshop starter renders: nothing that is not a workshop's, and nothing of it anywhere else."""

from __future__ import annotations

import configparser
import csv
import hashlib
import html.parser
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from copier import run_copy
from projectenv.commandline import parser
from projectenv.settings import read_settings
from projectenv.workshop.described import pins_digest, read_workshop
from projectenv.workshop.verdict import Verdict, decode, encode

from tests.support import needs

from .conftest import Render

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = 'Data for "all" & <more>'
COLAB = "2026.01"
"""Its Python is 3.12.12; the list of runtimes is in https://github.com/googlecolab/backend-info."""


@pytest.fixture(scope="module")
def workshop(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one rendered workshop, to be looked at."""
    folder = tmp_path_factory.mktemp("workshop") / "it"
    answers = {"starter": "workshop", "project_name": NAME}
    run_copy(str(template), folder, data=answers, defaults=True, quiet=True, unsafe=True, skip_tasks=True)
    return folder


def read(project: Path, name: str) -> str:
    """Return a file of a project."""
    return (project / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("starter", ["app", "package", "existing"])
def test_what_only_a_workshop_has_is_rendered_only_there(render: Render, starter: str) -> None:
    """Neither its modules nor its commands."""
    project = render(starter=starter)
    assert not (project / "bootstrap" / "projectenv" / "workshop").exists()
    assert not list(project.rglob("*.ipynb"))
    assert "[workshop]" not in read(project, "bootstrap/settings.ini")
    done = subprocess.run(
        [sys.executable, "-I", "-B", "bootstrap", "--help"], cwd=project, capture_output=True, text=True, check=True
    )
    assert "start " not in done.stdout


def test_a_workshop_has_its_modules_and_its_section(workshop: Path) -> None:
    """As in this repository, without bytecode."""
    there = {path.name for path in (workshop / "bootstrap" / "projectenv" / "workshop").iterdir()}
    ours = {path.name for path in (ROOT / "template/bootstrap/projectenv/workshop").iterdir()} - {"__pycache__"}
    assert there == ours
    assert read_workshop(workshop) is not None


def test_what_is_proposed_first_opens_copies_and_not_the_notebooks_of_the_repository(workshop: Path) -> None:
    """JupyterLab started by its own name would show those that the next `git pull` brings anew."""
    assert read_settings(workshop / "bootstrap" / "settings.ini").try_it == "bootstrap open"


def test_it_asks_three_questions_on_enter_and_eight_at_most(template: Path) -> None:
    """Counted as Copier would ask them: without `more` the others are skipped."""
    questions = yaml.safe_load((template / "copier.yml").read_text(encoding="utf-8"))
    asked = {
        name: each for name, each in questions.items() if not name.startswith("_") and each.get("when") is not False
    }
    always = [name for name, each in asked.items() if "when" not in each or "existing' }}" in str(each["when"])]
    on_more = [name for name, each in asked.items() if "more or" in str(each.get("when"))]
    assert [name for name in always if name != "pins"] == ["starter", "project_name", "more"]
    assert len([*always, *on_more]) - ("pins" in always) <= 8


def test_a_python_without_wheels_is_refused(render: Render) -> None:
    """JupyterLab's companions have none for 3.10 any more, and for 3.15 not yet."""
    for oldest in ("3.10", "3.15"):
        with pytest.raises(ValueError, match=r"3\.11 to 3\.14"):
            render(starter="workshop", oldest_python=oldest)


@pytest.mark.parametrize("oldest", ["3.11", "3.13", "3.14"])
def test_ci_binder_and_codespace_have_a_python_that_fits(render: Render, oldest: str) -> None:
    """Whatever the oldest is: CI runs the first and the last, the clouds one in between."""
    project = render(starter="workshop", oldest_python=oldest)
    settings = read_settings(project / "bootstrap" / "settings.ini")
    fits = [f"3.{minor}" for minor in range(settings.oldest[1], settings.newest[1] + 1)]
    assert re.fullmatch(r"python-(3\.\d+)\n", read(project, "runtime.txt"))
    assert read(project, "runtime.txt").removeprefix("python-").strip() in fits
    container = json.loads(read(project, ".devcontainer/devcontainer.json"))
    assert container["image"].rpartition(":")[2] in fits
    jobs = yaml.safe_load(read(project, ".github/workflows/workshop.yml"))["jobs"]
    assert jobs["index"]["strategy"]["matrix"]["python"] == sorted({fits[0], fits[-1]})
    assert jobs["offline"]["env"]["PYTHON_VERSION"] in fits


def test_ci_is_weekly_on_three_systems_with_and_without_the_index(workshop: Path) -> None:
    """Every notebook is run in both; without the index, nothing may be fetched and no cache helps."""
    workflow = yaml.safe_load(read(workshop, ".github/workflows/workshop.yml"))
    assert workflow[True]["schedule"] == [{"cron": "17 4 * * 1"}]
    index, offline = workflow["jobs"]["index"], workflow["jobs"]["offline"]
    systems = {"ubuntu-latest", "macos-latest", "windows-latest"}
    assert set(index["strategy"]["matrix"]["system"]) == systems
    assert {each["system"] for each in offline["strategy"]["matrix"]["include"]} == systems
    for job in (index, offline):
        assert job["steps"][-1]["run"] == "python bootstrap run jupyter execute notebooks/*.ipynb"
    start = offline["steps"][-2]
    assert start["env"] | {"PIP_NO_INDEX": "1", "PIP_NO_CACHE_DIR": "1", "UV_OFFLINE": "1"} == start["env"]


def test_each_command_of_the_documents_is_one(workshop: Path) -> None:
    """Parsed as they stand by the command line that is rendered with them."""
    texts = [read(workshop, name) for name in ("README.md", "INSTRUCTOR.md", "START-HERE.md", "START-HERE.html")]
    texts += [read(workshop, ".github/workflows/workshop.yml"), (ROOT / "docs/how-to/workshop.md").read_text("utf-8")]
    commands = {
        command
        for text in texts
        for command in re.findall(r"(?:sh bootstrap\.sh|bootstrap\.cmd|python bootstrap) ([a-z][^`\n<|]*)", text)
    }
    assert len(commands) > 10
    whole = parser()
    for command in commands:
        words = re.sub(r'"?\$[A-Z_]+"?', "3.12", command.strip()).split()
        if words[0] != "run":
            whole.parse_args(words)


def test_data_is_what_its_sums_say_and_can_be_read(workshop: Path) -> None:
    """As sha256sum itself checks them."""
    for line in read(workshop, "data/SHA256SUMS").splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((workshop / "data" / name).read_bytes()).hexdigest() == digest
    with (workshop / "data" / "seedlings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 60
    assert set(rows[0]) == {"plot", "day", "light_hours", "water_ml", "height_cm"}


@pytest.mark.parametrize("name", ["01-welcome", "02-seedlings"])
def test_notebooks_are_clean_and_pin_colabs_runtime(workshop: Path, name: str) -> None:
    """No output, no counts: an update shows what changed, and Colab's Python does not change under anybody."""
    notebook = json.loads(read(workshop, f"notebooks/{name}.ipynb"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["colab"]["runtime_attributes"] == {"runtime_version": COLAB}
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    for cell in notebook["cells"]:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


def test_the_codespace_is_ready_before_anybody_is_let_in(workshop: Path) -> None:
    """VS Code may attach before postCreateCommand ends, never before onCreateCommand does."""
    container = json.loads(read(workshop, ".devcontainer/devcontainer.json"))
    assert container["onCreateCommand"] == "sh bootstrap.sh start --from index"
    assert container["customizations"]["vscode"]["extensions"] == ["ms-python.python", "ms-toolsai.jupyter"]


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no executable bits")
def test_what_is_double_clicked_can_be_run(workshop: Path) -> None:
    """Bits for macOS and Linux, line ends for Windows, in what is rendered and in what git will store."""
    assert os.access(workshop / "start-linux.sh", os.X_OK)
    assert os.access(workshop / "start-mac.command", os.X_OK)
    assert b"\n" not in (workshop / "start-windows.cmd").read_bytes().replace(b"\r\n", b"")
    for name in ("start-linux.sh", "start-mac.command"):
        assert b"\r" not in (workshop / name).read_bytes()
    for command in (["git", "init", "--quiet"], ["git", "add", "--all"]):
        subprocess.run(command, cwd=workshop, check=True)
    told = subprocess.run(["git", "ls-files", "--eol", "start-*"], cwd=workshop, capture_output=True, text=True)
    ends = {line.split("\t")[1]: line.split()[:3] for line in told.stdout.splitlines()}
    assert ends["start-windows.cmd"] == ["i/lf", "w/crlf", "attr/text"]
    assert ends["start-linux.sh"][:2] == ["i/lf", "w/lf"]


@pytest.mark.skipif(sys.platform != "linux", reason="shellcheck is brought along on Linux alone")
def test_shellcheck_reads_what_is_double_clicked(workshop: Path) -> None:
    """In dash's dialect."""
    needs.need("shellcheck", have=needs.works("shellcheck", "--version"))
    subprocess.run(["shellcheck", "start-linux.sh", "start-mac.command"], cwd=workshop, check=True)


@pytest.mark.parametrize("name", ["START-HERE.md", "START-HERE.html"])
def test_the_codes_shown_as_examples_are_true_ones(workshop: Path, name: str) -> None:
    """Somebody will type them into a roster."""
    codes = re.findall(r"(NOT )?READY  code: (\S{14})", read(workshop, name))
    read_back = [decode(code) for _, code in codes]
    assert [verdict and verdict.ready for verdict in read_back] == [not word for word, _ in codes] == [True, False]


@pytest.mark.parametrize(
    ("file", "system"), [("start-linux.sh", "linux"), ("start-mac.command", "macos"), ("start-windows.cmd", "windows")]
)
def test_the_code_for_no_python_at_all_is_a_true_one(workshop: Path, file: str, system: str) -> None:
    """Nothing can be computed there, so it is written down; a roster reads it like any other."""
    (code,) = re.findall(r"NOT READY  code: (\S+?)\"?\s", read(workshop, file))
    assert code == encode(Verdict(("python",), 0, system, "other", 0))


def test_sizes_belong_to_the_pins_that_are_shipped(workshop: Path) -> None:
    """`python3 start.py pins` notes both; the documents and the settings say the same numbers."""
    noted = json.loads((ROOT / "includes" / "workshop-download.json").read_text(encoding="utf-8"))
    settings = read_settings(workshop / "bootstrap" / "settings.ini")
    described = read_workshop(workshop)
    assert described
    assert noted["pins"] == pins_digest(workshop, settings.pins)
    assert noted["pins"].startswith(described.downloads_for)
    assert len(described.downloads_for) == 16
    assert dict(described.downloads) == noted["megabytes"]
    assert set(noted["megabytes"]) == set(settings.targets)
    most = max(noted["megabytes"].values())
    for name in ("START-HERE.md", "START-HERE.html"):
        assert f"Up to {most} MB" in read(workshop, name)


def test_the_rooms_arithmetic_is_right(workshop: Path) -> None:
    """Laptops x MB x 8 / Mbit/s, for every number in the table."""
    text = read(workshop, "INSTRUCTOR.md")
    noted = json.loads((ROOT / "includes" / "workshop-download.json").read_text(encoding="utf-8"))["megabytes"]
    for target, amount in noted.items():
        assert f"| {target} | {amount} |" in text
    rows = re.findall(r"^\| (\d+) Mbit/s .*?\| (.*?) \| (.*?) \| (.*?) \|$", text, re.M)
    assert len(rows) == 6
    seconds = {"s": 1, "min": 60, "h": 3600}
    for mbit, *cells in rows:
        for laptops, cell in zip((10, 30, 60), cells, strict=True):
            number, unit = cell.split()
            true = laptops * max(noted.values()) * 8 / int(mbit)
            assert abs(float(number) * seconds[unit] - true) <= seconds[unit] * 0.51, (mbit, laptops, cell)


class _Page(html.parser.HTMLParser):
    """Note what a page refers to, and whether its elements are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for key, value in attrs if key in ("src", "href", "action", "srcset", "data")]
        if tag not in ("meta", "link", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_nothing_from_outside(workshop: Path) -> None:
    """No address but a link for people; its policy forbids the rest, and so does its style."""
    text = read(workshop, "START-HERE.html")
    page = _Page()
    page.feed(text)
    assert page.open == []
    assert set(page.addresses) == {"data:,", "https://www.python.org/downloads/"}
    assert "default-src 'none'" in text
    assert "url(" not in text
    assert "@import" not in text
    assert "Data for &#34;all&#34; &amp; &lt;more&gt;" in text


def test_page_and_text_say_the_same(workshop: Path) -> None:
    """Same steps, same last lines, same command for each system."""
    text, page = read(workshop, "START-HERE.md"), read(workshop, "START-HERE.html")
    titles = re.findall(r"^## (?:\d\. )?(.*)$", text, re.M)
    assert titles == [re.sub(r"<span.*?</span>", "", each) for each in re.findall(r"<h2>(.*?)</h2>", page)]
    for words in ("sh start-linux.sh", "start-mac.command", "start-windows", "bootstrap.sh open", "READY  code: "):
        assert words in text
        assert words in page


def test_no_attendee_meets_the_words_virtual_environment(workshop: Path) -> None:
    """Nor has anybody to activate anything."""
    for name in ("START-HERE.md", "START-HERE.html", "start-windows.cmd", "start-mac.command", "start-linux.sh"):
        assert not re.search(r"virtual env|activate|pip install", read(workshop, name), re.I), name


def test_settings_can_be_read_by_hand(workshop: Path) -> None:
    """Every key that the code reads stands there, empty or not."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(workshop / "bootstrap" / "settings.ini", encoding="utf-8")
    assert set(parser["workshop"]) == {"notebooks", "data", "cloud", "address", "download", "download-for"}
