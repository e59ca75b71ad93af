import pytest

from reports.sections.news import is_new, what_is_new
from reports.views import ThemeLink, ThemeNews
from transforms.results import Coverage

THEMES = {2: ThemeLink("b", "theme-2", 1), 1: ThemeLink("a", "theme-1", 2)}
SINCE = "2024-05-06"


def row(cluster, newer, older, density, coverage):
    return Coverage(cluster, "", SINCE, newer, older, density, coverage)


def test_the_whole_and_its_themes():
    news = what_is_new(
        [row(1, 18, 1_002, 0.0086, 0.4444), row(None, 18, 1_009, 0.1369, 0.5455), row(2, 0, 7, None, None)], THEMES
    )
    assert news.sentence == "18 posts since 2024-05-06, 1,009 older. Coverage is 55%, density 0.14."
    assert news.themes == (
        ThemeNews(THEMES[2], "0", "7", "—", "—", False),
        ThemeNews(THEMES[1], "18", "1,002", "44%", "0.01", True),
    )
    assert (news.new.shown, news.new.total) == ((THEMES[1],), 1)


@pytest.mark.parametrize(
    ("newer", "older", "coverage", "expected"),
    [
        (3, 9, 0.49, True),
        (3, 9, 0.5, False),
        (2, 9, 0.0, False),
        (1, 0, None, True),
        (1, 0, 1.0, True),
        (0, 0, None, False),
        (0, 9, None, False),
        (9, 9, None, False),
    ],
)
def test_a_theme_is_new_where_little_that_is_older_covers_it(newer, older, coverage, expected):
    assert is_new(row(1, newer, older, None, coverage)) is expected


def test_too_few_posts_to_tell():
    news = what_is_new([row(None, 1, 0, None, None)], {})
    assert news.sentence.startswith("1 post since 2024-05-06, 0 older. That is too few to tell")
    assert news.themes == ()


def test_without_dates_nothing_is_new():
    assert what_is_new([], THEMES) is None
