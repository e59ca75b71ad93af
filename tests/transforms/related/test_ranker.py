import math
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from tests.transforms.records_by_hand import assert_same, unit
from transforms.numerics.arrays import NOBODY
from transforms.related import dice
from transforms.related.dice import expected_dice
from transforms.related.ranker import (
    FAR,
    MANY,
    RECENT_SHARE,
    RECENT_YEARS,
    UNDATED,
    Profiles,
    Ranker,
    join_profiles,
    join_rankings,
    nearness,
    newness,
    popularity,
    rarity,
    share_named,
)
from transforms.related.weights import DATES, FEATURES, FOLDS, LINKS, TAGS, TEXT, TITLES, RankWeights
from transforms.results import PARTS, RECENT
from transforms.site.link_keys import LinkKeys
from transforms.tags.expected import EXPECTED_TAGS, expected_tags

ALL_PARTS = frozenset(PARTS)
BY_TAGS = frozenset({"text", "learned", "tags"})


def dice_by_hand(sought, offered, weights):
    shared = sum(weight * mine * theirs for weight, mine, theirs in zip(weights, sought, offered, strict=True))
    total = sum(weight * (mine + theirs) for weight, mine, theirs in zip(weights, sought, offered, strict=True))
    return 2 * shared / total if total else 0


@given(
    st.integers(1, 8), st.integers(0, 5), st.integers(0, 5), st.sampled_from([1, 9, 1 << 20]), st.integers(0, 2**32 - 1)
)
@settings(max_examples=60, deadline=None)
def test_expected_dice_by_hand(articles, tags, candidates, cells, seed):
    rng = np.random.default_rng(seed)
    sought, offered = rng.random((2, articles, tags)) * (rng.random((2, articles, tags)) < 0.6)
    found, weights = rng.integers(NOBODY, articles, (articles, candidates)), rng.random(tags) * 3
    matrices = (sparse.csr_matrix(sought), sparse.csr_matrix(offered))
    with mock.patch.object(dice, "CELLS", cells):
        overlaps = expected_dice(*matrices, found, weights)
    assert overlaps.shape == found.shape
    np.testing.assert_array_equal(expected_dice(*matrices, found, weights, matrices[1] @ weights), overlaps)
    for place in np.ndindex(found.shape):
        other = found[place]
        by_hand = 0 if other == NOBODY else dice_by_hand(sought[place[0]], offered[other], weights)
        assert overlaps[place] == pytest.approx(by_hand)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_of_known_tags_it_is_the_dice_coefficient_of_sets(seed):
    rng = np.random.default_rng(seed)
    carried = (rng.random((6, 5)) < 0.4).astype(float)
    sets = [frozenset(np.flatnonzero(row)) for row in carried]
    found = np.tile(np.arange(6), (6, 1))
    overlaps = expected_dice(sparse.csr_matrix(carried), sparse.csr_matrix(carried), found, np.ones(5))
    for left, right in np.ndindex(6, 6):
        both = len(sets[left]) + len(sets[right])
        assert overlaps[left, right] == pytest.approx(2 * len(sets[left] & sets[right]) / both if both else 0)


CARRIED = [[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0], [0, 0, 1]]
EXPECTED = [[0.5, 0, 0.4], [0.9, 0.2, 0], [0, 0.3, 0.8], [0.7, 0, 0.1], [0, 0, 0]]
AGE = [0.0, 1.0, 4.0, float("nan"), 2.0]
KEYS = np.array([70, 11, 32, 53, 24])
VECTORS = unit(np.random.default_rng(4).random((5, 3)))
TITLE = [[0.5, 0.2], [0, 0], [0, 0.6], [0.3, 0.3], [0.8, 0]]
NAMED = [[1, 0], [1, 1], [0, 0], [0, 1], [1, 1]]
TARGETS = ((11, 24), (), (24,), (70,), (11, 53))
LINKED_BY = [1, 2, 0, 1, 2]
RARITY = np.array([1.0, 2.0, 0.5])
FOUND = np.array([[4, 3, 2, 1], [0, 2, 3, NOBODY], [1, 0, 3, 4], [0, 1, 2, 4], [2, 0, NOBODY, NOBODY]])
COSINES = np.array(
    [[0.9, 0.8, 0.8, 0.1], [0.5, 0.4, 0.3, 0], [0.7, 0.6, 0.5, 0.4], [0.9, 0.8, 0.7, 0.6], [0.3, 0.2, 0, 0]]
)
WEIGHTS = RankWeights(np.random.default_rng(5).random((FOLDS, len(FEATURES))))
EVEN = RankWeights(np.ones((FOLDS, len(FEATURES))))


