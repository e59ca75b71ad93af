"""The lists of work as tables that a spreadsheet takes: whole, one value a cell, one row for each tag or link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reports.sections.issues import MERGED, OF_A_POST
from reports.sections.linking import Linking, Orphan
from reports.sections.quiet import QuietTheme
from reports.views import (
    ArticleLink,
    ArticleLinks,
    BrokenLink,
    DuplicateGroup,
    Issue,
    IssueGroup,
    Listing,
    NewPost,
    PlacedLink,
    Readings,
    TranslationRow,
    Untagged,
)
from reports.words.explanations import explain_proposal
from reports.words.language import ENGLISH, Language, to_say
from transforms.results import IssueKind, ProposedTag

Cell = str | ArticleLink | None
"""A text, an article, or nothing."""
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """A column's name, and whether articles stand in it."""

    name: str
    of_articles: bool = False


@dataclass(frozen=True)
class Export:
    """A list of work as a table; each row has a cell for each column."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def _of(name: str) -> Column:
    return Column(name, of_articles=True)


POST, OTHER, TAG, WHY = _of(to_say("Post")), _of(to_say("Related post")), Column(to_say("Tag")), Column(to_say("Why"))
TAG_TO_ADD, TO_DO, THEME = Column(to_say("Tag to add")), Column(to_say("What to do")), Column(to_say("Theme"))
COMMAND = Column(to_say("Command"))
MERGES = (Column(to_say("Remove")), Column(to_say("Keep")), WHY, COMMAND)
CHANGES = (POST, TO_DO, TAG, WHY, COMMAND)
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "new-posts-list": (Column(to_say("Date")), POST, THEME, _of(to_say("Link to it from")), TAG_TO_ADD),
    "proposed": (TAG, WHY, POST),
    "untagged": (POST, TAG_TO_ADD),
    "duplicates": (Column(to_say("Group")), Column(to_say("Shared text")), POST),
    "synonym": MERGES,
    "variant": MERGES,
    "misfit": (TAG, WHY, POST),
    "contradiction": CHANGES,
    "missing": CHANGES,
    "once": (TAG, WHY, POST),
    "broken": (POST, Column(to_say("File")), Column(to_say("Link")), _of(to_say("Perhaps meant")), WHY),
    "links-to-set": (
        _of(to_say("In this post")),
        Column(to_say("Sentence")),
        Column(to_say("Words to link")),
        _of(to_say("To this post")),
    ),
    "unlinked": (POST, OTHER, WHY),
    "orphans": (POST, _of(to_say("Could be linked from"))),
    "translations": (POST, TO_DO, Column(to_say("Language")), _of(to_say("Original"))),
    "quiet": (
        THEME,
        Column(to_say("Posts")),
        Column(to_say("Last post")),
        Column(to_say("Silent for")),
        Column(to_say("Usual time between posts")),
    ),
    "read-together": (_of(to_say("Link from")), _of(to_say("To")), Column(to_say("Read together by"))),
    "read-apart": (POST, OTHER),
    "overlooked": (POST, Column(to_say("Would suit"))),
}
"""The columns of each list of work, by its id on the page, in the order of the page."""


def export_lists(
    new_posts: Listing[NewPost],
    proposed: Iterable[ProposedTag],
    untagged: Listing[Untagged],
    duplicates: Listing[DuplicateGroup],
    issues: Mapping[IssueKind, IssueGroup],
    broken: Listing[BrokenLink],
    to_set: Listing[PlacedLink],
    linking: Linking,
    translations: Listing[TranslationRow],
    quiet: Iterable[QuietTheme],
    readings: Readings | None,
    links: ArticleLinks,
    say: Language = ENGLISH,
) -> dict[str, Export]:
    """The lists of work that have rows, by their ids on the page, in the order of the page."""
    rows: dict[str, Iterable[Row]] = {
        "new-posts-list": _new_posts(new_posts.shown),
        "proposed": _proposed(proposed, links, say),
        "untagged": _untagged(untagged.shown),
        "duplicates": _duplicates(duplicates.shown),
        **{kind: _issues(kind, group.whole, say) for kind, group in issues.items()},
        "broken": ((row.article, row.place, row.href, row.nearest, row.note) for row in broken.shown),
        "links-to-set": (
            (row.source, f"{row.before}{row.anchor}{row.after}", row.anchor, row.target) for row in to_set.shown
        ),
        "unlinked": ((pair.left, pair.right, pair.why) for pair in linking.unlinked.shown),
        "orphans": _orphans(linking.orphans.shown),
        "translations": _translations(translations.shown, say),
        "quiet": ((row.theme.name, row.posts, row.last, row.silence, row.gap) for row in quiet),
        **_read(readings),
    }
    exports = {
        id_: Export(tuple(replace(column, name=say(column.name)) for column in columns), tuple(rows.get(id_, ())))
        for id_, columns in COLUMNS.items()
    }
    return {id_: export for id_, export in exports.items() if export.rows}


def _new_posts(rows: Iterable[NewPost]) -> Iterator[Row]:
    for row in rows:
        about = (row.day, row.article, row.theme.name if row.theme else None)
        yield from ((*about, other.article, None) for other in row.linkers)
        yield from ((*about, None, tag.tag) for tag in row.suggestions)
        if not row.linkers and not row.suggestions:
            yield (*about, None, None)


def _proposed(proposed: Iterable[ProposedTag], links: ArticleLinks, say: Language) -> Iterator[Row]:
    for tag in proposed:
        why = "; ".join(explain_proposal(tag, say))
        yield from ((tag.tag, why, links[id_]) for id_ in tag.articles)


def _untagged(rows: Iterable[Untagged]) -> Iterator[Row]:
    for row in rows:
        yield from ((row.article, tag.tag) for tag in row.suggestions)
        if not row.suggestions:
            yield row.article, None


def _duplicates(groups: Iterable[DuplicateGroup]) -> Iterator[Row]:
    for number, group in enumerate(groups, start=1):
        yield from ((str(number), group.score, article) for article in group.articles.shown)


def _issues(kind: IssueKind, issues: Iterable[Issue], say: Language) -> Iterator[Row]:
    for issue in issues:
        if kind in MERGED:
            merges = zip(issue.remove, issue.commands, strict=True)
            yield from ((tag, issue.keep[0], issue.reason, command) for tag, command in merges)
        elif kind in OF_A_POST:
            post = next(iter(issue.articles), None)
            to_do = [say("Remove")] * len(issue.remove) + [say("Add")] * len(issue.add)
            changes = zip(to_do, (*issue.remove, *issue.add), issue.commands, strict=True)
            yield from ((post, what, tag, issue.reason, command) for what, tag, command in changes)
        else:
            yield from ((tag, issue.reason, article) for tag in issue.tags for article in issue.articles or (None,))


def _orphans(rows: Iterable[Orphan]) -> Iterator[Row]:
    for row in rows:
        yield from ((row.article, other.article) for other in row.linkers)
        if not row.linkers:
            yield row.article, None


def _translations(rows: Iterable[TranslationRow], say: Language) -> Iterator[Row]:
    for row in rows:
        if row.original:
            yield row.article, say("To renew"), None, row.original
        yield from ((row.article, say("To write"), language, None) for language in row.missing)


def _read(readings: Readings | None) -> dict[str, Iterable[Row]]:
    if readings is None:
        return {}
    return {
        "read-together": ((pair.left, pair.right, pair.note) for pair in readings.unexplained.shown),
        "read-apart": ((pair.left, pair.right) for pair in readings.unread.shown),
        "overlooked": ((row.article, row.readers) for row in readings.overlooked.shown),
    }
