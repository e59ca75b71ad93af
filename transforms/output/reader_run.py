"""A published run, read back as what it tells a reader: its posts, their vectors, and what is read next."""

from __future__ import annotations

import datetime as dt
import difflib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import msgspec
import numpy as np
from scipy import sparse

from transforms.corpus.languages import blog_languages
from transforms.generators.registry import GENERATORS, PLAIN
from transforms.numerics.arrays import Floats, Ints, Mask, Vectors, leading
from transforms.output.layout import STATE, table_file
from transforms.output.reader_tables import read_next_parquet, read_text_vectors, read_vectors_parquet
from transforms.output.stored import LoadError, StoredRun
from transforms.plumbing.storage import exists, read_bytes
from transforms.readings.addresses import PostFinder, post_addresses
from transforms.readings.learned import Recent
from transforms.readings.models import DIM
from transforms.readings.next_model import BLEND, CHOSEN_FROM, CONTENT, FEATURES, OF_TEXT, Counted, NextModel
from transforms.readings.posts import Posts, born
from transforms.records import Article
from transforms.results import NextMethod
from transforms.site.places import place_of
from transforms.site.site_model import Site

GUESSES = 3
"""So many ids are offered for one that no post has."""
_MAX_STATE = 64 << 20

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class RunPost:
    """A post of a run, as its table has it."""

    id: str
    path: str
    title: str
    date: str | None
    language: str | None
    url: str | None


@dataclass(frozen=True, eq=False)
class RunPosts:
    """The posts of a run by id, `vectors` float32 [n, dim] of their texts, and what finds a post by its address."""

    posts: tuple[RunPost, ...]
    vectors: Vectors
    finder: PostFinder

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The places of posts by their ids."""
        return {post.id: number for number, post in enumerate(self.posts)}

    @cached_property
    def _named(self) -> dict[str, int]:
        return {post.path: number for number, post in enumerate(self.posts)} | self.numbers

    def find(self, named: str) -> int:
        """Return the place of a post by its id, its path or an address; NO_POST where there is none, or several."""
        found = self._named.get(named)
        return self.finder.find(named) if found is None else found

    def guesses(self, named: str) -> list[str]:
        """Return ids that are spelled like one that no post has, the likest first."""
        ids = [post.id for post in self.posts]
        ends = {id_.rpartition("/")[2]: id_ for id_ in reversed(ids)}
        found = difflib.get_close_matches(named, ids, GUESSES)
        found += [ends[end] for end in difflib.get_close_matches(named.rpartition("/")[2], ends, GUESSES)]
        return list(dict.fromkeys(found))[:GUESSES]


@dataclass(frozen=True)
class _Encoder:
    neighbor_dim: int


@dataclass(frozen=True)
class _Site:
    generator: str | None
    url: str | None
    language: str | None
    languages: tuple[str, ...]


@dataclass(frozen=True)
class _Addressed:
    id: str
    address_fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _State:
    posts: tuple[_Addressed, ...]


@dataclass(frozen=True)
class _Config:
    any_language: bool


@dataclass(frozen=True)
class _Translation:
    id: str


@dataclass(frozen=True)
class _Translated:
    id: str
    translations: tuple[_Translation, ...]


def load_posts(run: StoredRun) -> RunPosts:
    """Read a run's posts; raises LoadError when its folder holds no whole run."""
    posts = tuple(sorted(run.read_rows("articles", RunPost), key=lambda post: post.id))
    if len({post.id for post in posts}) < len(posts):
        raise LoadError(f"{run.folder!r} holds no whole run: it has a post twice")
    dim = run.read_as(_Encoder, "encoder").neighbor_dim
    files = run.files("vectors")
    shards = _read(run, "vectors", lambda: [read_text_vectors(run.read(file)) for file in files])
    found = {id_: vector for ids, vectors in shards for id_, vector in zip(ids, leading(vectors, dim), strict=True)}
    if found.keys() != {post.id for post in posts} or len({len(vector) for vector in found.values()}) > 1:
        raise LoadError(f"{run.folder!r} holds no whole run: its vectors are not those of its posts")
    vectors = np.stack([found[post.id] for post in posts]) if posts else np.zeros((0, dim), np.float32)
    return RunPosts(posts, vectors, _finder(run, posts))


