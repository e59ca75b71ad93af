"""Rules on related posts: those that should link to each other, and do not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from transforms.checks.findings import Finding, RelatedPost, Unlinked
from transforms.checks.posts import ReadPost, finding
from transforms.checks.settings import Settings


def check_related(
    post: ReadPost, related: Sequence[RelatedPost], copies: Collection[str], settings: Settings
) -> Iterator[Finding]:
    """Name the related posts, best first, that no link leads to or from; `copies` are the ids of the post's copies."""
    missing = [
        other
        for other in related
        if other.links == "none" and (other.confidence or 0.0) >= settings.link_from and other.id not in copies
    ]
    if missing:
        yield finding("link-missing", post, 1, "", Unlinked(tuple(missing[: settings.link_most])))
