from collections import Counter

from reports.charts.axis import Tick
from reports.charts.timeline import Column, columns, draw_timeline, time_scale, time_ticks
from reports.sections.themes import cluster_numbers, theme_links
from reports.views import ArticleLink, ArticleLinks
from transforms.output.totals import Totals
from transforms.records import Article
from transforms.results import Cluster, Neighbor

IDS = "abcd"
LINKS: ArticleLinks = {id_: ArticleLink(id_.upper(), place, True) for place, id_ in enumerate(IDS, start=1)}
CLUSTERS = [
    Cluster(1, "first", 3, (), (), tuple(Neighbor(id_, 1.0) for id_ in "abc")),
    Cluster(2, "second", 1, (), (), (Neighbor("d", 1.0),)),
]


def draw(*articles):
    totals = Totals()
    totals.add_articles(articles, cluster_numbers(CLUSTERS))
    return draw_timeline(totals, theme_links(CLUSTERS), LINKS)


def test_themes_by_quarter():
    timeline = draw(
        Article("a", "a.md", "A", "2020-02-01", views=5),
        Article("b", "b.md", "B", "2020-03-31T23:00:00-05:00", views=9),
        Article("c", "c.md", "C", "2022-01-01"),
        Article("d", "d.md", "D", "2020-07-01"),
    )
    assert (timeline.unit, timeline.first, timeline.last) == ("Posts a quarter", "2020 Q1", "2022 Q1")
    assert (timeline.highest, timeline.years) == ("2", ("2020", "2021", "2022"))
    first, second = timeline.themes
    # Nine quarters of 44.4 units; the first holds two posts, the last one.
    assert first.columns == (
        Column("M0.0 60V0.0H44.4V60Z", "2020 Q1: 2"),
        Column("M355.6 60V30.0H400.0V60Z", "2022 Q1: 1"),
    )
    assert second.columns == (Column("M88.9 60V30.0H133.3V60Z", "2020 Q3: 1"),)
    assert timeline.ticks == (Tick("2020", "0.0"), Tick("2021", "44.4"), Tick("2022", "88.9"))
    assert timeline.grid == "M0.0 0V60M177.8 0V60M355.6 0V60"
    assert (first.most, first.years, first.newest.title, first.newest_day) == ("2", ("2", "0", "1"), "C", "2022-01-01")
    assert (first.popular.title, first.views) == ("B", "9")
    assert (second.most, second.years, second.newest.title) == ("1", ("1", "0", "0"), "D")
    assert (second.popular, second.views) == (None, "")


def test_a_theme_without_dates_is_flat():
    timeline = draw(
        Article("a", "a.md", "A"),
        Article("b", "b.md", "B"),
        Article("c", "c.md", "C"),
        Article("d", "d.md", "D", "2020-01-01"),
    )
    assert (timeline.themes[0].newest, timeline.themes[0].most, timeline.themes[0].columns) == (None, "0", ())


def test_without_dates_there_is_no_timeline():
    assert draw(*(Article(id_, f"{id_}.md", id_) for id_ in IDS)) is None


def test_young_blogs_are_shown_by_month_and_old_ones_by_year():
    young = time_scale(["2020-11-30", "2021-02-01"])
    assert [young.name(period) for period in young.periods] == ["2020-11", "2020-12", "2021-01", "2021-02"]
    old = time_scale(["1999-01-01", "2024-12-31"])
    assert (len(old.periods), old.name(old.periods[0]), old.period("2001-06-05")) == (26, "1999", (2001, 1))
    middle = time_scale(["2019-06-30", "2021-04-01"])
    assert [middle.name(period) for period in middle.periods][:2] == ["2019 Q2", "2019 Q3"]


def test_a_column_is_as_high_as_its_share_of_the_highest():
    scale = time_scale(["2020-01-01", "2020-02-01"])
    assert columns(Counter({(2020, 1): 1, (2020, 2): 4}), 4, scale) == (
        Column("M0.0 60V45.0H200.0V60Z", "2020-01: 1"),
        Column("M200.0 60V0.0H400.0V60Z", "2020-02: 4"),
    )


def test_a_few_round_years_are_marked():
    # 44 quarters: every second year, the last of them with room for its name, 40/44 of the way.
    marked = time_ticks(time_scale(["2014-01-01", "2024-12-31"]))
    assert [label for _, label in marked] == ["2014", "2016", "2018", "2020", "2022", "2024"]
    assert marked[-1][0] == 40 / 44
    assert [label for _, label in time_ticks(time_scale(["1983-06-01", "2024-12-31"]))] == [
        *("1990", "2000", "2010", "2020")
    ]


def test_a_year_that_begins_at_the_edge_is_not_marked():
    assert [label for _, label in time_ticks(time_scale(["2017-01-01", "2020-03-31"]))] == ["2017", "2018", "2019"]


def test_months_are_marked_where_no_two_years_begin():
    marked = time_ticks(time_scale(["2020-02-01", "2020-12-01"]))
    assert [label for _, label in marked] == ["2020-02", "2020-04", "2020-06", "2020-08", "2020-10", "2020-12"]
    assert time_ticks(time_scale(["2020-02-01"])) == [(0.0, "2020-02")]


def test_years_without_posts_are_left_out_where_there_are_very_many():
    timeline = draw(
        Article("a", "a.md", "A", "0001-01-01"),
        Article("b", "b.md", "B", "2020-01-01"),
        Article("c", "c.md", "C", "2021-01-01"),
        Article("d", "d.md", "D"),
    )
    assert timeline.years == ("0001", "2020", "2021")
