import dataclasses
import math

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, block, called, random_unit, unit
from transforms.numerics.kmeans import assign
from transforms.sampling import sampled
from transforms.themes import coverage
from transforms.themes.clusters import ClusterModel
from transforms.themes.coverage import (
    WHOLE,
    Coverage,
    MeasureCoverage,
    cover,
    coverage_by_cluster,
    dated,
    density_and_coverage,
    split_date,
)

SINCE = "2024-01-01"


def on_circle(*degrees):
    return unit([[math.cos(math.radians(angle)), math.sin(math.radians(angle))] for angle in degrees])


def by_hand(newer, older, k):
    """The definition, in Euclid's distances between points of the sphere, turned into cosines to be rounded."""

    def cosine(left, right):
        return round(1 - sum((float(x) - float(y)) ** 2 for x, y in zip(left, right, strict=True)) / 2, 4)

    k = min(k, len(newer) - 1)
    held = []
    for row, post in enumerate(newer):
        reach = sorted((cosine(other, post) for at, other in enumerate(newer) if at != row), reverse=True)[k - 1]
        held.append(sum(cosine(other, post) >= reach for other in older))
    return sum(held) / (k * len(older)), sum(count > 0 for count in held) / len(held)


# Newer posts at 0°, 10°, 30° and 90°: with k = 1 their balls reach 10°, 10°, 20° and 60°, with k = 2 30°, 20°, 30° and
# 80°.
@pytest.mark.parametrize(
    ("older", "k", "expected"),
    [
        ([-5], 1, (1.0, 1 / 4)),
        ([-5, 200], 1, (1 / 2, 1 / 4)),
        ([5, 45], 1, (4 / 2, 1.0)),  # 5° in the balls of 0° and 10°; 45° in those of 30° and 90°
        ([5, 45], 2, (5 / 4, 1.0)),  # 5° in those of 0°, 10° and 30°; 45° in those of 30° and 90°
        ([200], 1, (0.0, 0.0)),
        ([0], 1, (2.0, 2 / 4)),  # the bound of the ball around 10° belongs to it
    ],
)
def test_on_a_circle(older, k, expected):
    assert density_and_coverage(on_circle(0, 10, 30, 90), on_circle(*older), k) == pytest.approx(expected)


@settings(deadline=None, max_examples=50)
@given(st.integers(2, 30), st.integers(1, 30), st.integers(1, 12), st.integers(0, 10**6))
def test_agrees_with_the_definition(newer, older, k, seed):
    vectors = random_unit(newer + older, 6, seed)
    found = density_and_coverage(vectors[:newer], vectors[newer:], k)
    assert found == pytest.approx(by_hand(vectors[:newer], vectors[newer:], k))


@pytest.mark.parametrize("block", [1, 7, 64])
def test_blocks_change_nothing(block, monkeypatch):
    vectors = random_unit(100, 12)
    monkeypatch.setattr(coverage, "CHUNK_ROWS", block)
    assert density_and_coverage(vectors[:40], vectors[40:]) == pytest.approx(by_hand(vectors[:40], vectors[40:], 5))


def test_posts_of_one_kind_are_covered_as_thickly():
    vectors = random_unit(2000, 16)
    density, covered = density_and_coverage(vectors[:1000], vectors[1000:])
    assert density == pytest.approx(1, abs=0.1)
    assert covered == pytest.approx(1 - 1 / 2**5, abs=0.02)  # the paper's expectation for equal numbers


def test_copies_and_texts_without_vector():
    assert density_and_coverage(on_circle(0, 0, 90, 90), on_circle(0), 1) == (2, 1 / 2)
    blank = unit([[0, 0]])
    assert density_and_coverage(np.vstack([on_circle(0, 90), blank]), np.vstack([on_circle(200), blank]), 1) == (0, 0)


@pytest.mark.parametrize(("newer", "older"), [(0, 0), (0, 3), (1, 3), (5, 0)])
def test_too_few_posts_to_judge(newer, older):
    vectors = random_unit(newer + older, 3)
    assert density_and_coverage(vectors[:newer], vectors[newer:]) is None
    rows = coverage_by_cluster(
        vectors, np.arange(newer + older) < newer, np.zeros(newer + older, np.int64), {1: "a"}, SINCE
    )
    assert rows == [
        Coverage(None, WHOLE, SINCE, newer, older, None, None),
        Coverage(1, "a", SINCE, newer, older, None, None),
    ]


def test_by_cluster_by_hand():
    # Newer: 0° and 10° in the first cluster, 90° and 100° in the second, whose balls hold nothing; the third is old.
    vectors = on_circle(0, 90, 200, 10, 5, 100, 6)
    is_newer = np.array([1, 1, 0, 1, 0, 1, 0], bool)
    rows = coverage_by_cluster(vectors, is_newer, np.array([0, 1, 2, 0, 0, 1, 2]), {1: "a", 2: "b", 7: "c"}, SINCE, k=1)
    assert rows == [
        Coverage(None, WHOLE, SINCE, 4, 3, round(4 / 3, 4), 0.5),
        Coverage(1, "a", SINCE, 2, 1, round(2 / 1 / 3 * 4, 4), 1.0),
        Coverage(2, "b", SINCE, 2, 0, 0.0, 0.0),
        Coverage(7, "c", SINCE, 0, 2, None, None),
    ]


