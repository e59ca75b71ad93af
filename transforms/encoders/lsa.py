"""Latent semantic analysis, trained on the corpus itself: TF-IDF over script-aware terms, reduced by an SVD."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse

from transforms.corpus.tokens import tokenize
from transforms.encoders.base import EncoderError
from transforms.encoders.vocabulary import Vocabulary, choose_terms
from transforms.numerics.arrays import Floats, Floats32, Vectors, unit_rows
from transforms.numerics.svd import right_singular_vectors
from transforms.plumbing.array_file import pack_arrays, unpack_arrays
from transforms.plumbing.storage import is_remote, read_bytes, write_bytes
from transforms.records import EncoderInfo

NAME = "lsa"
VERSION = "1"
DIM = 320
NEIGHBOR_DIM = 64
MAX_TERMS = 24_000
"""The vocabulary's limit; it bounds the model at 31 MB of components, whatever the corpus."""
SINGLES_BELOW = 20
"""A corpus of fewer texts than this keeps terms that stand in one text only, lest little be left."""
MAX_BYTES = 64 << 20
"""Neither file of a model is larger: what is fitted stays below half of it."""
MAX_DIM = 4_096
"""Whole texts are encoded at a time, which bounds the memory that a vector may take."""
MAX_IDF = 1_000.0
MAX_WEIGHT = 1e9
"""Components beyond it could make vectors that are not finite."""
ROUNDED = 1e-4
"""The coverage of a text may differ by this share from one machine to the next."""
REMEDY = "fit it again with postkin report"
"""What to do about a model that cannot be used."""


class Covered(NamedTuple):
    """How much a model covers of the texts that it was fitted to, from 0 to 1: the median, and the least above 0."""

    usual: float
    least: float


class Lsa:
    """A fitted model: the terms' columns, `idf` float32 [terms] and `components` float32 [terms, dim].

    `covered` is None where it is not known how much the model covers of the texts that it was fitted to.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        idf: Floats32,
        components: Floats32,
        name: str = NAME,
        covered: Covered | None = None,
    ) -> None:
        self.max_characters: int | None = None
        self.covered = covered
        self.vocabulary = vocabulary
        self.idf = idf
        self.components = components
        digest = hashlib.sha256("\n".join(vocabulary.terms).encode())
        digest.update(np.ascontiguousarray(idf).data)
        digest.update(np.ascontiguousarray(components).data)
        dim = components.shape[1]
        self.info = EncoderInfo(name, VERSION, digest.hexdigest(), dim, min(NEIGHBOR_DIM, dim))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Project the TF-IDF rows of texts: float32 [len(texts), dim], unit rows, zeros without a known term."""
        return unit_rows(self._project(texts))

    def encode_covered(self, texts: Sequence[str]) -> tuple[Vectors, Floats]:
        """Encode texts, and tell how much of each the dimensions hold: the length of its projection.

        Returns what `encode` does, and float64 [len(texts)], 0 to 1. That is nearly 1 for the texts of a small corpus
        that the model was fitted to, and far less for others.
        """
        projected = self._project(texts)
        return unit_rows(projected), _lengths(projected)

    def _project(self, texts: Sequence[str]) -> Floats32:
        counts = self.vocabulary.count([tokenize(text) for text in texts])
        projected: Floats32 = tfidf(counts, self.idf) @ self.components
        return projected

    def files(self) -> dict[str, bytes]:
        """Lay out the model: the content of model.json and of model.npz."""
        info = self.info
        about = {
            "encoder": info.name,
            "version": info.version,
            "digest": info.digest,
            "covered": self.covered and self.covered._asdict(),
            "terms": self.vocabulary.terms,
        }
        return {
            "model.json": json.dumps(about, ensure_ascii=False).encode(),
            "model.npz": pack_arrays({"idf": self.idf, "components": self.components}),
        }

    def save(self, folder: str) -> None:
        """Write the model into a folder of any filesystem."""
        for name, content in self.files().items():
            write_bytes(f"{folder}/{name}", content)


def load_lsa(folder: str, name: str = NAME) -> Lsa:
    """Read a model of that name that `Lsa.save` wrote.

    Raises EncoderError when the folder holds no such model, one of another version, or one that was changed since.
    """
    try:
        about = json.loads(_read(folder, "model.json"))
        is_other = (about["encoder"], about["version"]) != (name, VERSION)
        covered = _covered(about.get("covered"))
        model = None if is_other else _make(about["terms"], _read(folder, "model.npz"), name, covered)
    except Exception as error:  # a file that was made to do harm can make its readers raise anything
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise EncoderError(f"{folder} holds no readable {name} model: {reason}; {REMEDY}") from error
    if model is None:
        raise EncoderError(f"{folder} holds no {name} model of version {VERSION}; {REMEDY}")
    if about.get("digest") != model.info.digest:
        raise EncoderError(f"{folder} holds a model that was changed since it was fitted; {REMEDY}")
    return model


