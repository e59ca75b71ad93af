"""How the cost of `postkin report --vectors` grows with made-up vectors, as a Markdown table.

`python -m tests.benchmarks.vectors [ARTICLES ...]`; with `--write FILE` it writes vectors of one number of articles and
runs nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.report import POSTKIN, Cost, measure

SIZES = (10_000, 100_000, 1_000_000)
BASE = 100_000
"""Costs are compared with those of so many articles, or of the fewest."""
MOST_CPU, MOST_MB = 1.5, 6_000
DIM = 128
CHUNK = 10_000
"""Articles are made so many at a time, each chunk from the seed and its number, and are a row group."""
TOPICS, SUBJECTS, TAGS, MEAN_TAGS = 60, 12, 500, 3.0
OFF_TOPIC = 0.15
SUBJECT, TAG, NOISE = 0.7, 0.35, 0.9
"""How long, beside a topic's, are the directions of a subject within it, of a tag, and of an article alone."""
FIRST_DAY, DAYS = dt.date(2004, 1, 1), 7300

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class World:
    """Directions of topics [topics, dim], subjects [topics, subjects, dim] and tags [tags, dim], and their shares.

    `topic_tags` [topics, tags] are the cumulative shares of tags in each topic.
    """

    topics: Matrix
    subjects: Matrix
    tags: Matrix
    shares: npt.NDArray[np.float64]
    topic_tags: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """What one run took: seconds, CPU and memory, and what run.json has of its stages."""

    articles: int
    seconds: float
    cost: Cost
    run: dict[str, Any]


def directions(rng: np.random.Generator, *shape: int) -> Matrix:
    """Draw directions of about unit length, the later dimensions less, as those of encoders are uneven."""
    spectrum = np.arange(1, DIM + 1) ** -0.25
    return (rng.standard_normal((*shape, DIM)) * spectrum / np.linalg.norm(spectrum)).astype(np.float32)


def make_world(seed: int = 0) -> World:
    """Make up topics and the tags in each: a tag has a home and is Zipf's among all, a few tags are everyone's."""
    rng = np.random.default_rng(seed)
    shares = np.arange(1, TOPICS + 1) ** -0.5
    zipf = (np.arange(TAGS) + 2.7) ** -1.0
    at_home = rng.integers(0, TOPICS, TAGS) == np.arange(TOPICS)[:, None]
    weights = zipf * (at_home + OFF_TOPIC / TOPICS)
    topic_tags = np.cumsum(weights, axis=1)
    return World(
        directions(rng, TOPICS),
        directions(rng, TOPICS, SUBJECTS),
        directions(rng, TAGS),
        shares / shares.sum(),
        topic_tags / topic_tags[:, -1:],
    )


def make_chunk(world: World, seed: int, number: int) -> pa.RecordBatch:
    """Make up the articles of a chunk."""
    rng = np.random.default_rng((seed, number))
    topics = rng.choice(TOPICS, CHUNK, p=world.shares)
    subjects = rng.integers(0, SUBJECTS, CHUNK)
    counts = rng.poisson(MEAN_TAGS, CHUNK)
    owner = np.repeat(np.arange(CHUNK), counts)
    drawn = [
        np.searchsorted(world.topic_tags[topic], rng.random(count)) for topic, count in zip(topics, counts, strict=True)
    ]
    tags = np.minimum(np.concatenate(drawn), TAGS - 1)
    vectors = world.topics[topics] + SUBJECT * world.subjects[topics, subjects] + NOISE * directions(rng, CHUNK)
    np.add.at(vectors, owner, TAG * world.tags[tags])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    first = number * CHUNK
    names = pa.array([f"tag {tag:03}" for tag in range(TAGS)]).take(pa.array(tags))
    days = rng.integers(0, DAYS, CHUNK)
    return pa.RecordBatch.from_pydict(
        {
            "id": [f"{first + row:07}" for row in range(CHUNK)],
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), DIM),
            "title": [f"Article {first + row} on {topics[row]}.{subjects[row]}" for row in range(CHUNK)],
            "date": [f"{FIRST_DAY + dt.timedelta(days=int(day))}" for day in days],
            "tags": pa.ListArray.from_arrays(pa.array(np.cumsum([0, *counts]), pa.int32()), names),
        }
    )


def make_chunks(articles: int, seed: int = 0) -> Iterator[pa.RecordBatch]:
    """Make up so many articles; fewer are the head of more."""
    world = make_world(seed)
    for number in range(-(-articles // CHUNK)):
        yield make_chunk(world, seed, number).slice(0, articles - number * CHUNK)


def write_vectors(path: Path, articles: int) -> None:
    """Write made-up vectors as Parquet, a row group a chunk."""
    chunks = make_chunks(articles)
    first = next(chunks)
    with pq.ParquetWriter(path, first.schema, use_dictionary=["tags"], compression="none") as file:
        file.write_batch(first)
        for chunk in chunks:
            file.write_batch(chunk)


def run_vectors(articles: int, flags: Sequence[str] = ()) -> Run:
    """Run the job on made-up vectors in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path, output = Path(folder, "vectors.parquet"), Path(folder, "output")
        write_vectors(path, articles)
        start = time.monotonic()
        cost = measure((*POSTKIN, "report", "--quiet", "--vectors", str(path), "--output", str(output), *flags))
        seconds = time.monotonic() - start
        return Run(articles, seconds, cost, json.loads((output / "run.json").read_text(encoding="utf-8")))


def table(runs: Sequence[Run]) -> str:
    """Lay runs out in Markdown: a column each, what is wanted in the last; stages in ms of wall time an article."""
    base = next((run for run in runs if run.articles == BASE), runs[0])
    each = [1e3 * run.cost.cpu / run.articles for run in runs]
    ratios = [run.cost.cpu / run.articles / (base.cost.cpu / base.articles) for run in runs]
    lines = [
        ["articles", *(f"{run.articles:,}" for run in runs), "wanted"],
        ["---", *("--:" for _ in runs), "---"],
        ["wall time, s", *(f"{run.seconds:.0f}" for run in runs), ""],
        ["CPU, s", *(f"{run.cost.cpu:.0f}" for run in runs), ""],
        ["CPU an article, ms", *(f"{value:.2f}" for value in each), ""],
        [f"ratio to {base.articles:,}", *(f"{value:.2f}" for value in ratios), f"at most {MOST_CPU} at 1,000,000"],
        ["peak memory, MB", *(f"{run.cost.peak_mb:,.0f}" for run in runs), f"under {MOST_MB:,} at 1,000,000"],
    ]
    stages = sorted({stage for run in runs for stage in run.run["stages"]})
    lines += [[f"{stage}, ms an article", *(_stage(run, stage) for run in runs), ""] for stage in stages]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _stage(run: Run, stage: str) -> str:
    cost = run.run["stages"].get(stage)
    return f"{1e3 * cost['seconds'] / run.articles:.3f}" if cost else "–"


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark for each size and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.vectors", description=__doc__)
    parser.add_argument("articles", type=int, nargs="*", default=SIZES, metavar="ARTICLES", help="how many to make up")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the vectors of the first size, run nothing")
    flags, rest = parser.parse_known_args(argv)
    if flags.write:
        write_vectors(flags.write, flags.articles[0])
        return
    runs: list[Run] = []
    for articles in flags.articles:
        runs.append(run_vectors(articles, rest))
        sys.stderr.write(f"{articles:,}: {runs[-1].seconds:.0f} s, {runs[-1].cost.peak_mb:,.0f} MB\n")
    sys.stdout.write(table(runs))


if __name__ == "__main__":
    main()
