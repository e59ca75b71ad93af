"""What the search by cells costs and finds beside faiss's exact search and ScaNN, as a Markdown table.

`python -m tests.benchmarks.nearest` draws vectors as means of a few item vectors with Zipf frequencies, searches them
three ways on one thread each, and prints for each way the cheapest setting that reaches both targets: of ours the depth
below which cells are visited, of ScaNN's the leaves, how many are visited, and reordered.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import venv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from threadpoolctl import threadpool_limits

from tests.benchmarks.nearest_scann import fewest
from transforms.numerics.arrays import Vectors, unit_rows
from transforms.numerics.kmeans import QUICK, fit_spherical_kmeans
from transforms.numerics.rounding import rounded
from transforms.sampling import FIT_ARTICLES
from transforms.search.cell_index import CellIndex
from transforms.search.cells import cells_in_reach, nearest_cells, number_of_cells

VECTORS, QUERIES, DIM, COUNT = 692_821, 21_072, 100, 10
ITEMS = 20_000
THEMES = 200
FEWEST, MOST = 2, 10
"""Items of a mean."""
SUM, RECALL = 0.994, 0.98
LEAVES_PER_ROOT = (0.5, 0.75, 1.0)
REORDERED = (80, 100)
"""More leaves, and fewer or more reordered, were slower."""
PACKAGES = ("scann", "numpy", "absl-py", "protobuf")
"""Installed without what they depend on, so without TensorFlow."""
CHUNK = 50_000


@dataclass(frozen=True)
class Result:
    """CPU seconds to build and to search, the share of the exact search's score sum, and the score-recall."""

    name: str
    build: float
    search: float
    sum: float
    recall: float

    @property
    def good(self) -> bool:
        return self.sum >= SUM and self.recall >= RECALL


