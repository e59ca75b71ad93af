from collections import Counter
from dataclasses import replace

import apache_beam as beam
import pytest
from apache_beam.pvalue import AsSingleton
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.tags.test_proposals import KILNS, MANUAL, blog, blog_of_a_template, proposed, runs_of_many
from transforms.corpus.notes import Survey
from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.records import TextBlock
from transforms.tags.propose import ProposeTags


def run(posts, expected, *, tagged=0, asked=False, rows=7, spellings=None):
    texts = [article_text(post, WHOLE_TEXT) for post in posts]
    blocks = [
        TextBlock("articles", tuple(posts[at : at + rows]), (), tuple(texts[at : at + rows]))
        for at in range(0, len(posts), rows)
    ]
    survey = Survey(Counter(spellings or {}), {}, {"en": len(posts)}, common_runs=runs_of_many(posts), tagged=tagged)
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        sides = [
            AsSingleton(pipeline | name >> beam.Create([value]))
            for name, value in (("survey", survey), ("size", len(posts)))
        ]
        assert_that(pipeline | beam.Create(blocks) | ProposeTags(*sides, asked), equal_to(expected))


@pytest.mark.parametrize("rows", [7, 100])
def test_the_transform_proposes_what_the_function_proposes(rows):
    posts = blog(*KILNS)
    run(posts, proposed(posts), rows=rows)


def test_templates_are_passed_over():
    posts = blog_of_a_template(MANUAL)
    run(posts, proposed(posts))


def test_tags_are_proposed_where_less_than_a_fifth_of_the_posts_have_any():
    posts = [replace(post, title=title) for post, title in zip(blog(*KILNS[:20]), KILNS[:20], strict=True)]
    run(posts, proposed(posts), tagged=3)
    run(posts, [], tagged=4)


def test_where_they_are_asked_for_none_is_one_that_the_blog_has():
    posts = blog(*KILNS)
    run(posts, proposed(posts, known={"looms"}), tagged=26, asked=True, spellings={("looms", "Looms"): 9})


def test_no_posts():
    run([], [])
