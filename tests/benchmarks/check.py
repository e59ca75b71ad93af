"""What `postkin check` costs beside an import of NumPy and SciPy, as a Markdown table.

`python -m tests.benchmarks.check DIR` takes the posts of a blog, of which the newest are changed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks.report import POSTKIN, Cost, measure

RUNS = 5
CHANGED = (1, 50)
BASELINE = (sys.executable, "-c", "import numpy, scipy.sparse")
TARGETS = {("state", 1): "under 2.5 times, 250 MB", ("state", 50): "under 3 s", ("posts", 1): "under 4 s"}


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=Path, metavar="DIR")
    flags = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as place:
        write_table(make_checkout(flags.posts, Path(place)), Path(place, "out"))


def write_table(posts: Path, output: Path) -> None:
    """Make a report, change the newest posts, then measure checks by what it keeps and by the posts alone."""
    measure([*POSTKIN, "report", "--input", str(posts), "--output", str(output), "--quiet"])
    newest = sorted(path for path in posts.rglob("*") if path.suffix in (".md", ".markdown", ".mdx"))[-max(CHANGED) :]
    base, cost = measured(BASELINE)
    rows = [("`import numpy, scipy.sparse`", "", base, cost, "")]
    for count in CHANGED:
        edit(newest[-count:])
        for known, state in (("state", ["--state", str(output)]), ("posts", [])):
            flags = ["--input", str(posts), *state, "--fail-on", "never", "--changed", *map(str, newest[-count:])]
            rows.append((known, str(count), *measured([*POSTKIN, "check", *flags]), TARGETS.get((known, count), "")))
    sys.stdout.write("| known by | changed | wall, s | CPU, s | times the import | peak, MB | target |\n")
    sys.stdout.write("|---|--:|--:|--:|--:|--:|---|\n")
    for known, changed, wall, spent, target in rows:
        figures = f"{wall:.2f} | {spent.cpu:.2f} | {wall / base:.1f} | {spent.peak_mb:.0f}"
        sys.stdout.write(f"| {known} | {changed} | {figures} | {target} |\n")


def edit(paths: Sequence[Path]) -> None:
    """Write a line more into posts."""
    for path in paths:
        path.write_text(f"{path.read_text(encoding='utf-8')}\nA line more.\n", encoding="utf-8")


def measured(command: Sequence[str]) -> tuple[float, Cost]:
    """The median seconds of several runs, and the cost of the cheapest."""
    walls, costs = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        costs.append(measure(command))
        walls.append(time.perf_counter() - start)
    return median(walls), min(costs)


def make_checkout(posts: Path, place: Path) -> Path:
    """Copy posts into a repository of one commit."""
    target = place / "blog"
    shutil.copytree(posts, target)
    git = ("git", "-C", str(target), "-c", "user.name=a", "-c", "user.email=a@b.example")
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "posts")):
        subprocess.run([*git, *command], check=True)
    return target


if __name__ == "__main__":
    main()
