import numpy as np

from tests.transforms.records_by_hand import assert_same
from transforms.results import Links
from transforms.sampling import key_of
from transforms.site.link_keys import join_link_keys, link_keys

IDS = ["a", "b", "c"]
LINKS = [Links("c", ("a", "b"), 1), Links("a", ("c",), 2)]


def test_links_are_laid_out_in_the_order_of_the_ids():
    found = link_keys(IDS, LINKS)
    assert found.targets == ((key_of("c"),), (), tuple(sorted(map(key_of, "ab"))))
    assert found.linked_by.tolist() == [2, 0, 1]
    assert found.linked_by.dtype == np.int64
    assert_same(link_keys(IDS, reversed(LINKS)), found)
    assert len(found) == 3


def test_parts_are_joined_again():
    found = link_keys(IDS, LINKS)
    parts = [found.part(np.array(rows, np.int64)) for rows in ([0], [], [1, 2])]
    assert_same(join_link_keys(parts), found)
    assert len(join_link_keys([])) == 0
