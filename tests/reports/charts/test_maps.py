from reports.charts.maps import Dots, Label, draw_maps, still_dots, tag_labels
from reports.views import ThemeLink
from transforms.records import Article
from transforms.results import MapPoint

THEME = ThemeLink("t", "theme-1", 1)


def test_points_stand_inside_a_rim_with_y_downwards():
    points = [MapPoint("a", "pca", -1.0, 1.0), MapPoint("b", "pca", 1.0, -1.0), MapPoint("c", "pca", 0.0, 0.0)]
    view = draw_maps(points, [Article(id_, id_, id_) for id_ in "abcd"], {"a": THEME}, {}, 4)
    assert view.maps[0].places == {"a": (24, 24), "b": (976, 596), "c": (500, 310)}
    assert (view.shown, view.total, view.sampled) == (3, 4, True)
    assert view.dots == (Dots(None, "M976 596h0M500 310h0"), Dots(THEME, "M24 24h0"))


def test_the_maps_stand_in_their_order_and_the_first_is_the_still_one():
    points = [MapPoint("a", "pca", 1.0, 1.0), MapPoint("a", "tsne", -1.0, -1.0)]
    view = draw_maps(points, [Article("a", "a", "a")], {}, {}, 1)
    assert [(layout.method, layout.name) for layout in view.maps] == [("tsne", "t-SNE"), ("pca", "PCA")]
    assert view.dots[0].path == "M24 596h0"
    assert not view.sampled


def test_without_points_there_is_no_map():
    assert draw_maps([], [Article("a", "a", "a")], {}, {}, 1) is None


def test_a_tag_stands_at_the_mean_of_its_points():
    places = {"a": (100, 100), "b": (300, 200), "c": (900, 500)}
    assert tag_labels(places, {"a": ["x"], "b": ["x"], "c": ["alone"]}, {"x": 2, "alone": 1}) == (Label("x", 200, 150),)


def test_a_name_that_another_leaves_no_room_is_left_out():
    places = {f"p{row}": (500, 300 + row) for row in range(4)}
    tags = {"p0": ["most"], "p1": ["most", "less"], "p2": ["most", "less"], "p3": ["most"]}
    assert [label.tag for label in tag_labels(places, tags, {"most": 4, "less": 2})] == ["most"]


def test_a_name_stays_on_the_map():
    places = {"a": (30, 300), "b": (30, 300)}
    tag = "全文検索とその周辺の話"
    assert tag_labels(places, {"a": [tag], "b": [tag]}, {tag: 2}) == (Label(tag, 110, 300),)


def test_a_point_takes_few_bytes():
    places = {f"{row}": (row % 1000, row % 620) for row in range(5_000)}
    assert sum(len(dots.path) for dots in still_dots(places, {})) < 12 * 5_000
