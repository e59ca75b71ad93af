import numpy as np
import pytest

from tests.transforms.records_by_hand import articles, corpus_of, links_among, made_up_blog, random_unit, table_of
from transforms.evaluation.linked import (
    LEAST_LINKS,
    assess_links,
    judge_lessons,
    judge_links,
    links_to_older,
    ranks_of_links,
)
from transforms.evaluation.names import (
    BY_TAGS,
    CONFIDENCE,
    DIMENSIONS,
    EVERYTHING,
    LINKED,
    LINKED_RANK,
    LINKS,
    PRIOR,
    READ_LINKED,
    TEXT,
    WORDS,
)
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import study_of
from transforms.numerics.arrays import NOBODY
from transforms.related.lessons import NO_LESSONS
from transforms.related.weights import fit_rank_weights
from transforms.results import PARTS
from transforms.sampling import key_of

DATES = ["2024-01-03", "2024-01-01T10:00:00Z", "2024-01-01", None, "2024-01-02"]


def small():
    return corpus_of(articles(*[[]] * 5, dates=DATES), random_unit(5, 4))


def targets(links):
    return {key_of(f"a{row}"): [key_of(f"a{other}") for other in others] for row, others in links.items()}


def test_links_to_what_is_no_newer():
    links = {0: [0, 1, 3, 4], 1: [2, 0, 3], 3: [0, 1], 4: [0]}
    rows, linked = links_to_older(small(), targets(links) | {key_of("gone"): [key_of("a0")], key_of("a2"): [7]})
    assert list(zip(rows.tolist(), linked.tolist(), strict=True)) == [(0, 1), (0, 3), (0, 4), (1, 2), (1, 3)]
    assert [of.tolist() for of in links_to_older(small(), {})] == [[], []]


def test_ranks_are_among_those_that_are_no_newer():
    related = np.full((5, 4), NOBODY)
    related[0] = [4, 3, 1, 2]
    related[1] = [0, 4, 2, NOBODY]
    links = np.array([0, 0, 1, 1]), np.array([1, 4, 2, 3])
    assert ranks_of_links(small(), links, related).tolist() == [3, 1, 1, 0]


def test_hits_and_ranks_by_hand():
    count = LEAST_LINKS + 1
    corpus = corpus_of(articles(*[[]] * count), random_unit(count, 4))
    related = np.argsort(np.random.default_rng(2).random((count, count)), axis=1)
    links = links_to_older(corpus, {key_of(corpus.ids[row]): [key_of(corpus.ids[row // 2])] for row in range(count)})
    assert len(links[0]) == LEAST_LINKS
    metrics = {row.measure: row for row in judge_links(corpus, links, {"one": related}, "one")}
    places = [
        [of for of in related[row].tolist() if of <= row].index(linked) for row, linked in zip(*links, strict=True)
    ]
    assert metrics[LINKED].value == pytest.approx(np.mean(np.array(places) < 4), abs=1e-4)
    assert metrics[LINKED_RANK].value == pytest.approx(np.mean(1 / (1 + np.array(places))), abs=1e-4)
    assert metrics[LINKED].low < metrics[LINKED].value < metrics[LINKED].high
    assert (metrics[LINKED].judged, metrics[LINKED].in_use) == (LEAST_LINKS, True)
    assert judge_links(corpus, tuple(of[1:] for of in links), {"one": related}, "one") == []


def linked_blog(count=60, share=0.05):
    posts, vectors = made_up_blog(count)
    corpus = corpus_of(posts, vectors, None, 8, links_among([post.id for post in posts], share))
    return corpus, study_of(corpus, *search_corpus(corpus), table_of(posts, vectors))


def test_an_encoder_is_judged_by_links():
    _, study = linked_blog(share=0.15)
    metrics = {(row.measure, row.method): row for row in assess_links(study, ["a text"] * 60)}
    methods = {EVERYTHING, PRIOR, BY_TAGS, TEXT, WORDS}
    by_links = {(measure, method) for measure in (LINKED, LINKED_RANK) for method in methods}
    assert metrics.keys() == by_links | {(CONFIDENCE, LINKS)}
    assert {method for (measure, method) in by_links if metrics[measure, method].in_use} == {EVERYTHING}
    assert assess_links(linked_blog(share=0.001)[1], [""] * 60) == []
    assert judge_lessons(small(), NO_LESSONS, fit_rank_weights(NO_LESSONS, frozenset(PARTS)), frozenset(PARTS)) == []


@pytest.mark.parametrize("parts", [PARTS, ("text",), ("text", "dates"), ("learned", "links")])
def test_a_run_judges_what_it_ranked(parts):
    corpus, study = linked_blog()
    everybody, parts = np.arange(60), frozenset(parts)
    ranker, weights = study.ranker(everybody, parts), study.weights(parts)
    metrics = {
        row.method: row
        for row in judge_lessons(corpus, study.lessons(ranker), weights, parts)
        if row.measure == READ_LINKED
    }
    links = links_to_older(corpus, dict(zip(corpus.article_keys.tolist(), corpus.links.targets, strict=True)))
    ranks = ranks_of_links(corpus, links, study.rank(ranker, everybody).found)
    (in_use,) = (row for row in metrics.values() if row.in_use)
    names = {
        frozenset(PARTS): EVERYTHING,
        frozenset({"text"}): TEXT,
        frozenset({"learned", "links"}): "learned + links",
    }
    assert in_use.method == names.get(parts, "text + dates")
    assert in_use.value == pytest.approx(np.mean((ranks > 0) & (ranks <= 4)), abs=1e-4)
    assert in_use.judged == len(links[0])
    assert (DIMENSIONS in metrics) == ("text" in parts and len(parts) > 1)
    assert (BY_TAGS in metrics) == ("learned" in parts)
    by_text = ranks_of_links(corpus, links, study.found)
    assert metrics[TEXT].value == pytest.approx(np.mean((by_text > 0) & (by_text <= 4)), abs=0.05)
