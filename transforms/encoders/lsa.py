"""Latent semantic analysis, trained on the corpus itself: TF-IDF over script-aware terms, reduced by an SVD."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import repeat

import numpy as np
import numpy.typing as npt
from scipy import sparse

from transforms.encoders.base import unit_rows
from transforms.encoders.svd import right_singular_vectors
from transforms.records import EncoderInfo, Vectors
from transforms.storage import read_bytes, write_bytes
from transforms.text import count_terms

NAME = "lsa"
VERSION = "1"
DIM = 320
NEIGHBOR_DIM = 64
MAX_TERMS = 1 << 15
"""The vocabulary's limit; it bounds the model at 42 MB of components, whatever the corpus."""
SINGLES_BELOW = 20
"""A corpus of fewer texts than this keeps terms that stand in one text only, lest little be left."""

Floats = npt.NDArray[np.float32]


class Lsa:
    """A fitted model: `terms` in column order, `idf` float32 [terms], `components` float32 [terms, dim]."""

    def __init__(self, terms: Sequence[str], idf: Floats, components: Floats) -> None:
        self.terms = tuple(terms)
        self.idf = idf
        self.components = components
        self._columns = {term: column for column, term in enumerate(self.terms)}
        digest = hashlib.sha256("\n".join(self.terms).encode())
        digest.update(np.ascontiguousarray(idf))
        digest.update(np.ascontiguousarray(components))
        dim = components.shape[1]
        self.info = EncoderInfo(NAME, VERSION, digest.hexdigest(), dim, min(NEIGHBOR_DIM, dim))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Project the TF-IDF rows of texts: float32 [len(texts), dim], unit rows, zeros without a known term."""
        counts = term_matrix([count_terms(text) for text in texts], self._columns)
        return unit_rows(tfidf(counts, self.idf) @ self.components)

    def save(self, folder: str) -> None:
        """Write model.json and model.npz into a folder of any filesystem."""
        arrays = io.BytesIO()
        np.savez(arrays, idf=self.idf, components=self.components)
        about = {"encoder": NAME, "version": VERSION, "digest": self.info.digest, "terms": self.terms}
        write_bytes(f"{folder}/model.npz", arrays.getvalue())
        write_bytes(f"{folder}/model.json", json.dumps(about, ensure_ascii=False).encode())


def load_lsa(folder: str) -> Lsa:
    """Read a model that `Lsa.save` wrote.

    Raises ValueError when the folder holds no such model, or one that was changed since.
    """
    try:
        about = json.loads(read_bytes(f"{folder}/model.json"))
        with np.load(io.BytesIO(read_bytes(f"{folder}/model.npz")), allow_pickle=False) as arrays:
            model = Lsa(about["terms"], arrays["idf"], arrays["components"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{folder} holds no readable {NAME} model: {error}") from error
    if (about.get("encoder"), about.get("version"), about.get("digest")) != (NAME, VERSION, model.info.digest):
        raise ValueError(f"{folder} holds no {NAME} model of version {VERSION}, or one that was changed")
    return model


def fit_lsa(texts: Sequence[str], dim: int = DIM) -> Lsa:
    """Fit the vocabulary, the weights and the SVD to texts, whose order does not matter beyond rounding.

    The model has `dim` dimensions, fewer where the corpus has a lower rank, and at least one.
    """
    counted = [count_terms(text) for text in texts]
    columns = vocabulary(counted)
    counts = term_matrix(counted, columns)
    idf = smooth_idf(counts)
    return Lsa(tuple(columns), idf, right_singular_vectors(tfidf(counts, idf), dim))


def vocabulary(counted: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Number the terms that stand in two texts or more, the `MAX_TERMS` most frequent ones, in alphabetical order."""
    frequency: Counter[str] = Counter()
    for counts in counted:
        frequency.update(counts.keys())
    least = 2 if len(counted) >= SINGLES_BELOW else 1
    kept = [term for term, texts in frequency.items() if texts >= least]
    if len(kept) > MAX_TERMS:
        kept = sorted(kept, key=lambda term: (-frequency[term], term))[:MAX_TERMS]
    return {term: column for column, term in enumerate(sorted(kept))}


def term_matrix(counted: Sequence[Mapping[str, int]], columns: Mapping[str, int]) -> sparse.csr_matrix:
    """Lay counted terms out as float32 [len(counted), len(columns)], unknown terms left out."""
    indices, data, ends = [], [], [0]
    for counts in counted:
        found = np.fromiter(map(columns.get, counts, repeat(-1)), np.int32, len(counts))
        known = found >= 0
        indices.append(found[known])
        data.append(np.fromiter(counts.values(), np.float32, len(counts))[known])
        ends.append(ends[-1] + len(indices[-1]))
    shape = (len(counted), len(columns))
    if not counted:
        return sparse.csr_matrix(shape, dtype=np.float32)
    matrix = sparse.csr_matrix((np.concatenate(data), np.concatenate(indices), ends), shape=shape)
    matrix.sort_indices()
    return matrix


def smooth_idf(counts: sparse.csr_matrix) -> Floats:
    """Inverse document frequency, ln((1 + n) / (1 + df)) + 1, as scikit-learn smooths it: float32 [columns]."""
    texts, columns = counts.shape
    frequency = np.bincount(counts.indices, minlength=columns)
    return (np.log((1 + texts) / (1 + frequency)) + 1).astype(np.float32)


def tfidf(counts: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    """Weight counts by (1 + ln count) * idf and scale rows to unit length; the input stays as it is."""
    weights = counts.copy()
    weights.data = (1 + np.log(counts.data)) * idf[counts.indices]
    norms = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    weights.data /= np.repeat(norms, np.diff(weights.indptr))
    return weights
