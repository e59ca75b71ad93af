import dataclasses
from collections import defaultdict

import numpy as np
import pytest

from tests.transforms.rank_by_hand import ALL_PARTS, blog_of, lessons_of, ranked_by, whole_of
from tests.transforms.records_by_hand import articles, assert_same, corpus_of, made_up_blog, unit
from tests.transforms.search_by_hand import crowded_blog
from transforms.numerics.arrays import NOBODY
from transforms.related.confidence import LEARNED, both_tagged, chance_overlap, more_than_chance, place_features
from transforms.related.ranker import Profiles, rarity
from transforms.related.shards import (
    JUDGED,
    Best,
    BlockIds,
    Pair,
    RankingShard,
    block_ids,
    merge_best,
    rank_candidates,
    rank_queries,
)
from transforms.related.weights import fit_rank_weights
from transforms.results import PARTS, RECENT, Related, RelatedArticle, Why
from transforms.sampling import key_of

SHARDS = [1, 2, 3, 7]


@pytest.fixture(scope="module")
def corpus():
    return crowded_blog(60, seed=5, near=8)


@pytest.fixture(scope="module")
def blogs(corpus):
    """The corpus in four blocks, by the number of shards that it is ranked in."""
    return {shards: blog_of(corpus, 4, shards) for shards in SHARDS}


@pytest.mark.parametrize("shards", SHARDS)
@pytest.mark.parametrize(
    ("parts", "count"),
    [(ALL_PARTS, 0), (ALL_PARTS, 7), (ALL_PARTS, 500)]
    + [(parts, 7) for parts in ({"text"}, {"learned"}, {"tags"}, {"text", "tags", RECENT})],
)
def test_a_block_is_ranked_as_the_whole(corpus, blogs, shards, parts, count):
    blog = blogs[shards]
    whole, without_tags = whole_of(blog, corpus, parts)
    for part, ranked in enumerate(ranked_by(blog, parts, count)):
        rows = np.arange(part, 60, 4)
        assert ranked.block == blog.expected[part].found.block
        assert [row.id for row in ranked.related] == [corpus.ids[row] for row in rows]
        for row, related in zip(rows, ranked.related, strict=True):
            first = np.flatnonzero(whole.found[row] != NOBODY)[:count]
            assert [other.id for other in related.related] == [corpus.ids[other] for other in whole.found[row, first]]
            assert [other.score for other in related.related] == whole.scores[row, first].tolist()
            if "text" in parts:
                assert [other.why.text for other in related.related] == whole.text[row, first].tolist()
            assert {other.confidence for other in related.related} <= {None}
        assert [list(of) for of in ranked.without_tags] == [
            [corpus.ids[other] for other in without_tags.found[row, :JUDGED] if other != NOBODY] for row in rows
        ]


@pytest.mark.parametrize("shards", SHARDS[1:])
def test_several_shards_rank_as_one(blogs, shards):
    rankings = (ranked_by(blogs[number], ALL_PARTS, 5) for number in (1, shards))
    for one, other in zip(*rankings, strict=True):
        assert_same(one, other)


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("count", [0, 20, 60])
def test_the_tagged_of_the_articles_that_teach_are_learned_from(corpus, blogs, shards, count):
    blog, teach = blogs[shards], np.arange(60) % 7 * 9 < count
    _, without_tags = whole_of(blog, corpus, ALL_PARTS)
    first = without_tags.first(LEARNED)
    for part, ranked in enumerate(ranked_by(blog, ALL_PARTS, 4, in_sample=teach)):
        rows = np.array([row for row in range(part, 60, 4) if teach[row]], np.int64)
        own, found = corpus.carriers[rows], first.found[rows]
        judged = both_tagged(own, corpus.carriers, found)
        later = np.array([blog.later[row] for row in rows])[:, None] * np.ones(found.shape)
        weights = rarity(blog.table.counts, blog.table.posts)
        chance = chance_overlap(blog.table.counts, blog.table.posts, weights)
        shares = more_than_chance(own, corpus.carriers, found, weights, chance)[judged]
        keys = np.broadcast_to(corpus.article_keys[rows][:, None], found.shape)[judged]
        expected = (place_features(first.scores[rows])[judged], shares, later[judged], keys)
        for name, by_hand in zip(("features", "labels", "later", "keys"), expected, strict=True):
            np.testing.assert_array_equal(getattr(ranked, name), by_hand)
        assert (len(ranked.labels) > 0) == bool(len(rows))


