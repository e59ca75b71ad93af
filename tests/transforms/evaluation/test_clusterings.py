from tests.transforms.records_by_hand import articles, corpus_of, made_up_blog, random_unit
from transforms.evaluation.clusterings import judge_clusterings, tags_of
from transforms.evaluation.names import AGREEMENT, SILHOUETTE
from transforms.themes.quality import quality_ks, sweep_clusters


def test_the_ladder_and_the_number_in_use_are_judged_as_the_sweep_does():
    posts, vectors = made_up_blog(60)
    corpus = corpus_of(posts, vectors)
    metrics = judge_clusterings(corpus, 7)
    ks = sorted({*quality_ks(60), 7})
    expected = sweep_clusters(corpus.near, tags_of(corpus), ks)
    assert [(row.method, row.value) for row in metrics if row.measure == SILHOUETTE] == [
        (f"k = {quality.k}", quality.silhouette) for quality in expected
    ]
    assert [row.value for row in metrics if row.measure == AGREEMENT] == [quality.agreement for quality in expected]
    assert {row.method for row in metrics if row.in_use} == {"k = 7"}
    assert {row.judged for row in metrics} == {60}


def test_a_large_corpus_is_judged_by_a_sample():
    posts, vectors = made_up_blog(120)
    (judged,) = {row.judged for row in judge_clusterings(corpus_of(posts, vectors), 4, limit=40)}
    assert 20 < judged < 60


def test_without_tags_there_is_no_agreement():
    metrics = judge_clusterings(corpus_of(articles(*[[]] * 9), random_unit(9, 4)), 3)
    assert {row.measure for row in metrics} == {SILHOUETTE}


def test_too_few_articles_are_not_judged():
    assert judge_clusterings(corpus_of(articles(["x"], []), random_unit(2, 4)), 2) == []
