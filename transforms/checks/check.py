"""`postkin check`: all rules on the posts that change, and of their findings those that the change brings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from transforms.checks.baseline import Key, apply_baseline, old_entries
from transforms.checks.blog import Blog
from transforms.checks.findings import (
    RULES,
    CheckedPost,
    DuplicatePost,
    Finding,
    Fix,
    Repeated,
    Result,
    Status,
    Suggested,
    Unlinked,
    key_of_finding,
    order,
)
from transforms.checks.ignoring import Sifted, sift
from transforms.checks.links import check_deleted, check_links_to_renamed, check_moved
from transforms.checks.posts import ChangedPost, HowToRead, ReadPost, read_versions
from transforms.checks.seen import Seen, Side
from transforms.checks.settings import DEFAULTS, Settings
from transforms.reading.fields import tag_key

DRIFT = 0.7
"""What was this share as probable before is not news: a few words more or less change probabilities."""
MANY = 100
RELATED_TOLD = 4
"""So many related posts are told of each post."""


def check(
    changes: Sequence[ChangedPost],
    blog: Blog,
    how: HowToRead,
    settings: Settings = DEFAULTS,
    baseline: Mapping[Key, int] | None = None,
    baseline_path: str | None = None,
) -> Result:
    """Check posts that change against all other posts of the blog.

    Of a post with `base` bytes only what is new is found: the rules run on these too, and what they find there is left
    out. A post that is only renamed is asked for its address alone. `baseline` holds accepted findings, each as often
    as it occurs; where its path is given, as when all posts are checked, it is said how many of them are gone.
    """
    known, ordered = set(blog.linking.paths.values()), sorted(changes, key=lambda change: change.path)
    kept = {change.path: change for change in ordered if change.new is not None}
    new = _read({path: (path, change.new or b"") for path, change in kept.items()}, known, blog, how)
    were = {change.path: (change.was or change.path, change.base) for change in ordered if change.base is not None}
    old = _read({path: (was, base or b"") for path, (was, base) in were.items()}, known, blog, how)
    gone = [post for path, post in old.items() if path not in new]
    before = Side({path: post for path, post in old.items() if path in new}, blog, how, gone)
    after = Side(new, blog, how, before=before)

    found: list[Finding] = []
    ignored = 0
    for path, change in kept.items():
        news = _sifted(after, path, settings, asked=change.new != change.base)
        if change.was and path in old:
            moved = check_moved(new[path], old[path], change.was, before.followed, after.followed)
            news.shown.extend(_levelled(moved, settings))
        past = _sifted(before, path, _lenient(settings)) if path in old else Sifted([], [])
        found += brought(news.shown, past.shown)
        ignored += len(brought(news.ignored, [*past.shown, *past.ignored]))
    renamed = [(new[path], old[path]) for path, change in kept.items() if change.was and path in old]
    elsewhere = [
        *check_deleted(gone, before.followed, after.followed),
        *check_links_to_renamed(renamed, before.followed, after.followed),
    ]
    for finding in _levelled(elsewhere, settings):
        sifted = sift(new.get(finding.path, ReadPost(finding.path)), [finding], settings.ignored, unused=False)
        found += sifted.shown
        ignored += len(sifted.ignored)
    accepted = Counter(baseline or {})
    applied = apply_baseline(order(found), accepted)
    shown = applied.shown
    if baseline_path is not None:
        shown = order([*shown, *_levelled(old_entries(applied.old, accepted, baseline_path), settings)])
    posts = tuple(_checked(change, new[path], after) for path, change in kept.items())
    return Result(posts, tuple(shown), ignored, applied.held, blog.posts, blog.fitted)


def brought(new: Iterable[Finding], old: Iterable[Finding]) -> list[Finding]:
    """The findings of a post that it had not before: those of no rule and subject that it had, as often as it had them.

    Of tags and posts that are suggested, those are left that were not, and of passages those whose text is new.
    """
    past: dict[Key, list[Finding]] = {}
    for finding in old:
        past.setdefault(key_of_finding(finding), []).append(finding)
    found = []
    for finding in new:
        same = past.get(key_of_finding(finding), [])
        if isinstance(finding.details, Suggested | Unlinked):
            left = _not_told(finding, same)
            found += [left] if left else []
        elif isinstance(finding.details, Repeated):
            found += [finding] if finding.details.new else []
        elif same:
            same.pop()
        else:
            found.append(finding)
    return found


def _read(
    versions: Mapping[str, tuple[str, bytes]], known: Iterable[str], blog: Blog, how: HowToRead
) -> dict[str, ReadPost]:
    """Read versions of posts, each given by the path that it had then and its bytes."""
    files = how.files({*known, *(path for path, _ in versions.values())})
    posts = read_versions([(data, path, files[was]) for path, (was, data) in versions.items()], how)
    return {post.path: replace(post, article=blog.settle(post.article)) if post.article else post for post in posts}


def _sifted(side: Side, path: str, settings: Settings, *, asked: bool = True) -> Sifted:
    if not asked:
        return Sifted([], [])
    return sift(side.posts[path], _levelled(side.findings(path, settings), settings), settings.ignored)


def _levelled(findings: Iterable[Finding], settings: Settings) -> list[Finding]:
    """Findings at the levels that the settings ask for, without those of rules that are off."""
    levelled = []
    for finding in findings:
        level = settings.levels.get(finding.rule, "off" if RULES[finding.rule] == "off" else finding.severity)
        if level != "off":
            levelled.append(replace(finding, severity=level))
    return levelled


def _lenient(settings: Settings) -> Settings:
    """The settings by which all is found that nearly was a finding before."""
    return replace(
        settings,
        suggest_from=DRIFT * settings.suggest_from,
        suggest_most=MANY,
        link_from=DRIFT * settings.link_from,
        link_most=MANY,
    )


def _not_told(finding: Finding, past: Sequence[Finding]) -> Finding | None:
    """The finding without the tags and posts that were suggested before; None if nothing is left."""
    if isinstance(finding.details, Suggested):
        told = {
            tag_key(chance.tag) for one in past if isinstance(one.details, Suggested) for chance in one.details.tags
        }
        tags = tuple(chance for chance in finding.details.tags if tag_key(chance.tag) not in told)
        fix = Fix("tag", None, tuple(chance.tag for chance in tags))
        return replace(finding, details=Suggested(tags), fix=fix) if tags else None
    if isinstance(finding.details, Unlinked):
        were = (one.details for one in past if isinstance(one.details, Unlinked))
        ids = {post.id for details in were for post in details.posts}
        posts = tuple(post for post in finding.details.posts if post.id not in ids)
        return replace(finding, details=Unlinked(posts)) if posts else None
    return finding


def _checked(change: ChangedPost, post: ReadPost, side: Side) -> CheckedPost:
    status: Status = "modified" if change.status == "deleted" else change.status
    seen = side.seen.get(change.path, Seen())
    copies = tuple(DuplicatePost(side.path_of(copy.article), copy.score, copy.exact) for copy in seen.copies)
    id_ = post.article.id if post.article else None
    return CheckedPost(change.path, id_, status, change.was, seen.chances, seen.related[:RELATED_TOLD], copies)
