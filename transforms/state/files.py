"""The state's files: state.json, and two others that it vouches for, one of posts and one of arrays.

What can be had from these is not kept: the tags' table is that of the posts and their vectors.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from scipy import sparse

from transforms.corpus.runs import HASHES, KEPT, REPEATED, UNIQUE
from transforms.corpus.titles import TitleTerms
from transforms.numerics.arrays import Floats, Ints32, Vectors
from transforms.output.layout import STATE, STATE_PARTS
from transforms.plumbing.array_file import Array, pack_arrays, unpack_arrays
from transforms.plumbing.packed_numbers import pack_numbers, unpack_numbers
from transforms.plumbing.storage import is_remote, read_bytes
from transforms.records import EncoderInfo
from transforms.related.confidence import TOGETHER, Confidence
from transforms.related.weights import FEATURES as RANK_FEATURES
from transforms.related.weights import FOLDS, RankWeights
from transforms.results import SureOf, TagTrial
from transforms.sampling import LARGE
from transforms.state.records import PostState, Settings, SiteState, State
from transforms.tags.evidence import FEATURES as TAG_FEATURES
from transforms.tags.model import TagWeights

FORMAT = 2
"""The version of the files; a state of another is not read."""
MAX_POSTS = LARGE
"""A run on more posts leaves no state."""
MAX_BYTES = 512 << 20
"""No file is larger, inflated or not: a state that would need one is not written."""
MAX_DIM = 4_096
MAX_WEIGHT = 1e6
"""No fitted weight is larger."""
SCALE = 32_767
"""Vectors are kept as integers of this scale: cosines are exact to about five decimals."""
POSTS, ARRAYS = STATE_PARTS
_ARRAYS = {
    "vectors": np.uint8,
    "runs": np.uint8,
    "run_marks": np.uint8,
    "run_counts": np.int32,
    "common_runs": np.int32,
}
"""The first three hold packed numbers. Of runs that is the distance of each from the one before it in its post."""


class StateError(ValueError):
    """A state that cannot be used; its message says in one line why."""


@dataclass(frozen=True)
class _Content:
    """The size in bytes and the SHA-256 of a file."""

    size: int
    sha256: str


@dataclass(frozen=True)
class _Titles:
    words: dict[str, float]
    pairs: tuple[tuple[str, str], ...]
    rarest: float


@dataclass(frozen=True)
class _Weights:
    """All that was fitted, each a list of the numbers in its array, and of those by fold a list for each."""

    tags: tuple[float, ...]
    broad: tuple[float, ...]
    ranking: tuple[tuple[float, ...], ...]
    confidence: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class _Head:
    """What stands in state.json."""

    format: int
    postkin: str
    encoder: EncoderInfo
    settings: Settings
    files: dict[str, _Content]
    site: SiteState
    weights: _Weights
    trial: TagTrial
    sure_of: SureOf | None
    coverage: float | None
    by_categories: bool


@dataclass(frozen=True)
class _Posts:
    """What stands in posts.json.gz."""

    titles: _Titles
    posts: tuple[PostState, ...]


class _Format(msgspec.Struct):
    format: int


def state_files(state: State) -> dict[str, bytes]:
    """Lay out a state: the content of each of `STATE_FILES`, the same for the same state, state.json last."""
    titles = state.titles
    words = _Titles(dict(sorted(titles.words.items())), tuple(sorted(titles.pairs)), titles.rarest)
    posts = _lay_out({"titles": words}, state.posts)
    parts = {POSTS: gzip.compress(posts, mtime=0), ARRAYS: pack_arrays(_arrays(state))}
    return {**parts, STATE: _lay_out(vars(_head(state, parts)))}


def load_state(folder: str) -> State:
    """Read the state that a report left in its output folder; raises StateError unless it is whole and of this format.

    Nothing is believed that the file may have been given by others: sizes are capped, nothing is unpickled, and every
    array must fit what it belongs to.
    """
    try:
        return _load(folder)
    except OSError as error:
        raise StateError(f"{folder} holds no state: {error.strerror or ' '.join(str(error).split())[:200]}") from error
    except Exception as error:  # a file that was made to do harm can make its readers raise anything
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise StateError(f"{folder} holds no state that can be used: {reason}") from error


def _load(folder: str) -> State:
    content = _read(folder, STATE)
    if (found := msgspec.json.decode(content, type=_Format).format) != FORMAT:
        raise ValueError(f"it is of format {found}, not {FORMAT}")
    head = msgspec.json.decode(content, type=_Head)
    posts = msgspec.json.decode(_inflate(_read_known(folder, POSTS, head)), type=_Posts)
    arrays = unpack_arrays(_read_known(folder, ARRAYS, head), _ARRAYS)
    _check_posts(posts.posts)
    vectors = _vectors(head, len(posts.posts), arrays)
    return State(
        head.postkin,
        head.encoder,
        head.settings,
        posts.posts,
        vectors,
        _sketches(len(posts.posts), arrays),
        _rising(arrays["common_runs"]),
        TagWeights(
            _weights(head.weights.tags, (len(TAG_FEATURES),)), _weights(head.weights.broad, (len(TAG_FEATURES),))
        ),
        _trial(head.trial),
        RankWeights(_weights(head.weights.ranking, (FOLDS, len(RANK_FEATURES)))),
        _confidence(head),
        TitleTerms(posts.titles.words, frozenset(posts.titles.pairs), posts.titles.rarest),
        head.by_categories,
        head.site,
        _coverage(head.coverage),
    )


def _inflate(content: bytes) -> bytes:
    """Inflate what gzip deflated; raises ValueError for more than `MAX_BYTES`, and zlib.error for what is none."""
    inflating = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    inflated = inflating.decompress(content, MAX_BYTES + 1)
    if len(inflated) > MAX_BYTES or not inflating.eof:
        raise ValueError(f"{POSTS} is cut off, or larger than {MAX_BYTES >> 20} MiB")
    return inflated


def _read(folder: str, file: str) -> bytes:
    path = f"{folder}/{file}"
    if not is_remote(path):
        if Path(path).is_symlink() or Path(path).parent.is_symlink():
            raise ValueError(f"{file} is a symbolic link")
        if not Path(path).is_file():
            raise FileNotFoundError(f"{file} is missing")
    content = read_bytes(path, MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"{file} is larger than {MAX_BYTES >> 20} MiB")
    return content


def _read_known(folder: str, file: str, head: _Head) -> bytes:
    """Read a file that state.json vouches for."""
    known = head.files[file]
    content = _read(folder, file)
    if (len(content), hashlib.sha256(content).hexdigest()) != (known.size, known.sha256):
        raise ValueError(f"{file} is not the one that {STATE} goes with")
    return content


def _head(state: State, parts: Mapping[str, bytes]) -> _Head:
    weights = _Weights(
        tuple(state.tag_weights.weights.tolist()),
        tuple(state.tag_weights.broad.tolist()),
        _by_fold(state.ranking.by_fold),
        _by_fold(state.confidence.by_fold) if state.confidence else (),
    )
    return _Head(
        FORMAT,
        state.postkin,
        state.encoder,
        state.settings,
        {file: _Content(len(content), hashlib.sha256(content).hexdigest()) for file, content in parts.items()},
        SiteState(tuple(sorted(state.site.hosts)), dict(sorted(state.site.shapes.items()))),
        weights,
        state.trial,
        state.confidence.of if state.confidence else None,
        state.coverage,
        state.by_categories,
    )


def _by_fold(weights: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, weights.tolist()))


def _lay_out(parts: Mapping[str, Any], posts: Sequence[PostState] | None = None) -> bytes:
    """Lay out JSON, a line for each part and for each post."""
    lines = [f"{_json(name)}: {_json(value)}" for name, value in parts.items()]
    if posts is not None:
        listed = ",\n".join(map(_json, posts))
        lines.append(f'"posts": [\n{listed}\n]')
    return ("{" + ",\n".join(lines) + "}\n").encode(errors="replace")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=vars)


def _arrays(state: State) -> dict[str, Array]:
    counts = np.diff(state.runs.indptr).astype(np.int32)
    runs = state.runs.indices.astype(np.int64)
    steps = np.diff(runs, prepend=0)
    starts = state.runs.indptr[:-1][counts > 0]
    steps[starts] = runs[starts]
    return {
        "vectors": pack_numbers(np.rint(state.vectors.astype(np.float64) * SCALE).astype(np.int16)),
        "runs": pack_numbers(steps.astype(np.int32)),
        "run_marks": pack_numbers(state.runs.data.astype(np.int8)),
        "run_counts": counts,
        "common_runs": np.ascontiguousarray(state.common_runs, np.int32),
    }


def _vectors(head: _Head, posts: int, arrays: Mapping[str, Array]) -> Vectors:
    dim = head.encoder.dim
    if not 1 <= head.encoder.neighbor_dim <= dim <= MAX_DIM:
        raise ValueError(f"vectors of {dim:,} dimensions, of which {head.encoder.neighbor_dim:,} are compared")
    vectors: Vectors = unpack_numbers(arrays["vectors"], np.int16, (posts, dim)).astype(np.float32)
    vectors /= SCALE
    return vectors


def _sketches(posts: int, arrays: Mapping[str, Array]) -> sparse.csr_matrix:
    counts = arrays["run_counts"]
    if counts.shape != (posts,) or not ((counts >= 0) & (counts <= KEPT)).all():
        raise ValueError("its runs of words are not parted among the posts")
    ends = np.append(0, np.cumsum(counts, dtype=np.int32))
    size = (int(ends[-1]),)
    steps, marks = (unpack_numbers(arrays[name], of, size) for name, of in (("runs", np.int32), ("run_marks", np.int8)))
    sums = np.append(0, np.cumsum(steps, dtype=np.int64))
    runs = sums[1:] - np.repeat(sums[ends[:-1]], counts)
    rising = steps > 0
    rising[ends[:-1][counts > 0]] = True
    if not (rising & (runs >= 0) & (runs < HASHES)).all():
        raise ValueError("its runs of words are not in order")
    if not np.isin(marks, (UNIQUE, REPEATED)).all():
        raise ValueError("its runs of words are not marked")
    return sparse.csr_matrix((marks, runs.astype(np.int32), ends), (posts, HASHES))


def _rising(hashes: Array) -> Ints32:
    if hashes.ndim != 1 or not ((hashes >= 0) & (hashes < HASHES)).all() or not (np.diff(hashes) > 0).all():
        raise ValueError("its common runs of words are not in order")
    return hashes


def _weights(numbers: Sequence[Any], shape: tuple[int, ...]) -> Floats:
    weights = np.array(numbers, np.float64)
    if weights.shape != shape or not (np.abs(weights) <= MAX_WEIGHT).all():
        raise ValueError("it holds weights that no fitted model has")
    return weights


def _confidence(head: _Head) -> Confidence | None:
    """The confidence, with or without the weight of what readers tell."""
    if head.sure_of is None:
        return None
    rows = head.weights.confidence
    columns = TOGETHER + (len(rows[0]) > TOGETHER if rows else 0)
    return Confidence(head.sure_of, _weights(rows, (FOLDS, columns)))


def _trial(trial: TagTrial) -> TagTrial:
    _weights((trial.intercept, trial.slope, trial.least), (3,))
    return trial


def _coverage(coverage: float | None) -> float | None:
    if coverage is not None and not 0 < coverage <= 1 + 1e-3:
        raise ValueError("its texts are covered more than wholly, or not at all")
    return coverage


def _check_posts(posts: Sequence[PostState]) -> None:
    ids = [post.id for post in posts]
    if not 1 <= len(ids) <= MAX_POSTS or ids != sorted(set(ids)):
        raise ValueError(f"its {len(ids):,} posts are none, too many or not in order")
    for post in posts:
        if not _is_below(post.path):
            raise ValueError(f"{post.path[:100]!r} is no path of a post")


def _is_below(path: str) -> bool:
    """Tell a path that stays below the folder of posts."""
    return "\0" not in path and not path.startswith("/") and not {"", ".", ".."} & {*path.split("/")}