def test_few_newer_posts_and_texts_without_vector_by_cluster():
    # Two newer posts have one neighbour each, whatever k; the last two posts, newer and older, take no part.
    vectors = np.vstack([on_circle(0, 90, 45), unit([[0, 0], [0, 0]])])
    is_newer = np.array([1, 1, 0, 1, 0], bool)
    rows = coverage_by_cluster(vectors, is_newer, np.zeros(5, np.int64), {1: "a"}, SINCE)
    assert rows == [Coverage(None, WHOLE, SINCE, 2, 1, 2.0, 1.0), Coverage(1, "a", SINCE, 2, 1, 2.0, 1.0)]


def test_clusters_average_to_the_whole():
    vectors, rng = random_unit(200, 8), np.random.default_rng(0)
    is_newer, clusters = rng.random(200) < 0.3, rng.integers(0, 4, 200)
    whole, *rows = coverage_by_cluster(vectors, is_newer, clusters, dict(enumerate("abcd")), SINCE)
    assert (whole.density, whole.coverage) == pytest.approx(
        density_and_coverage(vectors[is_newer], vectors[~is_newer]), abs=1e-4
    )
    assert sum(row.newer for row in rows) == whole.newer
    assert sum(row.older for row in rows) == whole.older
    assert sum(row.newer * row.density for row in rows) / whole.newer == pytest.approx(whole.density, abs=1e-4)
    assert sum(row.newer * row.coverage for row in rows) / whole.newer == pytest.approx(whole.coverage, abs=1e-4)


@pytest.mark.parametrize(
    ("dates", "given", "expected"),
    [
        (["2019-05-06", None, "2024-12-10T09:00:00+09:00", "2023-01-01"], None, "2023-12-10"),
        (["2024-02-29"], None, "2023-02-28"),
        (["2025-02-28"], None, "2024-02-28"),
        (["0001-01-01T00:00:00Z"], None, "0001-01-01"),
        (["2024-12-10"], "2020-01-01", "2020-01-01"),
        (["2024-12-10"], "2020-01-01T10:00:00", "2020-01-01"),
        ([None, ""], None, None),
        ([None], "2020-01-01", None),
        ([], None, None),
    ],
)
def test_the_split_is_a_year_before_the_newest_post_or_given(dates, given, expected):
    assert split_date(iter(dates), given) == expected


def test_a_split_that_is_no_date():
    with pytest.raises(ValueError, match="last year"):
        split_date(["2024-12-10"], "last year")


def dated_blog(count=60):
    posts = articles(*[[]] * count)
    posts[7] = dataclasses.replace(posts[7], date=None)
    return posts, random_unit(count, 6)


MODEL = ClusterModel(unit(np.eye(2, 4)), (1, 4), called("a", "b"))


def coverage_of(posts, vectors):
    """The coverage of posts as a whole, whose leading 4 dimensions count."""
    since = split_date(post.date for post in posts)
    rows = [row for row, post in enumerate(posts) if post.date]
    leading = unit(vectors[rows][:, :4])
    is_newer = np.array([posts[row].date >= since for row in rows])
    return coverage_by_cluster(
        leading,
        is_newer,
        assign(leading, MODEL.centroids)[0],
        dict(zip(MODEL.numbers, MODEL.names, strict=True)),
        since,
    )


def parts_of(posts, vectors, parts=3):
    return [block(posts[part::parts], vectors[part::parts], neighbor_dim=4) for part in range(parts)]


def test_the_parts_of_a_blog_are_covered_as_the_whole():
    posts, vectors = dated_blog()
    parts = [dated(part, len(posts), len(posts)) for part in parts_of(posts, vectors)]
    assert cover(parts, MODEL, None) == cover(parts[::-1], MODEL, None) == coverage_of(posts, vectors)
    assert cover([dated(block([], np.zeros((0, 4))), 1)], MODEL, None) == []


def test_of_a_large_blog_a_sample_is_covered_and_the_newest_post_of_all_parts_it():
    posts, vectors = dated_blog()
    left_out = next(row for row, post in enumerate(posts) if not sampled(post.id, 60, 20))
    posts[left_out] = dataclasses.replace(posts[left_out], date="2024-04-01")
    parts = [dated(part, 60, 20) for part in parts_of(posts, vectors)]
    rows = [row for row, post in enumerate(posts) if post.date and sampled(post.id, 60, 20)]
    assert sorted(id_ for part in parts for id_ in part.ids) == [posts[row].id for row in rows]
    whole, *_ = cover(parts, MODEL, None)
    assert (whole.since, whole.newer + whole.older) == ("2023-04-01", len(rows))


def test_the_transform_measures_what_the_functions_measure(monkeypatch):
    posts, vectors = dated_blog()
    for limit in (60, 20):
        monkeypatch.setattr(coverage, "COVERED_ARTICLES", limit)
        blocks = parts_of(posts, vectors)
        expected = cover([dated(part, 60, limit) for part in blocks], MODEL, "2024-02-01")
        with beam.Pipeline(runner="FnApiRunner") as pipeline:
            model, files = (
                beam.pvalue.AsSingleton(pipeline | str(at) >> beam.Create([of])) for at, of in enumerate((MODEL, 60))
            )
            found = pipeline | beam.Create(blocks[::-1]) | MeasureCoverage(model, files, "2024-02-01")
            assert_that(found, equal_to(expected))
