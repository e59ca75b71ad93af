import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from tests.transforms.records_by_hand import articles, corpus_of, made_up_blog, random_unit, table_of
from tests.transforms.search_by_hand import blocks_of, calendar_of, contemporaries_by_hand
from transforms.corpus.chronology import by_date, date_keys, latest, ordinals
from transforms.sampling import sampled
from transforms.tags.calendar import CONTEMPORARIES, make_calendar
from transforms.tags.collect import MakeCalendar


def undated_blog(count, seed=0, untagged=0.3):
    """A corpus in which some dates are the same, some are not known, and none is in the order of ids."""
    rng = np.random.default_rng(seed)
    posts, vectors = made_up_blog(count, seed=seed, untagged=untagged)
    dates = [None if rng.random() < 0.1 else f"20{rng.integers(10, 20)}-01-01" for _ in posts]
    return corpus_of(articles(*(post.tags for post in posts), dates=dates), vectors)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 60, 150]), st.sampled_from([0.0, 0.3, 1.0]))
@settings(max_examples=40, deadline=None)
def test_the_articles_around_by_hand(seed, count, untagged):
    corpus = undated_blog(count, seed, untagged)
    carried, order = corpus.carriers.toarray(), by_date(corpus.articles).tolist()
    queries = np.random.default_rng(seed).permutation(count)[:20].tolist()
    keys = date_keys(corpus.articles[query] for query in queries)
    recent, contemporaries, later = calendar_of(corpus).around(keys)
    assert recent.shape == (len(queries), len(corpus.keys))
    assert contemporaries.dtype == later.dtype == np.float64
    for place, query in enumerate(queries):
        rows, share = contemporaries_by_hand(carried, order, query)
        assert query not in rows
        assert recent[place].toarray()[0].tolist() == carried[rows].sum(axis=0).tolist()
        assert contemporaries[place] == len(rows)
        assert later[place] == pytest.approx(share) or not corpus.tagged.any()


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_of_a_sample_the_articles_around_are_those_of_the_sample(seed, share):
    corpus = undated_blog(90, seed)
    rng = np.random.default_rng(seed)
    kept = np.flatnonzero(corpus.tagged & (rng.random(90) < share))
    calendar = make_calendar(date_keys(corpus.articles[row] for row in kept), corpus.carriers[kept], 0.0)
    in_sample = np.where(np.isin(np.arange(90), kept)[:, None], corpus.carriers.toarray(), 0)
    order = by_date(corpus.articles).tolist()
    recent, contemporaries, later = calendar.around(date_keys(corpus.articles))
    for row in range(90):
        rows, of_all = contemporaries_by_hand(in_sample, order, row)
        assert row not in rows
        assert recent[row].toarray()[0].tolist() == in_sample[rows].sum(axis=0).tolist()
        assert contemporaries[row] == len(rows)
        assert later[row] == pytest.approx(of_all) or not len(kept)


def test_an_articles_own_tags_are_left_out_and_those_of_the_same_day_are_not():
    corpus = corpus_of(articles(["own"], ["other"], [], dates=["2020-01-01"] * 3), random_unit(3, 4))
    recent, contemporaries, later = calendar_of(corpus).around(date_keys(corpus.articles))
    assert recent.toarray().tolist() == [[1, 0], [0, 1], [1, 1]]
    assert contemporaries.tolist() == [1, 1, 2]
    assert later.tolist() == [0.5, 0, 0]


def test_so_many_on_either_side():
    corpus = corpus_of(articles(*[["x"]] * 100), random_unit(100, 4))
    _, contemporaries, _ = calendar_of(corpus).around(date_keys(corpus.articles))
    assert contemporaries.tolist() == [min(row, CONTEMPORARIES) + min(99 - row, CONTEMPORARIES) for row in range(100)]


@pytest.mark.parametrize("tags", [0, 2])
def test_an_empty_calendar(tags):
    calendar = make_calendar([], sparse.csr_matrix((0, tags)), float("nan"))
    recent, contemporaries, later = calendar.around(date_keys(articles([], [])))
    assert (recent.shape, recent.nnz) == ((2, tags), 0)
    assert contemporaries.tolist() == [0, 0]
    assert np.isfinite(later).all()
    assert calendar.around([])[0].shape == (0, tags)


@pytest.mark.parametrize("untagged", [0.3, 1.0])
@pytest.mark.parametrize("limit", [50_000, 20])
def test_the_transform_enters_tagged_articles_or_a_sample_of_them(limit, untagged, monkeypatch):
    monkeypatch.setattr("transforms.tags.collect.CALENDAR_ARTICLES", limit)
    monkeypatch.setattr("transforms.sampling.LARGE", limit)
    corpus = undated_blog(60, untagged=untagged)
    table = table_of(corpus.articles, corpus.vectors)
    rows = [row for row in np.flatnonzero(corpus.tagged) if sampled(corpus.ids[row], table.posts, limit)]
    expected = sorted(rows, key=date_keys(corpus.articles).__getitem__)
    assert (len(expected) == table.posts) == (limit > 60 or not table.posts)

    def same(results):
        (calendar,) = results
        assert calendar.keys == date_keys(corpus.articles[row] for row in expected)
        assert calendar.carriers.toarray().tolist() == corpus.carriers[expected].toarray().tolist()
        assert calendar.newest == latest(ordinals(corpus.articles))

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        blocks = pipeline | beam.Create(blocks_of(corpus, 4)[::-1])
        the_table = beam.pvalue.AsSingleton(pipeline | "Table" >> beam.Create([table]))
        assert_that(blocks | MakeCalendar(the_table), same)
