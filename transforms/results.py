"""What a run writes: one dataclass a row of a result table, and the words for methods.

docs/files.md has the contract.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Rejected:
    """A file that could not be read as a post; `line` is 1-based, None where the fault has no line."""

    path: str
    line: int | None
    reason: str


SkippedKind = Literal["draft", "private", "hidden", "future", "expired", "page", "empty"]
"""Why a post is left out on purpose."""


@dataclass(frozen=True)
class Skipped:
    """A post that was left out on purpose.

    `date` and `address_fields` are as an Article has them: they say where links to it lead, and stand in no table.
    """

    path: str
    kind: SkippedKind
    reason: str
    date: str | None = field(default=None, compare=False)
    address_fields: tuple[tuple[str, str], ...] = field(default=(), compare=False)


NoteKind = Literal[
    "dated_by_field",
    "dated_by_path",
    "dated_by_change",
    "dated_first_day",
    "dated_without_time",
    "undated",
    "passed_over",
    "cut",
]
"""What was done instead of taking a post at its word; docs/files.md says what each means."""


@dataclass(frozen=True)
class Note:
    """What an article gives that could not be taken as it is.

    `line` is 1-based, None where it is not known; `field` is the front matter's name for it, or the part of the post;
    `given` is what stands there, on one line and cut.
    """

    path: str
    line: int | None
    field: str
    given: str
    done: NoteKind


CollisionKind = Literal["id", "address"]
"""What a post wanted that another already has: an id, or an address on the site."""


@dataclass(frozen=True)
class Collision:
    """A post that wanted what another post already has.

    `given` is the id that tells it apart, or for an address, which it shares, the path of the first post that has it.
    """

    path: str
    wanted: str
    given: str
    kind: CollisionKind = "id"


WarningCode = Literal[
    "undated",
    "untagged",
    "categories_as_tags",
    "unresolved_links",
    "broken_links",
    "shared_addresses",
    "other_files",
    "previous_missing",
    "previous_format",
    "previous_damaged",
    "previous_state",
    "themes_refitted",
    "themes_unshared",
    "themes_outgrown",
    "themes_worse",
]
"""What a run warns of; docs/files.md says what each means."""


@dataclass(frozen=True)
class RunWarning:
    """What is probably not as meant: in `count` of so many posts, links or files.

    `names` are the fields of front matter that look like what is missing, or the suffixes of the files. Warnings of
    an earlier run count its themes, or nothing.
    """

    code: WarningCode
    count: int
    of: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Neighbor:
    """A near article and its cosine, rounded."""

    id: str
    score: float


EXTRAS = ("themes", "tags", "why", "translations", "new", "next", "also_read")
"""What can be exported beside the related posts."""
PARTS = ("text", "learned", "tags", "titles", "dates", "links")
"""What related articles are found by.

The texts' vectors, the tags expected of a text and those that it has, whether it names the other's title, how near the
two are in time, and which articles others link to.
"""

RECENT = "recent"
"""The part that prefers newer articles."""
READERS = "readers"
"""The part that what readers read together makes, where there are reading logs."""
RELATED_BY = (*PARTS, READERS)
"""What related articles may be found by."""


@dataclass(frozen=True)
class Why:
    """The parts of a related article's score, and what both articles share.

    `text` is the cosine of their vectors, `tags` the overlap of their tags, known or expected, `titles` how much of
    the other's title the article names (all 0 to 1), `years` how many are between them (None also where one has no
    date), `links` how many others link to the related one, and `recent` what is added for being new; None for a part
    that is switched off. `counted` names the parts that speak for it more than they usually do, the strongest first.
    `shared_tags` are those that both carry, the rarest first, `shared_words` rare words that stand in both.
    `readers` is how far the same readers read both, from 0 to 1, and `read_together` how many did, rounded down; None
    where this is not known.
    """

    text: float | None
    tags: float | None = None
    titles: float | None = None
    years: float | None = None
    links: int | None = None
    recent: float | None = None
    counted: tuple[str, ...] = ()
    shared_tags: tuple[str, ...] = ()
    shared_words: tuple[str, ...] = ()
    readers: float | None = None
    read_together: int | None = None


BY_READERS = ("readers", "read_together")
"""The parts that rows of related articles have only where readers tell something."""
LEAST_RELATED = 0.1
"""Less sure related articles are left out unless asked for: authors link 0 to 8 % of them on four blogs."""
READ_ENOUGH = 0.3
"""Related articles that the same readers read so far are not left out, unless asked for."""

SureOf = Literal["link", "tags"]
"""What a confidence is of: that an author would link the other, or that both share more tags than by chance."""

RelatedKind = Literal["similar", "newest_in_cluster", "popular_in_cluster"]
"""Why an article is listed as related: it is among the nearest, or the newest or most read of the same cluster."""


@dataclass(frozen=True)
class RelatedArticle:
    """A related article, its score, and the probability that it fits, as `sure_of` has it (both None: unknown).

    The score of one that is not `similar` is the cosine of the vectors, and its confidence is not known.
    """

    id: str
    score: float
    confidence: float | None
    why: Why
    kind: RelatedKind = "similar"
    sure_of: SureOf | None = None


@dataclass(frozen=True)
class Related:
    """An article's related articles: the similar ones, best first, then those of its cluster."""

    id: str
    related: tuple[RelatedArticle, ...]


