import datetime as dt
import functools
from dataclasses import replace

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from apache_beam.metrics import MetricsFilter
from apache_beam.pvalue import TaggedOutput
from apache_beam.testing.util import assert_that
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.corpus.blocks import BLOCK_ROWS
from transforms.corpus.notes import Survey
from transforms.output.tables import vector_rows, write_vectors
from transforms.plumbing.metrics import NAMESPACE
from transforms.records import Article, EncoderInfo
from transforms.results import Collision, Rejected
from transforms.vectors import files as vector_files
from transforms.vectors.files import VectorsError, list_row_groups, read_batches
from transforms.vectors.read import ReadVectors, Rows, cut_rows, digest_rows, name_apart, read_rows, split_rows
from transforms.vectors.read import _read as read_group

INFO = EncoderInfo("vectors", "1", "d", 2, 2)


def batch(vectors, kind=None, **columns):
    ids = columns.pop("id", [f"a{number}" for number in range(len(vectors))])
    vectors = pa.array(vectors, kind or pa.list_(pa.float32()))
    return pa.RecordBatch.from_pydict({"id": ids, "vector": vectors, **columns})


def write(path, *batches, **settings):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_batches(batches), path, **settings)
    return str(path)


def rows_of(ids, vectors, file="v.parquet", first=1):
    articles = tuple(Article(id_, id_, id_) for id_ in ids)
    vectors = np.array(vectors, np.float32)
    return Rows(file, tuple(range(first, first + len(ids))), articles, vectors, digest_rows(articles, vectors))


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.float32()),
        pa.list_(pa.float64()),
        pa.large_list(pa.float16()),
        pa.list_(pa.int32()),
        pa.list_(pa.float32(), 2),
        pa.list_(pa.float64(), 2),
    ],
)
def test_vectors_become_unit_rows(kind, tmp_path):
    path = write(tmp_path / "v.parquet", batch([[3, 4], [0, 0], [0, -2]], kind))
    (group,) = list_row_groups([path])
    ((first, found),) = read_batches(group)
    rows, rejected = read_rows(found, group.file, first, group.dim)
    np.testing.assert_allclose(rows.vectors, [[0.6, 0.8], [0, 0], [0, -1]], rtol=1e-6)
    assert rows.vectors.dtype == np.float32
    assert (rows.numbers, rejected) == ((1, 2, 3), [])


def test_a_row_says_as_much_as_a_post():
    columns = {
        "title": ["Two\nlines"],
        "date": ["2022-5-6"],
        "tags": [["Beam", "beam", " ", None]],
        "categories": [["c"]],
        "language": ["ja"],
        "url": ["javascript:alert(1)"],
        "path": ["p.md"],
        "views": [7],
        "unheard_of": [1],
    }
    ((article,), _) = (read_rows(batch([[1, 0]], **columns), "f", 1, 2)[0].articles, None)
    assert article == Article("a0", "p.md", "Two lines", "2022-05-06", ("Beam",), ("c",), language="ja", views=7)


def test_what_a_row_leaves_out():
    assert read_rows(batch([[1, 0]], id=["x/y"]), "f", 1, 2)[0].articles == (Article("x/y", "x/y", "x/y"),)


