import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, corpus_of, encoded_names, keys_of, made_up_blog, table_of
from tests.transforms.search_by_hand import contemporaries_by_hand, evidence_of
from transforms.corpus.chronology import by_date
from transforms.evaluation.search import search_corpus
from transforms.numerics.arrays import NOBODY
from transforms.search.votes import SHARPNESS, VOTERS, count_votes, first_voters
from transforms.tags.evidence import FEATURES, START, TRUST, join_evidence, tag_features
from transforms.tags.statistics import tag_statistics


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


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 5, 60, 150]), st.sampled_from([0.0, 0.3, 1.0]))
@settings(max_examples=40, deadline=None)
def test_votes_by_hand(seed, count, untagged):
    corpus = corpus_of(*made_up_blog(count, seed=seed, untagged=untagged))
    found, cosines = search_corpus(corpus)
    voters = first_voters(corpus.tagged[found] & (found != NOBODY))
    votes = count_votes(voters, cosines, corpus.carriers[found[voters]])
    expected = votes_by_hand(corpus.carriers.toarray(), found, cosines)
    np.testing.assert_allclose(votes.toarray(), expected)
    np.testing.assert_allclose(evidence_of(corpus).votes.toarray(), expected)


def test_votes_of_few_neighbours():
    corpus = corpus_of(articles(["a", "b"], ["a"], [], ["c"]), np.eye(4))
    found = np.array([[1, 2, 3, NOBODY], [2, NOBODY, NOBODY, NOBODY]])
    cosines = np.array([[1.0, 0.9, 0.5, 0], [1.0, 0, 0, 0]])
    voters = first_voters(corpus.tagged[found] & (found != NOBODY))
    votes = count_votes(voters, cosines, corpus.carriers[found[voters]]).toarray()
    np.testing.assert_allclose(votes, [[1 / (1 + 0.5**SHARPNESS), 0, 0.5**SHARPNESS / (1 + 0.5**SHARPNESS)], [0, 0, 0]])


def test_what_others_say_is_the_same_whatever_an_article_carries():
    posts, vectors = made_up_blog(90)
    one = evidence_of(corpus_of([*posts[:-1], *articles(*[["x"]] * 90)[-1:]], vectors))
    other = evidence_of(corpus_of([*posts[:-1], *articles(*[["t0", "t1"]] * 90)[-1:]], vectors))
    np.testing.assert_array_equal(one.votes[-1].toarray(), other.votes[-1].toarray())
    np.testing.assert_array_equal(one.recent[-1].toarray(), other.recent[-1].toarray())
    assert (one.votes != other.votes).nnz


def test_evidence_of_parts_joined_in_any_order_is_the_whole():
    of_corpus = evidence_of(corpus_of(*made_up_blog(30)))
    whole = of_corpus.part(np.argsort(of_corpus.keys))
    parts = [
        whole.part(np.array(rows, np.int64)) for rows in ([20, 3], [], list(range(21, 30)), [*range(3), *range(4, 20)])
    ]
    joined = join_evidence(parts)
    for name, expected in vars(whole).items():
        found = getattr(joined, name)
        dense = (array.toarray() if hasattr(array, "toarray") else array for array in (found, expected))
        np.testing.assert_array_equal(*dense, err_msg=name)
    assert len(whole.part(slice(5, 9))) == 4
    assert whole.part(slice(5, 9)).keys.tolist() == sorted(of_corpus.keys.tolist())[5:9]


def features_by_hand(corpus, statistics, evidence, row, column):
    """One article's evidence for one tag, from all other articles."""
    carried = corpus.carriers.toarray()
    others = [other for other in range(len(corpus)) if other != row and carried[other].any()]
    posts = max(len(others), 1)
    count = sum(carried[other, column] for other in others)
    near, _ = contemporaries_by_hand(carried, by_date(corpus.articles).tolist(), row)
    recent = (sum(carried[other, column] for other in near) + TRUST * count / posts) / (len(near) + TRUST)
    vote = evidence.votes[row, column]
    ridges = [scores[0, column] for scores in statistics.ridge_scores(corpus.vectors[[row]], carried[[row]])]
    return [
        1,
        statistics.mean_cosines(corpus.vectors[[row]], carried[[row]])[0, column],
        vote,
        np.log(vote + 0.01),
        *(np.log(max(ridge, 0) + 0.02) for ridge in ridges),
        corpus.vectors[row].astype(np.float64) @ statistics.names[column],
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
        tag_statistics(table_of(posts, vectors, [encoded_names(keys_of(posts), vectors.shape[1])])),
    )
    assert len(corpus.keys) == 8
    assert statistics.names.any()
    evidence = evidence_of(corpus)
    features, known = tag_features(evidence, statistics)
    for row, column in np.ndindex(50, 8):
        expected, others_have_it = features_by_hand(corpus, statistics, evidence, row, column)
        np.testing.assert_allclose(features[row, column], expected, atol=1e-9)
        assert known[row, column] == others_have_it
    assert not known[-1, corpus.keys.index("only here")]
    assert len(FEATURES) == len(START) == features.shape[-1]


@pytest.mark.parametrize("tags", [[[]] * 3, [["solo"], [], []]])
def test_evidence_without_others_that_carry_a_tag(tags):
    vectors = np.eye(3, dtype=np.float32)
    corpus = corpus_of(articles(*tags), vectors)
    features, known = tag_features(evidence_of(corpus), tag_statistics(table_of(articles(*tags), vectors)))
    assert np.isfinite(features).all()
    assert not known[0].any()