def test_only_those_asked_for_are_ranked_without_tags(corpus):
    blog = blog_of(corpus, 2, 3)
    for ranked in ranked_by(blog, ALL_PARTS, 4, in_sample=np.zeros(60, np.bool_), without_tags=np.arange(60) % 4 < 2):
        for related, of_row in zip(ranked.related, ranked.without_tags, strict=True):
            assert bool(of_row) == (corpus.ids.index(related.id) % 4 < 2 and bool(related.related))
        assert ranked.features.shape == (0, 3)
        assert ranked.labels.shape == ranked.later.shape == ranked.keys.shape == (0,)


@pytest.mark.parametrize("shards", [1, 2, 7])
@pytest.mark.parametrize("parts", [frozenset(PARTS), ALL_PARTS, frozenset({"tags"})])
@pytest.mark.parametrize("tags", [[[]], [["x"]], [[], []], [["x"], []], [["x"], ["x", "y"]], [["x"], ["y"]]])
def test_a_corpus_of_one_article_or_two(tags, parts, shards):
    corpus = corpus_of(articles(*tags), unit([[1, 0], [1, 1]][: len(tags)]))
    (ranked,) = ranked_by(blog_of(corpus, 1, shards), parts, 9)
    assert [row.id for row in ranked.related] == corpus.ids
    if len(tags) == 1:
        assert ranked.related == (Related("a0", ()),)
        assert ranked.without_tags == ((),)
    elif "text" in parts or not corpus.keys:
        assert [[other.id for other in row.related] for row in ranked.related] == [["a1"], ["a0"]]
        assert ranked.without_tags == (("a1",), ("a0",))
    else:
        share = len(set(tags[0]) & set(tags[1])) > 0
        assert [len(row.related) for row in ranked.related] == [int(share)] * 2


@pytest.mark.parametrize("shards", [1, 3])
def test_an_article_without_candidates_has_an_empty_row(shards):
    corpus = corpus_of(articles(["x"], ["x"], ["x"], [], ["x"]), unit([[1, 0], [0, 0], [1, 1], [0, 0], [0, 0]]))
    for ranked in ranked_by(blog_of(corpus, 2, shards), ALL_PARTS, 3):
        ids = {"a0": ["a2"], "a2": ["a0"]}
        assert [[other.id for other in row.related] for row in ranked.related] == [
            ids.get(row.id, []) for row in ranked.related
        ]
        assert [list(of) for of in ranked.without_tags] == [ids.get(row.id, []) for row in ranked.related]


@pytest.mark.parametrize("untagged", [0.0, 1.0])
def test_where_all_articles_are_tagged_or_none(untagged):
    corpus = corpus_of(*made_up_blog(24, untagged=untagged))
    for ranked in ranked_by(blog_of(corpus, 3, 2), ALL_PARTS, 4):
        assert all(row.related for row in ranked.related)
        assert bool(len(ranked.labels)) == (untagged == 0)
        assert {other.why.tags is None for row in ranked.related for other in row.related} == {bool(untagged)}


def related_articles(*scored):
    why = Why(None)
    return tuple(RelatedArticle(id_, score, None, why) for id_, score in scored)


