import itertools

from reports.sections.themes import theme_links
from transforms.results import Cluster


def looks(count):
    clusters = [Cluster(number, f"theme {number}", 100 - number, (), (), ()) for number in range(count)]
    return [(link.color, link.round) for link in theme_links(clusters).values()]


def test_two_dozen_themes_look_different():
    assert len(set(looks(24))) == 24
    assert len(set(looks(32))) == 32


def test_themes_that_follow_each_other_differ_in_colour_and_in_shape():
    of_all = looks(32)
    for (color, shape), (next_color, next_shape) in itertools.pairwise(of_all):
        assert color != next_color
        assert shape != next_shape
    assert {shape for _, shape in of_all} == {0, 1, 2, 3}
