"""Search with ScaNN; run by `nearest` in an environment of its own, which has nothing else of this project.

`python nearest_scann.py FOLDER SUM RECALL LEAVES,... REORDERED,...` reads FOLDER/vectors.npy, queries.npy and exact.npy
(scores) and writes, for each number of leaves visited that it tries on its way to the fewest that reach the share SUM
of the exact score sum and score-recall RECALL, a line of JSON.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

COUNT = 10
DECIMALS = 4
FIRST = 4
TRAINED = 100_000
THRESHOLD = 0.2


def main() -> None:
    import numpy as np
    import scann

    folder, wanted, recall_wanted = Path(sys.argv[1]), *map(float, sys.argv[2:4])
    many_leaves, many_reordered = ([int(part) for part in of.split(",")] for of in sys.argv[4:6])
    vectors, queries, exact = (np.load(folder / f"{name}.npy") for name in ("vectors", "queries", "exact"))

    def scored(rows: np.ndarray) -> np.ndarray:
        scores = np.empty(rows.shape)
        for start in range(0, len(rows), 1024):
            part = slice(start, start + 1024)
            found = vectors[rows[part]].astype(np.float64)
            scores[part] = np.round(np.einsum("qkd,qd->qk", found, queries[part].astype(np.float64)), DECIMALS)
        return np.where(rows < 0, 0, scores)

    def good(searcher: scann.ScannSearcher, leaves: int, build: float, reordered: int, visited: int) -> bool:
        start = time.process_time()
        rows, _ = searcher.search_batched(queries, leaves_to_search=visited, pre_reorder_num_neighbors=reordered)
        seconds = time.process_time() - start
        scores = scored(np.asarray(rows).astype(np.int64))
        total = float(scores.sum() / exact.sum())
        recall = float((scores >= exact.min(axis=1, keepdims=True)).mean())
        name = f"ScaNN: {visited} of {leaves} leaves, {reordered} reordered"
        name += ", with TensorFlow" if "tensorflow" in sys.modules else ""
        line = {"name": name, "build": build, "search": seconds, "sum": total, "recall": recall}
        sys.stdout.write(json.dumps(line) + "\n")
        return total >= wanted and recall >= recall_wanted

    for leaves in many_leaves:
        start = time.process_time()
        builder = scann.scann_ops_pybind.builder(vectors, COUNT, "dot_product").set_n_training_threads(1)
        builder = builder.tree(num_leaves=leaves, num_leaves_to_search=leaves, training_sample_size=TRAINED)
        searcher = builder.score_ah(2, anisotropic_quantization_threshold=THRESHOLD).reorder(100).build()
        searcher.set_num_threads(1)
        build = time.process_time() - start
        for reordered in many_reordered:
            fewest(partial(good, searcher, leaves, build, reordered), leaves // 4)


def fewest(good: Callable[[int], bool], most: int, first: int = FIRST) -> int | None:
    """Find the least number up to `most` that is good, where all above a good one are; None where none is."""
    tried = itertools.takewhile(lambda number: number < most, (first * 2**step for step in itertools.count()))
    low = 0
    for high in (*tried, most):
        if good(high):
            break
        low = high
    else:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return high


if __name__ == "__main__":
    main()
