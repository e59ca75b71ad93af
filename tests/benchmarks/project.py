"""What a map of the articles costs and how well it keeps neighbours, as a Markdown table.

`python -m tests.benchmarks.project [ARTICLES ...]` lays made-up vectors out by every method that is installed, each
time in a process of its own, since a map also costs the import of its library.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import multiprocessing
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from transforms.numerics.arrays import Vectors, unit_rows
from transforms.results import MapMethod
from transforms.themes.map import PROJECTIONS, framed

SIZES = (150, 509, 2_000, 5_000)
RUNS = 3
DIM = 64
TOPICS = 20
NEIGHBORS = 10
LIBRARIES: Mapping[MapMethod, str] = {"pca": "numpy", "tsne": "numpy", "umap": "umap"}
"""What a method imports."""


@dataclass(frozen=True, order=True)
class Layout:
    """CPU seconds of all threads, in total, of the import and of the fit, and the trustworthiness of the map."""

    cpu: float
    importing: float
    fitting: float
    trust: float


def made_up_vectors(articles: int) -> Vectors:
    """Unit rows [articles, DIM] around the directions of some topics."""
    rng = np.random.default_rng(7)
    topics = rng.standard_normal((TOPICS, DIM))
    noise = rng.standard_normal((articles, DIM))
    return unit_rows((topics[rng.integers(0, TOPICS, articles)] + 0.9 * noise).astype(np.float32))


def lay_out(method: MapMethod, articles: int) -> Layout:
    """Import the method's library, fit it and judge the map (Venna and Kaski, ICANN 2001)."""
    vectors = made_up_vectors(articles)
    start = time.process_time()
    importlib.import_module(LIBRARIES[method])
    imported = time.process_time()
    points = framed(PROJECTIONS[method](vectors))
    fitted = time.process_time()
    from sklearn.manifold import trustworthiness

    trust = float(trustworthiness(vectors, points, n_neighbors=NEIGHBORS))
    return Layout(fitted - start, imported - start, fitted - imported, trust)


def median(method: MapMethod, articles: int) -> Layout:
    """Lay out a few times, in new processes, and return the run of median CPU."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as fresh:
        return sorted(fresh.submit(lay_out, method, articles).result() for _ in range(RUNS))[RUNS // 2]


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.project", description=__doc__)
    parser.add_argument("articles", type=int, nargs="*", default=SIZES, metavar="ARTICLES", help="numbers of vectors")
    sys.stdout.write("| articles | method | CPU, s | import | fit | trustworthiness | wanted |\n")
    sys.stdout.write("| --: | --- | --: | --: | --: | --: | --- |\n")
    for articles in parser.parse_args(argv).articles:
        for method in (method for method, module in LIBRARIES.items() if importlib.util.find_spec(module)):
            result = median(method, articles)
            seconds = f"{result.cpu:.2f} | {result.importing:.2f} | {result.fitting:.2f}"
            wanted = "CPU under 15 s" if (method, articles) == ("tsne", 2_000) else ""
            sys.stdout.write(f"| {articles:,} | {method} | {seconds} | {result.trust:.3f} | {wanted} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