def made_up_means(rows: int, dim: int = DIM, themes: int = THEMES, items: int = ITEMS, seed: int = 7) -> Vectors:
    """Draw unit rows [rows, dim], each the mean of 2 to 10 of `items` item vectors.

    Items lie around the direction of their theme, as far from it as the theme from the origin. A row is about one
    theme, and its items are drawn from that; themes, and the items of a theme, have Zipf frequencies. Without themes
    the items have random directions and each is drawn by its own Zipf frequency.
    """
    rng = np.random.default_rng(seed)
    of_items = np.arange(items) % max(themes, 1)
    directions = rng.standard_normal((max(themes, 1), dim)) * (themes > 0)
    vectors = unit_rows((directions[of_items] + rng.standard_normal((items, dim))).astype(np.float32))
    means = np.empty((rows, dim), np.float32)
    for start in range(0, rows, CHUNK):
        counts = rng.integers(FEWEST, MOST + 1, min(CHUNK, rows - start))
        theme = np.repeat(_zipf(rng, max(themes, 1), len(counts)), counts)
        item = _zipf(rng, items // max(themes, 1), len(theme)) * max(themes, 1) + theme
        sums = np.add.reduceat(vectors[item], np.cumsum(counts) - counts, axis=0)
        means[start : start + CHUNK] = unit_rows(sums)
    return means


def _zipf(rng: np.random.Generator, kinds: int, draws: int) -> np.ndarray:
    shares = np.cumsum(1 / np.arange(1, kinds + 1))
    return np.searchsorted(shares / shares[-1], rng.random(draws)).clip(max=kinds - 1)


def exact_scores(vectors: Vectors, queries: Vectors, rows: np.ndarray) -> np.ndarray:
    """Score rows [q, count] of the queries in float64, rounded; 0 for nobody."""
    scores = np.empty(rows.shape)
    for start in range(0, len(rows), 1024):
        part = slice(start, start + 1024)
        found = vectors[rows[part]].astype(np.float64)
        scores[part] = rounded(np.einsum("qkd,qd->qk", found, queries[part].astype(np.float64)))
    return np.where(rows < 0, 0, scores)


def judge(name: str, build: float, search: float, scores: np.ndarray, exact: np.ndarray) -> Result:
    """Compare scores [q, count] with the exact search's: recall is the share that reaches the exact last of a query."""
    recall = float((scores >= exact.min(axis=1, keepdims=True)).mean())
    return Result(name, build, search, float(scores.sum() / exact.sum()), recall)


def search_exactly(vectors: Vectors, queries: Vectors) -> tuple[float, np.ndarray]:
    """Search with faiss's IndexFlatIP: CPU seconds and rows."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    start = time.process_time()
    rows = index.search(queries, COUNT)[1]
    return time.process_time() - start, rows


def search_cells(vectors: Vectors, queries: Vectors, exact: np.ndarray, cells: int) -> list[Result]:
    """Search by cells below some depths on the way to the least that reaches the targets."""
    start = time.process_time()
    sample = np.random.default_rng(0).permutation(len(vectors))[:FIT_ARTICLES]
    centroids = fit_spherical_kmeans(vectors[sample], cells, QUICK)
    index = CellIndex(vectors, nearest_cells(vectors, centroids, 1)[:, 0])
    build = time.process_time() - start
    results = []

    def good(nprobe: int) -> bool:
        start = time.process_time()
        rows, _ = index.search(queries, cells_in_reach(queries, centroids, nprobe), COUNT)
        seconds = time.process_time() - start
        name = f"cells: at most {nprobe} of {cells}"
        results.append(judge(name, build, seconds, exact_scores(vectors, queries, rows), exact))
        return results[-1].good

    fewest(good, len(centroids))
    return results


def search_scann(vectors: Vectors, queries: Vectors, exact: np.ndarray, cache: Path) -> Iterator[Result]:
    """Search with ScaNN in an environment of its own below `cache`."""
    python = cache / "scann" / "bin" / "python"
    if not python.exists():
        venv.create(cache / "scann", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", *PACKAGES], check=True)
    for name, array in (("vectors", vectors), ("queries", queries), ("exact", exact)):
        np.save(cache / f"{name}.npy", array)
    script = Path(__file__).with_name("nearest_scann.py")
    leaves = [round(share * len(vectors) ** 0.5) for share in LEAVES_PER_ROOT]
    ran = subprocess.run(
        [python, script, cache, str(SUM), str(RECALL), *(",".join(map(str, of)) for of in (leaves, REORDERED))],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    for line in ran.stdout.splitlines():
        yield Result(**json.loads(line))


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.nearest", description=__doc__)
    parser.add_argument("--vectors", type=int, default=VECTORS, help="number of vectors")
    parser.add_argument("--queries", type=int, default=QUERIES, help="number of queries")
    parser.add_argument("--themes", type=int, default=THEMES, help="themes of the items, 0 for none")
    parser.add_argument("--cells", type=int, help="number of cells")
    parser.add_argument("--every", action="store_true", help="list every setting that was tried")
    parser.add_argument("--cache", type=Path, default=Path("build/benchmarks"), help="folder for ScaNN's environment")
    flags = parser.parse_args(argv)
    flags.cache.mkdir(parents=True, exist_ok=True)
    made_up = made_up_means(flags.vectors + flags.queries, themes=flags.themes)
    vectors, queries = made_up[: flags.vectors], made_up[flags.vectors :]
    sys.stdout.write("| search | build, CPU s | search, CPU s | times faster | score sum | score-recall |\n")
    sys.stdout.write("| --- | --: | --: | --: | --: | --: |\n")
    with threadpool_limits(1):
        seconds, rows = search_exactly(vectors, queries)
        exact = exact_scores(vectors, queries, rows)
        report([judge("faiss, exact", 0, seconds, exact, exact)], seconds, every=True)
        cells = flags.cells or number_of_cells(flags.vectors)
        report(search_cells(vectors, queries, exact, cells), seconds, flags.every)
        report(search_scann(vectors, queries, exact, flags.cache), seconds, flags.every)


def report(results: Iterable[Result], exact: float, every: bool) -> None:
    """Print the results as they come, or only the fastest that is good, or the best where none is."""
    if not every:
        results = [min(results, key=lambda result: (not result.good, result.search if result.good else -result.recall))]
    for result in results:
        figures = f"{result.build:.1f} | {result.search:.2f} | {exact / result.search:.1f}"
        missed = "" if result.good else " (misses the target)"
        sys.stdout.write(f"| {result.name}{missed} | {figures} | {result.sum:.4f} | {result.recall:.4f} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
