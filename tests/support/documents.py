"""Read what documents tell people to type: the commands in their fenced blocks and in their sentences, and the files to write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAMS = re.compile(
    r"(sh bootstrap\.sh|python3? (?:bootstrap|start\.py|-m|-c)|copier|uvx|pipx|uv|git|docker|sudo|brew|winget|py|direnv|ls|cd|rm|unset|export"
    r"|xcode-select|bootstrap\.cmd|\.\\bootstrap\.\w+|\.venv[/\\]\S*python\S*|Set-ExecutionPolicy|source|eval|overlay|PIP_\w+=\S*|pip)(?= |$)"
)
"""What the code in a sentence begins with when it is meant to be typed."""


@dataclass
class Typed:
    """One thing that a document has its reader type, and what it shows as the answer."""

    document: str
    line: int
    text: str
    shows: list[str] = field(default_factory=list)
    in_block: bool = True

    @property
    def where(self) -> str:
        """Return file and line."""
        return f"{self.document}:{self.line}"


@dataclass
class Written:
    """One file that a document has its reader write."""

    document: str
    name: str
    text: str


def documents() -> list[Path]:
    """Return every document of the repository that tells people what to type."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(page for page in pages if page.name != "CHANGELOG.md" and "decisions" not in page.parts)


def steps(page: Path) -> Iterator[Typed | Written]:
    """Yield what a document has its reader type and write, in its order."""
    name = page.relative_to(ROOT).as_posix()
    announced = ""
    for token in MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8")):
        line = token.map[0] + 1 if token.map else 0
        if token.type == "inline":
            codes = [child.content for child in token.children or () if child.type == "code_inline"]
            announced = codes[-1] if codes and token.content.endswith(":") else ""
            for code in codes:
                if PROGRAMS.match(code) and " " in code:
                    yield Typed(name, line, code.strip(), in_block=False)
        elif token.type == "fence":
            if token.info in ("python", "toml", "ini") and "/" in announced:
                yield Written(name, announced, token.content)
            elif token.info in ("console", "sh", "powershell", "bat"):
                yield from _block(name, line, token.info, token.content)
        elif token.type == "code_block":
            yield from _block(name, line, "sh", token.content)


def _block(name: str, line: int, kind: str, content: str) -> Iterator[Typed]:
    typed: Typed | None = None
    for number, text in enumerate(content.splitlines(), start=line + 1):
        prompted = kind == "console"
        if prompted and not text.startswith("$ "):
            if typed:
                typed.shows.append(text)
            continue
        if not text.strip() or (not prompted and text.startswith("#")):
            continue
        if typed:
            yield typed
        typed = Typed(name, number, re.sub(r"\s{2,}# .*$", "", text.removeprefix("$ ") if prompted else text).strip())
    if typed:
        yield typed


def agrees(shown: list[str], printed: str) -> bool:
    """Tell whether what a document shows was printed: a line `...` stands for anything, numbers and the Python's place for any."""
    wanted = "\n".join("\0" if line == "..." else line for line in shown).strip()
    pieces = [re.escape(_timeless(piece)) for piece in wanted.split("\0")]
    return bool(re.search("(?s)" + ".*?".join(pieces), _timeless(printed)))


def _timeless(text: str) -> str:
    text = re.sub(r"\(/\S*\)", "(python)", "\n".join(line.rstrip() for line in text.strip().splitlines()))
    return re.sub(r"\d+(\.\d+)*", "0", re.sub(r"[─━┏┓┗┛┡┩┃│└┘┴┬ ]+", " ", text))
