"""From given vectors to the blocks that encoding posts would have made."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from apache_beam.pvalue import PBegin, PCollection, TaggedOutput
from pyarrow import types
from scipy import sparse

from transforms.corpus.blocks import BLOCK_ROWS
from transforms.corpus.group import GroupByBucket
from transforms.corpus.languages import Languages
from transforms.corpus.notes import Survey
from transforms.corpus.tag_spelling import Spellings, add_spellings, count_spellings, tag_names
from transforms.numerics.arrays import Vectors, unit_rows
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import count, measured
from transforms.plumbing.side_inputs import as_singleton
from transforms.reading.dates import clean_date
from transforms.reading.fields import clean_tags, clean_text, clean_url
from transforms.records import Article, Block, EncoderInfo, Notes
from transforms.results import Collision, Rejected
from transforms.sampling import bucket_of
from transforms.vectors.files import RowGroup, is_damage, list_row_groups, lists_of, read_batches

ENCODER = ("vectors", "1")
"""The name and version that stand for an encoder where vectors are given."""
_UNIT_ROWS = 4096
_NULL_LIST = "Expected all lists to be of size"
"""What pyarrow says of a null among lists of fixed size, of which it can read none then."""
_NUMBERED = re.compile(r"(//\d+)+$")


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of one file: their numbers (from 1), articles, unit vectors, and digests of these."""

    file: str
    numbers: tuple[int, ...]
    articles: tuple[Article, ...]
    vectors: Vectors
    digests: tuple[str, ...]

    def take(self, places: npt.NDArray[np.intp]) -> Rows:
        """Return some of the rows."""
        numbers, articles, digests = (
            tuple(values[place] for place in places) for values in (self.numbers, self.articles, self.digests)
        )
        return Rows(self.file, numbers, articles, self.vectors[places], digests)


@dataclass(frozen=True)
class Summary:
    """What must be known of all rows before blocks are made.

    How tags are spelled, a digest of the vectors, and how many rows are in each language.
    """

    spellings: Spellings
    digest: int
    languages: Languages = field(default_factory=dict)


class GivenVectors(NamedTuple):
    """What came of given vectors: each row is an article of a block or rejected; `total` is the number of rows."""

    total: PCollection[int]
    blocks: PCollection[Block]
    survey: PCollection[Survey]
    rejected: PCollection[Rejected]
    collisions: PCollection[Collision]


def read_rows(batch: pa.RecordBatch, file: str, first: int, dim: int) -> tuple[Rows, list[Rejected]]:
    """Turn a batch of a file's rows, numbered from `first`, into articles and unit vectors [rows, dim].

    A row without an id, with a vector that is missing, of another length or not finite, or with a date or views that
    cannot be read is rejected; a vector of zeros stays and stands for no vector.
    """
    columns = {name: _values(batch.column(name)) for name in batch.schema.names if name != "vector"}
    matrix, faults = read_matrix(batch.column("vector"), dim)
    places, articles, rejected = [], [], []
    for place in range(len(batch)):
        try:
            article = make_article({name: values[place] for name, values in columns.items()}, faults.get(place))
        except ValueError as error:
            rejected.append(Rejected(file, first + place, str(error)))
        else:
            places.append(place)
            articles.append(article)
    vectors = matrix[places] if rejected else matrix
    for start in range(0, len(vectors), _UNIT_ROWS):
        vectors[start : start + _UNIT_ROWS] = unit_rows(vectors[start : start + _UNIT_ROWS])
    numbers = tuple(first + place for place in places)
    return Rows(file, numbers, tuple(articles), vectors, digest_rows(articles, vectors)), rejected


