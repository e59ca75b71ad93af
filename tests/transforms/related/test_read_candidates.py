import dataclasses

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that
from scipy import sparse

from tests.transforms.rank_by_hand import (
    ALL_PARTS,
    blog_of,
    lessons_of,
    made_up_log,
    profiles_of,
    ranked_by,
    shards_of,
    with_readers,
)
from tests.transforms.records_by_hand import articles, assert_same, block, unit
from tests.transforms.search_by_hand import blocks_of, crowded_blog, scattered, searched
from transforms.corpus.blocks import block_key, keys_of
from transforms.corpus.languages import ONE_LANGUAGE, BlogLanguages
from transforms.numerics.arrays import NOBODY, inner_products
from transforms.numerics.rounding import rounded
from transforms.readings.neighbors import ReadPosts, ReadWith
from transforms.related.ranker import Ranker, rarity
from transforms.related.read_candidates import NEAREST, make_table, may_be_related, rows_of_block
from transforms.related.read_together import AddReadTogether
from transforms.related.reading_part import shares_of
from transforms.related.weights import fit_rank_weights
from transforms.search.find import Finds


@pytest.fixture(scope="module")
def corpus():
    return crowded_blog(60, seed=5, near=8)


@pytest.fixture(scope="module")
def log(corpus):
    return made_up_log(corpus)


def told(log):
    """What readers tell of every two articles, by their keys: how far they read both, how many do; and of each one."""
    pairs = {
        (of_one.key, other): (min(1.0, cosine / log.strong), both)
        for of_one in log.pairs
        for other, both, cosine in zip(
            of_one.found.tolist(), of_one.both.tolist(), of_one.cosines.tolist(), strict=True
        )
    }
    return pairs, dict(zip(log.read.keys.tolist(), log.read.readers.tolist(), strict=True))


@pytest.mark.parametrize(("count", "shards"), [(1, 1), (4, 1), (3, 5)])
def test_candidates_are_those_of_texts_and_of_readers(corpus, log, count, shards):
    blocks = blocks_of(corpus, count)
    pairs, readers = told(log)
    row_of, vectors = {key: row for row, key in enumerate(corpus.article_keys.tolist())}, corpus.near.any(axis=1)
    answers = [of[:2] for of in searched(blocks, corpus.keys, shards)]
    added = 0
    for (before, votes), (found, asked) in zip(answers, with_readers(blocks, answers, log), strict=True):
        candidates, reading = found.candidates, found.reading
        assert candidates.found.shape == candidates.cosines.shape == candidates.shards.shape == reading.together.shape
        for row, key in enumerate(candidates.keys.tolist()):
            by_text = dict(zip(before.found[row].tolist(), before.cosines[row].tolist(), strict=True))
            by_text.pop(NOBODY, None)
            by_readers = {
                other
                for one, other in pairs
                if one == key
                and vectors[row_of[other]]
                and len({corpus.digests[row_of[of]] for of in (one, other)}) > 1
            }
            there = candidates.found[row] != NOBODY
            keys = candidates.found[row][there].tolist()
            assert len(keys) == len(set(keys))
            assert set(keys) == {*by_text} | by_readers
            assert set(candidates.shards[row][there].tolist()) == set(np.flatnonzero(asked.asks[row]).tolist())
            columns = zip(np.flatnonzero(there).tolist(), keys, strict=True)
            for at, other in columns:
                together, both = pairs.get((key, other), (0, 0)) if other in by_readers else (0, 0)
                assert reading.together[row, at] == pytest.approx(together, abs=0.6e-4)
                assert reading.readers[row, at] == both
                assert reading.added[row, at] == (other not in by_text)
                assert reading.shares[row, at] == shares_of(np.array(min(readers.get(of, 0) for of in (key, other))))
                assert reading.added[row, at] == np.isnan(candidates.cosines[row, at])
                added += bool(reading.added[row, at])
        assert (asked.homes == votes.homes).all()
    assert added > 20


@pytest.mark.parametrize("shards", [1, 3])
def test_articles_are_ranked_by_readers_too(corpus, log, shards):
    blog = blog_of(corpus, 4, shards, log)
    pairs, readers = told(log)
    weights, keys = fit_rank_weights(lessons_of(blog, ALL_PARTS), ALL_PARTS), corpus.article_keys
    order = np.argsort([row for part in range(4) for row in range(part, 60, 4)])
    profiles = profiles_of(corpus, sparse.vstack([part.tags for part in blog.expected], format="csr")[order])
    ranker = Ranker(profiles, rarity(blog.table.counts, blog.table.posts), ALL_PARTS - {"recent"})
    everybody = np.tile(np.arange(60), (60, 1))
    features = ranker.features(profiles, everybody, rounded(inner_products(corpus.near[everybody], corpus.near)))
    scores = (features * weights.of(keys, ranker.used())[:, None, :]).sum(axis=2)
    parts = ALL_PARTS - {"recent"}
    best = [related for ranked in ranked_by(blog, parts, 9) for related in ranked.related]
    for related in best:
        row = corpus.ids.index(related.id)
        for other in related.related:
            column = corpus.ids.index(other.id)
            pair = (int(keys[row]), int(keys[column]))
            share = float(shares_of(np.array(min(readers.get(key, 0) for key in pair))))
            together, both = pairs.get(pair, (0.0, 0))
            without = max(scores[row, column], 0) * (1 - 0.75 * share**3)
            expected = 1 - (1 - share * together) * (1 - without)
            assert other.score == pytest.approx(expected, abs=2e-4)
            assert other.why.read_together == (both or None)
            assert ("readers" in other.why.counted) <= bool(both)
    assert sum(other.why.read_together is not None for related in best for other in related.related) > 20


