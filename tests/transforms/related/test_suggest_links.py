"""Links to set, in a pipeline."""

import apache_beam as beam
import pytest
from apache_beam.pvalue import AsSingleton
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.search_by_hand import scattered
from transforms.corpus.blocks import text_blocks
from transforms.corpus.notes import Survey
from transforms.corpus.text_parts import WHOLE_TEXT
from transforms.corpus.titles import count_titles, title_terms
from transforms.records import Article
from transforms.related.suggest_links import SuggestLinks
from transforms.results import Duplicate, Links, LinkToSet, Related, RelatedArticle, Why
from transforms.sampling import LARGE, key_of

SENTENCE = "In May they mended the sluice gates of Bath, and all was dry."
BLOCKS = (
    (("a", "Diary of a year", f"Nothing to see.\n{SENTENCE}"), ("b", "Repairing the sluice gates of Bath", "Long.")),
    (("c", "Kayaks", f"A first line of it.\n{SENTENCE}"),),
)


def article(id_, title, body):
    return Article(id_, f"{id_}.md", title, body=body, prose=tuple((n, ()) for n in range(body.count("\n") + 1)))


def near(id_, *others):
    return Related(id_, tuple(RelatedArticle(other, 0.9 - n / 10, 0.9, Why(None)) for n, other in enumerate(others)))


@pytest.mark.parametrize("corpus_size", [3, 5 * LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    ("copies", "sources"),
    [((), ("a", "c")), ((("a", "b"),), ("c",)), ((("a", "b"), ("b", "c")), ())],
    ids=["none", "one", "both"],
)
def test_links_are_the_same_for_any_bundles_and_parts(corpus_size, copies, sources):
    articles = [[article(*row) for row in rows] for rows in BLOCKS]
    texts = [block for rows in articles for block in text_blocks(rows, WHOLE_TEXT)]
    titles = [row.title for rows in articles for row in rows]
    words = dict.fromkeys(("sluice", "gate", "bath"), 1)
    survey = Survey({}, {}, titles=title_terms(count_titles(titles), dict.fromkeys(words, 2), 50))
    related = [(near("a"), near("b", "a", "c")), (near("c"),)]
    links = [(key_of("a"), (Links("a", (), 1),)), (key_of("c"), (Links("c", (), 1),))]
    duplicates = [Duplicate(*pair, 1.0, exact=True) for pair in copies]
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        given = {
            name: pipeline | name >> scattered(rows, seed)
            for seed, (name, rows) in enumerate(
                {
                    "Related": related,
                    "Texts": texts,
                    "Links": links,
                    "Duplicates": duplicates,
                    "Survey": [survey],
                    "Files": [corpus_size],
                }.items()
            )
        }
        found = given["Related"] | SuggestLinks(
            given["Texts"],
            given["Links"],
            given["Duplicates"],
            AsSingleton(given["Survey"]),
            AsSingleton(given["Files"]),
        )
        same = found | beam.Map(lambda row: (row.id, row.target, row.sentence, row.anchor, row.first))
        assert_that(same, equal_to([(id_, "b", SENTENCE, "sluice gates of Bath", True) for id_ in sources]))
        assert_that(
            found | "Kinds" >> beam.Filter(lambda row: not isinstance(row, LinkToSet)), equal_to([]), label="kinds"
        )
