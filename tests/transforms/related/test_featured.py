import dataclasses
import itertools

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, block, called, table_of, unit
from transforms.corpus.languages import ONE_LANGUAGE, BlogLanguages
from transforms.related.feature import FeatureInClusters
from transforms.related.featured import (
    LEAST_COSINE,
    feature,
    featured_in,
    join_block,
    join_featured,
    join_related,
)
from transforms.results import Related, RelatedArticle, Why
from transforms.themes.clusters import ClusterModel

MODEL = ClusterModel(unit([[1, 0], [0, 1]]), (1, 2), called("x", "y"))
VECTORS = unit([[1, 0], [1, 0.1], [1, 0.2], [0, 1], [0.1, 1]])


def posts(views=(None, 7, 9, None, 3), dates=("2020-01-01", "2021-01-01", "2021-01-01", None, "2019-01-01")):
    made = articles(["x", "z"], ["x"], ["x", "z"], ["y"], ["y"], dates=list(dates))
    return [dataclasses.replace(post, views=of) for post, of in zip(made, views, strict=True)]


def featured(of, digests=None):
    whole = block(of, VECTORS, digests)
    candidates = join_featured([featured_in(whole, MODEL)])
    rows = feature(whole, MODEL, candidates, table_of(of, VECTORS))
    return {row.id: [(other.kind.partition("_")[0], other.id) for other in row.related] for row in rows}, rows


