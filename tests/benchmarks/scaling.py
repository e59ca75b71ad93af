"""How the cost of `postkin report` grows with made-up posts, as a Markdown table.

`python -m tests.benchmarks.scaling [POSTS ...]`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.benchmarks.report import IMPORT_BEAM, Result, median, run_made_up, table

SIZES = (1_000, 5_000, 20_000)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark for each size and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scaling", description=__doc__)
    parser.add_argument(
        "posts", type=int, nargs="*", default=SIZES, metavar="POSTS", help="numbers of posts to make up"
    )
    sizes = parser.parse_args(argv).posts
    baseline = median(IMPORT_BEAM)
    results = [run_made_up(posts, baseline) for posts in sizes]
    sys.stdout.write(table(results))
    sys.stdout.write(growth(results))


def growth(results: Sequence[Result]) -> str:
    """Say how the CPU a post of the last size compares with that of the first."""
    first, last = results[0], results[-1]
    ratio = last.cost.cpu / last.posts / (first.cost.cpu / first.posts)
    return f"\nCPU a post at {last.posts:,} is {ratio:.2f} times that at {first.posts:,}.\n"


if __name__ == "__main__":
    main()
