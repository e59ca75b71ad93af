"""Tags proposed for a blog that has hardly any, in a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.corpus.notes import Survey
from transforms.corpus.stop_words import title_words
from transforms.corpus.tag_spelling import tag_names
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather, GatherEach
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_iter
from transforms.records import Article, TextBlock
from transforms.results import ProposedTag
from transforms.sampling import sampled
from transforms.tags.proposals import (
    COUNTED_ARTICLES,
    FEW_TAGGED,
    PHRASED_ARTICLES,
    Candidate,
    FoundPhrases,
    PhraseCounts,
    PhraseFinder,
    choose_candidates,
    count_phrases,
    propose_tags,
)


@dataclass(eq=False, repr=False)
class ProposeTags(Composite):
    """TextBlocks -> ProposedTags, where fewer than `FEW_TAGGED` of the posts have tags, or where they are `asked` for.

    Of a larger corpus a sample is looked at. `survey` is the Survey of the texts, `corpus_size` the number of articles.
    """

    survey: AsSingleton
    corpus_size: AsSingleton
    asked: bool = False

    def expand(self, blocks: PCollection[TextBlock]) -> PCollection[ProposedTag]:
        """Count phrases, choose candidates, find them in the texts, propose."""
        candidates = (
            blocks
            | "CountPhrases" >> beam.FlatMap(_count, self.survey, self.corpus_size, self.asked)
            | "Choose" >> Gather(_choose)
        )
        the_candidates = as_iter(candidates, "candidates")
        return (
            blocks
            | "FindPhrases" >> beam.ParDo(_FindFn(), the_candidates, self.survey, self.corpus_size)
            | "Propose" >> GatherEach(_propose, the_candidates, self.survey)
        )


class _FindFn(beam.DoFn):
    """Makes the finder once, and finds phrases block by block."""

    def __init__(self) -> None:
        self.finder: PhraseFinder | None = None

    def process(
        self, block: TextBlock, chosen: Iterable[tuple[Candidate, ...]], survey: Survey, corpus_size: int
    ) -> Iterator[FoundPhrases]:
        """Yield where the candidates stand in the block, if there are any."""
        for candidates in chosen:
            if self.finder is None:
                self.finder = PhraseFinder([candidate.name for candidate in candidates], survey.common_runs)
            rows = _sampled(block.articles, corpus_size, COUNTED_ARTICLES)
            with measured("propose tags", len(rows)):
                yield self.finder.find([block.articles[row] for row in rows], [block.whole[row] for row in rows])


def _count(block: TextBlock, survey: Survey, corpus_size: int, asked: bool) -> Iterator[PhraseCounts]:
    if asked or survey.tagged < FEW_TAGGED * sum(survey.languages.values()):
        rows = _sampled(block.articles, corpus_size, PHRASED_ARTICLES)
        empty = title_words(filter(None, survey.languages))
        with measured("propose tags", len(rows)):
            yield count_phrases([block.articles[row] for row in rows], empty)


def _sampled(articles: Sequence[Article], corpus_size: int, limit: int) -> list[int]:
    return [row for row, article in enumerate(articles) if sampled(article.id, corpus_size, limit)]


def _choose(counted: Sequence[PhraseCounts]) -> tuple[Candidate, ...]:
    with measured("propose tags", 0):
        return choose_candidates(counted)


def _propose(
    found: Sequence[FoundPhrases], chosen: Iterable[tuple[Candidate, ...]], survey: Survey
) -> list[ProposedTag]:
    known = tag_names(survey.spellings).keys()
    with measured("propose tags", 0):
        return [tag for candidates in chosen for tag in propose_tags(candidates, found, known)]
