import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, assert_same, block, corpus_of, random_unit, unit
from tests.transforms.search_by_hand import (
    blocks_of,
    candidates_by_hand,
    crowded_blog,
    near_duplicates_by_hand,
    searched,
)
from transforms.corpus.blocks import block_key, keys_of
from transforms.evaluation.search import search_corpus
from transforms.numerics.arrays import NOBODY
from transforms.sampling import key_of
from transforms.search.candidates import CANDIDATES
from transforms.search.plan import plan_cells, plan_exact
from transforms.search.shards import Shard, in_groups, shard_queries
from transforms.search.votes import SHARPNESS, VOTERS

SHARDS = [1, 2, 3, 7]


def found_of_rows(corpus, blocks, answers):
    """Each row's candidates, as rows, and their cosines, without those that are nobody."""
    row_of = {key_of(id_): row for row, id_ in enumerate(corpus.ids)}
    everyone = {}
    for of_block, (candidates, _, _) in zip(blocks, answers, strict=True):
        assert candidates.block == block_key(of_block)
        assert candidates.keys.tolist() == keys_of(of_block).tolist()
        for key, found, cosines in zip(candidates.keys, candidates.found, candidates.cosines, strict=True):
            there = found != NOBODY
            assert not there[np.count_nonzero(there) :].any()
            assert not cosines[~there].any()
            near = zip(found[there].tolist(), np.round(cosines[there].astype(float), 4).tolist(), strict=True)
            everyone[row_of[key]] = [(row_of[other], cosine) for other, cosine in near]
    return [everyone[row] for row in range(len(corpus))]


def votes_by_hand(corpus, found):
    """The shares of the nearest tagged candidates' votes for each tag."""
    carried = corpus.carriers.toarray()
    votes = np.zeros(carried.shape[1])
    voters = [(carried[other], cosine**SHARPNESS) for other, cosine in found if carried[other].any()][:VOTERS]
    for tags, weight in voters:
        votes += tags * weight / max(sum(weight for _, weight in voters), 1e-12)  # next to no likeness is none
    return votes


def assert_answers(corpus, blocks, shards, exact_duplicates):
    """What the shards answer is what comparing all pairs finds."""
    answers = searched(blocks, corpus.keys, shards, exact_duplicates=exact_duplicates)
    found = found_of_rows(corpus, blocks, answers)
    assert found == [candidates_by_hand(corpus, row, exact_duplicates=exact_duplicates) for row in range(len(corpus))]
    expected = near_duplicates_by_hand(corpus, exact_duplicates=exact_duplicates)
    assert {pair for _, _, pairs in answers for pair in pairs} == expected
    row_of = {id_: row for row, id_ in enumerate(corpus.ids)}
    for of_block, (candidates, votes, _) in zip(blocks, answers, strict=True):
        rows = [row_of[article.id] for article in of_block.articles]
        by_hand = np.array([votes_by_hand(corpus, found[row]) for row in rows])
        np.testing.assert_allclose(votes.votes.toarray(), by_hand, atol=1e-12)
        near = corpus.near[rows].any(axis=1).tolist()
        homes = [key % shards if there else NOBODY for key, there in zip(candidates.keys.tolist(), near, strict=True)]
        assert votes.homes.tolist() == homes
        where = [[NOBODY if other == NOBODY else other % shards for other in of] for of in candidates.found.tolist()]
        assert candidates.shards.tolist() == where
        assert votes.asks.tolist() == [[shard in of for shard in range(shards)] for of in where]
        assert (candidates.found.dtype, candidates.cosines.dtype) == (np.int64, np.float32)
        assert (candidates.shards.dtype, votes.homes.dtype) == (np.int16, np.int16)
    return answers


@pytest.mark.parametrize("exact_duplicates", [False, True])
@pytest.mark.parametrize("shards", SHARDS)
def test_any_number_of_shards_finds_what_all_pairs_give(shards, exact_duplicates):
    corpus = crowded_blog(150)
    blocks = blocks_of(corpus, 4)
    answers = assert_answers(corpus, blocks, shards, exact_duplicates)
    assert min(len(of) for of in found_of_rows(corpus, blocks, answers)) == 0  # of a zero vector
    assert max(len(of) for of in found_of_rows(corpus, blocks, answers)) == CANDIDATES
    (whole,) = searched(blocks_of(corpus), corpus.keys, exact_duplicates=exact_duplicates)
    assert {pair for _, _, pairs in answers for pair in pairs} == set(whole[2])
    for of_block, (_, votes, _) in zip(blocks, answers, strict=True):
        rows = [corpus.ids.index(article.id) for article in of_block.articles]
        assert votes.votes.toarray().tolist() == whole[1].votes[rows].toarray().tolist()


@example(seed=2**31 - 1, count=21, shards=1, blocks=1, exact_duplicates=False)  # whose only voters are hardly alike
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.sampled_from(SHARDS), st.integers(1, 3), st.booleans())
@settings(max_examples=60, deadline=None)
def test_small_corpora_against_all_pairs(seed, count, shards, blocks, exact_duplicates):
    corpus = crowded_blog(count, seed, untagged=(seed % 3) / 2)
    assert_answers(corpus, blocks_of(corpus, min(blocks, count)), shards, exact_duplicates)


@pytest.mark.parametrize("shards", SHARDS)
def test_near_duplicates_of_all_shards_against_all_pairs(shards):
    corpus = crowded_blog(150, seed=3)
    answers = searched(blocks_of(corpus, 2), corpus.keys, shards)
    expected = near_duplicates_by_hand(corpus)
    assert {pair for _, _, pairs in answers for pair in pairs} == expected
    assert len(expected) > 10
    assert {0.8 < pair.score < 1 for pair in expected} == {True}