def test_the_newest_and_the_most_read_of_the_same_cluster():
    # a1 and a2 are the newest of x, on one day: the first by id; a2 is the most read, a1 comes next.
    shown, rows = featured(posts())
    assert shown == {
        "a0": [("newest", "a1"), ("popular", "a2")],
        "a1": [("newest", "a2"), ("popular", "a2")],
        "a2": [("newest", "a1"), ("popular", "a1")],
        "a3": [("newest", "a4"), ("popular", "a4")],
        "a4": [],
    }
    (newest, popular) = rows[0].related
    assert newest.score == pytest.approx(float(VECTORS[0] @ VECTORS[1]), abs=1e-4)
    assert newest.confidence is None
    assert newest.why == Why(text=newest.score, shared_tags=("x",))
    assert popular.why.shared_tags == ("z", "x"), "the rarer tag first"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_featured_as_a_search_through_all_pairs_finds_them(data):
    count = data.draw(st.integers(1, 9))
    several = {"min_size": count, "max_size": count}
    views = data.draw(st.lists(st.sampled_from([None, 0, 3, 7]), **several))
    dates = data.draw(st.lists(st.sampled_from([None, "2020-01-01", "2020-01-01T08:00:00", "2021-01-01"]), **several))
    texts = data.draw(st.lists(st.sampled_from("pqrs"), **several))
    homes = data.draw(st.lists(st.booleans(), **several))
    of = [
        dataclasses.replace(post, views=read)
        for post, read in zip(articles(*[[]] * count, dates=dates), views, strict=True)
    ]
    vectors = unit([[1, 0.1 * row] if home else [0.1 * row, 9] for row, home in enumerate(homes)])
    halves = [slice(0, count // 2 + 1), slice(count // 2 + 1, count)]
    blocks = [block(of[half], vectors[half], texts[half]) for half in halves if of[half]]
    candidates = join_featured([featured_in(part, MODEL) for part in reversed(blocks)])
    table = table_of(of, vectors)
    found = {row.id: row.related for part in blocks for row in feature(part, MODEL, candidates, table)}
    for asking in range(count):
        expected = []
        for kind, ranks in (("newest_in_cluster", dates), ("popular_in_cluster", views)):
            others = [
                row
                for row in range(count)
                if homes[row] == homes[asking] and texts[row] != texts[asking] and ranks[row]
            ]
            best = max((ranks[row] for row in others), default=None)
            expected += [
                (kind, of[row].id, float(vectors[asking] @ vectors[row])) for row in others if ranks[row] == best
            ][:1]
        assert [(other.kind, other.id) for other in found[of[asking].id]] == [row[:2] for row in expected]
        np.testing.assert_allclose([o.score for o in found[of[asking].id]], [row[2] for row in expected], atol=1e-4)


def test_a_copy_is_not_featured_beside_its_original():
    shown, _ = featured(posts(), digests=("same", "same", "other", "p", "q"))
    assert shown["a0"] == [("newest", "a2"), ("popular", "a2")]


@pytest.mark.parametrize(("cosine", "shown"), [(LEAST_COSINE, 1), (LEAST_COSINE - 0.01, 0)])
def test_what_is_far_is_not_featured(cosine, shown):
    of = articles([], [], dates=["2020-01-01", "2021-01-01"])
    vectors = unit([[1, 0, 0], [cosine, np.sqrt(1 - cosine**2), 0]])
    whole = block(of, vectors)
    model = dataclasses.replace(MODEL, centroids=unit([[1, 1, 0], [0, 0, 1]]))
    first, _ = feature(whole, model, featured_in(whole, model), table_of(of, vectors))
    assert len(first.related) == shown


def test_nothing_is_featured_where_nothing_is_known():
    shown, _ = featured(posts(views=(None,) * 5, dates=(None,) * 5))
    assert set(map(tuple, shown.values())) == {()}


def test_candidates_of_parts_in_any_order_are_those_of_the_whole():
    of = posts()
    whole = featured_in(block(of, VECTORS), MODEL)
    parts = [featured_in(block([of[row] for row in rows], VECTORS[rows]), MODEL) for rows in ([0, 3], [1, 4], [2])]
    named = {key: [candidate.id for candidate in found] for key, found in whole.items()}
    for order in itertools.permutations(parts):
        joined = join_featured(order)
        assert {key: [candidate.id for candidate in found] for key, found in joined.items()} == named


def test_others_are_featured_in_ones_own_language_and_no_translations():
    codes = ("en", "ja", "en", "en", "ja")
    keys = ("m", "n", "n", "o", "p")
    of = [
        dataclasses.replace(post, language=code, translation_keys=(key,))
        for post, code, key in zip(posts(), codes, keys, strict=True)
    ]
    apart = BlogLanguages({"en": 0, "ja": 1})
    whole = block(of, VECTORS)

    def shown(languages):
        found = feature(whole, MODEL, featured_in(whole, MODEL, languages), table_of(of, VECTORS), languages)
        return {row.id: {other.id for other in row.related} for row in found}

    # a1 is a2 in Japanese: a2 is featured beside a0 alone, and without languages a0 is beside both.
    assert shown(apart) == {"a0": {"a2"}, "a1": set(), "a2": {"a0"}, "a3": set(), "a4": set()}
    mixed = shown(ONE_LANGUAGE)
    assert mixed["a1"] == mixed["a2"] == {"a0"}
    assert mixed["a0"] == {"a1", "a2"}


def test_similar_articles_stand_first_whatever_comes_first():
    why = Why(None)
    similar = Related("a", (RelatedArticle("b", 0.5, None, why),))
    more = Related("a", (RelatedArticle("c", 0.9, None, why, "newest_in_cluster"),))
    assert (
        join_related([more, similar]) == join_related([similar, more]) == Related("a", similar.related + more.related)
    )
    assert join_related([Related("a", ()), more]).related == more.related


def test_an_article_without_a_vector_has_neighbours_in_time():
    of = posts()
    vectors = VECTORS.copy()
    vectors[0] = 0
    whole = block(of, vectors)
    rows = feature(whole, MODEL, featured_in(whole, MODEL), table_of(of, vectors))
    assert [other.score for other in rows[0].related] == [0.0, 0.0]
    assert np.isfinite([other.score for row in rows for other in row.related]).all()


def test_blocks_are_joined_row_by_row():
    why = Why(None)
    similar = (Related("a", (RelatedArticle("b", 0.5, None, why),)), Related("b", ()))
    more = (Related("a", ()), Related("b", (RelatedArticle("c", 0.9, None, why, "newest_in_cluster"),)))
    assert join_block([similar, more]) == join_block([more, similar]) == [similar[0], more[1]]
    with pytest.raises(ValueError, match="zip"):
        join_block([similar, more[:1]])


def test_the_transform_features_what_the_functions_feature(tmp_path):
    of, why = posts(), Why(None)
    table, rows = table_of(of, VECTORS), [[0, 3], [1, 4], [2]]
    blocks = [block([of[row] for row in chosen], VECTORS[chosen]) for chosen in rows]
    candidates = join_featured([featured_in(part, MODEL) for part in blocks])
    similar = [tuple(Related(of[row].id, (RelatedArticle("b", 0.5, None, why),)) for row in part) for part in rows]
    expected = [
        Related(first.id, first.related + second.related)
        for part, firsts in zip(blocks, similar, strict=True)
        for first, second in zip(firsts, feature(part, MODEL, candidates, table), strict=True)
    ]
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        sides = (
            beam.pvalue.AsSingleton(pipeline | str(at) >> beam.Create([of]))
            for at, of in enumerate((MODEL, table, ONE_LANGUAGE))
        )
        related = pipeline | "Related" >> beam.Create(similar)
        found = related | FeatureInClusters(pipeline | "Blocks" >> beam.Create(blocks[::-1]), *sides)
        assert_that(found, equal_to(expected))
