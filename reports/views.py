"""What the templates print: records whose every value is ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from reports.words.format import number

T = TypeVar("T")


@dataclass(frozen=True)
class Listing(Generic[T]):
    """The head of a list, the length of the whole of it, and how much is `known` of it, if that is more than the head.

    What is known of a list of work stands in its CSV.
    """

    shown: tuple[T, ...]
    total: int
    known: int | None = None

    @property
    def count(self) -> str:
        """The length of the whole list."""
        return number(self.total)

    @property
    def more(self) -> str:
        """How many are not shown; empty when all are."""
        left = self.total - len(self.shown)
        return number(left) if left else ""

    @property
    def held(self) -> str:
        """How much of the list is known."""
        return number(self._held)

    @property
    def whole(self) -> bool:
        """Whether all of the list is known."""
        return self._held == self.total

    @property
    def _held(self) -> int:
        return len(self.shown) if self.known is None else self.known

    def first(self, limit: int) -> Listing[T]:
        """The same list, showing no more than its first `limit`."""
        return Listing(self.shown[:limit], self.total, self._held)


@dataclass(frozen=True)
class Sample:
    """How many of the posts a page lists, and how many there are."""

    listed: str
    total: str


@dataclass(frozen=True)
class Figure:
    """One number about the corpus, with what it counts and what to know about it."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Bar:
    """A labelled value and the length of its bar, in percent."""

    label: str
    value: str
    percent: str


@dataclass(frozen=True)
class ArticleLink:
    """An article's title, its number from 1, and whether the page as it is written has a row for it.

    One that the page knows nothing of but its id has that for a title, and the number 0.
    """

    title: str
    number: int
    listed: bool

    @property
    def anchor(self) -> str:
        """The anchor of its row."""
        return f"article-{self.number}"


@dataclass(frozen=True)
class ThemeLink:
    """A theme's name, the anchor of its card, its colour, 1 to 8, and its shape, 0 to 3.

    `place` is its place, from 0, among the themes from the largest.
    """

    name: str
    anchor: str
    color: int
    round: int = 0
    place: int = 0


@dataclass(frozen=True)
class ScoredLink:
    """An article with its cosine to whatever lists it."""

    article: ArticleLink
    score: str


@dataclass(frozen=True)
class RelatedLink:
    """A related article, its score (empty where its theme features it), and in a line how sure that is and why."""

    article: ArticleLink
    score: str
    why: str


@dataclass(frozen=True)
class ReadLink:
    """An article that the same readers read, and how many they are."""

    article: ArticleLink
    readers: str


@dataclass(frozen=True)
class Suggestion:
    """A tag that an article could carry, with its probability or cosine, or the word for one that is `new`."""

    tag: str
    score: str
    new: bool = False


@dataclass(frozen=True)
class Column:
    """One value of a picture: SVG path data, and in words what it is of and how much."""

    path: str
    label: str


@dataclass(frozen=True)
class ArticleRow:
    """One row of the article table; `url` is None unless it is a web address, and so is `edit`, where it is edited."""

    anchor: str
    title: str
    id: str
    path: str
    day: str
    url: str | None
    edit: str | None
    tags: tuple[str, ...]
    theme: ThemeLink | None
    related: tuple[RelatedLink, ...]
    suggestions: tuple[Suggestion, ...]
    also_read: tuple[ReadLink, ...] = ()


@dataclass(frozen=True)
class Untagged:
    """An article without tags and the tags to give it, best first."""

    article: ArticleLink
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class DuplicateGroup:
    """Articles that repeat each other, with the lowest share of text that a pair of them has in common."""

    kind: str
    score: str
    articles: Listing[ArticleLink]


@dataclass(frozen=True)
class BrokenLink:
    """A link that leads nowhere: the article with it, where it stands, and the article that it may mean.

    `note` says what is known besides, empty if nothing is.
    """

    article: ArticleLink
    place: str
    href: str
    nearest: ArticleLink | None
    note: str


@dataclass(frozen=True)
class PlacedLink:
    """A link to set: from which article, in a sentence on which words, to which article.

    It is the `first` if nothing links to that one yet.
    """

    source: ArticleLink
    target: ArticleLink
    before: str
    anchor: str
    after: str
    first: bool


@dataclass(frozen=True)
class Issue:
    """Tags to mend: how many posts that concerns (empty for one), why, in plain words, and where to look.

    Of them are to `remove`, to `add` and to `keep`, where that is known. `figures` say more to those who ask,
    `command` mends the tags, where a command can, and `commands` do so one by one, each for a tag to `remove` or then
    to `add`, empty where none can.
    """

    tags: tuple[str, ...]
    posts: str
    reason: str
    articles: tuple[ArticleLink, ...]
    command: str = ""
    commands: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class IssueGroup:
    """The issues of one kind and what to do about them: the `first`, and the `rest` that are folded away.

    `count` is the number of all, `folded` what the fold says that it holds, and `more` how many are not shown, empty
    when all are. `whole` has all of them.
    """

    title: str
    advice: str
    count: str
    first: tuple[Issue, ...]
    rest: tuple[Issue, ...]
    folded: str
    more: str
    total: int = 0
    whole: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class Task:
    """A kind of work for the editor: its heading's anchor, its name, and how much of it there is, to read and to add.

    Of tags to mend, `count` says that there may be more than the `total` that was looked for.
    """

    anchor: str
    title: str
    count: str
    total: int = 0