def test_dates_may_be_dates():
    dates = pa.array([dt.datetime(2022, 5, 6, 7, tzinfo=dt.UTC)])
    assert read_rows(batch([[1, 0]], date=dates), "f", 1, 2)[0].articles[0].date == "2022-05-06T07:00:00+00:00"


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"id": ""}, "no id"),
        ({"id": None}, "no id"),
        ({"vector": None}, "no vector of 2 numbers"),
        ({"vector": []}, "no vector of 2 numbers"),
        ({"vector": [1.0]}, "no vector of 2 numbers"),
        ({"vector": [1.0, 2.0, 3.0]}, "no vector of 2 numbers"),
        ({"vector": [1.0, None]}, "null, NaN or infinite"),
        ({"vector": [1.0, np.nan]}, "null, NaN or infinite"),
        ({"vector": [-np.inf, 1.0]}, "null, NaN or infinite"),
        ({"vector": [1e39, 1.0]}, "too large for 32 bits"),
        ({"date": "05/06/2022"}, "'05/06/2022' is not a date"),
        ({"views": -1}, "-1 is no number of views"),
    ],
)
def test_bad_rows_are_rejected_and_the_others_stay(columns, reason):
    good = {"id": "good", "vector": [0.0, 2.0], "date": None, "views": None}
    rows = [good | {"id": "first"}, good | {"id": "bad"} | columns, good]
    made = batch(
        [row["vector"] for row in rows],
        pa.list_(pa.float64()),
        id=pa.array([row["id"] for row in rows]),
        date=pa.array([row["date"] for row in rows], pa.string()),
        views=pa.array([row["views"] for row in rows], pa.int64()),
    )
    found, (rejected,) = read_rows(made, "f.parquet", 11, 2)
    assert (rejected.path, rejected.line) == ("f.parquet", 12)
    assert reason in rejected.reason
    assert [article.id for article in found.articles] == ["first", "good"]
    assert found.numbers == (11, 13)
    np.testing.assert_array_equal(found.vectors, [[0, 1], [0, 1]])


def test_null_rows_of_fixed_lists_do_not_shift_the_others():
    found, rejected = read_rows(batch([[1, 0], None, [0, 1]], pa.list_(pa.float32(), 2)).slice(1), "f", 2, 2)
    np.testing.assert_array_equal(found.vectors, [[0, 1]])
    assert [(row.line, row.reason) for row in rejected] == [(2, "no vector of 2 numbers")]


def test_text_that_is_not_utf8_is_no_text():
    titles = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(np.array([0, 2, 3], np.int32)), pa.py_buffer(b"\xff\xfeB")]
    )
    articles = read_rows(batch([[1, 0], [1, 0]], title=titles), "f", 1, 2)[0].articles
    assert [article.title for article in articles] == ["a0", "B"]


def test_equal_directions_are_copies_but_no_vector_is_no_copy():
    digests = rows_of("abcd", [[1, 0], [1, 0], [0, 0], [0, 0]]).digests
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


@given(st.lists(st.sampled_from(["a", "a//2", "a//3", "a//2//2", "b"])))
def test_names_are_told_apart(wanted):
    given = name_apart(wanted)
    assert len(set(given)) == len(wanted)
    assert set(wanted) <= set(given)
    for place, (name, own) in enumerate(zip(wanted, given, strict=True)):
        assert (name == own) == (name not in wanted[:place])
        assert own == name or own.startswith(f"{name}//")


def test_many_rows_of_one_id_take_no_squared_time():
    assert name_apart(["a"] * 50_000)[-1] == "a//50000"


@given(st.data(), st.integers(1, 8))
def test_blocks_do_not_depend_on_how_rows_come(data, size):
    ids = ["b", "a", "a", "c", "a//2", "d", "a", "e"]
    vectors = np.eye(8, 2, dtype=np.float32)
    whole = rows_of(ids, vectors)
    parts = [whole.take(np.arange(start, min(start + size, 8))) for start in range(0, 8, size)]
    ((block,), collisions) = cut_rows(data.draw(st.permutations(parts)), 3, INFO)
    assert [article.id for article in block.articles] == ["a", "a//2", "a//3", "a//4", "b", "c", "d", "e"]
    np.testing.assert_array_equal(block.vectors[[0, 1, 2, 3, 4]], vectors[[1, 4, 2, 6, 0]])
    assert collisions == [Collision("v.parquet:3", "a", "a//3"), Collision("v.parquet:7", "a", "a//4")]
    assert block.notes.in_text.shape == block.notes.in_title.shape == (8, 3)
    assert block.notes.words == ((),) * 8


