import pytest

from reports.dendrogram import Leaf, Step, Tick, axis_ticks, draw_dendrogram
from reports.themes import theme_links
from transforms.records import Cluster, Dendrogram, Merge

CLUSTERS = [Cluster(number, name, size, (), (), ()) for number, name, size in [(7, "a", 3), (8, "b", 1), (9, "c", 2)]]
TREE = Dendrogram((7, 8, 9), (Merge(0, 1, 0.2, 2), Merge(2, 3, 0.4, 3)), (2, 0, 1))


def draw(tree, clusters=CLUSTERS):
    return draw_dendrogram(tree, clusters, theme_links(clusters))


def test_a_tree_of_three_leaves():
    themes = theme_links(CLUSTERS)
    drawing = draw(TREE)
    # The axis ends at 1.05 * 0.4 = 0.42; the rows' middles are 20, 60 and 100.
    assert (drawing.width, drawing.height) == ("1000", "120")
    assert drawing.paths == (
        "M1000.0 60.0H523.8V100.0H1000.0",
        "M1000.0 20.0H47.6V80.0H523.8",
        "M47.6 50.0H0",
    )
    assert drawing.leaves == (
        Leaf("c", 2, themes[9], "2 posts", linked=True),
        Leaf("a", 3, themes[7], "3 posts", linked=True),
        Leaf("b", 1, themes[8], "1 post", linked=True),
    )
    assert drawing.ticks == (
        Tick("0.0", "1000.0", "100.0"),
        Tick("0.1", "761.9", "76.2"),
        Tick("0.2", "523.8", "52.4"),
        Tick("0.3", "285.7", "28.6"),
        Tick("0.4", "47.6", "4.8"),
    )
    assert drawing.steps == (
        Step(1, "a", "b", "0.200", "4 posts"),
        Step(2, "c", "group 1", "0.400", "6 posts"),
    )


def test_without_merges_there_is_nothing_to_draw():
    assert draw(Dendrogram((7,), (), (0,))) is None
    assert draw(Dendrogram((), (), ()), []) is None


def test_themes_at_no_distance_join_at_the_edge():
    drawing = draw(Dendrogram((7, 8), (Merge(0, 1, 0.0, 2),), (0, 1)))
    assert drawing.paths == ("M1000.0 20.0H1000.0V60.0H1000.0", "M1000.0 40.0H0")


@pytest.mark.parametrize(
    ("limit", "labels"),
    [
        (1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0.03, ["0.00", "0.01", "0.02", "0.03"]),
        (2.1, ["0.0", "0.5", "1.0", "1.5", "2.0"]),
        (12.0, ["0", "5", "10"]),
    ],
)
def test_ticks_stand_at_round_distances(limit, labels):
    assert [tick.label for tick in axis_ticks(limit)] == labels