def load_next(run: StoredRun, posts: RunPosts) -> NextModel:
    """Read how a run tells what is read next: by the posts' texts alone where it had no reading logs.

    Raises LoadError where its tables are not as postkin writes them.
    """
    count = len(posts.posts)
    days = np.array([born(post.date) for post in posts.posts], np.int64)
    known = Posts(leading(posts.vectors, DIM).astype(np.float64), days)
    none = Counted(np.zeros(count), Recent(np.zeros(count)), sparse.csr_matrix((count, count)))
    written = next(iter(run.table("next")), None) if "next" in run.tables else None
    if written is None or written.method == CONTENT:
        return NextModel(CONTENT, known, none, np.zeros(len(OF_TEXT)), np.zeros(len(FEATURES)))
    if written.method not in CHOSEN_FROM:
        raise LoadError(f"{run.folder!r}: {table_file('next')}: the method {written.method[:60]!r} is unknown")
    (file,) = run.files("next_weights")
    counted = _read(run, "next_weights", lambda: read_next_parquet(run.read(file), posts.numbers))
    of_text = _weights(run, written, "text", OF_TEXT)
    of_all = _weights(run, written, "blend", FEATURES) if written.method == BLEND else np.zeros(len(FEATURES))
    return NextModel(written.method, known, counted, of_text, of_all)


def load_reader_vectors(run: StoredRun) -> tuple[list[str], Vectors, Ints]:
    """Read the vectors of posts by who read them: ids, float32 [n, DIM], and numbers of readers, rounded down.

    Raises LoadError where the run has none, or they are not as postkin writes them.
    """
    if "reading_vectors" not in run.read_as(dict[str, Any], "tables"):
        raise LoadError(f"{run.folder!r} knows no readers; run postkin report with --readings")
    (file,) = run.files("reading_vectors")
    return _read(run, "reading_vectors", lambda: read_vectors_parquet(run.read(file)))


def other_languages(run: StoredRun, posts: RunPosts, read: Sequence[int]) -> Mask:
    """Tell which posts [n] are in no language that somebody reads, by the places of the posts that were `read`."""
    anyway = run.read_as(_Config, "config").any_language
    listed = run.read_as(_Site, "site").languages
    counted = Counter(post.language for post in posts.posts)
    languages = blog_languages(counted, listed, any_language=anyway)
    groups = np.array([languages.group(post.language) for post in posts.posts], np.int64)
    return ~np.isin(groups, groups[list(read)])


def translations(run: StoredRun, posts: RunPosts, read: Sequence[int]) -> list[int]:
    """Return the places of posts that are translations of some that were read; raises LoadError as above."""
    ids, numbers = {posts.posts[number].id for number in read}, posts.numbers
    rows = (row for row in run.read_rows("translations", _Translated) if row.id in ids)
    return [numbers[other.id] for row in rows for other in row.translations if other.id in numbers]


def last_second(run: StoredRun, model: NextModel) -> int:
    """Return until when a run knows of reads and posts: the end of the log, or the day of the newest post."""
    newest = int(model.posts.born.max(initial=0))
    readings = run.content.get("readings")
    until = readings.get("until") if isinstance(readings, dict) else None
    try:
        ended = dt.datetime.fromisoformat(f"{until}T23:59:59+00:00") if isinstance(until, str) else None
    except ValueError:
        raise LoadError(f"{run.folder!r} holds no run of this version of postkin: its log ends on no day") from None
    return max(newest, int(ended.timestamp())) if ended else newest


def _finder(run: StoredRun, posts: Sequence[RunPost]) -> PostFinder:
    """Find posts by the addresses that the run's tables tell, and by those in its state where it has one."""
    told = run.read_as(_Site, "site")
    generator = GENERATORS.get(told.generator or "", PLAIN)
    site = Site(generator, told.url, told.language, told.languages)
    fields = _address_fields(run)
    articles = (
        Article(
            *(post.id, post.path, post.title, post.date),
            url=post.url,
            language=post.language,
            address_fields=fields.get(post.id, ()),
        )
        for post in posts
    )
    return PostFinder(post_addresses((place_of(article, site) for article in articles), site.base))


def _address_fields(run: StoredRun) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """What front matter says of addresses, by id; nothing where the run left no state that can be read."""
    path = f"{run.folder}/{STATE}"
    try:
        content = read_bytes(path, _MAX_STATE + 1) if exists(path) else b""
        state = msgspec.json.decode(content, type=_State) if 0 < len(content) <= _MAX_STATE else _State(())
    except (OSError, ValueError, RecursionError):
        return {}
    return {post.id: post.address_fields for post in state.posts}


def _weights(run: StoredRun, written: NextMethod, name: str, features: Sequence[str]) -> Floats:
    weights = written.weights.get(name, {})
    found = np.array([weights.get(feature, np.nan) for feature in features], np.float64)
    if not np.isfinite(found).all():
        raise LoadError(f"{run.folder!r}: {table_file('next')} lacks a weight of {name!r}; run postkin report again")
    return found


def _read(run: StoredRun, table: str, read: Callable[[], Kind]) -> Kind:
    """Read a Parquet file; raises LoadError where it is none of postkin's."""
    try:
        return read()
    except LoadError:
        raise
    except (ValueError, OSError) as error:  # pyarrow's are such
        reason = " ".join(str(error).split())[:200]
        raise LoadError(f"{run.folder!r} holds no run of this version of postkin: {table}: {reason}") from None
