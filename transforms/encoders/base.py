"""What every encoder is: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from transforms.records import EncoderInfo, Vectors


class EncoderError(ValueError):
    """An encoder cannot be had or cannot encode; its message says in one line what to do."""


class Encoder(Protocol):
    """Turns texts into vectors; texts are cut at `max_characters`, None where they are read whole."""

    max_characters: int | None

    @property
    def info(self) -> EncoderInfo:
        """Who it is; its dimensions may be 0 until it has encoded a text."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts into float32 [len(texts), dim], rows of unit length; a text without content gives zeros."""
        ...


def unit_rows(matrix: npt.NDArray[np.floating]) -> Vectors:
    """Scale the rows of [n, dim] to unit length as float32; zero rows stay zero."""
    norms = np.linalg.norm(matrix.astype(np.float64), axis=1, keepdims=True)
    norms[norms == 0] = 1
    unit: Vectors = (matrix / norms).astype(np.float32, copy=False)
    return unit


def leading(vectors: Vectors, dim: int) -> Vectors:
    """Return the first `dim` columns of [n, >=dim] as unit rows; the same array when there are no more."""
    return vectors if vectors.shape[1] <= dim else unit_rows(vectors[:, :dim])
