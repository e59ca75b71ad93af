import itertools
import random
from collections import Counter

import apache_beam as beam
import numpy as np
import pytest
from apache_beam import GroupByKey
from apache_beam.metrics import Metrics, MetricsFilter
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import block
from tests.transforms.site.test_hyperlinks import post
from transforms import sampling
from transforms.plumbing.group_on_disk import PackFn, StoredGroup
from transforms.results import Skipped
from transforms.site import broken, resolve
from transforms.site.hyperlinks import own_hosts, resolve_links, unresolved_links
from transforms.site.link_parts import (
    Places,
    answer,
    count_hosts,
    count_links,
    follow_all,
    inquire,
    inquire_of_skipped,
    join_answers,
    judge,
    keep_links,
    part_hosts,
    part_of_hash,
    parted,
)
from transforms.site.places import place_of
from transforms.site.resolve import ResolveLinks
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
    asked = (asked for region, of in enumerate(places) for asked in inquire(of, region, parts, site.base))
    answers = by_key(answered for inquiries in by_key(asked).values() for answered in answer(inquiries))
    found = [
        follow_all(of.places, join_answers(answers.get(region, ())), site.base) for region, of in enumerate(places)
    ]
    counted = [count_hosts(of.places, looked_up.outcomes.values()) for of, looked_up in zip(places, found, strict=True)]
    by_host = by_key(of_part for counts in counted for of_part in part_hosts(counts, parts))
    hosts = own_hosts(map(judge, by_host.values()), site.hosts)
    linked = by_key(
        of_region for of in found for of_region in keep_links(of, hosts, lambda id_: part_of_hash(id_, parts))
    )
    return sorted(
        itertools.chain.from_iterable(map(count_links, linked.values())),
        key=lambda row: row.id,
    )


def by_key(keyed):
    groups = {}
    for key, element in keyed:
        groups.setdefault(key, []).append(element)
    return groups


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
    found = parted(items, lambda key: part_of_hash(key, 4))
    assert sorted(found) == [0, 1, 2, 3]
    assert {key: value for part in found.values() for key, value in part.items()} == items
    assert list(parted({"key7": 0}, lambda key: part_of_hash(key, 4)).values()) == [{"key7": 0}]
    assert parted(items, lambda key: part_of_hash(key, 1)) == {0: items}


def test_a_region_is_answered_what_it_asks_and_no_more():
    places = [Places((place_of(post("a.md", "b", "nothing")),)), Places((place_of(post("b.md")),))]
    asked = [inquiry for region, of in enumerate(places) for _, inquiry in inquire(of, region, 1)]
    skipped = [inquiry for _, inquiry in inquire_of_skipped(Skipped("nothing.md", "draft", ""), 1)]
    ((region, found),) = answer([*asked, *skipped])
    assert (region, found.directory) == (0, {"whole b": "b"})
    assert found.skipped == {"whole nothing": "draft nothing.md"}


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


@pytest.mark.parametrize("large", [50_000, 9])
def test_the_transform_tells_broken_links_and_those_to_what_is_left_out_as_the_function_does(large, monkeypatch):
    monkeypatch.setattr(sampling, "LARGE", large)
    monkeypatch.setattr(broken, "MOST_SOUGHT", 5)
    skipped = [Skipped(f"posts/left-out-{number}.md", "draft", "") for number in range(20)]
    hrefs = [(f"post-{number}.md", f"left-out-{number}.md", f"post-{(number + 1) % 20}x.md") for number in range(20)]
    posts = [post(f"posts/post-{number}.md", *of_post) for number, of_post in enumerate(hrefs)]
    blocks = [block(posts[part::4], np.ones((5, 2))) for part in range(4)]
    expected = unresolved_links(posts, PLAIN_SITE, skipped)
    assert Counter((row.kind, row.nearest is not None) for row in expected) == {
        ("broken", True): 5,
        ("broken", False): 15,
        ("skipped", True): 20,
    }
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([40]))
        left_out = pipeline | "Skipped" >> beam.Create(skipped)
        resolved = pipeline | beam.Create(blocks) | ResolveLinks(files, skipped=left_out)
        assert_that(resolved.unresolved, equal_to(expected))


class CountedGroups(beam.PTransform):
    """Groups by key, and counts the elements that are grouped."""

    def expand(self, keyed):
        return keyed | "Seen" >> beam.Map(seen, keyed.producer.full_label) | "Group" >> GroupByKey()


class CountedPacks(beam.PTransform):
    """The same for what waits in packs."""

    def expand(self, keyed):
        several = keyed if isinstance(keyed, (list, tuple)) else [keyed]
        counted = [
            of | f"Pack {at}" >> beam.ParDo(PackFn(None)) | f"Seen {at}" >> beam.Map(seen, of.producer.full_label)
            for at, of in enumerate(several)
        ]
        grouped = counted | beam.Flatten() | "Group" >> GroupByKey()
        return grouped | beam.MapTuple(lambda key, kept: (key, StoredGroup(kept)))


def seen(element, label):
    Metrics.counter("seen", label.partition("/")[2]).inc()
    return element


def test_what_is_grouped_does_not_grow_as_blocks_times_parts(monkeypatch):
    monkeypatch.setattr(sampling, "LARGE", 100)
    monkeypatch.setattr(sampling, "BUCKET_ROWS", 5)
    monkeypatch.setattr(resolve.beam, "GroupByKey", CountedGroups)
    monkeypatch.setattr(resolve, "GroupOnDisk", CountedPacks)
    posts = made_up_posts(1_000)
    parts = sampling.hash_parts(len(posts))
    buckets = by_key((sampling.bucket_of(post.id, len(posts)), post) for post in posts)
    blocks = [block(of, np.ones((len(of), 2))) for of in buckets.values()]
    assert len(blocks) > 15 * parts
    pipeline = beam.Pipeline(runner="FnApiRunner")
    files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([len(posts)]))
    resolved = pipeline | beam.Create(blocks) | ResolveLinks(files)
    _ = resolved.by_block | "Seen" >> beam.Map(seen, "ResolveLinks/by block")
    counters = pipeline.run().metrics().query(MetricsFilter().with_namespace("seen"))["counters"]
    found = {counter.key.metric.name.partition("/")[0]: counter.committed for counter in counters}
    assert found.pop("by block") <= len(blocks)
    assert found.pop("Inquire") == 4 * parts  # of the one bundle
    assert found.pop("OfRegion") == parts
    assert found.pop("Answer") <= 4 * parts**2
    assert found.pop("LookUp") <= parts**2
    assert found.pop("Keep") == parts
    assert not found


def test_no_blocks_no_links():
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([0]))
        resolved = pipeline | beam.Create([]) | ResolveLinks(files)
        assert_that(resolved.links, equal_to([]), "links")
        assert_that(resolved.unresolved, equal_to([]), "unresolved")
