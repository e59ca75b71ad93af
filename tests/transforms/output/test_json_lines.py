import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.output.json_lines import Chunks, pack_lines, shard_of, table_line, unpack_lines
from transforms.records import Article
from transforms.results import Coverage, Duplicate, Related, RelatedArticle, Why, as_row
from transforms.sampling import hash64

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
WHY = Why(text=0.5, recent=0.0, counted=("text",), shared_tags=("\t",), shared_words=("\n",))
KEYS = st.tuples(TEXTS, st.integers() | TEXTS)


@given(st.lists(st.tuples(KEYS, TEXTS.map(lambda text: json.dumps(text, ensure_ascii=False)))))
def test_packed_lines_come_back(lines):
    assert list(unpack_lines(pack_lines(lines))) == lines


@given(st.lists(st.tuples(st.integers(0, 3), TEXTS.map(json.dumps))), st.integers(1, 100))
def test_chunks_hold_every_line_of_their_shard_in_order(lines, limit):
    chunks = Chunks(limit)
    full = [chunk for shard, line in lines for chunk in chunks.add(shard, ((line,), line))]
    got = {shard: [] for shard in range(4)}
    for shard, chunk in [*full, *chunks.rest()]:
        got[shard] += [line for _, line in unpack_lines(chunk)]
    assert got == {shard: [line for own, line in lines if own == shard] for shard in range(4)}
    assert list(chunks.rest()) == []


def test_a_chunk_is_full_at_its_limit():
    chunks = Chunks(10)
    assert [len(list(chunks.add(0, (("a",), "x" * 4)))) for _ in range(6)] == [0, 0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("table", "record", "key"),
    [
        (
            "related",
            Related("灯", (RelatedArticle("b", 0.5, None, WHY),)),
            ("灯",),
        ),
        ("duplicates", Duplicate("a", "b", 0.99, exact=True), ("a", "b")),
        ("coverage", Coverage(None, "n", "2024-01-01", 1, 1, None, 0.5), (0,)),
    ],
)
def test_a_line_is_the_row_as_json(table, record, key):
    assert table_line(table, record) == (key, json.dumps(as_row(record), ensure_ascii=False))


def test_the_text_of_a_post_stands_in_no_table():
    row = json.loads(table_line("articles", Article("a", "a.md", "A", body="x", hrefs=("y",)))[1])
    assert {"body", "hrefs"} & set(row) == set()
    assert row["tags"] == []


def test_the_shard_follows_from_the_first_value_of_the_key():
    assert {shard_of(((f"p{n}", "x"), ""), 3) for n in range(50)} == {0, 1, 2}
    assert shard_of((("a", "b"), ""), 7) == hash64("a") % 7
    assert shard_of(((), ""), 1) == 0