@dataclass(frozen=True)
class Links:
    """The articles that an article links to, in the order of their ids, and how many others link to it."""

    id: str
    links: tuple[str, ...]
    linked_by: int


@dataclass(frozen=True)
class LinkToSet:
    """A link that the article `id` could have to another, and where: the words `anchor` in a `sentence` of its text.

    `score` is how much of the other's title the words say, from 0 to 1. It is the `first` if nothing links to the
    other yet.
    """

    id: str
    target: str
    sentence: str
    anchor: str
    score: float
    first: bool


UnresolvedKind = Literal["broken", "skipped", "ambiguous", "other", "page"]
"""Why a link within the blog leads to no post.

`broken`: links like it lead to posts, or it names a markdown file that is not there; `skipped`: it leads to a post that
was left out; `ambiguous`: it could mean several posts; `other`: it may be a page that is no post; `page`: many
links lead to its first folder and none of them to a post, so that it surely is.
"""


@dataclass(frozen=True)
class UnresolvedLink:
    """A link, as written in the article `id`, to an address of the blog's own at which no post was found.

    `line` is that of the file, None where it is not known. `nearest` is the id of the post that a broken link may mean,
    or the path of the skipped one.
    """

    id: str
    href: str
    kind: UnresolvedKind
    line: int | None = None
    nearest: str | None = None


@dataclass(frozen=True)
class Translation:
    """An article that is another in a language, by the code as compared: in lower case, with hyphens."""

    language: str
    id: str


@dataclass(frozen=True)
class Translated:
    """An article of a blog that translates posts: its translations, and the languages that the post is `missing` in.

    `original` is the version of the post that came first, which may be the article itself; one that is `outdated` was
    last changed before its original was.
    """

    id: str
    language: str
    original: str
    translations: tuple[Translation, ...]
    missing: tuple[str, ...]
    outdated: bool


@dataclass(frozen=True)
class Duplicate:
    """Two articles, left < right, whose texts are nearly (or `exact`ly) the same, or one of which holds the other.

    The score is the share of the runs of words of the shorter text that stand in the longer one.
    """

    left: str
    right: str
    score: float
    exact: bool


TagVectors = Literal["means", "names"]
"""What an article is compared with to score a tag: the mean of the tag's articles, or the tag's encoded name."""

TagMethod = Literal["blend", "means", "names"]
"""How tags are recommended: by all evidence, weighed into a probability, or by one of the `TagVectors` alone."""

SearchMethod = Literal["auto", "exact", "ivf"]
"""How a corpus is searched: exactly, by cells, or exactly unless it is large."""


@dataclass(frozen=True)
class TagScore:
    """A recommended tag, its score, and whether the article has it already.

    The score is the probability that the article carries the tag, or a cosine where one of `TagVectors` was asked for.
    """

    tag: str
    score: float
    present: bool


@dataclass(frozen=True)
class Recommended:
    """The tags recommended for an article, best first."""

    id: str
    recommended: tuple[TagScore, ...]


@dataclass(frozen=True)
class TagTrial:
    """What became of the tags that were proposed for posts held back, each judged by what is older alone.

    `intercept` and `slope` correct the log odds of probabilities. Of `posts` held back, `shown` tags had a corrected
    probability of `least` or more, and `right` of these were the posts' own. Without any posts nothing is corrected.
    """

    intercept: float = 0.0
    slope: float = 1.0
    least: float = 0.7
    posts: int = 0
    shown: int = 0
    right: int = 0


@dataclass(frozen=True)
class ScoredTag:
    """A tag and the share of a cluster's articles that carry it."""

    tag: str
    score: float


@dataclass(frozen=True)
class ScoredWord:
    """A word or phrase, and the share of a cluster's articles that have it in their title, lede or headings."""

    word: str
    score: float


@dataclass(frozen=True)
class Member:
    """The number of the cluster that an article belongs to, and its cosine to the centroid."""

    id: str
    cluster: int
    score: float


