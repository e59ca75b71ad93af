import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from transforms.corpus.stand_in import StandIn
from transforms.corpus.tagging import add_tagging, by_categories, count_tagging, with_categories
from transforms.records import Article, Tagging, TextBlock


def article(name, tags=(), categories=()):
    return Article(name, f"{name}.md", name, tags=tags, categories=categories)


@pytest.mark.parametrize(
    ("tagged", "categorised", "stand_in"), [(0, 51, True), (4, 51, True), (5, 99, False), (0, 50, False)]
)
def test_categories_stand_in_where_hardly_a_post_has_tags(tagged, categorised, stand_in):
    assert by_categories(Tagging(100, tagged, categorised)) is stand_in


def test_counts_of_parts_add_up():
    posts = [article("a", ("x",)), article("b", (), ("y",)), article("c", ("x",), ("y",)), article("d")]
    assert count_tagging(posts) == Tagging(4, 2, 2) == add_tagging([count_tagging(posts[:1]), count_tagging(posts[1:])])
    assert not by_categories(add_tagging([]))


def test_categories_stand_behind_tags():
    assert with_categories(article("a", ("Weir",), ("weir ", "Mill"))).tags == ("Weir", "Mill")


def blocks(*articles):
    return [TextBlock("articles", (one,), (one.title,)) for one in articles]


@pytest.mark.parametrize("allowed", [True, False])
def test_the_transform_replaces_tags_where_that_is_allowed(allowed):
    posts = [article("a", (), ("Weir",)), article("b", (), ("Mill",)), article("c")]
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        found = pipeline | beam.Create(blocks(*posts), reshuffle=False) | StandIn(allowed=allowed)
        tags = found.blocks | beam.Map(lambda block: (block.articles[0].id, block.articles[0].tags))
        expected = [("a", ("Weir",)), ("b", ("Mill",)), ("c", ())] if allowed else [(name, ()) for name in "abc"]
        assert_that(tags, equal_to(expected), "tags")
        assert_that(found.tagging, equal_to([Tagging(3, 0, 2)] if allowed else []), "tagging")