@pytest.mark.parametrize("shards", [2, 7])
def test_several_shards_rank_as_one(corpus, log, shards):
    one, several = (ranked_by(blog_of(corpus, 3, number, log), ALL_PARTS, 5) for number in (1, shards))
    for of_one, of_several in zip(one, several, strict=True):
        assert_same(of_one, of_several)
        assert of_one.features.shape[1] == 4


def test_what_authors_chose_teaches_the_weights_without_readers(corpus, log):
    lessons = lessons_of(blog_of(corpus, 3, 2, log), ALL_PARTS)
    assert lessons.reading.added.any()
    with_log, without = (
        fit_rank_weights(of, ALL_PARTS) for of in (lessons, lessons_of(blog_of(corpus, 3, 2), ALL_PARTS))
    )
    np.testing.assert_array_equal(with_log.by_fold, without.by_fold)


def table_by_hand(posts, languages=ONE_LANGUAGE, digests=None):
    vectors = unit(np.ones((len(posts), 2)))
    vectors[-1] = 0
    given = block(posts, vectors, digests)
    keys = keys_of(given)
    homes = np.array([0] * (len(posts) - 1) + [NOBODY], np.int16)
    read = ReadPosts(np.sort(keys), np.full(len(keys), 10), np.full(len(keys), 20))
    return make_table([rows_of_block(given, languages)], {block_key(given): homes}, read), keys


def read_with(keys, key=0):
    others = np.delete(keys, key)
    return ReadWith(int(keys[key]), others, np.full(len(others), 5), np.linspace(0.5, 0.1, len(others)))


def test_copies_and_articles_without_a_vector_are_left_out():
    posts = articles(*([] for _ in range(5)))
    table, keys = table_by_hand(posts, digests=["a", "b", "a", "c", "d"])
    _, kept = may_be_related(read_with(keys), table)
    assert kept.found.tolist() == keys[[1, 3]].tolist()
    _, kept = may_be_related(read_with(keys), table, copies=True)
    assert kept.found.tolist() == keys[[1, 2, 3]].tolist()


def test_articles_in_other_languages_are_left_out():
    posts = [
        dataclasses.replace(post, language=language)
        for post, language in zip(articles(*([] for _ in range(5))), ["en", "ja", "en", "ja", "en"], strict=True)
    ]
    table, keys = table_by_hand(posts, BlogLanguages({"en": 0, "ja": 1}))
    assert may_be_related(read_with(keys), table)[1].found.tolist() == [keys[2]]


def test_who_is_read_with_nobody_has_no_candidates():
    table, keys = table_by_hand(articles([], []))
    assert may_be_related(read_with(keys), table) is None
    unknown = ReadWith(12345, keys, np.array([5, 5]), np.array([0.2, 0.1]))
    assert may_be_related(unknown, table) is None


def test_no_more_than_the_nearest_are_kept():
    table, keys = table_by_hand(articles(*([] for _ in range(NEAREST + 9))))
    assert may_be_related(read_with(keys), table)[1].found.tolist() == keys[1 : NEAREST + 1].tolist()


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("nobody", [False, True])
def test_in_a_pipeline_as_by_hand(corpus, log, tmp_path, seed, nobody):
    if nobody:
        none = np.zeros(0, np.int64)
        log = dataclasses.replace(log, pairs=[], read=ReadPosts(none, none, none), strong=0.0)
    blocks = blocks_of(corpus, 4)
    answers = [of[:2] for of in searched(blocks, corpus.keys, 3)]
    expected = {found.candidates.block: (found, votes) for found, votes in with_readers(blocks, answers, log)}

    def same_candidates(found):
        assert {of.candidates.block for of in found} == {*expected}
        for of in found:
            assert_same(of.candidates, expected[of.candidates.block][0].candidates)
            assert_same(of.reading, expected[of.candidates.block][0].reading)

    def same_votes(found):
        for key, votes in found:
            assert (votes.asks == expected[key][1].asks).all()

    with beam.Pipeline("FnApiRunner") as pipeline:
        given, candidates, votes, pairs, strong, read, languages = (
            pipeline | name >> scattered(list(of), seed)
            for name, of in (
                ("Blocks", blocks),
                ("Candidates", [candidates for candidates, _ in answers]),
                ("Votes", [(block_key(of), votes) for of, (_, votes) in zip(blocks, answers, strict=True)]),
                ("Pairs", log.pairs),
                ("Strong", [log.strong]),
                ("Read", [log.read]),
                ("Languages", [ONE_LANGUAGE]),
            )
        )
        finds = Finds(candidates, votes, pipeline | beam.Create([]))
        the_languages = beam.pvalue.AsSingleton(languages)
        found = finds | AddReadTogether(given, pairs, strong, read, the_languages)
        assert_that(found.candidates, same_candidates, label="candidates")
        assert_that(found.votes, same_votes, label="votes")


def test_what_is_taken_apart_for_shards_has_what_readers_tell(corpus, log):
    for shard, looked_for in shards_of(blog_of(corpus, 2, 3, log), ALL_PARTS).values():
        for part in looked_for:
            there = part.found != NOBODY
            assert (part.reading.shares[~there] == 0).all()
            assert len(shard.lessons(part)) == len(part.places)