def profiles(carried=CARRIED, expected=EXPECTED, age=AGE):
    matrices = (sparse.csr_matrix(np.array(of, float)) for of in (carried, expected, TITLE, NAMED))
    names = ("carriers", "expected", "title", "named")
    return Profiles(
        ids=[f"a{row}" for row in range(5)],
        words=[()] * 5,
        keys=KEYS,
        vectors=VECTORS,
        age=np.array(age),
        links=LinkKeys(TARGETS, np.array(LINKED_BY)),
        **dict(zip(names, matrices, strict=True)),
    )


def ranker(parts=ALL_PARTS, **known):
    return Ranker(profiles(**known), RARITY, frozenset(parts))


def rank(ranker, rows, found, cosines, weights=EVEN, **settings):
    """Rank candidates for some of those that are offered themselves."""
    return ranker.rank(
        ranker.profiles.part(np.asarray(rows)), np.asarray(found), np.asarray(cosines), weights, **settings
    )


def ranked(parts, without_tags=False, rows=range(5), weights=WEIGHTS, **known):
    rows = np.array(rows)
    return rank(ranker(parts, **known), rows, FOUND[rows], COSINES[rows], weights, without_tags=without_tags)


def overlap_by_hand(parts, row, other, without_tags):
    learned, own = "learned" in parts, "tags" in parts and not without_tags
    sought = [max(learned * p, own * t) for p, t in zip(EXPECTED[row], CARRIED[row], strict=True)]
    offered = CARRIED[other] if any(CARRIED[other]) else [learned * p for p in EXPECTED[other]]
    return dice_by_hand(sought, offered, RARITY)


def features_by_hand(parts, row, other, cosine, without_tags):
    years = abs(AGE[row] - AGE[other])
    links = LINKED_BY[other] - (KEYS[other] in TARGETS[row])
    return {
        "text": cosine,
        "detail": VECTORS[row].astype(float) @ VECTORS[other].astype(float),
        "tags": overlap_by_hand(parts, row, other, without_tags),
        "titles": sum(share for share, named in zip(TITLE[other], NAMED[row], strict=True) if named),
        "dates": 1 - math.log1p(UNDATED if math.isnan(years) else years) / math.log1p(FAR),
        "links": math.log1p(links) / math.log1p(MANY),
    }


def used_by_hand(parts, without_tags):
    used = set(parts & {"text", "titles", "dates", "links"})
    if "text" in parts and parts - {"text", RECENT}:
        used.add("detail")
    if "learned" in parts or ("tags" in parts and not without_tags):
        used.add("tags")
    return used or {"text"}


@pytest.mark.parametrize("without_tags", [False, True])
@pytest.mark.parametrize(
    "parts",
    [
        *({part} for part in PARTS),
        {"text", "learned"},
        {"text", "tags"},
        {"learned", "tags"},
        {"titles", "dates", "links"},
        BY_TAGS,
        ALL_PARTS,
        {"text", RECENT},
        {*ALL_PARTS, RECENT},
    ],
)
def test_ranks_by_hand(parts, without_tags):
    used = used_by_hand(parts, without_tags)
    ranking = ranked(parts, without_tags)
    for row in range(5):
        weights = dict(zip(FEATURES, WEIGHTS.by_fold[KEYS[row] % FOLDS], strict=True))
        total = sum(weights[name] for name in used)
        scored = []
        for other, cosine in zip(FOUND[row], COSINES[row], strict=True):
            if other == NOBODY:
                continue
            features = features_by_hand(parts, row, other, cosine, without_tags)
            score = sum(weights[name] * round(features[name], 4) for name in used) / total
            if RECENT in parts:
                new = 0 if math.isnan(AGE[other]) else round(0.5 ** (AGE[other] / RECENT_YEARS), 4)
                score = (1 - RECENT_SHARE) * score + RECENT_SHARE * new if score > 0 else 0
            if score > 0:
                scored.append((-round(score, 4), other))
        scored.sort()
        assert [other for other in ranking.found[row] if other != NOBODY] == [other for _, other in scored]
        assert ranking.scores[row][: len(scored)] == pytest.approx([-score for score, _ in scored], abs=1e-4)
        assert not ranking.scores[row][len(scored) :].any()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_switched_off_is_not_looked_at(part):
    features = ranked(ALL_PARTS - {part}).features
    of_part = {"learned": "tags"}.get(part, part)
    if part not in ("text", "learned", "tags"):
        assert not features[:, :, FEATURES.index(of_part)].any()
    others = [at for at, name in enumerate(FEATURES) if name != of_part and not (part == "text" and name == "detail")]
    assert features[:, :, others].any(axis=(0, 1)).all()


