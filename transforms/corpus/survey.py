"""The texts of a corpus surveyed, and notes taken of each."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.corpus.languages import main_language, settled
from transforms.corpus.notes import Survey, count_words, rare_words, take_notes
from transforms.corpus.tag_finder import TagFinder
from transforms.corpus.tag_spelling import Spellings, add_spellings, count_spellings, tag_names
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.records import TextBlock
from transforms.sampling import FIT_ARTICLES, sampled

_Counts = tuple[Spellings, Counter[str], int, Counter[str | None]]
"""What is counted of some articles.

How tags are spelled, in how many of the sampled texts each word stands, how many these are, and each language's posts.
"""


@dataclass(eq=False, repr=False)
class SurveyTexts(Composite):
    """TextBlocks -> their Survey; `corpus_size` is the number of files.

    Spellings are counted in all articles, words in a sample of a large corpus: every text has some of its own.
    """

    corpus_size: AsSingleton

    def expand(self, blocks: PCollection[TextBlock]) -> PCollection[Survey]:
        """Count a block at a time, add up, bundle by bundle and at last of all."""
        return (
            blocks
            | "Count" >> beam.Map(_count_block, self.corpus_size)
            | "AddUp" >> beam.ParDo(JoinFn(_add_up))
            | "Survey" >> Gather(_survey)
        )


@dataclass(eq=False, repr=False)
class TakeNotes(Composite):
    """TextBlocks -> the same with notes of their texts, without the whole texts; `survey` is their Survey."""

    survey: AsSingleton

    def expand(self, blocks: PCollection[TextBlock]) -> PCollection[TextBlock]:
        """Take notes of a block at a time."""
        return blocks | beam.ParDo(_TakeNotesFn(), self.survey)


class _TakeNotesFn(beam.DoFn):
    """Makes the finder once, and takes notes block by block."""

    def __init__(self) -> None:
        self.finder: TagFinder | None = None

    def process(self, block: TextBlock, survey: Survey) -> Iterable[TextBlock]:
        """Yield the block with its notes."""
        if self.finder is None:
            self.finder = TagFinder(sorted(tag_names(survey.spellings)))
        with measured("take notes", len(block)):
            notes = take_notes([article.title for article in block.articles], block.whole, self.finder, survey.rare)
        main = main_language(survey.languages)
        bare = tuple(
            dataclasses.replace(settled(article, main), hrefs=(), href_lines=(), address_fields=())
            for article in block.articles
        )
        yield dataclasses.replace(block, articles=bare, whole=(), notes=notes)


def _count_block(block: TextBlock, corpus_size: int) -> _Counts:
    texts = [
        text
        for article, text in zip(block.articles, block.whole, strict=True)
        if sampled(article.id, corpus_size, FIT_ARTICLES)
    ]
    with measured("survey texts", len(block)):
        languages = Counter(article.language for article in block.articles)
        return count_spellings(block.articles), count_words(texts), len(texts), languages


def _add_up(counted: Sequence[_Counts]) -> _Counts:
    spellings, words, texts, languages = zip(*counted, strict=True)
    total: Counter[str] = Counter()
    for counts in words:
        total.update(counts)
    of_languages: Counter[str | None] = Counter()
    for counts in languages:
        of_languages.update(counts)
    return add_spellings(spellings), total, sum(texts), of_languages


def _survey(counted: Sequence[_Counts]) -> Survey:
    spellings, words, texts, languages = _add_up(counted)
    return Survey(spellings, rare_words([words], texts), languages)
