import apache_beam as beam
import numpy as np
from apache_beam.testing.util import assert_that

from tests.transforms.records_by_hand import articles, block, corpus_of, keys_of, made_up_blog, notes, table_of, unit
from transforms.find import FindCandidates, Finder
from transforms.search import NOBODY


def found_by(finder, *rows):
    dossier, _ = finder.find(np.array(rows))
    return [
        [(int(other), cosine) for other, cosine in zip(found, cosines, strict=True) if other != NOBODY]
        for found, cosines in zip(dossier.found, dossier.cosines, strict=True)
    ]


def test_an_article_is_never_its_own_candidate_nor_are_its_copies():
    vectors = unit([[1, 0], [1, 0], [1, 1], [1, 0]])
    corpus = corpus_of(articles(*[()] * 4), vectors, ["same", "same", "b", "same"])
    assert found_by(Finder(corpus), 0, 2) == [[(2, 0.7071)], [(0, 0.7071), (1, 0.7071), (3, 0.7071)]]
    assert found_by(Finder(corpus, exact_duplicates=True), 0) == [[(1, 1.0), (3, 1.0), (2, 0.7071)]]


def test_neighbours_compare_the_leading_dimensions():
    corpus = corpus_of(articles((), (), ()), unit([[1, 0, 9], [1, 0, -9], [0.8, 0.6, 9]]), neighbor_dim=2)
    assert found_by(Finder(corpus), 0) == [[(1, 1.0), (2, 0.8)]]


def test_rows_are_found_by_id():
    posts = articles((), (), ())
    assert Finder(corpus_of(posts, unit(np.eye(3)))).rows(posts[::-1]).tolist() == [2, 1, 0]


def test_the_transform_finds_what_the_finder_finds():
    posts, vectors = made_up_blog(40)
    vectors[7] = vectors[3]
    keys = keys_of(posts)
    digests = [f"text {3 if row == 7 else row}" for row in range(40)]
    parts = [
        block([posts[row] for row in rows], vectors[rows], [digests[row] for row in rows], notes=notes(len(rows), keys))
        for rows in (np.arange(part, 40, 3) for part in range(3))
    ]
    corpus = corpus_of(posts, vectors, digests)
    dossier, duplicates = Finder(corpus).find(np.arange(40))

    def same(results):
        assert sorted(len(found) for found in results) == [13, 13, 14]
        for found in results:
            rows = found.dossier.rows
            assert [article.id for article in found.articles] == [posts[row].id for row in rows]
            np.testing.assert_array_equal(found.dossier.found, dossier.found[rows])
            np.testing.assert_array_equal(found.dossier.cosines, dossier.cosines[rows])
            np.testing.assert_allclose(found.dossier.votes.toarray(), dossier.votes[rows].toarray())
            np.testing.assert_array_equal(found.age, corpus.age[rows])

    def same_duplicates(results):
        assert set(results) == set(duplicates)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        blocks = pipeline | beam.Create(parts)
        table = pipeline | "Table" >> beam.Create([table_of(posts, vectors)])
        found, listed = blocks | FindCandidates(beam.pvalue.AsIter(blocks), beam.pvalue.AsSingleton(table))
        assert_that(found, same, label="found")
        assert_that(listed, same_duplicates, label="duplicates")