@pytest.mark.parametrize("shards", SHARDS)
def test_only_candidates_are_compared_for_near_duplicates(shards):
    digests = [f"text {3 * (row % 2)}" if row > 1 else f"text {row}" for row in range(CANDIDATES + 3)]
    vectors = unit([[1, 0.2 * (row == 1)] for row in range(len(digests))])
    corpus = corpus_of(articles(*[()] * len(digests)), vectors, digests)
    answers = searched(blocks_of(corpus, 3), corpus.keys, shards, exact_duplicates=True)
    assert {pair for _, _, pairs in answers for pair in pairs} == near_duplicates_by_hand(corpus, exact_duplicates=True)


@pytest.mark.parametrize("shards", SHARDS)
@pytest.mark.parametrize("tags", [[[]], [["x"]], [[], []], [["x"], []], [["x"], ["x", "y"]]])
def test_a_corpus_of_one_article_or_two(tags, shards):
    corpus = corpus_of(articles(*tags), unit([[1, 0], [1, 1]][: len(tags)]))
    ((candidates, votes, duplicates),) = searched(blocks_of(corpus), corpus.keys, shards)
    others = [[1], [0]] if len(tags) == 2 else [[]]
    assert (candidates.found != NOBODY).sum(axis=1).tolist() == [len(of) for of in others]
    cast = [[float(key in tags[other[0]]) if other else 0.0 for key in corpus.keys] for other in others]
    np.testing.assert_allclose(votes.votes.toarray(), np.array(cast).reshape(votes.votes.shape))
    assert votes.votes.shape == (len(tags), len(corpus.keys))
    assert duplicates == []


@pytest.mark.parametrize("shards", SHARDS)
def test_where_nobody_has_a_candidate(shards):
    corpus = corpus_of(articles(["x"], [], ["y"]), np.zeros((3, 4)))
    blocks = blocks_of(corpus, 2)
    for of_block, (candidates, votes, duplicates) in zip(
        blocks, searched(blocks, corpus.keys, shards, exact_duplicates=True), strict=True
    ):
        assert (candidates.found == NOBODY).all()
        assert (candidates.shards == NOBODY).all()
        assert votes.votes.shape == (len(of_block), 2)
        assert votes.votes.nnz == 0
        assert votes.asks.shape == (len(of_block), shards)
        assert not votes.asks.any()
        assert duplicates == []


def test_what_a_shard_finds_does_not_depend_on_the_order_of_its_parts():
    corpus = crowded_blog(60)
    sent = [dict(shard_queries(of_block, plan_exact(2), corpus.keys)[1]) for of_block in blocks_of(corpus, 5)]
    parts = [of_block[1] for of_block in sent if 1 in of_block]
    given, reversed_ = (
        dict(Shard(1, order, plan_exact(2), exact_duplicates=False).hits(order)) for order in (parts, parts[::-1])
    )
    assert given.keys() == reversed_.keys()
    for key, of_shard in given.items():
        assert_same(of_shard, reversed_[key])


def test_blocks_whose_articles_look_into_different_numbers_of_cells_are_searched_together():
    rng = np.random.default_rng(0)
    crowd = np.eye(8)[0] + 0.01 * rng.standard_normal((8, 8))
    centroids = unit(np.concatenate([crowd, rng.standard_normal((4, 8))]))
    posts = articles(*[[]] * 12)
    blocks = [block(posts[:4], centroids[8:]), block(posts[4:], centroids[:8])]
    plan = plan_cells(centroids, np.ones(12, int), 1, 100, 8)
    parts = [shard_queries(of_block, plan, ())[1][0][1] for of_block in blocks]
    assert len({part.probes.shape[1] for part in parts}) == 2
    shard = Shard(0, parts, plan, exact_duplicates=False)
    alone = {key: hits for part in parts for key, hits in shard.hits([part])}
    together = dict(shard.hits(parts))
    assert len(together) == 2
    for key, hits in together.items():
        assert_same(hits, alone[key])


@pytest.mark.parametrize(("queries", "sizes"), [(1, [1] * 5), (20, [2, 2, 1]), (99, [5])])
def test_blocks_are_searched_together_up_to_so_many_queries(queries, sizes):
    blocks = blocks_of(crowded_blog(60, untagged=1), 5)
    visitors = [visit for of_block in blocks for _, visit in shard_queries(of_block, plan_exact(1), ())[1]]
    groups = list(in_groups(visitors, queries))
    assert [visit for group in groups for visit in group] == visitors
    assert [len(group) for group in groups] == sizes


@pytest.mark.parametrize("count", [5, CANDIDATES])
def test_a_corpus_at_hand_is_searched_as_by_shards(count):
    corpus = crowded_blog(130)
    found, cosines = search_corpus(corpus, count)
    assert found.shape == cosines.shape == (130, count)
    for row, of_row in enumerate(found):
        there = of_row != NOBODY
        near = list(zip(of_row[there].tolist(), cosines[row][there].tolist(), strict=True))
        assert near == candidates_by_hand(corpus, row)[:count]
        assert not cosines[row][~there].any()


def test_ties_go_to_the_lower_key():
    corpus = corpus_of(articles(*[()] * 9), random_unit(1, 3)[[0] * 9])
    expected = sorted(range(1, 9), key=lambda row: key_of(corpus.ids[row]))
    assert [row for row in search_corpus(corpus)[0][0] if row != NOBODY] == expected
