"""Tags that posts lack, by what postkin check knows of the others; loaded only where they are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from jobs.check.knowledge import know
from jobs.check.posts import Blog, Gathered
from jobs.fix.config import Additions, Config
from transforms.checks.check import check
from transforms.checks.findings import CheckedPost
from transforms.checks.posts import ChangedPost, HowToRead
from transforms.checks.settings import Settings


def lacking_tags(
    config: Config, additions: Additions, gathered: Gathered, blog: Blog, rules: Settings
) -> Mapping[str, tuple[str, ...]]:
    """The tags that each of the gathered posts lacks, by its path, the most probable first."""
    include = frozenset(config.settings.report.get("--include", ()))
    how = HowToRead(config.fields, include=include, site=config.found_site, roots=blog.roots)
    known, _ = know(blog, gathered, how, config.state, "postkin fix")
    readable = (version for version in gathered.checked if not version.unreadable)
    changes = [ChangedPost(version.change.path, version.change.status, version.new) for version in readable]
    return {post.path: _lacking(post, additions) for post in check(changes, known, how, rules).posts}


def _lacking(post: CheckedPost, additions: Additions) -> tuple[str, ...]:
    likely = (tag for tag in post.tags if tag.probability >= additions.min_confidence)
    return tuple(tag.tag for tag in likely if not tag.present)[: additions.most]