def test_rows_that_may_share_an_id_fall_into_one_bucket():
    ids = [f"{name}{end}" for name in range(500) for end in ("", "//2", "//2//11")]
    bucket_of = {
        article.id: bucket
        for bucket, rows in split_rows(rows_of(ids, np.ones((1500, 2))), 10_000)
        for article in rows.articles
    }
    assert set(bucket_of) == set(ids)
    assert len(set(bucket_of.values())) > 40
    assert all(bucket_of[id_] == bucket_of[id_.partition("/")[0]] for id_ in ids)


FOUND = {}


def keep(elements, name):
    FOUND[name] = elements


def read_all(*patterns):
    """Read vectors in a pipeline: blocks, survey, rejected rows, collisions, the total, and what was counted."""
    FOUND.clear()
    with beam.Pipeline("FnApiRunner") as pipeline:
        given = pipeline | ReadVectors(patterns)
        for name, elements in given._asdict().items():
            assert_that(elements, functools.partial(keep, name=name), label=name)
    counters = pipeline.result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))["counters"]
    return {**FOUND, "counted": {counter.key.metric.name: counter.committed for counter in counters}}


def made_up(count, seed=0):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(count, 4))
    tags = [["Beam", "beam"][: 1 + number % 2] if number % 3 else ["search"] for number in range(count)]
    return batch(vectors.tolist(), id=[f"p{number:04}" for number in range(count)], tags=tags)


def as_text(found):
    blocks = sorted(found["blocks"], key=lambda block: block.articles[0].id)
    return [(block.encoder, block.articles, block.vectors.tobytes(), block.digests) for block in blocks]


def test_blocks_depend_on_the_rows_alone(tmp_path, monkeypatch):
    table = made_up(700)
    one = read_all(write(tmp_path / "one.parquet", table))
    parts = tmp_path / "parts"
    for number, start in enumerate((400, 0, 50)):
        end = {400: 700, 0: 50, 50: 400}[start]
        write(parts / f"vectors-{number}.parquet", table.slice(start, end - start), row_group_size=37)
    monkeypatch.setattr(vector_files, "BATCH_BYTES", 4 * 4 * 11)
    many = read_all(str(parts))
    assert as_text(one) == as_text(many) == as_text(read_all(str(parts / "vectors-*.parquet")))
    assert one["total"] == many["total"] == [700]
    assert sum(map(len, one["blocks"])) == 700
    assert all(len(block) <= BLOCK_ROWS for block in one["blocks"])
    vector_of = {
        article.id: vector
        for block in one["blocks"]
        for article, vector in zip(block.articles, block.vectors, strict=True)
    }
    expected = np.array(table.column("vector").to_pylist())
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose([vector_of[f"p{number:04}"] for number in range(700)], expected, atol=1e-6)
    (survey,) = one["survey"]
    assert survey == Survey({("beam", "Beam"): 466, ("search", "search"): 234}, {}, {None: 700})
    assert {block.notes.in_text.shape[1] for block in one["blocks"]} == {2}


def test_other_vectors_are_another_encoder(tmp_path):
    digests = set()
    for seed in range(2):
        blocks = read_all(write(tmp_path / f"{seed}.parquet", made_up(5, seed)))["blocks"]
        digests.add(blocks[0].encoder.digest)
    assert len(digests) == 2


def test_postkins_own_vectors_are_read_again(tmp_path):
    (block,) = read_all(write(tmp_path / "v.parquet", made_up(20)))["blocks"]
    write_vectors([rows for _, rows in vector_rows(block, 1)], str(tmp_path))
    (again,) = read_all(str(tmp_path / "data"))["blocks"]
    assert [article.id for article in again.articles] == [article.id for article in block.articles]
    np.testing.assert_allclose(again.vectors, block.vectors, atol=1e-7)


