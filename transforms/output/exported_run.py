"""A published run, read back as what a site shows of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from transforms.corpus.languages import BlogLanguages, blog_languages
from transforms.output.lacking import lacking_tags, tag_rates
from transforms.output.small_vectors import small_vectors
from transforms.output.stored import LoadError, StoredRun
from transforms.results import LEAST_RELATED, Cluster, RelatedArticle, TagMethod, TagTrial, Translation


@dataclass(frozen=True)
class RunConfig:
    """What a run's config says of its posts and of how they were related."""

    input: tuple[str, ...]
    vectors: tuple[str, ...]
    include: tuple[str, ...]
    related: int
    any_language: bool
    min_confidence: float | None
    tags: TagMethod
    site_generator: str | None

    @property
    def least_related(self) -> float:
        """How sure a related post is at least."""
        return LEAST_RELATED if self.min_confidence is None else self.min_confidence


@dataclass(frozen=True)
class Wanted:
    """What of a run is exported.

    At most so many `related` posts, not less sure than `least` (None: as the run has them), and which `extras`.
    """

    related: int | None = None
    least: float | None = None
    any_language: bool = False
    extras: frozenset[str] = frozenset()


@dataclass
class ExportedPost:
    """A post, and the ids of others that a site shows beside it.

    `related` are the similar ones, best first, `reasons` what makes them so, `newest` is the newest of its theme, and
    `tags` are those that the report proposes for it. `also_read` are those that its readers read too. `readable` is the
    language of the posts that are shown beside it, "" if all are, and `vector` a byte a dimension. What was not wanted
    is empty.
    """

    path: str
    title: str
    url: str | None
    language: str | None
    related: tuple[str, ...] = ()
    reasons: tuple[RelatedArticle, ...] = ()
    newest: str | None = None
    theme: int | None = None
    tags: tuple[str, ...] = ()
    translations: tuple[Translation, ...] = ()
    also_read: tuple[str, ...] = ()
    readable: str = ""
    vector: bytes = b""


Posts = Mapping[str, ExportedPost]


@dataclass(frozen=True)
class ExportedRun:
    """Posts by their ids, and the themes if they are wanted."""

    posts: Posts
    themes: tuple[Cluster, ...] = ()
    extras: frozenset[str] = field(default_factory=frozenset)


def read_config(run: StoredRun) -> RunConfig:
    """Read what a run's config says; raises LoadError where it is not as this version writes it."""
    return run.read_as(RunConfig, "config")


def read_generator(run: StoredRun) -> str | None:
    """The generator that a run found, or was told of; raises LoadError as above."""
    return run.read_as(_Site, "site").generator


def load_exported(run: StoredRun, wanted: Wanted) -> ExportedRun:
    """Read what a site shows of a run, all posts of it; raises LoadError when its folder holds no whole run."""
    posts = _posts(run)
    languages = _languages(run, posts.values(), any_language=wanted.any_language)
    for row in _records(run, "related"):
        _relate(run, posts, row, languages, wanted)
    for extra, add in _ADDED.items():
        if extra in wanted.extras:
            add(run, posts, wanted)
    themes = tuple(_records(run, "clusters")) if "themes" in wanted.extras else ()
    return ExportedRun(posts, themes, wanted.extras)


@dataclass(frozen=True)
class _Site:
    generator: str | None
    languages: tuple[str, ...] = ()


def _languages(run: StoredRun, posts: Collection[ExportedPost], *, any_language: bool) -> BlogLanguages:
    listed = run.read_as(_Site, "site").languages
    return blog_languages(Counter(post.language for post in posts), listed, any_language=any_language)


def _posts(run: StoredRun) -> dict[str, ExportedPost]:
    posts: dict[str, ExportedPost] = {}
    for article in _records(run, "articles"):
        if article.id in posts:
            raise LoadError(f"{run.folder!r} holds no run that can be exported: it has {article.id!r} twice")
        posts[article.id] = ExportedPost(article.path, article.title, article.url, article.language)
    return posts


def _relate(run: StoredRun, posts: Posts, row: Any, languages: BlogLanguages, wanted: Wanted) -> None:
    """Take in a row of the related posts: those in the post's language that are sure enough."""
    post = _of(run, posts, row.id)
    group = languages.group(post.language)
    near = [other for other in row.related if languages.group(_of(run, posts, other.id).language) == group]
    similar = tuple(
        other
        for other in near
        if other.kind == "similar"
        and (wanted.least is None or other.confidence is None or other.confidence >= wanted.least)
    )[: wanted.related]
    post.related = tuple(other.id for other in similar)
    if "why" in wanted.extras:
        post.reasons = similar
    if "new" in wanted.extras:
        post.newest = next((other.id for other in near if other.kind == "newest_in_cluster"), None)


def _add_tags(run: StoredRun, posts: Posts, _wanted: Wanted) -> None:
    """Take in the tags that the run's report proposes."""
    trial = run.read_as(TagTrial, "tag_trial") if read_config(run).tags == "blend" else None
    counts = Counter(tag for article in _records(run, "articles") for tag in article.tags)
    rates = tag_rates(counts, len(posts))
    for row in _records(run, "tags"):
        lacking = lacking_tags(row.recommended, trial, rates)
        _of(run, posts, row.id).tags = tuple(tag.tag for tag in lacking)


def _add_themes(run: StoredRun, posts: Posts, _wanted: Wanted) -> None:
    for row in _records(run, "members"):
        _of(run, posts, row.id).theme = row.cluster


def _add_translations(run: StoredRun, posts: Posts, _wanted: Wanted) -> None:
    for row in _records(run, "translations"):
        for other in row.translations:
            _of(run, posts, other.id)
        _of(run, posts, row.id).translations = row.translations


def _add_vectors(run: StoredRun, posts: Posts, wanted: Wanted) -> None:
    languages = _languages(run, posts.values(), any_language=wanted.any_language)
    for id_, vector in small_vectors(run).items():
        post = _of(run, posts, id_)
        post.readable, post.vector = languages.group_name(post.language), vector


def _add_also_read(run: StoredRun, posts: Posts, wanted: Wanted) -> None:
    if "also_read" not in run.tables:
        raise LoadError(f"{run.folder!r} has no also_read: give reading logs to postkin report with --readings")
    languages = _languages(run, posts.values(), any_language=wanted.any_language)
    for row in _records(run, "also_read"):
        post = _of(run, posts, row.id)
        group = languages.group(post.language)
        near = (other.id for other in row.also if languages.group(_of(run, posts, other.id).language) == group)
        post.also_read = tuple(near)[: wanted.related]


_ADDED: Mapping[str, Callable[[StoredRun, Posts, Wanted], None]] = {
    "also_read": _add_also_read,
    "next": _add_vectors,
    "tags": _add_tags,
    "themes": _add_themes,
    "translations": _add_translations,
}


def _records(run: StoredRun, table: str) -> Iterator[Any]:
    for file in run.files(table):
        yield from run.all_records(table, file)


def _of(run: StoredRun, posts: Posts, id_: str) -> ExportedPost:
    if id_ not in posts:
        raise LoadError(f"{run.folder!r} holds no whole run: {id_!r} is in a table, and no post is")
    return posts[id_]
