import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from transforms.numerics.arrays import NOBODY
from transforms.related.ranker import (
    RECENT_SHARE,
    RECENT_YEARS,
    TEXT_SHARE,
    Profiles,
    Ranker,
    expected_dice,
    join_rankings,
    newness,
    rarity,
)
from transforms.results import RECENT
from transforms.tags.expected import EXPECTED_TAGS, expected_tags

ALL_PARTS = frozenset({"text", "learned", "tags"})


def dice_by_hand(sought, offered, weights):
    shared = sum(weight * mine * theirs for weight, mine, theirs in zip(weights, sought, offered, strict=True))
    total = sum(weight * (mine + theirs) for weight, mine, theirs in zip(weights, sought, offered, strict=True))
    return 2 * shared / total if total else 0


@given(st.integers(1, 8), st.integers(0, 5), st.integers(0, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_expected_dice_by_hand(articles, tags, candidates, seed):
    rng = np.random.default_rng(seed)
    sought, offered = rng.random((2, articles, tags)) * (rng.random((2, articles, tags)) < 0.6)
    found, weights = rng.integers(NOBODY, articles, (articles, candidates)), rng.random(tags) * 3
    matrices = (sparse.csr_matrix(sought), sparse.csr_matrix(offered))
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


TAGS = [[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0], [0, 0, 1]]
EXPECTED = [[0.5, 0, 0.4], [0.9, 0.2, 0], [0, 0.3, 0.8], [0.7, 0, 0.1], [0, 0, 0]]
AGE = [0.0, 1.0, 4.0, float("nan"), 2.0]
WEIGHTS = np.array([1.0, 2.0, 0.5])
FOUND = np.array([[4, 3, 2, 1], [0, 2, 3, NOBODY], [1, 0, 3, 4], [0, 1, 2, 4], [2, 0, NOBODY, NOBODY]])
COSINES = np.array(
    [[0.9, 0.8, 0.8, 0.1], [0.5, 0.4, 0.3, 0], [0.7, 0.6, 0.5, 0.4], [0.9, 0.8, 0.7, 0.6], [0.3, 0.2, 0, 0]]
)


def ranker(parts=ALL_PARTS, tags=TAGS, expected=EXPECTED, age=AGE):
    ids = [f"a{row}" for row in range(len(age))]
    matrices = (sparse.csr_matrix(np.array(of, float)) for of in (tags, expected))
    return Ranker(Profiles(ids, [()] * len(age), *matrices, np.array(age)), WEIGHTS, frozenset(parts))


def rank(ranker, rows, found, cosines, **settings):
    """Rank candidates for some of those that are offered themselves."""
    return ranker.rank(ranker.profiles.part(np.asarray(rows)), np.asarray(found), np.asarray(cosines), **settings)


def ranked(parts, without_tags=False, rows=range(5), **known):
    rows = np.array(rows)
    return rank(ranker(parts, **known), rows, FOUND[rows], COSINES[rows], without_tags=without_tags)


def overlap_by_hand(parts, row, other, without_tags):
    learned, own = "learned" in parts, "tags" in parts and not without_tags
    sought = [max(learned * p, own * t) for p, t in zip(EXPECTED[row], TAGS[row], strict=True)]
    offered = TAGS[other] if any(TAGS[other]) else [learned * p for p in EXPECTED[other]]
    return dice_by_hand(sought, offered, WEIGHTS)


@pytest.mark.parametrize("without_tags", [False, True])
@pytest.mark.parametrize(
    "parts",
    [
        {"text"},
        {"learned"},
        {"tags"},
        {"text", "learned"},
        {"text", "tags"},
        {"learned", "tags"},
        ALL_PARTS,
        {"text", RECENT},
        {*ALL_PARTS, RECENT},
    ],
)
def test_ranks_by_hand(parts, without_tags):
    by_tags = bool(parts & {"learned"} or (parts & {"tags"} and not without_tags))
    share = (TEXT_SHARE if "text" in parts else 0) if by_tags else 1
    ranking = ranked(parts, without_tags)
    for row in range(5):
        scored = []
        for other, cosine in zip(FOUND[row], COSINES[row], strict=True):
            if other == NOBODY:
                continue
            overlap = round(overlap_by_hand(parts, row, other, without_tags), 4) if by_tags else 0
            score = share * cosine + (1 - share) * overlap
            if RECENT in parts:
                new = 0 if math.isnan(AGE[other]) else round(0.5 ** (AGE[other] / RECENT_YEARS), 4)
                score = (1 - RECENT_SHARE) * score + RECENT_SHARE * new
            if score > 0:
                scored.append((-round(score, 4), other))
        scored.sort()
        assert [other for other in ranking.found[row] if other != NOBODY] == [other for _, other in scored]
        assert ranking.scores[row][: len(scored)] == pytest.approx([-score for score, _ in scored], abs=1e-4)
        assert not ranking.scores[row][len(scored) :].any()


def test_by_the_text_alone_the_order_is_the_cosines_ties_by_row():
    ranking = ranked({"text"})
    assert ranking.found.tolist()[0] == [4, 2, 3, 1]
    assert ranking.scores.tolist()[0] == [0.9, 0.8, 0.8, 0.1]
    assert not ranking.tags.any()
    assert not ranking.recent.any()


def test_without_its_own_tags_an_article_finds_the_same_whatever_they_are():
    other_tags = [[0, 1, 1], *TAGS[1:]]
    without_tags, same = (
        ranked(ALL_PARTS, without_tags=True, rows=[0]),
        ranked(ALL_PARTS, without_tags=True, rows=[0], tags=other_tags),
    )
    np.testing.assert_array_equal(without_tags.found, same.found)
    np.testing.assert_array_equal(without_tags.scores, same.scores)
    assert ranked(ALL_PARTS, rows=[0]).scores.tolist() != ranked(ALL_PARTS, rows=[0], tags=other_tags).scores.tolist()


def test_an_article_without_tags_is_offered_by_the_tags_expected_of_it():
    rows, found, cosines = np.array([0]), np.array([[2, 3]]), np.array([[0.5, 0.5]])
    assert rank(ranker(), rows, found, cosines).found.tolist() == [[3, 2]]
    assert rank(ranker({"text", "tags"}), rows, found, cosines).tags.tolist() == [[0, 0]]
    # Tags that an article has are all that it is offered by, whatever is expected of it.
    changed = [EXPECTED[0], EXPECTED[1], [1, 1, 1], *EXPECTED[3:]]
    overlaps = [rank(ranker(expected=of), rows, found, cosines).tags.tolist() for of in (EXPECTED, changed)]
    assert overlaps[0] == overlaps[1]


def test_the_newer_of_equals_is_preferred_when_asked_for():
    rows, found, cosines = np.array([3]), np.array([[1, 2, 4]]), np.array([[0.5, 0.5, 0.5]])
    assert rank(ranker({"text"}), rows, found, cosines).found.tolist() == [[1, 2, 4]]
    assert rank(ranker({"text", RECENT}), rows, found, cosines).found.tolist() == [[1, 4, 2]]


def test_a_candidate_of_no_score_is_nobody():
    ranking = rank(ranker({"learned"}), [0], [[4, 2, NOBODY]], [[0.9, 0.8, 0.0]])
    assert ranking.found.tolist() == [[4, NOBODY, NOBODY]]
    assert ranking.scores[0, 1:].tolist() == [0, 0]


def test_without_any_tag_the_text_decides():
    nothing = sparse.csr_matrix((5, 0))
    profiles = Profiles(list("abcde"), [()] * 5, nothing, nothing, np.array(AGE))
    ranking = Ranker(profiles, np.zeros(0), ALL_PARTS).rank(profiles, FOUND, COSINES)
    np.testing.assert_array_equal(ranking.found, ranked({"text"}).found)
    np.testing.assert_array_equal(ranking.scores, ranked({"text"}).scores)


def test_queries_are_ranked_alike_wherever_they_live():
    offered, everyone = np.array([1, 3, 4]), ranker()
    of_some = Ranker(everyone.profiles.part(offered), WEIGHTS, ALL_PARTS)
    ranking = of_some.rank(everyone.profiles.part(np.array([0, 2])), np.array([[2, 1, 0]] * 2), np.full((2, 3), 0.5))
    whole = rank(everyone, [0, 2], [[4, 3, 1]] * 2, np.full((2, 3), 0.5))
    np.testing.assert_array_equal(np.where(ranking.found == NOBODY, NOBODY, offered[ranking.found]), whole.found)
    np.testing.assert_array_equal(ranking.scores, whole.scores)
    np.testing.assert_array_equal(ranking.tags, whole.tags)


@pytest.mark.parametrize("without_tags", [False, True])
def test_nobody_seeks_anything(without_tags):
    ranking = rank(
        ranker(), np.zeros(0, np.int64), np.zeros((0, 3), np.int64), np.zeros((0, 3)), without_tags=without_tags
    )
    assert ranking.found.shape == ranking.scores.shape == (0, 3)


def test_a_part_of_profiles():
    profiles = ranker().profiles
    part = profiles.part(np.array([3, 1]))
    assert (len(profiles), len(part), list(part.ids)) == (5, 2, ["a3", "a1"])
    assert part.carriers.toarray().tolist() == [TAGS[3], TAGS[1]]
    assert part.expected.toarray().tolist() == [EXPECTED[3], EXPECTED[1]]
    assert part.tagged.tolist() == [False, True]
    np.testing.assert_array_equal(part.age, [np.nan, 1.0])


def test_a_part_of_a_ranking():
    ranking = ranked(ALL_PARTS)
    assert ranking.first(2).scores.tolist() == ranking.scores[:, :2].tolist()
    assert ranking.first(9).found.tolist() == ranking.found.tolist()
    assert ranking.part(np.array([3, 1])).tags.tolist() == ranking.tags[[3, 1]].tolist()
    joined = join_rankings([ranking.part(slice(2)), ranking.part(slice(2, 2)), ranking.part(slice(2, None))])
    assert all(getattr(joined, name).tolist() == array.tolist() for name, array in vars(ranking).items())
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