def test_a_damaged_file_leaves_the_rows_before(tmp_path):
    path = tmp_path / "v.parquet"
    write(path, made_up(400), row_group_size=100, use_dictionary=False, compression="gzip")
    chunk = pq.ParquetFile(path).metadata.row_group(2).column(1)
    data = bytearray(path.read_bytes())
    middle = chunk.data_page_offset + chunk.total_compressed_size // 2
    data[middle : middle + 64] = bytes(64)
    path.write_bytes(bytes(data))
    found = read_all(str(path))
    reason = "the file is damaged: rows 201 to 300 cannot be read"
    assert sorted(found["rejected"], key=lambda row: row.line) == [
        Rejected("v.parquet", row, reason) for row in range(201, 301)
    ]
    assert sum(map(len, found["blocks"])) == 300
    assert found["counted"]["posts_rejected"] == 100


def test_a_null_among_lists_of_fixed_size_rejects_the_row_group(tmp_path):
    vectors = [[1, 0], [0, 1], [1, 1], None]
    found = read_all(write(tmp_path / "v.parquet", batch(vectors, pa.list_(pa.float32(), 2)), row_group_size=2))
    assert {(row.line, row.reason) for row in found["rejected"]} == {
        (line, "a list of fixed size is null, write lists of any size: rows 3 to 4 cannot be read") for line in (3, 4)
    }
    assert sum(map(len, found["blocks"])) == 2


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_refused_or_each_of_its_rows_counts_once(data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "damaged.parquet"
    write(path, made_up(80), row_group_size=40, compression=data.draw(st.sampled_from(["none", "gzip"])))
    content = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(4, len(content) - 9), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content))
    try:
        groups = list_row_groups([str(path)])
    except VectorsError:
        return
    found = [part for group in groups for part in read_group(group, 80)]
    rejected = [part.value for part in found if isinstance(part, TaggedOutput) and part.tag == "rejected"]
    numbers = [number for part in found if not isinstance(part, TaggedOutput) for number in part[1].numbers]
    assert sorted([*numbers, *(row.line for row in rejected)]) == list(range(1, 81))


def test_rows_that_are_claimed_but_not_there_are_rejected(tmp_path):
    (group,) = list_row_groups([write(tmp_path / "v.parquet", made_up(3))])
    found = list(read_group(replace(group, rows=5), 5))
    assert [part.value.line for part in found if isinstance(part, TaggedOutput) and part.tag == "rejected"] == [4, 5]


def test_more_rows_than_the_file_can_hold_are_refused(tmp_path):
    path = tmp_path / "v.parquet"
    pq.write_table(pa.table({"id": pa.nulls(10**6, pa.string()), "vector": [[1.0, 0.0]] * 10**6}), path)
    with pytest.raises(VectorsError, match=r"claims 1,000,000 rows in [\d,]+ bytes; write it anew"):
        list_row_groups([str(path)])


def test_vectors_of_no_model_are_refused(tmp_path):
    path = write(tmp_path / "v.parquet", batch([[0.0] * (vector_files.MAX_DIM + 1)]))
    with pytest.raises(VectorsError, match="of 4,097 dimensions; give at most 4,096"):
        list_row_groups([path])


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("gs://b/v.parquet", ["gs://b/v.parquet"]),
        ("gs://b/v-*", ["gs://b/v-1.parquet"]),
        ("gs://b/v/", ["gs://b/v/a/w.parquet"]),
    ],
)
def test_files_in_a_bucket(monkeypatch, pattern, found):
    there = {
        "gs://b/v.parquet": ["gs://b/v.parquet"],
        "gs://b/v-*": ["gs://b/v-1.parquet", "gs://b/v-1.txt"],
        "gs://b/v/**.parquet": ["gs://b/v/a/w.parquet", "gs://b/v/_temporary/w.parquet"],
    }
    monkeypatch.setattr(vector_files, "match", lambda pattern: [(path, 1, 0.0) for path in there[pattern]])
    assert vector_files.list_files(pattern) == found


