import datetime as dt
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.numerics.arrays import NOBODY
from transforms.readings.reader_themes import (
    LEAST_THEME,
    ReaderModel,
    ThemeCounts,
    ThemeName,
    count_themes,
    describe_themes,
    fit_reader_themes,
    lifts,
    merge_counts,
    reader_vectors,
    side_by_side,
)
from transforms.readings.reads import reads_of
from transforms.readings.visits import History

START = int(dt.datetime(2024, 1, 10, tzinfo=dt.UTC).timestamp())
MONTH = 31 * 24 * 3600
POSTS = 12
IDS = [f"post-{number:02}" for number in range(POSTS)]
TEXTS = np.eye(4)[np.arange(POSTS) // 3]
TEXTS = TEXTS + 0.05 * np.random.default_rng(1).normal(size=TEXTS.shape)
VECTORS = side_by_side(TEXTS, np.zeros((POSTS, 2)))
NAMES = [ThemeName(f"theme {number}") for number in range(4)]


def history(posts, start=START):
    return History((tuple((post, start + 60 * place) for place, post in enumerate(posts)),))


def readers_of(sizes, start=START):
    """So many readers of each of four groups of three posts, no two of whom read at the same time."""
    return [
        history([3 * group, 3 * group + 1, 3 * group + 2], start + number + 1000 * group)
        for group, size in enumerate(sizes)
        for number in range(size)
    ]


def themes_of(histories, k=4, least_readers=3):
    reads = reads_of(histories, POSTS)
    model = fit_reader_themes(reads, VECTORS, k)
    return describe_themes(model, count_themes(reads, model), IDS, NAMES, least_readers)


def test_readers_of_like_posts_are_one_theme():
    found = themes_of(readers_of([60, 43, 31, 22]))

    assert found.readers == 155
    assert [theme.size for theme in found.themes] == [60, 40, 30, 20]
    assert [theme.number for theme in found.themes] == [1, 2, 3, 4]
    assert found.others == 0
    for group, theme in enumerate(found.themes):
        own = {IDS[3 * group + place] for place in range(3)}
        assert {near.id for near in theme.articles} == own
        assert {over.id for over in theme.over_read} == own
        assert all(over.lift > 1.5 for over in theme.over_read)


def test_small_groups_are_dissolved_and_their_readers_stay():
    found = themes_of(readers_of([60, 40, 9, 8]))

    assert len(found.themes) == 2
    assert sum(theme.size for theme in found.themes) == found.readers == 115
    assert found.others == 0


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4), st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_no_theme_is_of_fewer_readers_and_none_is_lost(sizes, k):
    reads = reads_of(readers_of(sizes), POSTS)
    if not len(reads):
        return
    model = fit_reader_themes(reads, VECTORS, k)
    themes = model.assign(reads)

    assert len(model.centroids) <= k
    if sum(sizes) < LEAST_THEME:
        assert set(themes.tolist()) == {NOBODY}
    else:
        counted = np.bincount(themes, minlength=len(model.centroids))
        assert counted.min() >= LEAST_THEME
        assert counted.sum() == sum(sizes)
        assert counted.tolist() == sorted(counted, reverse=True)


def test_readers_of_few_posts_are_assigned_and_do_not_make_themes():
    regulars = readers_of([40, 30, 0, 0])
    guests = [history([3 * group], START + 9 * number) for number in range(30) for group in range(2)]
    reads = reads_of([*regulars, *guests], POSTS)

    alone = fit_reader_themes(reads_of(regulars, POSTS), VECTORS, 4)
    both = fit_reader_themes(reads, VECTORS, 4)

    np.testing.assert_array_equal(alone.centroids, both.centroids)
    assert count_themes(reads, both).readers == {0: 70, 1: 60}
    assert fit_reader_themes(reads_of(guests, POSTS), VECTORS, 4).centroids.shape == (0, VECTORS.shape[1])


def test_readers_of_what_has_no_vector_are_others():
    vectors = VECTORS.copy()
    vectors[9:] = 0
    reads = reads_of(readers_of([40, 30, 30, 24]), POSTS)
    model = fit_reader_themes(reads, vectors, 4)
    found = describe_themes(model, count_themes(reads, model), IDS, NAMES)

    assert found.others == 20
    assert [theme.size for theme in found.themes] == [40, 30, 30]