@dataclass(frozen=True)
class ThemeBefore:
    """What a cluster was in the earlier run: its number, how many articles it shares with it, and its name then.

    Of a large corpus those of a sample are counted.
    """

    number: int
    shared: int
    was: str


@dataclass(frozen=True)
class ThemeFit:
    """How the clusters were found: whether they go on from an earlier run's, and `next`, a number that none has had.

    `objective` is the mean cosine of articles to their centroids, and `objective_anew` that of as many clusters found
    anew, None where these are the ones. Of a large corpus a sample is judged.
    """

    followed: bool = False
    objective: float = 0.0
    objective_anew: float | None = None
    next: int = 1


@dataclass(frozen=True)
class Cluster:
    """One cluster: members and representatives nearest first; `name` is unique in its run.

    `size` counts all of its articles, `members` are the nearest of them alone where the corpus is large. `tags` tell it
    from the other clusters, the best first, and so do `words` where it is not named by tags. `previous` is there where
    it goes on from an earlier run.
    """

    number: int
    name: str
    size: int
    tags: tuple[ScoredTag, ...]
    articles: tuple[Neighbor, ...]
    members: tuple[Neighbor, ...]
    words: tuple[ScoredWord, ...] = ()
    previous: ThemeBefore | None = None


@dataclass(frozen=True)
class Merge:
    """One row of a linkage: `left` and `right` are leaves (below the leaf count) or earlier merges, as in scipy."""

    left: int
    right: int
    height: float
    size: int


@dataclass(frozen=True)
class Dendrogram:
    """A linkage over clusters: leaf i is cluster number `clusters[i]`; `leaf_order` lists leaves as drawn."""

    clusters: tuple[int, ...]
    merges: tuple[Merge, ...]
    leaf_order: tuple[int, ...]


@dataclass(frozen=True)
class TagTree:
    """A linkage over tags: leaf i is `tags[i]`, as shown, of `posts[i]` articles; the rest as in Dendrogram."""

    tags: tuple[str, ...]
    posts: tuple[int, ...]
    merges: tuple[Merge, ...]
    leaf_order: tuple[int, ...]


MapMethod = Literal["tsne", "pca", "umap", "readers"]
"""How articles are laid out in two dimensions: by their texts, or by who read them."""


@dataclass(frozen=True)
class MapPoint:
    """An article's place on a map, the map centred on 0 and reaching no further than -1 and 1."""

    id: str
    method: MapMethod
    x: float
    y: float


@dataclass(frozen=True)
class Thumbnail:
    """An article's picture: a small one as a data URI, or the web address that the post gives."""

    id: str
    image: str


@dataclass(frozen=True)
class Metric:
    """A measure's value for one method, in use or beside it, and the number of articles judged.

    `low` and `high` bound the mean's 95 % bootstrap interval. All three are None when there were none to judge, the
    bounds also where the value is no mean over articles.
    """

    measure: str
    method: str
    value: float | None
    judged: int
    in_use: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Assessed:
    """A Metric of an encoder that reads the parts `text` of a post, joined by +."""

    encoder: str
    text: str
    measure: str
    method: str
    value: float | None
    judged: int
    in_use: bool
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Coverage:
    """How well the older posts cover the newer ones of one cluster, or of all posts where `cluster` is None.

    `cluster` is its number as shown, from 1; `newer` counts its posts from the day
    `since` on, `older` the others. A theme is new where `coverage` is low: of its newer posts, the share with an older
    post as near as their 5th nearest newer one. `density` says how thickly, 1 where older posts lie as thick as newer
    ones. Both are rounded, and None where nothing can be judged.
    """

    cluster: int | None
    name: str
    since: str
    newer: int
    older: int
    density: float | None
    coverage: float | None


@dataclass(frozen=True)
class ReadTogether:
    """Another article that the same readers read, how strongly both go together, from 0 to 1, and how many they are.

    The number of readers is rounded down to 3, 5, 10, 20, 50, 100 and so on, and the score to two decimals.
    """

    id: str
    score: float
    readers: int


@dataclass(frozen=True)
class AlsoRead:
    """An article, how many have read it, rounded down likewise, and what they read too, the strongest first."""

    id: str
    readers: int
    also: tuple[ReadTogether, ...]


@dataclass(frozen=True)
class OverRead:
    """An article that readers of a theme read more than others, how many of them, rounded down, and how much more.

    `lift` is how often they read it for each time that would be expected of as many readers, to one decimal.
    """

    id: str
    lift: float
    readers: int


@dataclass(frozen=True)
class MonthShare:
    """A month, as in 2024-05, and the share of its readers who belong to a theme, to two decimals."""

    month: str
    share: float