def test_files_are_named_below_their_folder(tmp_path):
    for name in ("a/v.parquet", "b/v.parquet", "b/_temporary/v.parquet", ".hidden/v.parquet", "b/notes.txt"):
        write(tmp_path / name, batch([[1, 0]]))
    assert [group.file for group in list_row_groups([str(tmp_path)])] == ["a/v.parquet", "b/v.parquet"]
    assert [group.file for group in list_row_groups([str(tmp_path / "b"), f"{tmp_path}/*/v.parquet"])] == [
        "a/v.parquet",
        "b/v.parquet",
    ]


def test_most_vectors_say_how_long_one_is(tmp_path):
    path = write(tmp_path / "v.parquet", batch([[], [1.0], None, [1.0, 2.0], [2.0, 3.0]]))
    assert list_row_groups([path])[0].dim == 2


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"name": ["a"], "vector": [[1.0]]}, "no column id"),
        ({"id": ["a"], "embedding": [[1.0]]}, "no column vector"),
        ({"id": [1], "vector": [[1.0]]}, "column id holds int64; give strings"),
        ({"id": ["a"], "vector": ["x"]}, "column vector holds string; give lists of floats"),
        ({"id": ["a"], "vector": [["x"]]}, "column vector holds list<"),
        ({"id": ["a"], "vector": [[1.0]], "tags": ["x"]}, "column tags holds string; give lists of strings"),
        ({"id": ["a"], "vector": [[1.0]], "views": [0.5]}, "column views holds double; give whole numbers"),
        ({"id": ["a"], "vector": [[]]}, "column vector holds list<"),
        ({"id": ["a"], "vector": pa.array([[]], pa.list_(pa.float32()))}, "no vectors in its first rows"),
        ({"id": pa.array([], pa.string()), "vector": pa.array([], pa.list_(pa.float32()))}, "has no rows"),
    ],
)
def test_what_is_no_table_of_vectors_is_refused(columns, reason, tmp_path):
    path = tmp_path / "v.parquet"
    pq.write_table(pa.table(columns), path)
    with pytest.raises(VectorsError, match=reason) as error:
        list_row_groups([str(path)])
    assert "\n" not in str(error.value)


def read_file(path):
    """The articles of a file of one batch, and the rows that are rejected."""
    (group,) = list_row_groups([path])
    ((first, found),) = read_batches(group)
    rows, rejected = read_rows(found, group.file, first, group.dim)
    return rows.articles, rejected


@pytest.mark.parametrize(
    "nothing",
    [pa.nulls(2), pa.array([[], []]), pa.array([[None], None]), pa.array([[[]], []]), pa.nulls(2, pa.int8())],
)
def test_a_column_without_a_value_is_no_column(tmp_path, nothing):
    name = "views" if pa.types.is_integer(nothing.type) else "tags"
    path = write(tmp_path / "v.parquet", batch([[1.0, 0.0]] * 2, title=pa.nulls(2), **{name: nothing}))
    assert read_file(path) == ((Article("a0", "a0", "a0"), Article("a1", "a1", "a1")), [])


TEXT_KINDS = {
    "large": lambda texts: pa.array(texts, pa.large_string()),
    "view": lambda texts: pa.array(texts, pa.string_view()),
    "dictionary": lambda texts: pa.array(texts).dictionary_encode(),
    "json": lambda texts: pa.ExtensionArray.from_storage(pa.json_(), pa.array(texts)),
}
LIST_KINDS = {
    "large list": lambda items: pa.LargeListArray.from_arrays([0, 1, 2], items),
    "list view": lambda items: pa.ListViewArray.from_arrays([1, 0], [1, 1], items).take([1, 0]),
    "fixed list": lambda items: pa.FixedSizeListArray.from_arrays(items, 1),
    "list": lambda items: pa.ListArray.from_arrays([0, 1, 2], items),
}


@pytest.mark.parametrize("kind", TEXT_KINDS.values(), ids=TEXT_KINDS)
def test_texts_of_every_type_are_texts(tmp_path, kind):
    columns = {name: kind(["b", "c"]) for name in ("id", "title", "path")}
    path = write(tmp_path / "v.parquet", batch([[1.0, 0.0]] * 2, date=kind(["2022-05-06", None]), **columns))
    assert read_file(path) == ((Article("b", "b", "b", "2022-05-06"), Article("c", "c", "c")), [])


