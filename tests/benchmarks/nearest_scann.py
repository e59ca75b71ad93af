"""Search with ScaNN; run by `nearest` in an environment of its own, which has nothing else of this project.

`python nearest_scann.py FOLDER LEAVES VISITED,... REORDERED,...` reads FOLDER/vectors.npy and queries.npy and writes
for each setting FOLDER/scann-VISITED-REORDERED.npy and a line of JSON.
"""

import itertools
import json
import sys
import time
from pathlib import Path

import numpy as np
import scann

COUNT = 10


def main() -> None:
    folder, leaves = Path(sys.argv[1]), int(sys.argv[2])
    visited, reordered = (map(int, of.split(",")) for of in sys.argv[3:5])
    vectors, queries = np.load(folder / "vectors.npy"), np.load(folder / "queries.npy")
    start = time.process_time()
    builder = scann.scann_ops_pybind.builder(vectors, COUNT, "dot_product").set_n_training_threads(1)
    builder = builder.tree(num_leaves=leaves, num_leaves_to_search=leaves, training_sample_size=100_000)
    searcher = builder.score_ah(2, anisotropic_quantization_threshold=0.2).reorder(100).build()
    searcher.set_num_threads(1)
    build = time.process_time() - start
    for visit, reorder in itertools.product(visited, reordered):
        start = time.process_time()
        rows, _ = searcher.search_batched(queries, leaves_to_search=visit, pre_reorder_num_neighbors=reorder)
        seconds = time.process_time() - start
        np.save(folder / f"scann-{visit}-{reorder}.npy", np.asarray(rows).astype(np.int64))
        setting = {"visited": visit, "reordered": reorder, "build": build, "seconds": seconds}
        sys.stdout.write(json.dumps({**setting, "tensorflow": "tensorflow" in sys.modules}) + "\n")


if __name__ == "__main__":
    main()
