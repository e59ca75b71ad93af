import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that

from tests.transforms.records_by_hand import articles, assert_same, block, corpus_of, links_of, notes, table_of, unit
from tests.transforms.search_by_hand import blocks_of, calendar_of, crowded_blog, found_of, scattered, searched
from transforms.corpus.blocks import block_key, keys_of
from transforms.corpus.chronology import date_keys
from transforms.sampling import key_of
from transforms.tags.collect import CollectEvidence, JoinVotes
from transforms.tags.evidence import collect_evidence


@pytest.mark.parametrize("seed", [0, 1])
def test_the_transform_collects_the_evidence_that_the_function_collects(tmp_path, seed):
    corpus = crowded_blog(30)
    blocks, table, calendar = blocks_of(corpus, 3), table_of(corpus.articles, corpus.vectors), calendar_of(corpus)
    votes = [
        (block_key(of_block), cast) for of_block, (_, cast, _) in zip(blocks, searched(blocks, table.keys), strict=True)
    ]
    expected = {
        found.block: found
        for found in (
            collect_evidence(of_block, cast, calendar, table, links_of(corpus))
            for of_block, (_, cast) in zip(blocks, votes, strict=True)
        )
    }
    assert all(found.links.linked_by.any() and any(found.links.targets) for found in expected.values())
    row_of = {row.id: row for row in links_of(corpus)}
    links = [
        (block_key(of_block), tuple(row_of[article.id] for article in of_block.articles[at]))
        for of_block in blocks
        for at in (slice(4), slice(4, None))
    ]

    def same(results):
        assert sorted(found.block for found in results) == sorted(expected)
        for found in results:
            assert_same(found, expected[found.block])

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        sides = (pipeline | name >> beam.Create([of]) for name, of in (("Calendar", calendar), ("Table", table)))
        cast = pipeline | "Votes" >> scattered(votes, seed)
        linked = pipeline | "Links" >> scattered(links, seed)
        joined = pipeline | scattered(blocks, seed + 1) | JoinVotes(cast, linked)
        found = joined | CollectEvidence(*map(beam.pvalue.AsSingleton, sides))
        assert_that(found, same)


def test_evidence_of_what_is_known():
    posts = articles(["a"], [], ["a", "b"], dates=["2020-01-01", None, "2024-01-01T10:00:00Z"])
    vectors, keys, words = unit([[1, 0], [1, 1], [0, 1]]), ["a", "b"], [("w",), (), ("v",)]
    in_title, in_text = np.arange(6).reshape(3, 2), np.arange(6)[::-1].reshape(3, 2)
    corpus = corpus_of(posts, vectors, in_title=in_title, in_text=in_text, words=words)
    of_block = block(posts, vectors, notes=notes(3, keys, in_title, in_text, words))
    ((_, votes, _),) = searched([of_block], keys)
    found = collect_evidence(of_block, votes, calendar_of(corpus), table_of(posts, vectors))
    assert (found.block, found.articles, found.notes.words) == (key_of("a0"), tuple(posts), tuple(words))
    assert len(found) == len(found.evidence) == 3
    np.testing.assert_allclose(found.age, [1461 / 365.25, np.nan, 0])
    assert found.homes.tolist() == [0, 0, 0]
    assert found.asks.tolist() == [[True]] * 3
    evidence = found.evidence
    assert evidence.keys.tolist() == keys_of(of_block).tolist() == [key_of(post.id) for post in posts]
    np.testing.assert_array_equal(evidence.vectors, vectors)
    assert evidence.carriers.toarray().tolist() == [[1, 0], [0, 0], [1, 1]]
    assert evidence.in_title.toarray().tolist() == in_title.tolist()
    assert evidence.in_text.toarray().tolist() == in_text.tolist()
    np.testing.assert_allclose(evidence.votes.toarray(), [[0, 0], [1, 0.5], [0, 0]])
    recent, contemporaries, later = calendar_of(corpus).around(date_keys(posts))
    assert evidence.recent.toarray().tolist() == recent.toarray().tolist()
    assert evidence.contemporaries.tolist() == contemporaries.tolist() == [1, 2, 1]
    assert evidence.later.tolist() == later.tolist()


@pytest.mark.parametrize("shards", [1, 3])
def test_what_is_found_does_not_depend_on_the_blocks(shards):
    corpus = crowded_blog(40)
    (whole,) = found_of(corpus)
    for part, found in enumerate(found_of(corpus, 4, shards)):
        assert_same(found.evidence, whole.evidence.part(np.arange(part, 40, 4)))
        np.testing.assert_array_equal(found.age, whole.age[part::4])
        assert found.articles == whole.articles[part::4]