@pytest.mark.parametrize("of", LIST_KINDS.values(), ids=LIST_KINDS)
@pytest.mark.parametrize("kind", [pa.array, *TEXT_KINDS.values()], ids=["string", *TEXT_KINDS])
def test_lists_of_texts_of_every_type_are_tags(tmp_path, of, kind):
    path = write(tmp_path / "v.parquet", batch([[1.0, 0.0]] * 2, tags=of(kind(["x", "y"]))))
    articles, rejected = read_file(path)
    assert ([article.tags for article in articles], rejected) == ([("x",), ("y",)], [])


def test_tensors_are_vectors(tmp_path):
    vectors = pa.array([[3, 4], [0, 2]], pa.list_(pa.float32(), 2))
    tensors = pa.ExtensionArray.from_storage(pa.fixed_shape_tensor(pa.float32(), [2]), vectors)
    table = pa.table({"id": ["a", "b"], "vector": tensors})
    pq.write_table(table, tmp_path / "v.parquet")
    (group,) = list_row_groups([str(tmp_path)])
    ((first, found),) = read_batches(group)
    np.testing.assert_allclose(read_rows(found, group.file, first, group.dim)[0].vectors, [[0.6, 0.8], [0, 1]])


@pytest.mark.parametrize(
    "dates",
    [
        pa.array([0, 10**17], pa.timestamp("ms")),
        pa.array([0, -(10**15)], pa.timestamp("s")),
        pa.array([0, 10**9], pa.int32()).cast(pa.date32()),
        pa.array([0, 253402300799 * 10**6], pa.timestamp("us", "Asia/Tokyo")),
        pa.array([0, -62135596800 * 10**6], pa.timestamp("us", "-09:00")),
    ],
    ids=str,
)
def test_a_day_that_no_calendar_has_rejects_the_row_alone(tmp_path, dates):
    articles, (rejected,) = read_file(write(tmp_path / "v.parquet", batch([[1.0, 0.0]] * 2, date=dates)))
    assert [article.id for article in articles] == ["a0"]
    assert articles[0].date.startswith(("1970-01-01", "1969-12-31"))
    assert (rejected.path, rejected.line) == ("v.parquet", 2)
    assert "is not a date" in rejected.reason


def test_dates_may_be_finer_than_a_microsecond():
    dates = pa.array([1_001, -(2**63)], pa.int64()).view(pa.timestamp("ns"))
    articles = read_rows(batch([[1, 0]] * 2, date=dates), "f", 1, 2)[0].articles
    assert [article.date for article in articles] == ["1970-01-01T00:00:00.000001", "1677-09-21T00:12:43.145225"]


def test_dates_in_an_unknown_zone_are_refused(tmp_path):
    path = write(tmp_path / "v.parquet", batch([[1.0, 0.0]], date=pa.array([0], pa.timestamp("us", "Nowhere/Land"))))
    with pytest.raises(VectorsError, match=r"column date holds .*Nowhere/Land.*; give strings such as 2022-05-06"):
        list_row_groups([path])


def test_files_of_other_kinds_are_refused(tmp_path):
    (tmp_path / "v.parquet").write_text("id,vector", encoding="utf-8")
    with pytest.raises(VectorsError, match="is not a Parquet file"):
        list_row_groups([str(tmp_path / "v.parquet")])
    with pytest.raises(VectorsError, match=r"names no \.parquet file"):
        list_row_groups([str(tmp_path / "nowhere")])


def test_files_of_two_models_are_refused(tmp_path):
    write(tmp_path / "a.parquet", batch([[1.0, 0.0]]))
    write(tmp_path / "b.parquet", batch([[1.0, 0.0, 0.0]]))
    with pytest.raises(VectorsError, match=r"of 2 dimensions .* of 3"):
        list_row_groups([str(tmp_path)])
