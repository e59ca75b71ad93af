"""The audit of translations in a pipeline: articles meet by their keys, and not in one place."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection

from transforms.generators.languages import folded, standard
from transforms.plumbing.composite import Composite
from transforms.plumbing.group_on_disk import GroupOnDisk, StoredGroup
from transforms.plumbing.metrics import measured
from transforms.records import Block
from transforms.results import Translated
from transforms.sampling import hash64, hash_parts, region_of
from transforms.site.translation_audit import (
    Entry,
    Match,
    Version,
    audit,
    entries_of,
    match,
    surest,
    translated_languages,
    version_of,
)

AT_ONCE = 256
"""So many articles with their translations are handed on at once."""

Languages = Mapping[str | None, int]
"""How many posts are in each language."""
Found = dict[Version, tuple[Version, ...]]
"""Articles with their translations."""


@dataclass(eq=False, repr=False)
class AuditTranslations(Composite):
    """Blocks -> Translated, one for each article in a language that posts are translated into or from.

    `languages` say how many posts are in each, `files` is the number of files that were read.
    """

    languages: AsSingleton
    files: AsSingleton

    def expand(self, blocks: PCollection[Block]) -> PCollection[Translated]:
        """Match by key, gather by article, see which languages there are, audit."""
        matches = (
            blocks
            | "Entries" >> beam.FlatMap(_entries, self.languages, self.files)
            | "ByKey" >> GroupOnDisk()
            | "Match" >> beam.FlatMap(_match, self.files)
        )
        versions = blocks | "Versions" >> beam.FlatMap(_versions, self.languages, self.files)
        found = (versions, matches) | "ByArticle" >> GroupOnDisk() | "Surest" >> beam.FlatMap(_surest)
        translated = found | "Translated" >> beam.Map(translated_languages)
        return found | "Audit" >> beam.FlatMap(_audit, AsIter(translated), self.languages)


def _codes(languages: Languages) -> dict[str, int]:
    codes: dict[str, int] = {}
    for code, posts in languages.items():
        if code:
            codes[folded(standard(code))] = codes.get(folded(standard(code)), 0) + posts
    return codes


def _entries(block: Block, languages: Languages, files: int) -> Iterator[tuple[int, list[Entry]]]:
    if len(_codes(languages)) > 1:
        parts: dict[int, list[Entry]] = {}
        for entry in (entry for article in block.articles for entry in entries_of(article)):
            parts.setdefault(hash64(entry[0]) % hash_parts(files), []).append(entry)
        yield from parts.items()


def _versions(block: Block, languages: Languages, files: int) -> Iterator[tuple[int, list[Version]]]:
    if len(_codes(languages)) > 1:
        parts: dict[int, list[Version]] = {}
        for article in block.articles:
            parts.setdefault(region_of(article.id, files), []).append(version_of(article))
        yield from parts.items()


def _match(group: tuple[int, StoredGroup], files: int) -> Iterator[tuple[int, dict[str, list[Match]]]]:
    with measured("match translations"):
        found = match(itertools.chain.from_iterable(group[1]))
    parts: dict[int, dict[str, list[Match]]] = {}
    for id_, matches in found.items():
        parts.setdefault(region_of(id_, files), {})[id_] = matches
    yield from parts.items()


def _surest(group: tuple[int, StoredGroup]) -> Iterator[Found]:
    versions: list[Version] = []
    matches: dict[str, list[Match]] = {}
    for part in group[1]:
        if isinstance(part, dict):
            for id_, of_one in part.items():
                matches.setdefault(id_, []).extend(of_one)
        else:
            versions += part
    for start in range(0, len(versions), AT_ONCE):
        yield {version: surest(matches.get(version.id, ())) for version in versions[start : start + AT_ONCE]}


def _audit(found: Found, translated: Iterable[frozenset[str]], languages: Languages) -> Iterator[Translated]:
    all_languages = frozenset[str]().union(*translated)
    codes = _codes(languages)
    main = min(codes, key=lambda code: (-codes[code], code), default="")
    for version, others in found.items():
        row = audit(version, others, all_languages, main)
        if row:
            yield row
