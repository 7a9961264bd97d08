"""Write the reference again from the code; with --pictures, take the pictures too: python3 start.py docs --pictures."""

from __future__ import annotations

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write each file and name it."""
    parser = argparse.ArgumentParser(prog="python3 start.py docs", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--pictures", action="store_true", help="needs the package index, and takes a minute")
    if parser.parse_args().pictures:
        from handbook.pictures import take

        for file in take(ROOT / "docs" / "pictures"):
            print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
