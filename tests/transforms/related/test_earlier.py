import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.numerics.arrays import NOBODY
from transforms.related.confidence import START, Confidence
from transforms.related.earlier import MARGIN, best_of, by_score, prefer, scores_to_judge, were_related
from transforms.related.explain import with_confidence
from transforms.related.ranker import Ranking
from transforms.related.weights import FEATURES, FOLDS
from transforms.results import Related, RelatedArticle, Why
from transforms.sampling import key_of

WHY = Why(None)


def related(*scored):
    return tuple(RelatedArticle(id_, score, None, WHY) for id_, score in scored)


def ids(others):
    return [other.id for other in others]


def ranking_of(found, scores):
    found, scores = np.array(found), np.array(scores)
    return Ranking(found, scores, np.repeat(scores[:, :, None], len(FEATURES), axis=2), scores / 2)


def test_who_was_related_is_told_by_id():
    offered = ("a", "b", "c")
    keys = np.array([key_of(id_) for id_ in offered])
    found = np.array([[2, 1, NOBODY], [1, 2, 0]])
    told = were_related(("a", "new"), found, keys, {"a": ("c", "gone"), "c": ("a",)})
    assert told.tolist() == [[True, False, False], [False, False, False]]


def test_what_was_related_comes_before_what_is_not_better_by_the_margin():
    ranking = ranking_of([[4, 7, 2, NOBODY], [1, 3, 5, 6]], [[0.52, 0.51, 0.5, 0.0], [0.9, 0.8, 0.8, 0.7]])
    was = np.array([[False, False, True, False], [False, False, True, True]])
    preferred = prefer(ranking, was)
    assert preferred.found.tolist() == [[2, 4, 7, NOBODY], [1, 5, 3, 6]]
    assert preferred.scores.tolist() == [[0.5, 0.52, 0.51, 0.0], [0.9, 0.8, 0.8, 0.7]]
    assert preferred.features[:, :, 0].tolist() == preferred.scores.tolist()
    assert preferred.recent.tolist() == (preferred.scores / 2).tolist()
    assert prefer(ranking, np.zeros_like(was)) is ranking


def test_the_best_are_those_that_were_related_unless_others_are_clearly_better():
    others = related(("new", 0.5201), ("near", 0.515), ("a", 0.5), ("b", 0.49))
    assert ids(best_of(others, 2, ("a", "b"))) == ["new", "a"]
    assert ids(best_of(others, 3, ("a", "b"))) == ["new", "a", "near"]
    assert ids(best_of(others, 9, ())) == ["new", "near", "a", "b"]
    assert best_of((), 3, ("a",)) == ()
    assert ids(by_score(others[::-1])) == ["new", "near", "a", "b"]


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 10_000)), unique_by=lambda pair: pair[0], max_size=10),
    st.sets(st.integers(0, 12), max_size=5),
    st.integers(1, 5),
)
def test_nobody_gives_way_but_to_what_is_better_by_the_margin(scored, was, count):
    others = related(*((f"p{number:02}", score / 10_000) for number, score in scored))
    was = {f"p{number:02}" for number in was}
    chosen = best_of(others, count, was)
    left = [other for other in others if other not in chosen]
    assert len(chosen) == min(count, len(others))
    for out in left:
        for taken in chosen:
            ahead = round(taken.score - out.score, 4)
            assert ahead >= MARGIN * ((out.id in was) - (taken.id in was)) - 1e-9
    assert ids(best_of(others, count, ())) == ids(by_score(others)[:count])


def test_scores_are_judged_by_what_was_there():
    others = related(("was", 0.5), ("known", 0.5), ("new", 0.5))
    earlier = {"x": ("was",), "was": (), "known": ()}
    assert scores_to_judge("x", others, earlier) == [0.5 + MARGIN, 0.5 - MARGIN, 0.5]
    assert scores_to_judge("y", others, earlier) == [0.5] * 3


def test_what_was_related_stays_while_it_is_not_clearly_below_the_least():
    confidence = Confidence("link", np.tile(START * (1, 1, 0), (FOLDS, 1)))  # 0.5 at a score of 1/3, in any place
    others = best_of(related(("known", 0.34), ("new", 0.335), ("was", 0.32), ("gone", 0.3)), 4, ("was", "gone"))
    earlier = {"x": ("was", "gone"), "was": (), "known": (), "gone": ()}
    (told,) = with_confidence((Related("x", others),), confidence, 0.5, earlier)
    assert ids(told.related) == ["new", "was"]
    assert [other.confidence for other in told.related] == confidence(
        np.array([[0.335, 0.32]]), np.array([1])
    ).tolist()[0]
    (anew,) = with_confidence((Related("x", by_score(others)),), confidence, 0.5)
    assert ids(anew.related) == ["known", "new"]
    (unknown,) = with_confidence((Related("x", others),), None, 0.5, earlier)
    assert ids(unknown.related) == ["known", "new", "was", "gone"]