@dataclass(frozen=True)
class ReaderTheme:
    """Readers of like interests: at least 20, `size` and `share` of all, what they are named by, and what they read.

    `articles` are the nearest to what they read, and `over_read` what they read more than others. Numbers of readers
    are rounded down to 5, and shares made of rounded ones. Months of few readers are left out.
    """

    number: int
    name: str
    size: int
    share: float
    tags: tuple[ScoredTag, ...]
    articles: tuple[Neighbor, ...]
    over_read: tuple[OverRead, ...]
    months: tuple[MonthShare, ...]


@dataclass(frozen=True)
class ReaderThemes:
    """The themes of readers, of so many, the largest first, and the number of `others`, rounded down to 5 likewise."""

    readers: int
    themes: tuple[ReaderTheme, ...]
    others: int


@dataclass(frozen=True)
class UnexplainedPair:
    """Two articles that the same readers read though their texts are not alike; more of them read `first` before.

    `score`, `readers` and the `cosine` of the texts are rounded as in ReadTogether.
    """

    first: str
    then: str
    score: float
    readers: int
    cosine: float


@dataclass(frozen=True)
class UnreadPair:
    """Two much read articles with texts alike, by their `cosine`, that hardly anybody has read both of."""

    left: str
    right: str
    cosine: float


@dataclass(frozen=True)
class Overlooked:
    """An article of few readers, and for how many, rounded down, it is among the nearest to what they have read."""

    id: str
    readers: int


@dataclass(frozen=True)
class ReadingGaps:
    """Where what readers read and what texts say part, the strongest cases of each kind first."""

    unexplained: tuple[UnexplainedPair, ...] = ()
    unread: tuple[UnreadPair, ...] = ()
    overlooked: tuple[Overlooked, ...] = ()


Coefficients = dict[str, float]
"""What features weigh, by their names."""


@dataclass(frozen=True)
class NextMethod:
    """How it is told what a reader reads next.

    `half_life` is after how many further reads a read counts for half as much. `weights` has those of the logistic
    models by the name of the model, `text` and `blend`; nothing where the method needs none.
    """

    method: str
    half_life: float
    weights: dict[str, Coefficients]


@dataclass(frozen=True)
class NextTrial:
    """How well a method told what was read next, of reads that were held back: the means of recall@10 and nDCG@10."""

    recall: float
    ndcg: float


@dataclass(frozen=True)
class NextChoice:
    """Which method tells what is read next, and why.

    `penalty` is the lambda of EASE, `trials` are those of the methods, and `judged` how many reads were held back. Of
    the ten posts that the blend shows first it says that a share `said` is read next, and a share `true` was; None
    where nothing could be judged.
    """

    method: str
    penalty: float
    weights: dict[str, Coefficients]
    trials: dict[str, NextTrial]
    judged: int
    said: float | None
    true: float | None


@dataclass(frozen=True)
class LogFault:
    """A row of a reading log that could not be read: the file, the line or row from 1, and why, without its text."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class ReadingSummary:
    """What was counted of reading logs.

    Of `rows` in `files` of these `formats`, `reads` were kept and the others `dropped`, by reason; `faults` are the
    first that could not be read. `readers` made these reads in `visits` between the days `since` and `until`, and
    `readers_of_several` of them read more than one post. Nothing of fewer than `least_readers` is `published`, and
    nothing at all where too few readers have read two posts: these three numbers are rounded down then, and the days
    None. `next` says how it is told what is read next.
    """

    files: int
    formats: tuple[str, ...]
    rows: int
    reads: int
    dropped: dict[str, int]
    faults: tuple[LogFault, ...]
    readers: int
    readers_of_several: int
    visits: int
    since: str | None
    until: str | None
    least_readers: int
    published: bool
    next: NextChoice | None = None


@dataclass(frozen=True)
class ProposedTag:
    """A tag that a blog does not have, for `posts` articles that are about a phrase.

    `also` are other phrases for much the same articles. The phrase stands in `mentions` articles in all, `titles` of
    them have it in the title, and `times` is how often it stands in the whole text of one, on the average. `score` is
    how probable it is that authors would have it for a tag, `articles` are the ids, those that have it most often
    first, of a long list the first 1,000. `rank` numbers the tags from 1, the best first.
    """

    rank: int
    tag: str
    also: tuple[str, ...]
    posts: int
    mentions: int
    titles: int
    times: float
    score: float
    articles: tuple[str, ...]


ISSUES_PER_KIND = 200
"""At most so many issues of a kind are listed: more than an editor mends in a sitting."""

IssueKind = Literal["synonym", "variant", "once", "misfit", "contradiction", "missing"]

NameLikeness = Literal[
    "spelling", "form", "abbreviation", "misspelling", "initials", "words", "part", "letters", "unlike"
]
"""How the names of tags are alike.

