"""The vectors of a run's posts, so small that each page of a site can have them all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from transforms.numerics.arrays import Vectors, leading, unit_rows
from transforms.numerics.threads import one_thread
from transforms.output.frames import Run
from transforms.output.stored import StoredRun

DIM = 64
LARGEST = 127

Bytes = npt.NDArray[np.int8]


def small_vectors(run: StoredRun) -> dict[str, bytes]:
    """Read the vectors of a run by the ids of its posts, a byte a dimension; raises LoadError as the run does."""
    frame = Run(run).frame("vectors")
    near = leading(frame.to_numpy(np.float32), run.read_as(int, "encoder", "neighbor_dim"))
    return dict(zip(frame.index, map(bytes, quantized(shortened(near))), strict=True))


def shortened(vectors: Vectors) -> Vectors:
    """Return vectors [n, dim] in at most DIM dimensions as unit rows: those in which they differ most."""
    if vectors.shape[1] <= DIM:
        return vectors
    with one_thread():
        precise = vectors.astype(np.float64)
        _, axes = np.linalg.eigh(precise.T @ precise)
        return unit_rows(precise @ axes[:, : -DIM - 1 : -1])


def quantized(vectors: Vectors) -> Bytes:
    """Round the rows of [n, dim] to int8, each scaled so that its largest entry is LARGEST; zero rows stay zero."""
    largest = np.abs(vectors.astype(np.float64)).max(axis=1, keepdims=True, initial=0)
    return np.rint(vectors / np.where(largest > 0, largest, 1) * LARGEST).astype(np.int8)
