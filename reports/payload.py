"""What the page's scripts know of the articles: one compact table, packed."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.charts.maps import MapView
from reports.exports import Cell, Export
from reports.sections.readings import LISTED_ALSO
from reports.sections.reasons import once, reasons, shown_score
from reports.sections.suggestions import Suggestions
from reports.views import ArticleLink, ArticleLinks, ThemeLink
from reports.words.format import day, web_link
from reports.words.language import ENGLISH, Language
from transforms.plumbing.printable import printable
from transforms.records import Article
from transforms.results import AlsoRead, Related, RelatedArticle, Thumbnail


@dataclass(frozen=True)
class Known:
    """What is known of all articles, in the order of their ids, besides the articles."""

    links: ArticleLinks
    themes: Mapping[str, ThemeLink]
    related: Mapping[str, Related]
    suggestions: Suggestions
    images: Sequence[Thumbnail]
    maps: MapView | None
    also_read: Sequence[AlsoRead] = ()
    edit_url: str | None = None
    exports: Mapping[str, Export] = field(default_factory=dict)


def pack(payload: Any) -> str:
    """A JSON value as a page holds it: gzip in base64, the same for the same value."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def make_payload(articles: Sequence[Article], known: Known, say: Language = ENGLISH) -> dict[str, Any]:
    """The articles column by column, sorted by id; tags, categories and themes are numbers of lists given beside.

    `related` rows are [article, score, why], with a 1 behind and no score for those that their theme features, and an
    id in place of an article that is not among these; `suggestions` are [tag, score], with a 1 behind for new tags; map
    places stand in the units of the map, [article, x, y] each. With logs of readers, `alsoRead` rows are
    [article, readers]. `lists` are the lists of work by their ids on the page: `columns` of [name, 1 if articles stand
    in it, else 0], and `rows` of cells.
    """
    row_of = {article.id: row for row, article in enumerate(articles)}
    tags, categories, themes = Numbered(), Numbered(), Numbered()
    for theme in sorted(set(known.themes.values()), key=lambda theme: theme.place):
        themes.number(theme)
    suggestions = [known.suggestions.get(article.id, ()) for article in articles]
    related = [known.related.get(article.id, Related(article.id, ())).related for article in articles]
    columns = {
        "id": [article.id for article in articles],
        "title": [known.links[article.id].title for article in articles],
        "path": [printable(article.path) for article in articles],
        "url": [web_link(article.address or article.url) or 0 for article in articles],
        "day": [day(article.date) for article in articles],
        "tags": [[tags.number(tag) for tag in article.tags] for article in articles],
        "categories": [[categories.number(name) for name in article.categories] for article in articles],
        "theme": [themes.number(of) if (of := known.themes.get(article.id)) else -1 for article in articles],
        "views": [article.views for article in articles] if any(article.views for article in articles) else [],
        "related": [[_related(other, row_of, say) for other in once(others)] for others in related],
        "suggestions": [
            [[tags.number(row.tag), row.score, *([1] if row.new else [])] for row in rows] for rows in suggestions
        ],
    }
    return {
        **columns,
        "edit": web_link(known.edit_url and known.edit_url.replace("{path}", "")) and known.edit_url,
        "tagNames": tags.values,
        "categoryNames": categories.values,
        "themes": [[theme.name, theme.anchor, theme.color, theme.round] for theme in themes.values],
        "images": [[row_of[image.id], image.image] for image in known.images if image.id in row_of],
        "maps": [
            {
                "method": layout.method,
                "places": [[row_of[id_], x, y] for id_, (x, y) in sorted(layout.places.items())],
                "labels": [[label.tag, label.x, label.y] for label in layout.labels],
            }
            for layout in (known.maps.maps if known.maps else ())
        ],
        "lists": {
            id_: {
                "columns": [[column.name, int(column.of_articles)] for column in export.columns],
                "rows": [[_cell(cell) for cell in row] for row in export.rows],
            }
            for id_, export in known.exports.items()
        },
        **({"alsoRead": _also_read(known.also_read, row_of)} if known.also_read else {}),
    }


class Numbered:
    """Values and their numbers, in the order in which they are first met."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """The number of a value, a new one for a new value."""
        if value not in self._numbers:
            self._numbers[value] = len(self.values)
            self.values.append(value)
        return self._numbers[value]


def _also_read(rows: Sequence[AlsoRead], row_of: Mapping[str, int]) -> list[list[list[Any]]]:
    """For each article what its readers read too: [article, readers]."""
    also: list[list[list[Any]]] = [[] for _ in row_of]
    for row in rows:
        if row.id in row_of:
            also[row_of[row.id]] = [[row_of.get(other.id, other.id), other.readers] for other in row.also[:LISTED_ALSO]]
    return also


def _cell(cell: Cell) -> str | int:
    """A text as it is, an article by its row, or by its id if it has none."""
    if not isinstance(cell, ArticleLink):
        return cell or ""
    return cell.number - 1 if cell.number else cell.title


def _related(other: RelatedArticle, row_of: Mapping[str, int], say: Language) -> list[Any]:
    row = [row_of.get(other.id, other.id), shown_score(other), reasons(other, say)]
    return row if other.kind == "similar" else [*row, 1]
