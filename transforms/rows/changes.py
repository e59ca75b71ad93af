"""What is another than in the previous run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transforms.rows.measures import Metric

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