def read_matrix(column: pa.Array, dim: int) -> tuple[Vectors, dict[int, str]]:
    """Return a column of vectors as float32 [rows, dim], not scaled, and what is wrong with the rows that are none."""
    values, lengths = lists_of(column)
    right = np.equal(lengths, dim) & column.is_valid().to_numpy(zero_copy_only=False)
    matrix = np.zeros((len(column), dim), np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        matrix[right] = values[np.repeat(right, lengths)].reshape(-1, dim)
        matrix += 0.0  # one sign of zero
    faults = dict.fromkeys(np.flatnonzero(~right).tolist(), f"no vector of {dim} numbers")
    for row in np.flatnonzero(~np.isfinite(matrix).all(axis=1)).tolist():
        faults[row] = "the vector holds a null, NaN or infinite number, or one too large for 32 bits"
    return matrix, faults


def make_article(row: Mapping[str, Any], fault: str | None = None) -> Article:
    """Make an article of a row's values; raises ValueError for a `fault`, no id, or a date or views of no meaning."""
    id_, views = row["id"], row.get("views")
    if not id_:
        raise ValueError("no id")
    if fault:
        raise ValueError(fault)
    if views is not None and views < 0:
        raise ValueError(f"{views} is no number of views")
    return Article(
        id=id_,
        path=row.get("path") or id_,
        title=clean_text(row.get("title")) or id_,
        date=clean_date(row.get("date")),
        tags=clean_tags(row.get("tags")),
        categories=clean_tags(row.get("categories")),
        language=clean_text(row.get("language")) or None,
        url=clean_url(row.get("url")),
        views=views,
    )


def digest_rows(articles: Sequence[Article], vectors: Vectors) -> tuple[str, ...]:
    """Digest each vector, by which copies are known; zeros, which are no one's copy, by the article's id."""
    return tuple(
        hashlib.blake2b(vector.tobytes() if vector.any() else article.id.encode(), digest_size=16).hexdigest()
        for article, vector in zip(articles, vectors, strict=True)
    )


def split_rows(rows: Rows, total: int) -> Iterator[tuple[int, Rows]]:
    """Split rows by the bucket that their ids fall into in a corpus of `total` rows.

    An id, and those that may tell it apart from others, fall into one bucket.
    """
    buckets = np.array([bucket_of(_NUMBERED.sub("", article.id), total) for article in rows.articles], np.int64)
    order = np.argsort(buckets, kind="stable")
    for places in np.split(order, 1 + np.flatnonzero(np.diff(buckets[order]))):
        if len(places):
            yield int(buckets[places[0]]), rows.take(places)


def name_apart(wanted: Iterable[str]) -> list[str]:
    """Give each that wants a name that an earlier one has the first free one of `name//2`, `name//3` and so on."""
    wanted = list(wanted)
    taken = set(wanted)
    numbers: dict[str, int] = {}
    given = []
    for name in wanted:
        free, number = name, numbers.get(name, 1)
        while number > 1 and free in taken:
            free, number = f"{name}//{number}", number + 1
        numbers[name] = max(2, number)
        taken.add(free)
        given.append(free)
    return given


def cut_rows(parts: Iterable[Rows], tags: int, encoder: EncoderInfo) -> tuple[list[Block], list[Collision]]:
    """Cut the rows of a bucket, given in any parts, into blocks of at most `BLOCK_ROWS` in the order of their ids.

    Of rows that share an id the first, by file and row, keeps it; the others get another and a Collision each. The
    notes, of so many `tags`, are empty.
    """
    parts = sorted(parts, key=lambda part: (part.file, part.numbers))
    articles = [article for part in parts for article in part.articles]
    places = [f"{part.file}:{number}" for part in parts for number in part.numbers]
    ids = name_apart(article.id for article in articles)
    collisions = [
        Collision(place, article.id, id_)
        for place, article, id_ in zip(places, articles, ids, strict=True)
        if article.id != id_
    ]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    vectors = np.concatenate([part.vectors for part in parts])[order]
    digests = [digest for part in parts for digest in part.digests]
    blocks = []
    for start in range(0, len(order), BLOCK_ROWS):
        rows = order[start : start + BLOCK_ROWS]
        blocks.append(
            Block(
                "articles",
                encoder,
                tuple(
                    articles[row] if articles[row].id == ids[row] else replace(articles[row], id=ids[row])
                    for row in rows
                ),
                vectors[start : start + BLOCK_ROWS],
                tuple(digests[row] for row in rows),
                notes=empty_notes(len(rows), tags),
            )
        )
    return blocks, collisions


def empty_notes(rows: int, tags: int) -> Notes:
    """Notes of articles without a text, of so many tags."""
    nothing = sparse.csr_matrix((rows, tags), dtype=np.float64)
    untitled = sparse.csr_matrix((rows, 0), dtype=np.float64)
    return Notes(nothing, nothing, ((),) * rows, untitled, untitled.astype(np.int8))


def summarize(rows: Rows) -> Summary:
    """Summarize rows; the digest is a sum, which no order changes."""
    return Summary(
        count_spellings(rows.articles),
        sum(int(digest, 16) for digest in rows.digests),
        Counter(article.language for article in rows.articles),
    )


def add_summaries(summaries: Iterable[Summary]) -> Summary:
    """Add up the summaries of several batches, in any order."""
    summaries = list(summaries)
    digest = sum(summary.digest for summary in summaries) % 2**128
    languages = Counter[str | None]()
    for summary in summaries:
        languages.update(summary.languages)
    return Summary(add_spellings(summary.spellings for summary in summaries), digest, languages)


@dataclass(eq=False, repr=False)
class ReadVectors(Composite):
    """The start of a pipeline -> the GivenVectors of the files that `patterns` name.

    What `list_row_groups` cannot read stops the run; a row that cannot be read does not.
    """

    patterns: Sequence[str]

    def expand(self, begin: PBegin) -> GivenVectors:
        """List row groups, spread them, read, group by bucket, cut."""
        listed = (
            begin
            | "Patterns" >> beam.Create([self.patterns], reshuffle=False)
            | "ListRowGroups" >> beam.FlatMap(_list).with_outputs("total", main="groups")
        )
        total = as_singleton(listed.total, "rows")
        read = (
            listed.groups
            | "Spread" >> beam.Reshuffle()
            | "ReadRows" >> beam.FlatMap(_read, total).with_outputs("rejected", "summary", main="rows")
        )
        summary = read.summary | "Summary" >> Gather(add_summaries)
        blocks = (
            read.rows
            | "GroupByBucket" >> GroupByBucket(total)
            | "CutBlocks"
            >> beam.FlatMap(_cut, as_singleton(summary, "summary")).with_outputs("collisions", main="blocks")
        )
        survey = summary | "Survey" >> beam.Map(_survey)
        return GivenVectors(listed.total, blocks.blocks, survey, read.rejected, blocks.collisions)


def _list(patterns: Sequence[str]) -> Iterator[RowGroup | TaggedOutput]:
    groups = list_row_groups(patterns)
    yield from groups
    yield TaggedOutput("total", sum(group.rows for group in groups))


def _read(group: RowGroup, total: int) -> Iterator[tuple[int, Rows] | TaggedOutput]:
    first, end = group.first, group.first + group.rows
    batches, fault = read_batches(group), "the file is damaged"
    while first < end:
        try:
            with measured("read", 0):
                found = next(batches, None)
        except Exception as error:
            if not is_damage(error):
                raise
            found = None
            fault = "a list of fixed size is null, write lists of any size" if _NULL_LIST in str(error) else fault
        if found is None:
            yield from _reject_rest(group, first, fault)
            return
        first, batch = found
        with measured("read", len(batch)):
            rows, rejected = read_rows(batch, group.file, first, group.dim)
        first += len(batch)
        count("posts_parsed", len(rows.articles))
        count("posts_rejected", len(rejected))
        yield from split_rows(rows, total)
        yield from (TaggedOutput("rejected", row) for row in rejected)
        if rows.articles:  # without any there is nothing to analyse
            yield TaggedOutput("summary", summarize(rows))


def _reject_rest(group: RowGroup, first: int, fault: str) -> Iterator[TaggedOutput]:
    """Reject a group's rows from one on, each by itself, so that every row is counted once."""
    end = group.first + group.rows
    reason = f"{fault}: rows {first:,} to {end - 1:,} cannot be read"
    count("posts_rejected", end - first)
    yield from (TaggedOutput("rejected", Rejected(group.file, row, reason)) for row in range(first, end))


def _cut(bucket: tuple[int, Iterable[Rows]], summary: Summary) -> Iterator[Block | TaggedOutput]:
    parts = list(bucket[1])
    dim = parts[0].vectors.shape[1]
    encoder = EncoderInfo(*ENCODER, f"{summary.digest:032x}", dim, dim)
    with measured("cut blocks", sum(len(part.articles) for part in parts)):
        blocks, collisions = cut_rows(parts, len(tag_names(summary.spellings)), encoder)
    yield from blocks
    yield from (TaggedOutput("collisions", collision) for collision in collisions)


def _values(column: pa.Array) -> list[Any]:
    if types.is_timestamp(column.type) and column.type.unit == "ns":  # finer than Python's dates
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    try:
        return column.to_pylist()  # type: ignore[no-any-return]
    except (ValueError, OverflowError):
        return [_value(value) for value in column]


def _value(value: pa.Scalar) -> Any:
    """A scalar's value: None for text that is not UTF-8, what `clean_date` refuses for a day that no calendar has."""
    try:
        return value.as_py()
    except UnicodeDecodeError:
        return None
    except (ValueError, OverflowError):
        return f"{value.value} as {value.type}"


def _survey(summary: Summary) -> Survey:
    return Survey(summary.spellings, {}, summary.languages)
