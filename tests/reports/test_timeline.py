from reports.related import Links
from reports.themes import theme_links
from reports.timeline import draw_timeline, steps_path, time_scale
from reports.views import ArticleLink
from transforms.records import Article, Cluster, Neighbor

IDS = "abcd"
LINKS: Links = {id_: ArticleLink(id_.upper(), place, True) for place, id_ in enumerate(IDS, start=1)}
CLUSTERS = [
    Cluster(1, "first", 3, (), (), tuple(Neighbor(id_, 1.0) for id_ in "abc")),
    Cluster(2, "second", 1, (), (), (Neighbor("d", 1.0),)),
]


def draw(*articles):
    return draw_timeline(articles, CLUSTERS, theme_links(CLUSTERS), LINKS)


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
    empty = "".join(f"V60.0H{400 / 9 * place:.1f}" for place in range(2, 9))
    assert first.path == f"M0 60V0.0H44.4{empty}V30.0H400.0V60Z"
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
    assert (timeline.themes[0].newest, timeline.themes[0].most) == (None, "0")


def test_without_dates_there_is_no_timeline():
    assert draw(*(Article(id_, f"{id_}.md", id_) for id_ in IDS)) is None


def test_young_blogs_are_shown_by_month_and_old_ones_by_year():
    young = time_scale(["2020-11-30", "2021-02-01"])
    assert [young.name(period) for period in young.periods] == ["2020-11", "2020-12", "2021-01", "2021-02"]
    old = time_scale(["1999-01-01", "2024-12-31"])
    assert (len(old.periods), old.name(old.periods[0]), old.period("2001-06-05")) == (26, "1999", (2001, 1))
    middle = time_scale(["2019-06-30", "2021-04-01"])
    assert [middle.name(period) for period in middle.periods][:2] == ["2019 Q2", "2019 Q3"]


def test_a_step_is_as_high_as_its_share_of_the_highest():
    assert steps_path([1, 4], 4) == "M0 60V45.0H200.0V0.0H400.0V60Z"
