import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.site.test_places import post, site_of
from transforms.records import Article
from transforms.results import Collision
from transforms.site.collisions import FindSharedAddresses
from transforms.site.page_views import with_views
from transforms.site.places import on_site, own_address, share_address
from transforms.site.site_model import PLAIN_SITE


@pytest.mark.parametrize(
    ("site", "article", "address"),
    [
        (PLAIN_SITE, Article("a", "a.md", "A", url="https://walks.example/weir.html?x"), "/weir"),
        (PLAIN_SITE, post("a.md", slug="weir"), None),
        (site_of("unknown"), post("walks/a.md", slug="weir"), "/walks/weir"),
        (site_of("unknown"), post("walks/a.md", slug="/weir/"), "/weir"),
        (site_of("zola"), post("a.md", path="2026/weir", slug="mill"), "/2026/weir"),
        (site_of("eleventy"), post("a.md", permalink="/{{ slug }}/"), None),
        (site_of("eleventy"), post("a.md", permalink="false"), None),
        (site_of("hugo"), post("a.md", aliases="/weir"), None),
    ],
)
def test_the_address_that_a_post_gives_itself(site, article, address):
    assert own_address(article, site) == address


def test_posts_of_one_address():
    site = site_of("unknown")
    posts = [
        post("weir.md", slug="walk"),
        post("2024/mill.md", slug="/walk"),
        post("ford.md", slug="ford"),
        post("ja/a.md", slug="/ford"),
        post("lock.md"),
    ]
    shared = [Collision("weir.md", "/walk", "2024/mill.md", "address")]
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        found = pipeline | beam.Create([on_site(article, site) for article in posts]) | FindSharedAddresses(site)
        assert_that(found, equal_to(shared))
    assert share_address("/walk", ["weir.md", "2024/mill.md"]) == shared
    assert not share_address("/walk", ["weir.md"])


def test_the_views_of_a_shared_address_are_nobodys():
    site = site_of("unknown")
    views = {"walk": 9, "weir": 2}
    assert with_views(post("weir.md", slug="walk"), views, site).views == 11
    assert with_views(post("weir.md", slug="walk"), views, site, {"walk"}).views == 2
    assert with_views(post("mill.md", slug="walk"), views, site, {"walk"}).views is None
