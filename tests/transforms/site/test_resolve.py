import itertools
import random

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import block
from tests.transforms.site.test_hyperlinks import post
from transforms import sampling
from transforms.site.hyperlinks import own_hosts, resolve_links, unresolved_links
from transforms.site.places import place_of
from transforms.site.resolve import (
    Places,
    ResolveLinks,
    answer,
    count_links,
    inquire,
    judge,
    keep_links,
    look_up,
    part_hosts,
    parted,
)
from transforms.site.site_model import PLAIN_SITE


def made_up_posts(count=60):
    chance = random.Random(0)
    names = [f"post-{n}" for n in range(count)]
    forms = ("/{}", "{}.md", "https://blog.example/posts/{}/", "https://foreign.example/{}", "/nowhere/{}")
    return [
        post(f"posts/{name}.md", *(form.format(chance.choice(names)) for form in forms if chance.random() < 0.5))
        for name in names
    ]


def resolved_in_parts(posts, blocks, parts, site=PLAIN_SITE):
    """What the stages do one after the other, with posts in so many blocks and keys in so many parts."""
    placed = [place_of(article, site) for article in posts]
    places = [Places(tuple(placed[at::blocks])) for at in range(blocks) if placed[at::blocks]]
    answers = {}
    for inquiries in zip(*(inquire(of, parts, site.base) for of in places), strict=True):
        for name, found in answer(inquiries):
            answers.setdefault(name, {}).update(found)
    found = [look_up(of.places, answers[of.block], site.base) for of in places]
    by_host = zip(*(part_hosts(of.hosts, parts) for of in found), strict=True)
    hosts = own_hosts(map(judge, by_host), site.hosts)
    linked = zip(*(keep_links(of, hosts, parts) for of in found), strict=True)
    return sorted(itertools.chain.from_iterable(map(count_links, linked)), key=lambda row: row.id)


NAMES = st.sampled_from(["a", "b", "c-d", "posts", "2020", "2020-01-01-c-d", "e-f"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
HOSTS = st.sampled_from(["", "", "/", "../", "https://h.example/", "//www.g.example/", "https://h.example/blog/"])
ADDRESSES = st.builds("{}{}".format, HOSTS, PATHS)
BLOGS = st.lists(
    st.builds(
        lambda path, hrefs, url, date: post(f"{path}.md", *hrefs, url=url, date=date),
        PATHS,
        st.lists(ADDRESSES, max_size=4),
        st.none() | ADDRESSES,
        st.sampled_from([None, "2020-01-01"]),
    ),
    unique_by=lambda post: post.id,
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(BLOGS, st.integers(1, 3), st.integers(1, 5))
def test_in_parts_the_links_are_those_of_the_whole(posts, blocks, parts):
    assert resolved_in_parts(posts, blocks, parts) == resolve_links(posts)


@pytest.mark.parametrize(("blocks", "parts"), [(1, 1), (5, 1), (4, 7)])
def test_hosts_in_parts_are_those_of_the_whole(blocks, parts):
    posts = made_up_posts()
    assert any(post.hrefs and row.links for post, row in zip(posts, resolve_links(posts), strict=True))
    assert resolved_in_parts(posts, blocks, parts) == resolve_links(posts)


def test_items_are_parted_by_their_keys():
    items = {f"key{row}": row for row in range(50)}
    found = parted(items, 4)
    assert len(found) == 4
    assert all(found)
    assert {key: value for part in found for key, value in part.items()} == items
    assert parted({"key7": 0}, 4).index({"key7": 0}) == next(at for at, part in enumerate(found) if "key7" in part)
    assert parted(items, 1) == [items]


def test_a_block_is_answered_what_it_asks_and_no_more():
    places = [Places((place_of(post("a.md", "b", "nothing")),)), Places((place_of(post("b.md")),))]
    (first,), (second,) = (inquire(of, 1) for of in places)
    assert dict(answer([first, second])) == {"a": {"whole b": "b"}, "b": {}}


@pytest.mark.parametrize(("parts", "large"), [(1, 50_000), (7, 50_000), (7, 9), (60, 9)])
def test_the_transform_resolves_what_the_function_resolves(parts, large, monkeypatch):
    monkeypatch.setattr(sampling, "LARGE", large)
    posts = made_up_posts()
    blocks = [block(posts[part::parts], np.ones((len(posts[part::parts]), 2))) for part in range(parts)]
    expected = resolve_links(posts)
    assert any(row.linked_by > 1 for row in expected)
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([len(posts)]))
        resolved = pipeline | beam.Create(blocks[::-1]) | ResolveLinks(files)
        assert_that(resolved.links, equal_to(expected), "links")
        assert_that(resolved.unresolved, equal_to(unresolved_links(posts)), "unresolved")


def test_no_blocks_no_links():
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([0]))
        resolved = pipeline | beam.Create([]) | ResolveLinks(files)
        assert_that(resolved.links, equal_to([]), "links")
        assert_that(resolved.unresolved, equal_to([]), "unresolved")