def test_the_best_of_all_shards_go_by_score_and_ties_by_id():
    everyone = BlockIds(("x", "y", "z"), np.array([0.0, 0.25, 0.5]))
    pairs = [Pair(0.5, "b", True, True), Pair(0.5, "a", False, True)]
    parts = [
        Best(
            np.array([0, 2]),
            (Related("x", related_articles(("c", 0.9), ("b", 0.5))), Related("z", ())),
            {0: (pairs[0],)},
        ),
        Best(
            np.array([0]),
            (Related("x", related_articles(("d", 0.9), ("a", 0.5))),),
            {0: (pairs[1], Pair(0.1, "e", True, False))},
        ),
    ]
    for order in (parts, parts[::-1]):
        ranked = merge_best(7, everyone, order, 3, np.array([True, True, False]))
        assert [[other.id for other in row.related] for row in ranked.related] == [["c", "d", "a"], [], []]
        assert ranked.without_tags == (("a", "b", "e"), (), ())
        assert ranked.features.tolist() == place_features(np.array([[0.5, 0.5]]))[0].tolist()
        assert (ranked.labels.tolist(), ranked.later.tolist()) == ([0, 1], [0, 0])
        assert ranked.keys.tolist() == [key_of("x")] * 2
        assert ranked.block == 7


def test_what_is_sent_to_the_shards(corpus):
    blog = blog_of(corpus, 3, 4)
    for expected, candidates in zip(blog.expected, blog.candidates, strict=True):
        keys, found = expected.found.evidence.keys.tolist(), defaultdict(list)
        near = corpus.near[[int(article.id[1:]) for article in expected.found.articles]].any(axis=1).tolist()
        for shard, part in rank_candidates(candidates):
            assert part.block == candidates.block
            assert part.places.tolist() == sorted(set(part.places.tolist()))
            assert (part.found != NOBODY).any(axis=1).all()
            for place, others, cosines in zip(part.places.tolist(), part.found, part.cosines, strict=True):
                there = others != NOBODY
                assert not cosines[~there].any()
                assert {other % 4 for other in others[there].tolist()} == {shard}
                found[place] += zip(others[there].tolist(), cosines[there].tolist(), strict=True)
        for place, (others, cosines) in enumerate(zip(candidates.found, candidates.cosines, strict=True)):
            there = others != NOBODY
            everybody = zip(others[there].tolist(), cosines[there].tolist(), strict=True)
            assert sorted(found[place]) == sorted(everybody)
        without_tags = np.arange(len(keys)) % 2 == 0
        for shard, part in rank_queries(expected, without_tags, ~without_tags):
            lives = [key % 4 == shard and there for key, there in zip(keys, near, strict=True)]
            asks = candidates.shards == shard
            assert part.places.tolist() == [row for row in range(len(keys)) if lives[row] or asks[row].any()]
            assert part.profiles.keys.tolist() == [keys[place] for place in part.places]
            assert part.lives.tolist() == [lives[place] for place in part.places]
            assert part.without_tags.tolist() == [place % 2 == 0 for place in part.places]
            assert part.teaches.tolist() == [place % 2 == 1 for place in part.places]
            assert list(part.profiles.ids) == [expected.found.articles[place].id for place in part.places]
        assert block_ids(expected).ids == tuple(article.id for article in expected.found.articles)


def test_a_shard_is_the_same_whatever_the_order_of_its_parts(corpus):
    blog = blog_of(corpus, 3, 2)
    all_of = np.ones(15 * 4, np.bool_)
    queries = [
        dict(rank_queries(expected, all_of[: len(expected)], all_of[: len(expected)]))[1] for expected in blog.expected
    ]
    weights = fit_rank_weights(lessons_of(blog, ALL_PARTS), ALL_PARTS)
    looked_for = [dict(rank_candidates(candidates))[1] for candidates in blog.candidates]
    one, other = (RankingShard(order, blog.table, ALL_PARTS) for order in (queries, queries[::-1]))
    assert list(one.ranker.profiles.ids) == [id_ for id_ in corpus.ids if id_ in set(one.ranker.profiles.ids)]
    for field in dataclasses.fields(Profiles):
        pair = [getattr(shard.ranker.profiles, field.name) for shard in (one, other)]
        if field.name == "links":
            assert_same(*pair)
        else:
            dense = [array.toarray() if hasattr(array, "toarray") else array for array in pair]
            assert str(dense[0]) == str(dense[1])
    for part in looked_for:
        assert_same(one.best(part, weights, 5), other.best(part, weights, 5))
        assert_same(one.lessons(part), other.lessons(part))
