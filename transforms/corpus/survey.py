"""The texts of a corpus surveyed, and notes taken of each."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.corpus.languages import main_language, settled
from transforms.corpus.notes import (
    Survey,
    WordCounts,
    add_words,
    count_spelled,
    count_words,
    rare_words,
    take_notes,
)
from transforms.corpus.runs import (
    COUNTED_POSTS,
    RunCounts,
    add_runs,
    common_runs,
    count_runs,
    repeated_runs,
    runs_of,
    sketches,
)
from transforms.corpus.stop_words import stop_words
from transforms.corpus.tag_finder import TagFinder
from transforms.corpus.tag_spelling import Spellings, add_spellings, count_spellings, tag_names
from transforms.corpus.titles import Term, TitleFinder, count_titles, title_terms
from transforms.corpus.word_spelling import choose_spellings
from transforms.plumbing.bundles import JoinFn
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_singleton
from transforms.records import Article, TextBlock
from transforms.sampling import FIT_ARTICLES, sampled

_Counts = tuple[Spellings, WordCounts, Counter[Term], Counter[str | None], RunCounts, int]
"""What is counted of some articles.

How tags are spelled, in how many of the sampled texts each word stands and in how many of their titles each term, each
language's posts, in how many of a smaller sample each run of words stands, and the posts with tags.
"""


@dataclass(eq=False, repr=False)
class SurveyTexts(Composite):
    """TextBlocks -> their Survey; `corpus_size` is the number of articles.

    Spellings are counted in all articles, words in a sample of a large corpus: every text has some of its own.
    """

    corpus_size: AsSingleton

    def expand(self, blocks: PCollection[TextBlock]) -> PCollection[Survey]:
        """Count a block at a time, add up, bundle by bundle and at last of all; then how rare words are spelled."""
        survey = (
            blocks
            | "Count" >> beam.Map(_count_block, self.corpus_size)
            | "AddUp" >> beam.ParDo(JoinFn(_add_up))
            | "Survey" >> Gather(_survey, self.corpus_size)
        )
        the_survey = as_singleton(survey, "rare words")
        return (
            blocks
            | "Spell" >> beam.Map(_spell_block, self.corpus_size, the_survey)
            | "AddSpellings" >> beam.ParDo(JoinFn(add_spellings))
            | "Spelled" >> Gather(_with_spellings, the_survey)
        )


@dataclass(eq=False, repr=False)
class TakeNotes(Composite):
    """TextBlocks -> the same with notes of their texts, without the whole texts; `survey` is their Survey."""

    survey: AsSingleton

    def expand(self, blocks: PCollection[TextBlock]) -> PCollection[TextBlock]:
        """Take notes of a block at a time."""
        return blocks | beam.ParDo(_TakeNotesFn(), self.survey)


class _TakeNotesFn(beam.DoFn):
    """Makes the finders once, and takes notes block by block."""

    def __init__(self) -> None:
        self.finder: TagFinder | None = None
        self.of_titles: TitleFinder | None = None

    def process(self, block: TextBlock, survey: Survey) -> Iterable[TextBlock]:
        """Yield the block with its notes."""
        if self.finder is None or self.of_titles is None:
            self.finder = TagFinder(sorted(tag_names(survey.spellings)))
            self.of_titles = TitleFinder(survey.titles)
        titles = [article.title for article in block.articles]
        with measured("take notes", len(block)):
            notes = take_notes(titles, block.whole, self.finder, survey.rare, survey.spelled, self.of_titles)
            of_posts = list(map(runs_of, block.articles, block.whole))
            runs = sketches(of_posts, survey.common_runs, survey.repeated_runs)
        main = main_language(survey.languages)
        bare = tuple(
            dataclasses.replace(settled(article, main), hrefs=(), href_lines=(), address_fields=(), keys=(), prose=())
            for article in block.articles
        )
        yield dataclasses.replace(block, articles=bare, whole=(), notes=dataclasses.replace(notes, runs=runs))


def _sampled(block: TextBlock, corpus_size: int, limit: int) -> Iterator[tuple[Article, str]]:
    for article, text in zip(block.articles, block.whole, strict=True):
        if sampled(article.id, corpus_size, limit):
            yield article, text


def _count_block(block: TextBlock, corpus_size: int) -> _Counts:
    chosen = list(_sampled(block, corpus_size, FIT_ARTICLES))
    with measured("survey texts", len(block)):
        words = count_words([text for _, text in chosen], [article.language for article, _ in chosen])
        terms = count_titles(article.title for article, _ in chosen)
        languages = Counter(article.language for article in block.articles)
        runs = count_runs(runs_of(article, text) for article, text in _sampled(block, corpus_size, COUNTED_POSTS))
        tagged = sum(bool(article.tags) for article in block.articles)
        return count_spellings(block.articles), words, terms, languages, runs, tagged


def _add_up(counted: Sequence[_Counts]) -> _Counts:
    spellings, words, of_terms, of_languages, runs, tagged = zip(*counted, strict=True)
    terms: Counter[Term] = Counter()
    languages: Counter[str | None] = Counter()
    for counts in of_terms:
        terms.update(counts)
    for counts in of_languages:
        languages.update(counts)
    return add_spellings(spellings), add_words(words), terms, languages, add_runs(runs), sum(tagged)


def _survey(counted: Sequence[_Counts], corpus_size: int) -> Survey:
    spellings, words, terms, languages, runs, tagged = _add_up(counted)
    titles = title_terms(terms, words.total, words.texts.total())
    return Survey(
        spellings,
        rare_words(words),
        languages,
        titles=titles,
        common_runs=common_runs(runs, corpus_size),
        repeated_runs=repeated_runs(runs),
        tagged=tagged,
    )


def _spell_block(block: TextBlock, corpus_size: int, survey: Survey) -> Spellings:
    with measured("survey texts", len(block)):
        return count_spelled([text for _, text in _sampled(block, corpus_size, FIT_ARTICLES)], survey.rare)


def _with_spellings(counted: Sequence[Spellings], survey: Survey) -> Survey:
    silent = stop_words(filter(None, survey.languages))
    return dataclasses.replace(survey, spelled=choose_spellings(add_spellings(counted), silent))