def test_by_the_text_alone_the_order_is_the_cosines_ties_by_row():
    ranking = ranked({"text"})
    assert ranking.found.tolist()[0] == [4, 2, 3, 1]
    assert ranking.scores.tolist()[0] == [0.9, 0.8, 0.8, 0.1]
    assert not ranking.features[:, :, 1:].any()
    assert not ranking.recent.any()


def test_without_its_own_tags_an_article_finds_the_same_whatever_they_are():
    other_tags = [[0, 1, 1], *CARRIED[1:]]
    without_tags, same = (
        ranked(ALL_PARTS, without_tags=True, rows=[0]),
        ranked(ALL_PARTS, without_tags=True, rows=[0], carried=other_tags),
    )
    assert_same(without_tags, same)
    assert (
        ranked(ALL_PARTS, rows=[0]).scores.tolist() != ranked(ALL_PARTS, rows=[0], carried=other_tags).scores.tolist()
    )


def test_an_article_without_tags_is_offered_by_the_tags_expected_of_it():
    rows, found, cosines = np.array([0]), np.array([[2, 3]]), np.array([[0.5, 0.5]])
    assert rank(ranker({"text", "learned"}), rows, found, cosines).found.tolist() == [[3, 2]]
    assert rank(ranker({"text", "tags"}), rows, found, cosines).tags.tolist() == [[0, 0]]
    # Tags that an article has are all that it is offered by, whatever is expected of it.
    changed = [EXPECTED[0], EXPECTED[1], [1, 1, 1], *EXPECTED[3:]]
    two = [rank(ranker(expected=of), rows, found, cosines) for of in (EXPECTED, changed)]
    assert two[0].tags.tolist() == two[1].tags.tolist()


def test_the_newer_of_equals_is_preferred_when_asked_for():
    rows, found, cosines = np.array([3]), np.array([[1, 2, 4]]), np.array([[0.5, 0.5, 0.5]])
    assert rank(ranker({"text"}), rows, found, cosines).found.tolist() == [[1, 2, 4]]
    assert rank(ranker({"text", RECENT}), rows, found, cosines).found.tolist() == [[1, 4, 2]]


def test_being_older_is_no_merit():
    near = nearness(np.array([[3.0]]), np.array([[1.0, 5.0, 3.0, np.nan, 99.0]]))[0].tolist()
    assert near[0] == near[1] == near[3] < near[2] == 1
    assert near[4] == 0


def test_a_link_does_not_speak_for_itself():
    rows, found = [0, 1], [[1, 2], [0, 2]]
    features = ranker({"links"}).features(profiles().part(np.array(rows)), np.array(found), np.zeros((2, 2)))
    assert features[:, :, LINKS].tolist() == np.round(popularity(np.array([[1, 0], [1, 0]])), 4).tolist()
    ranked_alike = [ranker(ALL_PARTS - {"links"}).rank(profiles(), FOUND, COSINES, of) for of in (EVEN, WEIGHTS)]
    assert not any(of.features[:, :, LINKS].any() for of in ranked_alike)