def _read(folder: str, name: str) -> bytes:
    """Read a file of a model; raises ValueError for a link, what is no file, and a file of more than `MAX_BYTES`."""
    path = f"{folder}/{name}"
    if not is_remote(path):
        if Path(folder).is_symlink() or Path(path).is_symlink():
            raise ValueError("it is a symbolic link")
        if not Path(path).is_file():
            raise ValueError(f"{name} is not a file")
    content = read_bytes(path, MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"{name} is larger than {MAX_BYTES >> 20} MiB")
    return content


def _covered(told: object) -> Covered | None:
    """Take what model.json says that a model covers; raises ValueError for what no fitted one does."""
    match told:
        case None:
            return None
        case {"usual": float(usual), "least": float(least)} if 0 < least <= usual <= 1 + ROUNDED:
            return Covered(usual, least)
    raise ValueError("no fitted model covers what it says")


def _make(terms: object, content: bytes, name: str, covered: Covered | None) -> Lsa:
    """Make a model of its terms and the content of model.npz; raises ValueError unless they are as a fitted one's."""
    if not isinstance(terms, list) or not all(isinstance(term, str) and term.count(" ") < 2 for term in terms):
        raise ValueError("its terms are not of one or two tokens each")
    idf, components = unpack_arrays(content, {"idf": np.float32, "components": np.float32}).values()
    if idf.shape != (len(terms),) or components.ndim != 2 or len(components) != len(terms):
        raise ValueError(f"{len(terms)} terms do not go with arrays of {idf.shape} and {components.shape}")
    if not 1 <= components.shape[1] <= MAX_DIM:
        raise ValueError(f"it has {components.shape[1]:,} dimensions, and not from 1 to {MAX_DIM:,}")
    if not (_are_between(idf, 1, MAX_IDF) and _are_between(components, -MAX_WEIGHT, MAX_WEIGHT)):
        raise ValueError("it holds numbers that no fitted model has")
    return Lsa(Vocabulary(terms), idf, components, name, covered)


def _are_between(numbers: Floats32, least: float, most: float) -> bool:
    """Tell whether all numbers lie in a range, in which NaN is not."""
    return not numbers.size or bool(numbers.min() >= least and numbers.max() <= most)


def fit_lsa(texts: Iterable[str], dim: int = DIM) -> Lsa:
    """Fit the vocabulary, the weights and the SVD to texts, whose order does not matter beyond rounding.

    The model has `dim` dimensions, fewer where the corpus has a lower rank, and at least one.
    """
    vocabulary, counts = _count_terms(texts)
    idf = smooth_idf(counts)
    weighted = tfidf(counts, idf)
    del counts
    components = right_singular_vectors(weighted, dim)
    lengths = _lengths(weighted @ components)
    known = lengths[lengths > 0]
    covered = Covered(float(np.median(known)), float(known.min())) if len(known) else None
    return Lsa(vocabulary, idf, components, covered=covered)


def _count_terms(texts: Iterable[str]) -> tuple[Vocabulary, sparse.csr_matrix]:
    """Choose a vocabulary and count it in the same texts, whose tokens take more memory than all that follows."""
    tokenized = [tokenize(text) for text in texts]
    least = 2 if len(tokenized) >= SINGLES_BELOW else 1
    vocabulary = Vocabulary(choose_terms(tokenized, least, MAX_TERMS))
    return vocabulary, vocabulary.count(tokenized)


def _lengths(projected: Floats32) -> Floats:
    lengths: Floats = np.linalg.norm(projected.astype(np.float64), axis=1)
    return lengths


def smooth_idf(counts: sparse.csr_matrix) -> Floats32:
    """Inverse document frequency, ln((1 + n) / (1 + df)) + 1, as scikit-learn smooths it: float32 [columns]."""
    texts, columns = counts.shape
    frequency = np.bincount(counts.indices, minlength=columns)
    idf: Floats32 = (np.log((1 + texts) / (1 + frequency)) + 1).astype(np.float32)
    return idf


def tfidf(counts: sparse.csr_matrix, idf: Floats32) -> sparse.csr_matrix:
    """Weight counts by (1 + ln count) * idf and scale rows to unit length; the input stays as it is."""
    weights = counts.copy()
    weights.data = (1 + np.log(counts.data)) * idf[counts.indices]
    norms = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    weights.data /= np.repeat(norms, np.diff(weights.indptr))
    return weights
