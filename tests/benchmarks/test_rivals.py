"""Others' templates: measured where their git hosts can be reached, and told where not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks import rivals
from benchmarks.bench import Bench, commit, git
from benchmarks.rivals import CCDS, MODERN_UV


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return a private folder in which nothing has to be fetched from the index."""
    (tmp_path / "cookie").mkdir()
    return Bench(Path("/usr/bin/python3"), tmp_path, tmp_path)


@pytest.fixture
def hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where git looks for what it would fetch from GitHub."""
    folder = tmp_path / "hosts"
    folder.mkdir()
    config = tmp_path / "gitconfig"
    config.write_text(f'[url "file://{folder}/"]\n\tinsteadOf = https://github.com/\n', encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    return folder


def test_a_template_whose_host_is_out_of_reach_is_told_and_not_compared(bench: Bench, hosts: Path) -> None:
    """No figure is made up for it, and no round ends by it."""
    said = rivals.fetch(bench)
    assert [line.partition(":")[0] for line in said] == [CCDS.name, MODERN_UV.name]
    assert all("not measured" in line and "https://github.com/" in line for line in said)
    assert [way.key for way in rivals.ways(bench)] == ["cookie"]


def test_a_template_that_can_be_cloned_is_compared_and_cloned_once(bench: Bench, hosts: Path) -> None:
    """The second time its host is not asked."""
    source = hosts / MODERN_UV.address.removeprefix("https://github.com/")
    source.mkdir(parents=True)
    (source / "copier.yml").write_text("name: whatever\n", encoding="utf-8")
    git(source, "init", "--quiet")
    commit(source)
    assert [line.partition(":")[0] for line in rivals.fetch(bench)] == [CCDS.name]
    assert [way.key for way in rivals.ways(bench)] == ["cookie", MODERN_UV.key]
    subprocess.run(["rm", "-r", source], check=True)
    assert [line.partition(":")[0] for line in rivals.fetch(bench)] == [CCDS.name]
