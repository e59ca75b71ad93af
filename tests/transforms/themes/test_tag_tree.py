import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import pdist

from tests.transforms.records_by_hand import articles, made_up_blog, table_of, unit
from transforms.themes.tag_tree import NO_TREE, link_tags


def test_tags_are_linked_as_scipy_links_their_means():
    posts, vectors = made_up_blog()
    table = table_of(posts, vectors)
    tree = link_tags(table)
    carriers = [[row for row, post in enumerate(posts) if key in post.tags] for key in table.keys]
    means = unit([vectors[rows].mean(axis=0) for rows in carriers])
    rows = linkage(np.round(pdist(means.astype(np.float64), "cosine"), 4), "ward", optimal_ordering=True)
    assert tree.tags == table.names
    assert tree.posts == tuple(map(len, carriers))
    np.testing.assert_allclose([merge.height for merge in tree.merges], rows[:, 2], atol=1e-3)
    assert list(tree.leaf_order) in (leaves_list(rows).tolist(), leaves_list(rows).tolist()[::-1])


def test_the_most_used_tags_are_kept_ties_by_key():
    posts = articles(["c", "a"], ["c", "b"], ["c", "b", "a"], ["d"])
    tree = link_tags(table_of(posts, unit([[1, 0], [0, 1], [1, 1], [1, 2]])), limit=2)
    assert (tree.tags, tree.posts) == (("a", "c"), (2, 3))


def test_tags_without_a_direction_are_left_out():
    posts = articles(["a"], ["b"], ["c"])
    tree = link_tags(table_of(posts, unit([[1, 0], [0, 0], [0, 1]])))
    assert tree.tags == ("a", "c")


def test_one_tag_makes_no_tree():
    assert link_tags(table_of(articles(["a"], ["a"]), unit([[1, 0], [0, 1]]))) == NO_TREE
    assert link_tags(table_of(articles([]), unit([[1, 0]]))) == NO_TREE
