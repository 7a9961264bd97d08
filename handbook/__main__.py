"""Write the reference again from the code; with --pictures, take the pictures too: python3 start.py docs --pictures."""

from __future__ import annotations

import argparse
from pathlib import Path

from handbook.reference import pages

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write each file and name it."""
    parser = argparse.ArgumentParser(prog="python3 start.py docs", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--pictures", action="store_true", help="needs the package index, and takes a minute")
    wishes = parser.parse_args()
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8", newline="\n")
        print(file.relative_to(ROOT))
    if wishes.pictures:
        from handbook import pictures, startpage

        folder = ROOT / "docs" / "pictures"
        for file in (*pictures.take(folder), *startpage.take(folder)):
            print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
