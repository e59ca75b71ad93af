"""The state's files: state.json, and two files of arrays, which it vouches for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from scipy import sparse

from transforms.corpus.runs import HASHES, KEPT, REPEATED, UNIQUE
from transforms.corpus.tag_table import TagTable
from transforms.corpus.titles import TitleTerms
from transforms.numerics.arrays import Floats, Ints32
from transforms.output.layout import STATE, STATE_ARRAYS
from transforms.plumbing.array_file import Array, pack_arrays, unpack_arrays
from transforms.plumbing.storage import is_remote, read_bytes
from transforms.records import EncoderInfo
from transforms.related.confidence import START, Confidence
from transforms.related.weights import FEATURES as RANK_FEATURES
from transforms.related.weights import FOLDS, RankWeights
from transforms.results import SureOf, TagTrial
from transforms.sampling import LARGE
from transforms.state.records import PostState, Settings, SiteState, State
from transforms.tags.evidence import FEATURES as TAG_FEATURES
from transforms.tags.model import TagModel
from transforms.tags.statistics import tag_statistics

FORMAT = 1
"""The version of the files; a state of another is not read."""
MAX_POSTS = LARGE
"""A run on more posts leaves no state."""
MAX_BYTES = 512 << 20
"""No file is larger: a state that would need one is not written."""
MAX_DIM = 4_096
MAX_WEIGHT = 1e6
"""No fitted weight is larger."""
VECTORS, TAGS = STATE_ARRAYS
_VECTOR_ARRAYS = {
    "vectors": np.float32,
    "runs": np.int32,
    "run_marks": np.int8,
    "run_ends": np.int64,
    "common_runs": np.int32,
}
_TAG_ARRAYS = {
    "counts": np.int64,
    "sums": np.int64,
    "name_vectors": np.float32,
    "posts": np.int64,
    "total": np.int64,
    "gram": np.int64,
    "weights": np.float64,
    "broad": np.float64,
    "ranking": np.float64,
    "confidence": np.float64,
}


class StateError(ValueError):
    """A state that cannot be used; its message says in one line why."""


@dataclass(frozen=True)
class _Content:
    """The size in bytes and the SHA-256 of a file."""

    size: int
    sha256: str


@dataclass(frozen=True)
class _Tags:
    keys: tuple[str, ...]
    names: tuple[str, ...]
    trial: TagTrial


@dataclass(frozen=True)
class _Titles:
    words: dict[str, float]
    pairs: tuple[tuple[str, str], ...]
    rarest: float


@dataclass(frozen=True)
class _Head:
    """What stands in state.json."""

    format: int
    postkin: str
    encoder: EncoderInfo
    settings: Settings
    files: dict[str, _Content]
    site: SiteState
    tags: _Tags
    titles: _Titles
    sure_of: SureOf | None
    by_categories: bool
    posts: tuple[PostState, ...]
    coverage: float | None = None


class _Format(msgspec.Struct):
    format: int


def state_files(state: State) -> dict[str, bytes]:
    """Lay out a state: the content of each of `STATE_FILES`, the same for the same state, state.json last."""
    vectors = {
        "vectors": np.ascontiguousarray(state.vectors, np.float32),
        "runs": np.ascontiguousarray(state.runs.indices, np.int32),
        "run_marks": state.runs.data.astype(np.int8),
        "run_ends": np.ascontiguousarray(state.runs.indptr, np.int64),
        "common_runs": np.ascontiguousarray(state.common_runs, np.int32),
    }
    arrays = {VECTORS: pack_arrays(vectors), TAGS: pack_arrays(_tag_arrays(state))}
    return {**arrays, STATE: _lay_out(_head(state, arrays))}


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
    vectors = unpack_arrays(_read_known(folder, VECTORS, head), _VECTOR_ARRAYS)
    tags = unpack_arrays(_read_known(folder, TAGS, head), _TAG_ARRAYS)
    _check_head(head)
    _check_vectors(head, vectors)
    _check_tags(head, tags)
    return _make(head, vectors, tags)


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


def _head(state: State, arrays: Mapping[str, bytes]) -> _Head:
    titles = state.titles
    return _Head(
        FORMAT,
        state.postkin,
        state.encoder,
        state.settings,
        {file: _Content(len(content), hashlib.sha256(content).hexdigest()) for file, content in arrays.items()},
        SiteState(tuple(sorted(state.site.hosts)), dict(sorted(state.site.shapes.items()))),
        _Tags(state.table.keys, state.table.names, state.trial),
        _Titles(dict(sorted(titles.words.items())), tuple(sorted(titles.pairs)), titles.rarest),
        state.confidence.of if state.confidence else None,
        state.by_categories,
        state.posts,
        state.coverage,
    )


def _lay_out(head: _Head) -> bytes:
    """Lay out state.json, a line for each of its parts and for each post."""
    parts = [f"{_json(name)}: {_json(value)}" for name, value in vars(head).items() if name != "posts"]
    lines = ",\n".join(map(_json, head.posts))
    return ("{" + ",\n".join([*parts, f'"posts": [\n{lines}\n]']) + "}\n").encode(errors="replace")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=vars)


def _tag_arrays(state: State) -> dict[str, Array]:
    table, model = state.table, state.tag_model
    of_table = {"counts": table.counts, "sums": table.sums, "name_vectors": table.name_vectors, "total": table.total}
    weights = {"weights": model.weights, "broad": model.broad, "ranking": state.ranking.by_fold}
    confidence = state.confidence.by_fold if state.confidence else np.zeros((FOLDS, len(START)))
    arrays = {**of_table, "posts": np.array([table.posts]), "gram": table.gram, **weights, "confidence": confidence}
    return {name: np.ascontiguousarray(arrays[name], dtype) for name, dtype in _TAG_ARRAYS.items()}


def _make(head: _Head, vectors: Mapping[str, Array], tags: Mapping[str, Array]) -> State:
    table = TagTable(
        head.tags.keys,
        head.tags.names,
        tags["counts"],
        tags["sums"],
        tags["name_vectors"],
        int(tags["posts"][0]),
        tags["total"],
        tags["gram"],
    )
    model = TagModel(tag_statistics(table), tags["weights"], tags["broad"])
    if not all(np.isfinite(ridge.weights).all() for ridge in model.statistics.ridges):
        raise ValueError("its sums are not those of any vectors")
    return State(
        head.postkin,
        head.encoder,
        head.settings,
        head.posts,
        vectors["vectors"],
        _sketches(vectors["runs"], vectors["run_marks"], vectors["run_ends"]),
        vectors["common_runs"],
        table,
        model,
        head.tags.trial,
        RankWeights(tags["ranking"]),
        Confidence(head.sure_of, tags["confidence"]) if head.sure_of else None,
        TitleTerms(head.titles.words, frozenset(head.titles.pairs), head.titles.rarest),
        head.by_categories,
        head.site,
        head.coverage,
    )


def _sketches(runs: Ints32, marks: Array, ends: Array) -> sparse.csr_matrix:
    return sparse.csr_matrix((marks, runs, ends.astype(np.int32)), (len(ends) - 1, HASHES))


def _check_head(head: _Head) -> None:
    ids = [post.id for post in head.posts]
    if not 1 <= len(ids) <= MAX_POSTS or ids != sorted(set(ids)):
        raise ValueError(f"its {len(ids):,} posts are none, too many or not in order")
    for post in head.posts:
        if not _is_below(post.path):
            raise ValueError(f"{post.path[:100]!r} is no path of a post")
    keys = head.tags.keys
    if list(keys) != sorted(set(keys)) or len(keys) != len(head.tags.names):
        raise ValueError("its tags are not in order")
    if head.coverage is not None and not 0 < head.coverage <= 1 + 1e-3:
        raise ValueError("its model covers more than all of a text, or nothing")


def _is_below(path: str) -> bool:
    """Tell a path that stays below the folder of posts."""
    return "\0" not in path and not path.startswith("/") and not {"", ".", ".."} & {*path.split("/")}


def _check_vectors(head: _Head, arrays: Mapping[str, Array]) -> None:
    dim, posts = head.encoder.dim, len(head.posts)
    if not 1 <= head.encoder.neighbor_dim <= dim <= MAX_DIM:
        raise ValueError(f"vectors of {dim:,} dimensions, of which {head.encoder.neighbor_dim:,} are compared")
    _check_shapes(arrays, {"vectors": (posts, dim), "run_ends": (posts + 1,)})
    vectors, runs, ends = arrays["vectors"], arrays["runs"], arrays["run_ends"]
    if not (np.abs(vectors) <= 1 + 1e-3).all():
        raise ValueError("its vectors are longer than 1")
    if ends[0] != 0 or ends[-1] != len(runs) or not ((np.diff(ends) >= 0) & (np.diff(ends) <= KEPT)).all():
        raise ValueError("its runs of words are not parted among the posts")
    if len(arrays["run_marks"]) != len(runs) or not np.isin(arrays["run_marks"], (UNIQUE, REPEATED)).all():
        raise ValueError("its runs of words are not marked")
    starts = np.zeros(len(runs) + 1, np.bool_)
    starts[ends] = True
    for of, rising in ((runs, starts[1:-1]), (arrays["common_runs"], False)):
        within = of.ndim == 1 and ((of >= 0) & (of < HASHES)).all()
        if not within or not ((np.diff(of) > 0) | rising).all():
            raise ValueError("its runs of words are not in order")


def _check_tags(head: _Head, arrays: Mapping[str, Array]) -> None:
    tags, dim = len(head.tags.keys), head.encoder.dim
    shapes = {"counts": (tags,), "sums": (tags, dim), "name_vectors": (tags, dim), "posts": (1,), "total": (dim,)}
    shapes |= {"gram": (dim, dim), "weights": (len(TAG_FEATURES),), "broad": (len(TAG_FEATURES),)}
    _check_shapes(arrays, {**shapes, "ranking": (FOLDS, len(RANK_FEATURES)), "confidence": (FOLDS, len(START))})
    counts, posts = arrays["counts"], int(arrays["posts"][0])
    if not 0 <= posts <= len(head.posts) or not ((counts >= 1) & (counts <= max(posts, 1))).all():
        raise ValueError("its tags are on more posts than there are, or on none")
    if not (np.abs(arrays["name_vectors"]) <= 1 + 1e-3).all():
        raise ValueError("the vectors of its tags are longer than 1")
    trial = head.tags.trial
    numbers: Iterable[Floats] = [np.array([trial.intercept, trial.slope, trial.least])]
    for weights in (*numbers, *(arrays[name] for name in ("weights", "broad", "ranking", "confidence"))):
        if not (np.abs(weights) <= MAX_WEIGHT).all():
            raise ValueError("it holds weights that no fitted model has")


def _check_shapes(arrays: Mapping[str, Array], shapes: Mapping[str, tuple[int, ...]]) -> None:
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise ValueError(f"{name} is {arrays[name].shape}, and not {shape}")
