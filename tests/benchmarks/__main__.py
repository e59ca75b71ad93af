"""`python -m tests.benchmarks`: the blog of the tests, and how the cost grows, in a few minutes."""

import sys
from pathlib import Path

from tests.benchmarks import nearest, report, scaling, vectors

BLOG = Path(__file__).parents[1] / "data" / "blog"

for title, benchmark, flags in (
    ("The blog of the tests", report, ("--input", str(BLOG))),
    ("Made-up posts", scaling, ("500", "2000")),
    ("Nearest articles", nearest, ("--vectors", "100000", "--queries", "3000")),
    ("Made-up vectors", vectors, ("2000", "10000")),
):
    sys.stdout.write(f"\n## {title}\n\n")
    sys.stdout.flush()
    benchmark.main(flags)