def test_a_reader_is_the_mean_of_what_was_read_newest_first():
    reads = reads_of([history([0, 3, 6])], POSTS)
    (found,) = reader_vectors(reads, VECTORS)

    mean = sum(0.5 ** ((2 - place) / 3) * VECTORS[post].astype(float) for place, post in enumerate([0, 3, 6]))
    np.testing.assert_allclose(found, mean / np.linalg.norm(mean), atol=2e-6)


def test_sides_are_unit_or_nothing():
    found = side_by_side(np.array([[3.0, 4.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [5.0, 0.0]]))

    np.testing.assert_allclose(found, [[0.6, 0.8, 0, 0], [0, 0, 1, 0]], atol=1e-6)


def test_counts_of_parts_are_those_of_the_whole():
    histories = readers_of([30, 25, 21, 20])
    reads = reads_of(histories, POSTS)
    model = fit_reader_themes(reads, VECTORS, 4)
    parts = [count_themes(reads_of(histories[place::3], POSTS), model) for place in range(3)]

    assert merge_counts(parts) == merge_counts(parts[::-1]) == count_themes(reads, model)
    assert merge_counts([]) == ThemeCounts()


def test_lifts_are_ratios_drawn_to_one():
    np.testing.assert_allclose(lifts(np.array([0, 3, 300]), np.array([0.0, 1.0, 100.0])), [1, 7 / 3, 300.5 / 100.5])


def model_of(count):
    return ReaderModel(VECTORS[: 3 * count : 3] / np.linalg.norm(VECTORS[: 3 * count : 3], axis=1)[:, None], VECTORS)


def test_numbers_are_rounded_and_shares_tell_no_more():
    counts = ThemeCounts(Counter({0: 59, 1: 23, NOBODY: 4}), Counter({(0, 0): 7, (1, 3): 4, (0, 4): 2}))
    found = describe_themes(model_of(2), counts, IDS, NAMES)

    assert (found.readers, found.others) == (85, 0)
    assert [(theme.size, theme.share) for theme in found.themes] == [(55, 0.65), (20, 0.24)]
    assert [over.id for over in found.themes[0].over_read] == ["post-00"]
    assert [over.readers for theme in found.themes for over in theme.over_read] == [5, 3]
    assert [near.id for near in found.themes[0].articles] == ["post-00"]


def test_what_few_readers_have_in_common_is_not_told():
    counts = ThemeCounts(
        Counter({0: 40, 1: 30}),
        Counter({(0, 0): 11, (0, 1): 9, (1, 3): 10}),
        Counter({(0, 600): 30, (1, 600): 9, (0, 601): 12, (1, 601): 7, (0, 602): 40, (1, 602): 30}),
    )
    usual, careful = (describe_themes(model_of(2), counts, IDS, NAMES, least) for least in (3, 10))

    assert [[share.month for share in theme.months] for theme in usual.themes] == [["2020-01", "2020-03"]] * 2
    assert [[share.share for share in theme.months] for theme in usual.themes] == [[0.86, 0.57], [0.14, 0.43]]
    assert [share.share for share in careful.themes[1].months] == [0, 0.43]
    assert [over.id for theme in careful.themes for over in theme.over_read] == ["post-00", "post-03"]
    fewer = describe_themes(model_of(2), counts, IDS, NAMES, 35)
    assert [theme.size for theme in fewer.themes] == [40]
    assert fewer.others == 30


@pytest.mark.parametrize("part", [1, 4, 9])
def test_one_reader_more_or_less_is_hardly_ever_seen(part):
    """Of the numbers of readers that a theme can have, four of five look the same with one more."""
    seen = [
        describe_themes(model_of(1), ThemeCounts(Counter({0: 20 + part + more})), IDS, NAMES).themes[0]
        for more in range(100)
    ]
    assert len({(theme.size, theme.share) for theme in seen}) <= 21


def test_months_are_those_in_which_something_new_was_read():
    reads = reads_of(
        [*readers_of([30, 0, 0, 0]), *readers_of([30, 0, 0, 0], START + 2 * MONTH)],
        POSTS,
    )
    model = fit_reader_themes(reads, VECTORS, 4)
    assert count_themes(reads, model).months == {(0, 648): 30, (0, 650): 30}
    (theme,) = describe_themes(model, count_themes(reads, model), IDS, NAMES).themes
    assert [(share.month, share.share) for share in theme.months] == [("2024-01", 1), ("2024-03", 1)]
