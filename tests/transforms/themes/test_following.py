"""Themes that go on from an earlier run."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, random_unit, unit
from transforms.corpus.tag_table import tag_table
from transforms.numerics.kmeans import assign, assign_again, fit_largest_first, objective, refine_centroids
from transforms.previous import NO_PREVIOUS, PreviousRun, PreviousTheme
from transforms.results import ThemeBefore, ThemeFit
from transforms.themes.clusters import assign_clusters, fit_clusters
from transforms.themes.following import earlier_themes, follow_themes, steady_themes, themes_before

UNTAGGED = tag_table({}, {}, (), 0)


def lloyd(vectors, centroids, own, margin, rounds):
    """k-means by its definition, in which a row leaves its own group for one that is nearer by a margin alone."""
    centroids = [centroid.astype(float) for centroid in centroids]
    for _ in range(rounds):
        groups = []
        for row, mine in zip(vectors, own, strict=True):
            scores = [round(float(row.astype(float) @ centroid), 4) for centroid in centroids]
            stays = mine >= 0 and scores[mine] >= max(scores) - margin
            groups.append(mine if stays else scores.index(max(scores)))
        for group in set(groups):
            mean = sum(row.astype(float) for row, of in zip(vectors, groups, strict=True) if of == group)
            centroids[group] = mean / np.linalg.norm(mean)
    return np.array(centroids), groups


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 5), st.sampled_from([0.0, 0.1, 3.0]))
def test_refining_is_lloyds_algorithm(seed, rows, k, margin):
    vectors, start = random_unit(rows, 4, seed=seed), random_unit(k, 4, seed=seed + 1)
    own = np.random.default_rng(seed).integers(-1, k, rows)
    expected, groups = lloyd(vectors, start, own, margin, 1)
    np.testing.assert_allclose(refine_centroids(vectors, start, own, margin, rounds=1), expected, atol=1e-5)
    assert assign_again(vectors, start, own, margin)[0].tolist() == groups
    refined = refine_centroids(vectors, start, own, 0.0)
    before, after = (objective(vectors, assign(vectors, centroids)[1]) for centroids in (start, refined))
    assert after >= before - 1e-3  # cosines are compared rounded


def test_rows_stay_in_their_groups_unless_others_are_nearer_by_a_margin():
    centroids = unit([[1, 0], [0, 1]])
    vectors = unit([[1, 1.01], [1, 1.01], [1, 1.5], [1, 1.5], [0, 0]])
    own = np.array([0, -1, 0, 1, 1])
    assert assign_again(vectors, centroids, own, 0.01)[0].tolist() == [0, 1, 1, 1, 1]
    assert assign_again(vectors, centroids, own, 0.5)[0].tolist() == [0, 1, 0, 1, 1]
    assert assign_again(vectors, centroids, np.full(5, -1), 0.5)[0].tolist() == assign(vectors, centroids)[0].tolist()


def test_the_objective_is_the_mean_cosine_of_rows_that_have_a_vector():
    vectors = unit([[1, 0], [0, 1], [1, 1], [0, 0]])
    assert objective(vectors, np.array([1, 1, 0.7071, 0])) == pytest.approx((2 + 0.7071) / 3, abs=1e-4)
    assert objective(vectors[3:], np.zeros(1)) == 0


def groups(sizes, seed=3):
    """So many vectors around each axis."""
    rows = np.repeat(np.eye(len(sizes), 8), sizes, axis=0)
    return unit(rows + np.random.default_rng(seed).normal(0, 0.05, rows.shape))


def test_themes_go_on_with_their_numbers_and_take_new_posts_in():
    vectors = groups([6, 5, 4])
    earlier = np.array([7] * 4 + [0] * 2 + [2] * 5 + [9] * 3 + [0])
    centroids, numbers = follow_themes(earlier, vectors)
    assert numbers == (2, 7, 9)
    assert [numbers[row] for row in assign(vectors, centroids)[0]] == [7] * 6 + [2] * 5 + [9] * 4


def test_a_theme_without_posts_goes_and_so_does_one_that_keeps_none():
    vectors = np.vstack([groups([6, 5]), unit([[0] * 8, [1, 1] + [0] * 6])])
    centroids, numbers = follow_themes(np.array([3] * 6 + [5] * 5 + [4, 0]), vectors)
    assert numbers == (3, 5)
    assert len(centroids) == 2
    among = np.array([3, 3, 3, 8, 3, 3] + [5] * 5)  # the mean of 8 lies no nearer to any other post than that of 3
    assert set(follow_themes(among, groups([6, 5]))[1]) <= {3, 5, 8}
    assert follow_themes(np.zeros(13, np.int64), vectors)[1] == ()
    opposed = unit([[1, 0], [-1, 0], [0, 1]])
    assert follow_themes(np.array([1, 1, 2]), opposed)[1] == (2,)


PREVIOUS = PreviousRun(
    digest="0" * 64,
    themes=(PreviousTheme(2, "tea"), PreviousTheme(3, "pots"), PreviousTheme(5, "rail")),
    next_theme=7,
    members={"a00": 2, "a01": 2, "a02": 2, "a03": 2, "a04": 3, "a05": 3, "gone": 3, "lost": 5},
)


def test_what_themes_were_and_which_of_them_are_steady():
    ids = [f"a{row:02}" for row in range(8)]
    earlier = earlier_themes(ids, PREVIOUS)
    assert earlier.tolist() == [2, 2, 2, 2, 3, 3, 0, 0]
    clusters = np.array([0, 0, 1, 1, 0, 0, 1, 0])
    assert themes_before((2, 3), clusters, earlier, PREVIOUS) == {
        2: ThemeBefore(2, 2, "tea"),
        3: ThemeBefore(3, 0, "pots"),
    }
    assert steady_themes((2, 3), clusters, earlier, PREVIOUS) == [PreviousTheme(2, "tea"), None]
    assert steady_themes((2, 3), np.array([0, 1, 1, 1, 1, 0, 0, 0]), earlier, PREVIOUS) == [
        None,
        PreviousTheme(3, "pots"),
    ]
    assert steady_themes((7, 8), clusters, earlier, PREVIOUS) == [None, None]
    assert themes_before((7, 8), clusters, earlier, PREVIOUS) == {}


def chain(vectors, previous=NO_PREVIOUS, k=None, **flags):
    return fit_clusters(articles(*[[]] * len(vectors)), vectors, UNTAGGED, k, previous, **flags)


def best(vectors, centroids):
    return objective(vectors, assign(vectors, centroids)[1])


def as_previous(model, vectors, asked=None):
    """What the next run takes from a model."""
    ids = [post.id for post in articles(*[[]] * len(vectors))]
    members = dict(zip(ids, (model.numbers[row] for row in assign(vectors, model.centroids)[0]), strict=True))
    themes = tuple(PreviousTheme(*of) for of in zip(model.numbers, model.names, strict=True))
    return PreviousRun("0" * 64, themes, model.fit.next, asked, members)


def test_a_fit_that_follows_itself_is_itself():
    vectors = groups([9, 8, 7, 6])
    first = chain(vectors)
    assert (first.numbers, first.before) == ((1, 2, 3, 4), {})
    assert first.fit == ThemeFit(objective=best(vectors, first.centroids), next=5)
    again = chain(vectors, as_previous(first, vectors))
    assert again.numbers == first.numbers
    assert again.names == first.names
    np.testing.assert_allclose(again.centroids, first.centroids, atol=1e-4)
    assert again.fit == ThemeFit(True, first.fit.objective, first.fit.objective, 5)
    assert again.before[2] == ThemeBefore(2, 8, first.names[1])


def test_other_themes_than_before_have_numbers_that_none_has_had():
    vectors = groups([9, 8, 7, 6])
    previous = as_previous(chain(vectors), vectors)
    assert chain(vectors, previous, refit=True).numbers == (5, 6, 7, 8)
    assert chain(vectors, previous, k=3).numbers == (5, 6, 7)
    assert chain(vectors, previous, k=3).fit.next == 8
    assert chain(vectors, previous, k=4).numbers == (1, 2, 3, 4)
    asked = as_previous(chain(vectors, k=6), vectors, asked=6)
    assert chain(vectors, asked, k=6).fit.followed
    elsewhere = PreviousRun("0" * 64, previous.themes, 5, None, {"gone": 1})
    assert chain(vectors, elsewhere).numbers == (5, 6, 7, 8)


def test_the_fit_tells_how_much_better_themes_found_anew_are():
    vectors = groups([10, 10, 10])
    ids = [post.id for post in articles(*[[]] * 30)]
    mixed = {id_: min(3, 1 + row // 5) for row, id_ in enumerate(ids)}
    themes = tuple(PreviousTheme(number, str(number)) for number in range(1, 5))
    fit = chain(vectors, PreviousRun("0" * 64, themes, 5, None, mixed)).fit
    assert fit.objective < 0.9 < fit.objective_anew
    assert fit.objective_anew == best(vectors, fit_largest_first(vectors, 3))  # the fourth has gone


def test_a_blog_that_did_not_change_keeps_its_themes_though_k_means_would_go_on():
    vectors = random_unit(80, 5)
    members = {post.id: 1 + row % 4 for row, post in enumerate(articles(*[[]] * 80))}
    themes = tuple(PreviousTheme(number, str(number)) for number in range(1, 5))
    previous = PreviousRun("0" * 64, themes, 5, None, members)
    for _ in range(3):
        model = chain(vectors, previous)
        ids = list(members)
        rows, _ = model.assign(ids, vectors)
        now = {id_: model.numbers[row] for id_, row in zip(ids, rows, strict=True)}
        before, previous = previous.members, PreviousRun("0" * 64, themes, 5, None, now)
    assert now == before
    clusters, listed = assign_clusters(model, ids, vectors)
    assert {member.id: member.cluster for member in listed} == now
    assert {cluster.number: cluster.size for cluster in clusters} == Counter(now.values())
