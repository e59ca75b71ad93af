from collections import Counter

from reports.sections.quiet import quiet_themes
from reports.sections.themes import theme_links
from transforms.results import Cluster


def quiet(**days):
    """The quiet themes by name, each with posts on some days."""
    clusters = [Cluster(number, name, 0, (), (), ()) for number, name in enumerate(days, start=1)]
    posts = Counter((number, date) for number, dates in enumerate(days.values(), start=1) for date in dates if date)
    return [
        (row.theme.name, row.posts, row.last, row.silence, row.gap)
        for row in quiet_themes(posts, theme_links(clusters))
    ]


BUSY = ["2024-12-31"]
MONTHLY = ["2020-01-01", "2020-02-01", "2020-03-01", "2020-04-01"]


def test_a_theme_that_stopped_is_quiet():
    # 91 days between four posts; 1,735 days from 2020-04-01 to 2024-12-31, and 365.25 in a year.
    assert quiet(lamps=MONTHLY, news=BUSY) == [("lamps", "4", "2020-04-01", "4.8 years", "30 days")]


def test_the_longest_silence_stands_first():
    later = ["2022-01-01", "2022-01-02", "2022-01-03", "2022-01-04"]
    assert [row[0] for row in quiet(later=later, lamps=MONTHLY, news=BUSY)] == ["lamps", "later"]


def test_a_theme_that_always_paused_so_long_is_not_quiet():
    assert quiet(rare=["2012-01-01", "2015-01-01", "2018-01-01", "2021-01-01"], news=BUSY) == []


def test_a_year_is_the_least_silence():
    assert quiet(recent=["2023-12-30", "2023-12-31", "2024-01-01", "2024-01-01"], news=BUSY) == []
    assert quiet(recent=["2023-12-28", "2023-12-29", "2023-12-30", "2023-12-31"], news=BUSY)


def test_of_few_posts_nobody_knows():
    assert quiet(few=MONTHLY[:3], news=BUSY) == []
    assert quiet(undated=[None] * 5) == []
    assert quiet() == []
