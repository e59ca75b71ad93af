"""Links that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reports.views import ArticleLinks, BrokenLink, Listing
from reports.words.language import ENGLISH, Language
from transforms.output.extract import UNRESOLVED_KINDS
from transforms.plumbing.printable import printable
from transforms.records import Article
from transforms.results import UnresolvedLink

SHOWN: Sequence[str] = ("broken", "skipped")
"""The kinds that are shown, in their order; the others may well lead somewhere."""


def broken_links(
    unresolved: Iterable[UnresolvedLink],
    articles: Iterable[Article],
    links: ArticleLinks,
    counts: Mapping[str, int],
    say: Language = ENGLISH,
) -> Listing[BrokenLink]:
    """The links that surely lead nowhere, the broken ones first, by article; `counts` count all of each kind."""
    paths = {article.id: article.path for article in articles}
    rows = [row for row in unresolved if row.kind in SHOWN]
    rows.sort(key=lambda row: (UNRESOLVED_KINDS.index(row.kind), row.id, row.line or 0, row.href))
    shown = (_broken(row, paths.get(row.id, row.id), links, say) for row in rows)
    return Listing(tuple(shown), sum(counts.get(kind, 0) for kind in SHOWN))


def _broken(row: UnresolvedLink, path: str, links: ArticleLinks, say: Language) -> BrokenLink:
    skipped = row.kind == "skipped"
    place = printable(path) if row.line is None else f"{printable(path)}:{row.line}"
    note = say("{path} is left out", path=printable(row.nearest or "")) if skipped else ""
    nearest = links[row.nearest] if row.nearest and not skipped else None
    return BrokenLink(links[row.id], place, printable(row.href), nearest, note)