@dataclass(frozen=True)
class Action:
    """A kind of work to begin with: how much of it at once, what and why, the posts it makes better, and its effort."""

    anchor: str
    title: str
    why: str
    count: str
    gain: str
    effort: str


@dataclass(frozen=True)
class Start:
    """What to do first and its effort in all, the kinds of work without any, and the newest posts."""

    actions: tuple[Action, ...]
    effort: str
    idle: tuple[str, ...]
    newest: tuple[ArticleLink, ...]


@dataclass(frozen=True)
class NewPost:
    """A post that the previous run did not have, and what to add: links from others, and tags."""

    article: ArticleLink
    day: str
    theme: ThemeLink | None
    linkers: tuple[RelatedLink, ...]
    linked: bool
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class Theme:
    """One cluster's card; its labels are tags if it is `tagged`, else words.

    `lacking` says clause by clause what its posts lack, `to_link` is the first link to set to one of them.
    """

    link: ThemeLink
    size: str
    labels: tuple[Bar, ...]
    tagged: bool
    representatives: tuple[ArticleLink, ...]
    members: Listing[ScoredLink]
    lacking: tuple[str, ...] = ()
    to_link: PlacedLink | None = None


@dataclass(frozen=True)
class ThemeNews:
    """A theme's newer and older posts, how well these cover those, and whether the theme is new."""

    theme: ThemeLink
    newer: str
    older: str
    coverage: str
    density: str
    new: bool


@dataclass(frozen=True)
class News:
    """What is new: the whole in a few sentences, the themes that are new, and all themes."""

    sentence: str
    new: Listing[ThemeLink]
    themes: tuple[ThemeNews, ...]


@dataclass(frozen=True)
class SinceRow:
    """What there was of something in the previous run, what there is now, and how the two differ."""

    what: str
    before: str
    now: str
    note: str


@dataclass(frozen=True)
class Since:
    """What changed since the previous run: which run that was, a few sentences, and figures of both.

    `opened` and `done` count to-dos, `grown` are the themes that grew, with how much.
    """

    run: str
    opened: str
    done: str
    grown: tuple[tuple[ThemeLink, str], ...]
    sentences: tuple[str, ...]
    rows: tuple[SinceRow, ...]


@dataclass(frozen=True)
class Whisker:
    """The ends of an interval on its bar, in percent."""

    low: str
    high: str


@dataclass(frozen=True)
class MethodScore:
    """A method's value for a measure and its interval, dashes where there is none.

    `percent` is the length of its bar, `whisker` the interval on it, None where there is no interval or no bar.
    """

    method: str
    role: str
    value: str
    interval: str
    percent: str
    whisker: Whisker | None
    judged: str
    in_use: bool


@dataclass(frozen=True)
class Measure:
    """A measure with the method in use first, by the `name` that tables have and by a `title` in plain words.

    `meaning` says what it measures, `better` what a better value would mean, `judged` what it judges, and `bars`
    whether more of it is better.
    """

    name: str
    title: str
    meaning: str
    better: str
    judged: str
    methods: tuple[MethodScore, ...]
    bars: bool


@dataclass(frozen=True)
class ReadPair:
    """Two articles, in the order in which they are to be linked, and what is to be known of them."""

    left: ArticleLink
    right: ArticleLink
    note: str


@dataclass(frozen=True)
class ReaderThemeCard:
    """A theme of readers: how many they are, what is typical of what they read, and what they read more than others.

    `columns` are its shares by month as SVG path data with labels, `most` the highest of them, and `shares` those of
    the last months.
    """

    theme: ThemeLink
    size: str
    articles: tuple[ArticleLink, ...]
    over_read: tuple[ReadLink, ...]
    columns: tuple[Column, ...]
    most: str
    shares: tuple[str, ...]


@dataclass(frozen=True)
class Readings:
    """What readers read together, without anything about one of them.

    `sentences` say how much was read and what it tells, `left_out` why rows of logs are no reads. `months` are those of
    the themes' last shares, `first` and `last` the ends of their pictures, and `highest` is at the top of each.
    """

    sentences: tuple[str, ...]
    unexplained: Listing[ReadPair]
    unread: Listing[ReadPair]
    overlooked: Listing[ReadLink]
    themes: tuple[ReaderThemeCard, ...]
    others: str
    first: str
    last: str
    highest: str
    months: tuple[str, ...]
    left_out: tuple[Bar, ...]
    least_readers: str


@dataclass(frozen=True)
class LeftOut:
    """A file that is not in the results: where, what kind of omission, and why."""

    place: str
    kind: str
    reason: str


@dataclass(frozen=True)
class TranslationRow:
    """A post that is missing in languages, or the translation of an `original` that was changed later."""

    article: ArticleLink
    original: ArticleLink | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class LanguageRow:
    """A language that posts are translated into or from: posts in it, missing in it, and outdated."""

    name: str
    posts: str
    missing: str
    outdated: str


@dataclass(frozen=True)
class NoteRow:
    """What a post gives that could not be taken as it is: where, of which field, what, and what was done."""

    place: str
    field: str
    given: str
    done: str


@dataclass(frozen=True)
class NoteCount:
    """How often one thing was done with what could not be taken as posts give it."""

    done: str
    count: str


@dataclass(frozen=True)
class Setting:
    """One choice that the results depend on."""

    name: str
    value: str


ArticleLinks = Mapping[str, ArticleLink]
"""Article id -> how the article is mentioned."""
