"""What is another in a run than in the one before it: facts of both by key, compared one by one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from transforms.records import Article
from transforms.results import Change, ChangeCause, ChangeKind, Cluster, Related, TagIssue, UnresolvedLink

Key = tuple[str, ...]
"""What a fact is of: first a word for its kind."""
Value = tuple[str, ...]
Fact = tuple[Key, Value]
Posts = Mapping[str, ChangeKind]
"""The posts that were added, changed and removed, by id."""
COMPARED_TABLES = ("articles", "related", "clusters", "tag_issues", "unresolved_links")
"""The tables that facts are taken from."""
COMPARED = ("title", "date", "tags", "categories", "lede", "headings", "language", "url", "thumbnail")
"""The fields of a post that are compared one by one."""
FILE = "file"
"""What is changed in a post where none of these fields is."""
OF_ONE_POST = ("once", "contradiction", "missing")
"""The kinds of tags to mend that are each about one post."""
SHOWN, LISTED = ("shown",), ("listed",)
CAUSES: tuple[tuple[ChangeKind, ChangeCause], ...] = (
    ("post-added", "added"),
    ("post-changed", "changed"),
    ("post-removed", "removed"),
)
"""What becomes of a post, and what that is as a cause: the first that applies counts."""


def facts_of(record: Any) -> Iterator[Fact]:
    """Take from a row of a table the facts that are compared; of other rows there are none."""
    taken = _FACTS.get(type(record))
    return taken(record) if taken else iter(())


def compare(key: Key, before: Collection[Value], after: Collection[Value]) -> Iterator[Change]:
    """Compare what two runs say under a key, each once or more in any order; nothing where a run says nothing."""
    return _COMPARE[key[0]](key[1:], max(before, default=None), max(after, default=None))


def possible_causes(change: Change) -> frozenset[str]:
    """The posts whose own change can be why related posts are others: that one, those that came and those that went."""
    return frozenset({change.id, *set(change.before) ^ set(change.after)})


def add_cause(change: Change, posts: Posts) -> Change:
    """Say of related posts that are others why they are."""
    if change.kind != "related-changed":
        return change
    if change.id in posts:
        return replace(change, cause="itself")
    became = {posts.get(id_) for id_ in set(change.before) ^ set(change.after)}
    return replace(change, cause=next((cause for kind, cause in CAUSES if kind in became), "refit"))


def _article_facts(article: Article) -> Iterator[Fact]:
    yield ("post", article.id), (article.blob, *(repr(getattr(article, field)) for field in COMPARED))
    for tag in article.tags:
        yield ("tag", tag), ()


def _related_facts(row: Related) -> Iterator[Fact]:
    yield ("related", row.id), tuple(other.id for other in row.related if other.kind == "similar")


def _theme_facts(cluster: Cluster) -> Iterator[Fact]:
    yield ("theme", str(cluster.number)), (cluster.name, str(cluster.size))


def _issue_facts(issue: TagIssue) -> Iterator[Fact]:
    post = issue.articles[0] if issue.kind in OF_ONE_POST else ""
    yield ("issue", post, issue.kind, *sorted(issue.tags)), SHOWN if issue.shown else LISTED


def _link_facts(link: UnresolvedLink) -> Iterator[Fact]:
    if link.kind == "broken":
        yield ("link", link.id, link.href), ()


_FACTS: Mapping[type[Any], Callable[[Any], Iterator[Fact]]] = {
    Article: _article_facts,
    Related: _related_facts,
    Cluster: _theme_facts,
    TagIssue: _issue_facts,
    UnresolvedLink: _link_facts,
}


def _compare_posts(key: Key, before: Value | None, after: Value | None) -> Iterator[Change]:
    if before is None:
        yield Change("post-added", key[0])
    elif after is None:
        yield Change("post-removed", key[0])
    elif before != after:
        fields = [name for name, old, new in zip(COMPARED, before[1:], after[1:], strict=True) if old != new]
        yield Change("post-changed", key[0], after=tuple(fields or [FILE]))


def _compare_related(key: Key, before: Value | None, after: Value | None) -> Iterator[Change]:
    if before is not None and after is not None and set(before) != set(after):
        yield Change("related-changed", key[0], before, after)


def _compare_themes(key: Key, before: Value | None, after: Value | None) -> Iterator[Change]:
    if before is None or after is None:
        yield Change("theme-gone" if after is None else "theme-new", key[0], (before or ())[:1], (after or ())[:1])
        return
    if before[0] != after[0]:
        yield Change("theme-renamed", key[0], before[:1], after[:1])
    if before[1] != after[1]:
        kind: ChangeKind = "theme-grown" if int(after[1]) > int(before[1]) else "theme-shrunk"
        yield Change(kind, key[0], before[1:], after[1:])


def _compare_tags(key: Key, before: Value | None, after: Value | None) -> Iterator[Change]:
    if before is None:
        yield Change("tag-added", key[0])
    elif after is None:
        yield Change("tag-gone", key[0])


def _compare_issues(key: Key, before: Value | None, after: Value | None) -> Iterator[Change]:
    """An issue that merely leaves those shown, or enters them from those listed, is neither solved nor new."""
    if before is None and after == SHOWN:
        yield Change("issue-new", key[0], after=key[1:])
    elif before == SHOWN and after is None:
        yield Change("issue-solved", key[0], key[1:])


def _compare_links(key: Key, before: Value | None, after: Value | None) -> Iterator[Change]:
    if before is None:
        yield Change("link-broken", key[0], after=key[1:])
    elif after is None:
        yield Change("link-mended", key[0], key[1:])


_COMPARE: Mapping[str, Callable[[Key, Value | None, Value | None], Iterator[Change]]] = {
    "post": _compare_posts,
    "related": _compare_related,
    "theme": _compare_themes,
    "tag": _compare_tags,
    "issue": _compare_issues,
    "link": _compare_links,
}
