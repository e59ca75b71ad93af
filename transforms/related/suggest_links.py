"""Links to set, in a pipeline: which are missing, and the sentence and the words for each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.corpus.notes import Survey
from transforms.corpus.sentences import body_of, free_sentences
from transforms.corpus.stop_words import title_words
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather, GatherEach
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import measured
from transforms.plumbing.side_inputs import as_singleton
from transforms.records import TextBlock
from transforms.related.link_places import LinkSource, find_place, link_source, title_tokens
from transforms.related.missing_links import (
    MissingLink,
    Pair,
    best_links,
    choose_links,
    missing_links,
    spread_links,
)
from transforms.results import Duplicate, Links, LinkToSet, Related
from transforms.sampling import hash64, hash_parts, key_of


@dataclass(frozen=True, eq=False)
class LinkText:
    """What must be known of an article that is to link or to be linked: its title's tokens, and where it could link."""

    id: str
    title: tuple[str, ...]
    source: LinkSource


@dataclass(eq=False, repr=False)
class SuggestLinks(Composite):
    """Tuples of each block's Related -> LinkToSet: the links that related articles lack, with a place for each.

    `texts` are the TextBlocks of the same articles, `links` their Links by block, `survey` is their Survey, and
    `corpus_size` the number of articles. No more than `LISTED` links are looked at, whatever the corpus.

    The texts wait in files of the run: a stage that reads them directly would be one with those that everything
    here is made from, and wait for itself.
    """

    texts: PCollection[TextBlock]
    links: PCollection[tuple[int, tuple[Links, ...]]]
    duplicates: PCollection[Duplicate]
    survey: AsSingleton
    corpus_size: AsSingleton

    def expand(self, related: PCollection[tuple[Related, ...]]) -> PCollection[LinkToSet]:
        """Find what each block lacks, choose by pairs, gather the texts of the chosen, place each."""
        missing = (
            (related | "Related" >> beam.Map(_by_block), self.links)
            | "RelatedAndLinks" >> beam.Flatten()
            | "ByBlock" >> beam.GroupByKey()
            | "Missing" >> beam.FlatMap(_missing, self.corpus_size)
        )
        copies = self.duplicates | "Copies" >> beam.Map(_copy, self.corpus_size)
        chosen = (
            (missing, copies)
            | "ByPart" >> GroupOnDisk()
            | "ChooseOfPart" >> beam.Map(_choose)
            | "Choose" >> Gather(_best)
        )
        the_chosen = as_singleton(chosen, "missing links")
        return (
            self.texts
            | "TextsByBlock" >> beam.Map(_bare)
            | "GroupTexts" >> GroupOnDisk()
            | "Texts" >> beam.FlatMap(_texts, the_chosen, self.survey)
            | "Place" >> GatherEach(_place, as_singleton(chosen, "links to place"), self.survey)
        )


def _by_block(related: tuple[Related, ...]) -> tuple[int, tuple[Related, ...]]:
    return key_of(related[0].id), related


def _part_of(pair: Pair, corpus_size: int) -> int:
    parts = hash_parts(corpus_size)
    return hash64("\n".join(pair)) % parts if parts > 1 else 0


def _missing(
    group: tuple[int, Iterable[tuple[Related | Links, ...]]], corpus_size: int
) -> Iterator[tuple[int, list[MissingLink]]]:
    rows = [row for several in group[1] for row in several]
    parts: dict[int, list[MissingLink]] = {0: []}  # of no link either there is something to choose from
    related = (row for row in rows if isinstance(row, Related))
    for link in missing_links(related, (row for row in rows if isinstance(row, Links))):
        parts.setdefault(_part_of(link.pair, corpus_size), []).append(link)
    yield from parts.items()


def _copy(duplicate: Duplicate, corpus_size: int) -> tuple[int, Pair]:
    pair = (duplicate.left, duplicate.right)
    return _part_of(pair, corpus_size), pair


def _choose(group: tuple[int, StoredGroup]) -> list[MissingLink]:
    links: list[MissingLink] = []
    copies: set[Pair] = set()
    for found in group[1]:
        if isinstance(found, list):
            links += found
        else:
            copies.add(found)
    return choose_links(links, copies)


def _best(parts: Sequence[Sequence[MissingLink]]) -> list[MissingLink]:
    return best_links(link for links in parts for link in links)


def _bare(block: TextBlock) -> tuple[int, TextBlock]:
    return key_of(block.articles[0].id), dataclasses.replace(block, texts=())


def _texts(group: tuple[int, StoredGroup], chosen: Sequence[MissingLink], survey: Survey) -> Iterator[LinkText]:
    sources, targets = {link.source for link in chosen}, {link.target for link in chosen}
    silent = title_words(filter(None, survey.languages))
    for block in group[1]:
        with measured("read for links", len(block)):
            for article, whole in zip(block.articles, block.whole, strict=True):
                if article.id in sources or article.id in targets:
                    title = title_tokens(article.title, silent)
                    sentences = free_sentences(article, body_of(article, whole)) if article.id in sources else ()
                    yield LinkText(article.id, title, link_source(sentences, article.lede, title))


def _place(texts: Sequence[LinkText], chosen: Sequence[MissingLink], survey: Survey) -> list[LinkToSet]:
    by_id = {text.id: text for text in texts}
    found = []
    with measured("place links", len(chosen)):
        for link in chosen:
            source, target = by_id.get(link.source), by_id.get(link.target)
            if source and target:
                place = find_place(source.source, target.title, survey.titles)
                if place:
                    row = LinkToSet(link.source, link.target, place.sentence, place.anchor, place.score, link.first)
                    found.append(row)
        return spread_links(found)