`spelling`: one name in several spellings; `form`: they differ by no more than punctuation, space or plural, each in
all of its spellings. One name is the `abbreviation` or the `initials` of the other, a `part` or two `letters` of it,
or has all of its `words`; `misspelling`: they differ by a letter or two. `unlike`: not at all, only their posts are
alike.
"""


@dataclass(frozen=True)
class TagFigures:
    """A tag, how many posts carry it as spelled here, and its probability by the text of the issue's post, or None."""

    tag: str
    posts: int
    probability: float | None = None


@dataclass(frozen=True)
class PostSimilarity:
    """How alike the posts of two tags are.

    `across` is the mean cosine between the posts of one and those of the other, `within` the mean cosine to expect if
    they were one tag, `chance` that between any two posts; `both` counts the posts that carry both.
    """

    across: float
    within: float
    chance: float
    both: int


@dataclass(frozen=True)
class TextFit:
    """How probable the texts of a tag's posts make it.

    `mean` and `best` are the mean and the highest probability over the `judged` posts, `rate` the share of all posts
    that carry the tag.
    """

    judged: int
    mean: float
    best: float
    rate: float


@dataclass(frozen=True)
class IssueEvidence:
    """What shows that tags are to be mended, in figures that can be checked.

    `tags` are those of the issue, in its order. `likeness` compares names (synonym, variant), `similarity` posts
    (synonym), `fit` a tag with texts (misfit). `lacking` are tags that the text of the issue's post makes probable and
    that it lacks, the most probable first (once, contradiction).
    """

    tags: tuple[TagFigures, ...]
    likeness: NameLikeness | None = None
    similarity: PostSimilarity | None = None
    fit: TextFit | None = None
    lacking: tuple[TagFigures, ...] = ()


@dataclass(frozen=True)
class TagIssue:
    """What to mend in some tags (as shown), and why.

    `rank` numbers the issues of a kind from 1, the strongest first; `posts` counts the posts concerned, `articles` are
    the ids of the first few to look at, and `score` is the strength that the kind has, if any. Those of which enough
    are right are `shown` to people, ahead of the others.
    """

    kind: IssueKind
    rank: int
    tags: tuple[str, ...]
    posts: int
    score: float | None
    shown: bool
    articles: tuple[str, ...]
    evidence: IssueEvidence


ChangeKind = Literal[
    "theme-new",
    "theme-gone",
    "theme-renamed",
    "theme-grown",
    "theme-shrunk",
    "tag-added",
    "tag-gone",
    "issue-new",
    "issue-solved",
    "link-broken",
    "link-mended",
    "post-added",
    "post-removed",
    "post-changed",
    "related-changed",
]
"""What is another than in the previous run; docs/files.md says what each means."""

ChangeCause = Literal["itself", "added", "changed", "removed", "refit"]
"""Why related posts are others.

The post `itself` was changed, or another was `added`, `changed` or `removed`; `refit`: the posts are the same, and only
what was learned of all of them is another.
"""


@dataclass(frozen=True)
class Change:
    """What is another than in the previous run, `before` and `after`; `cause` is only of related posts.

    `id` is that of a post, the number of a theme, or the name of a tag; of what to mend it is the post's, "" where that
    is not of one post.
    """

    kind: ChangeKind
    id: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    cause: ChangeCause | None = None


@dataclass(frozen=True)
class Before:
    """The previous run in figures: its posts and the day of the newest, tags to mend shown, broken links, measures.

    The measures are of the methods in use.
    """

    posts: int
    newest: str | None
    tag_issues: int
    broken_links: int
    metrics: tuple[Metric, ...]


def as_row(record: Any) -> Any:
    """Turn a record into the dict that its JSON holds, nested records included; other values stay as they are."""
    if isinstance(record, tuple):
        return [as_row(value) for value in record]
    if isinstance(record, dict):
        return {name: as_row(value) for name, value in record.items()}
    if hasattr(record, "__dataclass_fields__"):  # dataclasses.asdict also copies every value, at ten times the cost
        return {name: as_row(value) for name, value in fields_of(record).items()}
    return record


def fields_of(record: Any) -> dict[str, Any]:
    """Return a record's fields by name; what readers tell of related articles is there only where it is known."""
    named: dict[str, Any] = vars(record)
    if type(record) is Why:
        return {name: value for name, value in named.items() if value is not None or name not in BY_READERS}
    return named