@given(st.integers(0, 2**32 - 1), st.integers(0, 4), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_shares_named_by_hand(seed, terms, candidates):
    rng = np.random.default_rng(seed)
    title, named = rng.random((6, terms)) * (rng.random((6, terms)) < 0.5), rng.random((3, terms)) < 0.5
    found = rng.integers(NOBODY, 6, (3, candidates))
    shares = share_named(sparse.csr_matrix(named.astype(np.int8)), sparse.csr_matrix(title), found)
    assert shares.shape == found.shape
    for row, at in np.ndindex(found.shape):
        assert shares[row, at] == pytest.approx(title[found[row, at]][named[row]].sum())


def test_a_candidate_of_no_score_is_nobody():
    ranking = rank(ranker({"learned"}), [0], [[4, 2, NOBODY]], [[0.9, 0.8, 0.0]])
    assert ranking.found.tolist() == [[4, NOBODY, NOBODY]]
    assert ranking.scores[0, 1:].tolist() == [0, 0]


@pytest.mark.parametrize("parts", [{"learned"}, {"tags"}, {"text", "learned", "tags"}])
def test_without_any_tag_the_text_decides(parts):
    nothing = np.zeros((5, 0))
    of_nobody = profiles(nothing, nothing)
    ranking = Ranker(of_nobody, np.zeros(0), frozenset(parts)).rank(of_nobody, FOUND, COSINES, EVEN)
    assert not ranking.tags.any()
    if "text" not in parts:
        np.testing.assert_array_equal(ranking.found, ranked({"text"}).found)
        np.testing.assert_array_equal(ranking.scores, ranked({"text"}).scores)


def test_queries_are_ranked_alike_wherever_they_live():
    offered, everyone = np.array([1, 3, 4]), ranker()
    of_some = Ranker(everyone.profiles.part(offered), RARITY, ALL_PARTS)
    queries = everyone.profiles.part(np.array([0, 2]))
    ranking = of_some.rank(queries, np.array([[2, 1, 0]] * 2), np.full((2, 3), 0.5), WEIGHTS)
    whole = rank(everyone, [0, 2], [[4, 3, 1]] * 2, np.full((2, 3), 0.5), WEIGHTS)
    np.testing.assert_array_equal(np.where(ranking.found == NOBODY, NOBODY, offered[ranking.found]), whole.found)
    np.testing.assert_array_equal(ranking.scores, whole.scores)
    np.testing.assert_array_equal(ranking.features, whole.features)


@pytest.mark.parametrize("without_tags", [False, True])
def test_nobody_seeks_anything(without_tags):
    ranking = rank(
        ranker(), np.zeros(0, np.int64), np.zeros((0, 3), np.int64), np.zeros((0, 3)), without_tags=without_tags
    )
    assert ranking.found.shape == ranking.scores.shape == (0, 3)


def test_what_is_learned_from():
    lessons = ranker().lessons(profiles(), FOUND, COSINES)
    assert lessons.keys.tolist() == KEYS.tolist()
    assert lessons.found[0].tolist() == [24, 53, 32, 11]
    assert lessons.found[4].tolist() == [32, 70, NOBODY, NOBODY]
    np.testing.assert_array_equal(lessons.features, ranker().features(profiles(), FOUND, COSINES))
    assert lessons.targets == TARGETS
    for place in np.ndindex(FOUND.shape):
        row, other = place[0], FOUND[place]
        assert lessons.linked[place] == (other != NOBODY and KEYS[other] in TARGETS[row])
        if other != NOBODY:
            assert lessons.older[place] == (math.isnan(AGE[other]) or AGE[other] >= AGE[row])
    for at, name in ((TEXT, "text"), (TAGS, "tags"), (TITLES, "titles"), (DATES, "dates")):
        by_hand = features_by_hand(ALL_PARTS, 0, 4, 0.9, without_tags=False)[name]
        assert lessons.features[0, 0, at] == pytest.approx(by_hand, abs=1e-4)


def test_a_part_of_profiles():
    part = profiles().part(np.array([3, 1]))
    assert (len(profiles()), len(part), list(part.ids)) == (5, 2, ["a3", "a1"])
    assert part.carriers.toarray().tolist() == [CARRIED[3], CARRIED[1]]
    assert part.expected.toarray().tolist() == [EXPECTED[3], EXPECTED[1]]
    assert part.tagged.tolist() == [False, True]
    assert (part.keys.tolist(), part.links.targets) == ([53, 11], ((70,), ()))
    np.testing.assert_array_equal(part.age, [np.nan, 1.0])
    rows = np.array([3, 1, 0])
    assert_same(join_profiles([part, profiles().part(rows[2:])]), profiles().part(rows))


def test_a_part_of_a_ranking():
    ranking = ranked(ALL_PARTS)
    assert ranking.first(2).scores.tolist() == ranking.scores[:, :2].tolist()
    assert ranking.first(9).found.tolist() == ranking.found.tolist()
    assert ranking.part(np.array([3, 1])).tags.tolist() == ranking.tags[[3, 1]].tolist()
    joined = join_rankings([ranking.part(slice(2)), ranking.part(slice(2, 2)), ranking.part(slice(2, None))])
    assert_same(joined, ranking)
    assert ranking.part(ranking.found[:, 0] == 1).text.tolist() == ranking.text[ranking.found[:, 0] == 1].tolist()


@pytest.mark.parametrize("tags", [0, 3, EXPECTED_TAGS, 15, 200])
def test_the_highest_probabilities_are_kept(tags):
    probabilities = np.random.default_rng(tags).integers(0, 20, (6, tags)) / 20
    kept = expected_tags(probabilities)
    assert kept.shape == probabilities.shape
    for row, of_row in zip(kept.toarray(), probabilities, strict=True):
        best = sorted(range(tags), key=lambda tag: (-of_row[tag], tag))[:EXPECTED_TAGS]
        assert dict(enumerate(row)) == {tag: of_row[tag] if tag in best else 0 for tag in range(tags)}
    assert (kept.data > 0).all()


def test_rarity_and_newness_by_hand():
    assert rarity(np.array([1, 10]), 10).tolist() == pytest.approx([math.sqrt(math.log(11)), math.sqrt(math.log(2))])
    assert np.isfinite(rarity(np.array([0]), 0)).all()
    assert newness(np.array([0, RECENT_YEARS, 2 * RECENT_YEARS, np.nan])).tolist() == [1, 0.5, 0.25, 0]
