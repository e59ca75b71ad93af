import random

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.records_by_hand import block
from tests.transforms.test_links import post
from transforms import resolve
from transforms.links import resolve_links
from transforms.resolve import ResolveLinks


def made_up_posts(count=60):
    chance = random.Random(0)
    names = [f"post-{n}" for n in range(count)]
    forms = ("/{}", "{}.md", "https://blog.example/posts/{}/", "https://foreign.example/{}", "/nowhere/{}")
    return [
        post(f"posts/{name}.md", *(form.format(chance.choice(names)) for form in forms if chance.random() < 0.5))
        for name in names
    ]


@pytest.mark.parametrize(("parts", "large"), [(1, 50_000), (7, 50_000), (7, 9), (60, 9)])
def test_the_transform_resolves_what_the_function_resolves(parts, large, monkeypatch):
    monkeypatch.setattr(resolve, "LARGE", large)
    posts = made_up_posts()
    blocks = [block(posts[part::parts], np.ones((len(posts[part::parts]), 2))) for part in range(parts)]
    expected = resolve_links(posts)
    assert any(row.linked_by > 1 for row in expected)
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([len(posts)]))
        assert_that(pipeline | beam.Create(blocks[::-1]) | ResolveLinks(files), equal_to(expected))


def test_no_blocks_no_links():
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([0]))
        assert_that(pipeline | beam.Create([]) | ResolveLinks(files), equal_to([]))
