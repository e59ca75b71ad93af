"""What one run of `postkin report` costs beside an import of Beam, and how good its results are, as a Markdown table.

`python -m tests.benchmarks.report --posts N` makes posts up, `--input DIR` takes a blog's own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.corpus import write_corpus

RUNS = 3
LARGE = 5_000
"""More posts than this are run once; the median of `RUNS` runs is taken below."""
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
POSTKIN = (sys.executable, str(Path(sysconfig.get_path("scripts"), "postkin")))
LEARNING = (
    "take notes",
    "find candidates",
    "fit tags",
    "recommend tags",
    "join profiles",
    "rank related",
    "fit confidence",
    "tag issues",
    "coverage",
)
"""The stages that learn from the blog's tags and blend what was learned; judging it stands apart, as "evaluate"."""
IMPORT_BEAM = (sys.executable, "-c", "import apache_beam")


@dataclass(frozen=True, order=True)
class Cost:
    """What a process took with all its children: user and system CPU in seconds, peak resident memory in MB (10**6)."""

    cpu: float
    peak_mb: float


@dataclass(frozen=True)
class Result:
    """A run of the job: its cost beside that of importing Beam, what run.json and metrics.json say, the page's MB."""

    cost: Cost
    baseline: Cost
    run: Mapping[str, Any]
    metrics: Sequence[Mapping[str, Any]]
    page_mb: float

    @property
    def posts(self) -> int:
        """The posts that were parsed."""
        return int(self.run["counts"]["parsed"])


@dataclass(frozen=True)
class Row:
    """A line of the table: what is shown of each result, and what is wanted."""

    label: str
    show: Callable[[Result], str]
    target: str = ""


COSTS = (
    Row("CPU, s", lambda result: f"{result.cost.cpu:.1f}"),
    Row("CPU of `import apache_beam`, s", lambda result: f"{result.baseline.cpu:.1f}"),
    Row("ratio", lambda result: f"{result.cost.cpu / result.baseline.cpu:.2f}", "at most 3 at about 500 posts"),
    Row("CPU a post, ms", lambda result: f"{1e3 * result.cost.cpu / result.posts:.1f}", "under 10 at 20,000 posts"),
    Row(
        "peak memory, MB", lambda result: f"{result.cost.peak_mb:,.0f}", "under 700 at about 500 posts, 2,500 at 20,000"
    ),
    Row("learning, share of CPU", lambda result: f"{_learning(result):.0%}", "at most 30 % of the rest"),
    Row("report.html, MB", lambda result: f"{result.page_mb:.2f}", "under 1 at about 500 posts"),
)


def measure(command: Sequence[str]) -> Cost:
    """Run a command to its end; raises RuntimeError with what it printed when it fails."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output.read().decode()}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT / 1e6)


def median(command: Sequence[str], runs: int = RUNS) -> Cost:
    """Run a command a few times and return the run of median CPU."""
    return sorted(measure(command) for _ in range(runs))[runs // 2]


def run_report(posts: Path, baseline: Cost) -> Result:
    """Run the job on a folder of posts, into a folder that is thrown away."""
    runs = RUNS if sum(path.is_file() for path in posts.rglob("*")) <= LARGE else 1
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder)
        cost = median((*POSTKIN, "report", "--quiet", "--input", str(posts), "--output", folder), runs)
        run = json.loads((output / "run.json").read_text(encoding="utf-8"))
        metrics = json.loads((output / "data/metrics.json").read_text(encoding="utf-8"))["metrics"]
        page_mb = (output / "report.html").stat().st_size / 1e6
    return Result(cost, baseline, run, metrics, page_mb)


def run_made_up(posts: int, baseline: Cost) -> Result:
    """Run the job on so many made-up posts."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), posts)
        return run_report(Path(folder), baseline)


def metric_rows(results: Sequence[Result]) -> list[Row]:
    """A row for each measure and method, the one in use first and marked."""
    found = {(row["measure"], not row["in_use"], row["method"]) for result in results for row in result.metrics}
    return [
        Row(f"{measure}, {method}{'' if beside else ' (in use)'}", partial(_metric, measure, method))
        for measure, beside, method in sorted(found)
    ]


def stage_rows(results: Sequence[Result]) -> list[Row]:
    """A row for each stage: its seconds."""
    stages = dict.fromkeys(stage for result in results for stage in result.run["stages"])
    return [Row(f"{stage}, s", partial(_seconds, stage)) for stage in stages]


def _learning(result: Result) -> float:
    seconds = sum(result.run["stages"].get(stage, {}).get("seconds", 0.0) for stage in LEARNING)
    return float(seconds / (result.cost.cpu - seconds))


def _metric(measure: str, method: str, result: Result) -> str:
    values = [row["value"] for row in result.metrics if (row["measure"], row["method"]) == (measure, method)]
    return "–" if not values or values[0] is None else f"{values[0]:.4f}"


def _seconds(stage: str, result: Result) -> str:
    cost = result.run["stages"].get(stage)
    return f"{cost['seconds']:.2f}" if cost else "–"


def table(results: Sequence[Result]) -> str:
    """Lay results out in Markdown: a column each, and what is wanted in the last."""
    rows = [*COSTS, *metric_rows(results), *stage_rows(results)]
    lines = [
        ["posts", *(f"{result.posts:,}" for result in results), "wanted"],
        ["---", *("--:" for _ in results), "---"],
        *([row.label, *(row.show(result) for result in results), row.target] for row in rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.report", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--posts", type=int, metavar="N", help="make up so many posts")
    source.add_argument("--input", type=Path, metavar="DIR", help="take the posts of this folder")
    flags = parser.parse_args(argv)
    baseline = median(IMPORT_BEAM)
    result = run_report(flags.input, baseline) if flags.input else run_made_up(flags.posts, baseline)
    sys.stdout.write(table([result]))


if __name__ == "__main__":
    main()
