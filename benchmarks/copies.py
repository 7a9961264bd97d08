"""Know the ways to a whole project that are compared, and those to a newer template."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from benchmarks import rivals
from benchmarks.bench import PINS, ROOT, Bench, commit, git
from benchmarks.clock import Command
from benchmarks.ways import Way, first_import

_ANSWERS = ("--defaults", "--data", "project_name=Measured", "--vcs-ref", "v1.0.0")


def copies(bench: Bench, *, everything: bool, small: bool) -> list[Way]:
    """Return the ways to a project of the default starter with its environment, and to comparable ones.

    Its pins are the small ones, or those that are shipped: with a linter, a type checker and a test runner.
    """
    template = bench.small if small else bench.template
    shipped = ROOT / "pins" / "app"
    pins = [PINS / "small.txt"] if small else [shipped / "requirements.txt", shipped / "requirements-dev.txt"]
    first = first_import(("requests",) if small else ("requests", "rich", "pytest"))

    def copy(*more: str) -> Callable[[Path], list[Command]]:
        command: Command = [bench.own / "copier", "copy", "--trust", *_ANSWERS, *more, template, "project"]
        return lambda _place: [command] if "--skip-tasks" in more else [command, _within("project", first)]

    def classic(place: Path) -> list[Command]:
        install: Command = [place / ".venv/bin/pip", "install", *(word for file in pins for word in ("-r", file))]
        return [[bench.python, "-m", "venv", ".venv"], install, first]

    def plain(_place: Path) -> list[Command]:
        return [[bench.own / "copier", "copy", "--defaults", "plain", "project"]]

    ways = [
        Way("ours-skip", "copier copy --skip-tasks", copy("--skip-tasks"), with_uv=True),
        Way("ours-uv", "copier copy, environment by uv", copy(), with_uv=True),
        Way("ours-pip", "copier copy, environment by pip", copy("--data", "installer=pip")),
        Way("classic", "python -m venv, pip install -r, no project", classic),
    ]
    if everything:
        ways += [
            Way("plain", "a plain Copier template, no environment", plain, _plain_template),
            *rivals.ways(bench),
        ]
    return ways


def updates(bench: Bench) -> list[Way]:
    """Return the two ways to a newer template whose pins are the same: with the environment looked after, and without."""

    def update(*more: str) -> Callable[[Path], list[Command]]:
        command: Command = [
            bench.own / "copier",
            "update",
            "--trust",
            "--defaults",
            *more,
            "--vcs-ref",
            "v1.0.1",
            "project",
        ]
        return lambda _place: [command]

    def prepare(place: Path) -> None:
        project = place / "project"
        if not project.exists():
            make: Command = [bench.own / "copier", "copy", "--trust", "--quiet", *_ANSWERS, bench.template, project]
            _quiet(*make, env=bench.environ(with_uv=True), cwd=place)
            git(project, "init")
            commit(project)
        git(project, "reset", "--hard")
        git(project, "clean", "-fd")

    _next_version(bench.template)
    return [
        Way("skip", "copier update --skip-tasks", update("--skip-tasks"), prepare, with_uv=True),
        Way("ours", "copier update", update(), prepare, with_uv=True),
    ]


def _within(folder: str, command: Command) -> Command:
    program, *rest = command
    return [f"{folder}/{program}", *rest]


def _plain_template(place: Path) -> None:
    source = place / "plain"
    source.mkdir()
    (source / "copier.yml").write_text("name:\n  type: str\n  default: plain\n", encoding="utf-8")
    (source / "README.md.jinja").write_text("# {{ name }}\n", encoding="utf-8")
    (source / "pyproject.toml.jinja").write_text('[project]\nname = "{{ name }}"\nversion = "1"\n', encoding="utf-8")


def _next_version(template: Path) -> None:
    """Tag a version after the present one, which differs by a line that every project has."""
    readme = template / "template" / ".editorconfig"
    readme.write_text(readme.read_text(encoding="utf-8") + "\n# newer\n", encoding="utf-8")
    commit(template)
    git(template, "tag", "--force", "v1.0.1")


def _quiet(*command: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True, env=env, cwd=cwd)
