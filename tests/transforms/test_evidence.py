import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, corpus_of, found_of, made_up_blog, table_of
from transforms.corpus import by_date
from transforms.learning.evidence import (
    CONTEMPORARIES,
    FEATURES,
    SHARPNESS,
    START,
    TRUST,
    VOTERS,
    count_contemporaries,
    count_votes,
    join_dossiers,
    tag_features,
)
from transforms.learning.statistics import tag_statistics
from transforms.search import NOBODY


def votes_by_hand(carried, found, cosines):
    votes = np.zeros((len(found), carried.shape[1]))
    for row, (others, near) in enumerate(zip(found, cosines, strict=True)):
        voters = [
            (carried[other], cosine**SHARPNESS)
            for other, cosine in zip(others, near, strict=True)
            if other != NOBODY and carried[other].any()
        ][:VOTERS]
        for tags, weight in voters:
            votes[row] += tags * weight / sum(weight for _, weight in voters)
    return votes


def contemporaries_by_hand(carried, order, query):
    """The tagged rows around a query, and the share of all tagged rows that come later."""
    tagged = [row for row in order if carried[row].any()]
    place = list(order).index(query)
    before = [row for row in order[:place] if carried[row].any()]
    after = [row for row in order[place + 1 :] if carried[row].any()]
    return before[-CONTEMPORARIES:] + after[:CONTEMPORARIES], len(after) / max(1, len(tagged))


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 5, 60, 150]), st.sampled_from([0.0, 0.3, 1.0]))
@settings(max_examples=40, deadline=None)
def test_votes_and_contemporaries_by_hand(seed, count, untagged):
    posts, vectors = made_up_blog(count, seed=seed, untagged=untagged)
    corpus = corpus_of(posts, vectors)
    carried, dossier = corpus.carriers.toarray(), found_of(corpus)
    np.testing.assert_allclose(dossier.votes.toarray(), votes_by_hand(carried, dossier.found, dossier.cosines))
    rng = np.random.default_rng(seed)
    order, queries = rng.permutation(count), rng.permutation(count)[:20]
    recent, contemporaries, later = count_contemporaries(corpus.carriers, corpus.tagged, order, queries)
    for place, query in enumerate(queries):
        rows, share = contemporaries_by_hand(carried, order, query)
        assert query not in rows
        assert recent[place].toarray()[0].tolist() == carried[rows].sum(axis=0).tolist()
        assert contemporaries[place] == len(rows)
        assert later[place] == pytest.approx(share) or not corpus.tagged.any()


def test_votes_of_few_neighbours():
    corpus = corpus_of(articles(["a", "b"], ["a"], [], ["c"]), np.eye(4))
    found = np.array([[1, 2, 3, NOBODY], [2, NOBODY, NOBODY, NOBODY]])
    cosines = np.array([[1.0, 0.9, 0.5, 0], [1.0, 0, 0, 0]])
    votes = count_votes(corpus.carriers, corpus.tagged, found, cosines).toarray()
    np.testing.assert_allclose(votes, [[1 / (1 + 0.5**SHARPNESS), 0, 0.5**SHARPNESS / (1 + 0.5**SHARPNESS)], [0, 0, 0]])


def test_what_others_say_is_the_same_whatever_an_article_carries():
    posts, vectors = made_up_blog(90)
    one = found_of(corpus_of([*posts[:-1], *articles(*[["x"]] * 90)[-1:]], vectors))
    other = found_of(corpus_of([*posts[:-1], *articles(*[["t0", "t1"]] * 90)[-1:]], vectors))
    np.testing.assert_array_equal(one.votes[-1].toarray(), other.votes[-1].toarray())
    np.testing.assert_array_equal(one.recent[-1].toarray(), other.recent[-1].toarray())
    assert (one.votes != other.votes).nnz


def test_a_dossier_of_parts_joined_in_any_order_is_the_whole():
    corpus = corpus_of(*made_up_blog(30))
    whole = found_of(corpus)
    parts = [
        whole.part(np.array(rows, np.int64)) for rows in ([20, 3], [], list(range(21, 30)), [*range(3), *range(4, 20)])
    ]
    joined = join_dossiers(parts)
    for name, expected in vars(whole).items():
        found = getattr(joined, name)
        dense = (array.toarray() if hasattr(array, "toarray") else array for array in (found, expected))
        np.testing.assert_array_equal(*dense, err_msg=name)
    assert len(whole.part(slice(5, 9))) == 4
    assert whole.part(slice(5, 9)).rows.tolist() == [5, 6, 7, 8]


def features_by_hand(corpus, statistics, dossier, row, column):
    """One article's evidence for one tag, from all other articles."""
    carried = corpus.carriers.toarray()
    others = [other for other in range(len(corpus)) if other != row and carried[other].any()]
    posts = max(len(others), 1)
    count = sum(carried[other, column] for other in others)
    near, _ = contemporaries_by_hand(carried, by_date(corpus.articles), row)
    recent = (sum(carried[other, column] for other in near) + TRUST * count / posts) / (len(near) + TRUST)
    vote = dossier.votes[row, column]
    ridge = statistics.ridge_scores(corpus.vectors[[row]], carried[[row]])[0, column]
    return [
        1,
        statistics.mean_cosines(corpus.vectors[[row]], carried[[row]])[0, column],
        vote,
        np.log(vote + 0.01),
        np.log(max(ridge, 0) + 0.02),
        float(corpus.in_title[row, column] > 0),
        np.log(1 + corpus.in_text[row, column]),
        np.log(recent + 0.5 / posts),
        np.log(count / posts + 0.5 / posts),
    ], count > 0


def test_features_by_hand():
    posts, vectors = made_up_blog(50, seed=2)
    posts = [*posts[:-1], *articles(*[["only here", "t0"]] * 50)[-1:]]
    rng = np.random.default_rng(0)
    in_title, in_text = rng.integers(0, 3, (2, 50, 8))
    corpus, statistics = (
        corpus_of(posts, vectors, in_title=in_title, in_text=in_text),
        tag_statistics(table_of(posts, vectors)),
    )
    assert len(corpus.keys) == 8
    dossier = found_of(corpus)
    features, known = tag_features(dossier, statistics)
    for row, column in np.ndindex(50, 8):
        expected, others_have_it = features_by_hand(corpus, statistics, dossier, row, column)
        np.testing.assert_allclose(features[row, column], expected, atol=1e-9)
        assert known[row, column] == others_have_it
    assert not known[-1, corpus.keys.index("only here")]
    assert len(FEATURES) == len(START) == features.shape[-1]


@pytest.mark.parametrize("tags", [[[]] * 3, [["solo"], [], []]])
def test_evidence_without_others_that_carry_a_tag(tags):
    vectors = np.eye(3, dtype=np.float32)
    corpus = corpus_of(articles(*tags), vectors)
    features, known = tag_features(found_of(corpus), tag_statistics(table_of(articles(*tags), vectors)))
    assert np.isfinite(features).all()
    assert not known[0].any()
