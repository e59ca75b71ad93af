from dataclasses import replace

import numpy as np

from tests.transforms.records_by_hand import articles, random_unit, table_of
from transforms.numerics.arrays import unit_rows
from transforms.readings.learned import Learned
from transforms.readings.next_model import CONTENT, Learner
from transforms.readings.next_post import Choice
from transforms.readings.posts import Posts
from transforms.readings.reader_themes import ReaderModel, ThemeName
from transforms.readings.reads import reads_of
from transforms.themes.readers import lay_out_posts, name_themes

GROUP = 12
BLOG = articles(*[["tea"]] * GROUP, *[["coffee"]] * GROUP, *[["water"]] * GROUP)
TABLE = table_of(BLOG, random_unit(len(BLOG), 4))
CENTERS = np.eye(3, 4, dtype=np.float32)
VECTORS = np.repeat(CENTERS, GROUP, axis=0) + 0.05 * np.random.default_rng(2).normal(size=(len(BLOG), 4))
POSTS = VECTORS.astype(np.float32)


def learned(vectors):
    posts = Posts(np.eye(len(vectors), 4), np.zeros(len(vectors), np.int64))
    reads = reads_of([], len(vectors))
    model = Learner(reads, posts).model(CONTENT, 30)
    ids = tuple(f"{number:02}" for number in range(len(vectors)))
    return Learned(ids, posts, reads, Choice(CONTENT, 30), model, np.zeros(len(ids)), vectors, True)


def test_themes_are_named_by_the_tags_of_the_posts_nearest_to_them():
    found = name_themes(ReaderModel(CENTERS[[2, 0, 1]], POSTS), BLOG, TABLE)

    assert [theme.name for theme in found] == ["water", "tea", "coffee"]
    assert [theme.tags[0].tag for theme in found] == ["water", "tea", "coffee"]


def test_posts_without_a_vector_name_nothing():
    posts = POSTS.copy()
    posts[:GROUP] = 0
    blog = [*articles(*[["coffee"]] * GROUP), *BLOG[GROUP:]]

    found = name_themes(ReaderModel(CENTERS[1:], posts), blog, table_of(blog, random_unit(len(blog), 4)))

    assert [theme.name for theme in found] == ["coffee", "water"]


def test_no_theme_has_no_name():
    assert name_themes(ReaderModel(CENTERS[:0], POSTS), BLOG, TABLE) == ()


def test_a_theme_of_posts_without_tags_is_named_by_its_nearest_post():
    blog = [replace(post, title=f"about{row}") for row, post in enumerate(articles(*[[]] * len(BLOG)))]
    found = name_themes(ReaderModel(CENTERS, POSTS), blog, TABLE)

    nearest = (unit_rows(POSTS) @ CENTERS.T).argmax(axis=0)
    assert len(set(found)) == 3
    assert all(isinstance(theme, ThemeName) and not theme.tags for theme in found)
    assert [theme.name for theme in found] == [blog[row].title for row in nearest]


def test_posts_that_enough_have_read_are_on_the_map():
    vectors = unit_rows(POSTS)
    vectors[5] = 0

    points = list(lay_out_posts(learned(vectors), {}))

    assert [point.id for point in points] == [f"{number:02}" for number in range(len(BLOG)) if number != 5]
    assert {point.method for point in points} == {"readers"}
    places = np.array([(point.x, point.y) for point in points])
    assert np.isfinite(places).all()
    groups = np.delete(np.arange(len(BLOG)) // GROUP, 5)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    np.testing.assert_array_equal(groups[apart.argmin(axis=1)], groups)
    assert list(lay_out_posts(learned(vectors), {})) == points


def test_without_a_vector_there_is_no_map():
    assert list(lay_out_posts(learned(np.zeros_like(POSTS)), {"00": (0.1, 0.2)})) == []


def test_a_map_goes_on_from_an_earlier_one():
    vectors = unit_rows(POSTS)
    first = {point.id: (point.x, point.y) for point in lay_out_posts(learned(vectors), {})}

    again = {point.id: (point.x, point.y) for point in lay_out_posts(learned(vectors), first)}

    moved = np.array([np.subtract(again[id_], first[id_]) for id_ in first])
    mirrored = np.array([np.subtract(again[id_], np.negative(first[id_])) for id_ in first])
    assert np.linalg.norm(moved, axis=1).mean() < np.linalg.norm(mirrored, axis=1).mean()


def test_a_map_is_of_so_many_posts(monkeypatch):
    monkeypatch.setattr("transforms.themes.readers.MAP_ARTICLES", 20)

    assert len(list(lay_out_posts(learned(unit_rows(POSTS)), {}))) == 20
