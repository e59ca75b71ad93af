from reports.charts.dendrogram import Branches, Leaf, Step, Tick, axis_ticks, draw_branches, draw_dendrogram
from reports.sections.themes import theme_links
from transforms.results import Cluster, Dendrogram, Merge

CLUSTERS = [Cluster(number, name, size, (), (), ()) for number, name, size in [(7, "a", 3), (8, "b", 1), (9, "c", 2)]]
TREE = Dendrogram((7, 8, 9), (Merge(0, 1, 0.2, 2), Merge(2, 3, 0.4, 3)), (2, 0, 1))


def draw(tree, clusters=CLUSTERS):
    return draw_dendrogram(tree, clusters, theme_links(clusters))


def test_a_tree_of_three_leaves():
    themes = theme_links(CLUSTERS)
    drawing = draw(TREE)
    # The axis ends at 1.05 * 0.4 = 0.42; the rows' middles are 20, 60 and 100.
    assert (drawing.width, drawing.height) == ("1000", "120")
    assert drawing.branches == (
        Branches(None, "M523.8 60.0V100.0M523.8 80.0H47.6M47.6 20.0V80.0M47.6 50.0H0"),
        Branches(themes[7], "M1000.0 60.0H523.8"),
        Branches(themes[8], "M1000.0 100.0H523.8"),
        Branches(themes[9], "M1000.0 20.0H47.6"),
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
    assert drawing.branches[0] == Branches(None, "M1000.0 20.0V60.0M1000.0 40.0H0")


def test_branches_keep_the_colour_of_their_leaves_while_these_have_one():
    first, second = theme_links(CLUSTERS[:2]).values()
    merges = (Merge(0, 1, 0.25, 2), Merge(2, 3, 0.5, 2), Merge(4, 5, 1.0, 4))
    assert draw_branches(merges, (0, 1, 2, 3), (first, first, second, None), 1.0) == (
        # The merge of a themed leaf with one of no theme, and the root.
        Branches(None, "M1000.0 140.0H500.0M500.0 100.0V140.0M500.0 120.0H0.0M0.0 40.0V120.0M0.0 80.0H0"),
        Branches(first, "M1000.0 20.0H750.0M1000.0 60.0H750.0M750.0 20.0V60.0M750.0 40.0H0.0"),
        Branches(second, "M1000.0 100.0H500.0"),
    )


def test_ticks_stand_at_their_distances_from_the_right():
    assert axis_ticks(0.5)[2] == Tick("0.2", "600.0", "60.0")
