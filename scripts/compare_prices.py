#!/usr/bin/env python3
"""Writes docs/price-comparison.md: 500 costs by our catalogue and by genai-prices (`[--out FILE]`)."""

import argparse
import sys
from pathlib import Path

from price_comparison.cases import draw_cases
from price_comparison.document import document
from price_comparison.verdicts import Comparison

PAGE = Path(__file__).resolve().parent.parent / "docs" / "price-comparison.md"


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares 500 drawn costs with those of the genai-prices package.")
    parser.add_argument("--out", type=Path, default=PAGE, help="where the page goes; default: docs/")
    out: Path = parser.parse_args().out
    cases = draw_cases()
    comparison = Comparison()
    compared = [comparison.compare(case) for case in cases]
    out.write_text(document(compared), encoding="utf-8", newline="")
    same = sum(not one.differences for one in compared)
    sys.stdout.write(f"{same} of {len(compared)} the same; {out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
