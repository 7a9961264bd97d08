"""Parse bootstrap.ps1 with a PowerShell grammar; real PowerShells run it on hosted machines (test_hosted.py)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import tree_sitter
import tree_sitter_powershell

from tests.shells.shim import TEMPLATE

SOURCE = (TEMPLATE / "bootstrap.ps1").read_bytes()
NEWER = (b"$a ? 1 : 2", b"$a ?? 1", b"$a ??= 1", b"$a?.b", b"a && b", b"a || b")
"""What PowerShell 7 knows and 5.1 does not."""
NEWER_WORDS = (
    "&&", "||", "??", "?.", "?[", "-Parallel", "ForEach-Object -Parallel", "$IsWindows", "$IsLinux", "$IsMacOS",
    "ArgumentList", "-AsHashtable", "Join-String", "-SkipLast", "clean {", "-AsArray", "Test-Json", "`u{", "`e[",
    "PSNativeCommandArgumentPassing", "-TotalCount 0x", "utf8NoBOM", "Get-Error", "-AdditionalChildPath",
)  # fmt: skip
"""Commands, options and variables that came after 5.1."""


def parse(source: bytes) -> tree_sitter.Tree:
    """Parse PowerShell."""
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language())).parse(source)


def nodes(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """Return a node and all below it."""
    yield node
    for child in node.children:
        yield from nodes(child)


def text(node: tree_sitter.Node) -> str:
    """Return the source of a node."""
    return (node.text or b"").decode()


def test_it_parses() -> None:
    """Hold no syntax error."""
    wrong = [f"{node.start_point}: {text(node)}" for node in nodes(parse(SOURCE).root_node) if node.is_error]
    assert wrong == []


@pytest.mark.parametrize("newer", [each for each in NEWER if b"&&" not in each and b"||" not in each])
def test_the_grammar_refuses_what_is_newer(newer: bytes) -> None:
    """Prove that the parser would notice: a check that cannot fail checks nothing."""
    assert parse(newer).root_node.has_error


def test_nothing_is_used_that_came_after_5_1() -> None:
    """Look for what the grammar lets pass, outside comments and strings that only say it."""
    code = SOURCE.decode()
    for node in nodes(parse(SOURCE).root_node):
        if node.type == "comment":
            code = code.replace(text(node), "")
    assert [word for word in NEWER_WORDS if word.lower() in code.lower()] == []


def test_every_command_exists_in_5_1() -> None:
    """Call nothing but what Windows PowerShell brings, the Pythons, and sh elsewhere."""
    names = {text(node) for node in nodes(parse(SOURCE).root_node) if node.type == "command_name"}
    known = {"Join-Path", "Get-Item", "ForEach-Object", "Get-Command", "Select-Object", "Out-Null", "uv", "sh"}
    assert names - known == set()


def test_no_byte_order_mark_is_needed() -> None:
    """Stay in ASCII, which 5.1 reads the same in every code page."""
    assert SOURCE.isascii()
