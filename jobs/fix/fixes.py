"""What is to be mended in the posts of a blog: read, edited in memory, refused with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.check.changes import compare
from jobs.check.git import Repository
from jobs.check.posts import Blog
from jobs.check.rules import rules_of
from jobs.fix.config import Config
from transforms.checks.ignoring import EVERYTHING, comments, ignored_rules
from transforms.checks.merges import Merge, find_merges
from transforms.checks.posts import ReadPost
from transforms.checks.tags import TagUse
from transforms.corpus.tag_spelling import Spellings
from transforms.editing.changes import TagChanges
from transforms.editing.edit import Edited, Habits, Refused, edit_tags
from transforms.generators.registry import splits_at_spaces
from transforms.reading.errors import LimitError, ParseError
from transforms.reading.fields import clean_tags, first_clean, tag_key, with_spaced_tags
from transforms.reading.files import decode, read_content
from transforms.reading.front_matter import split_front_matter


@dataclass(frozen=True)
class Post:
    """A post as it was read: its path below the root of the blog, its bytes and tags, and how its tags are parted."""

    path: str
    data: bytes
    tags: tuple[str, ...]
    spaced: bool


@dataclass(frozen=True)
class Fixes:
    """What is to be done: the posts edited and refused, by path, and the merges that came to something."""

    edited: Mapping[str, tuple[Post, Edited]]
    refused: Mapping[str, Refused]
    merges: tuple[Merge, ...]


def chosen_posts(config: Config, blog: Blog, repository: Repository | None) -> list[str]:
    """The paths of the posts that may be changed."""
    compared = compare(repository, config.base, config.changed, everything=config.base is None)
    if compared.everything and config.changed is None:
        return sorted(blog.files)
    return [change.path for change in compared.changes if change.path in blog.files]


def find_fixes(config: Config, blog: Blog, chosen: Sequence[str]) -> Fixes:
    """Read all posts, find the tags to merge, and edit the chosen posts that have some."""
    refused: dict[str, Refused] = {}
    posts = {path: post for path in blog.files if (post := _read(config, blog, path, refused))}
    judged = [posts[path] for path in chosen if path in posts]
    changing = set(chosen)
    others = [post for path, post in posts.items() if path not in changing] or judged
    own = None if others is judged else _spellings(judged)
    rules = rules_of(config.settings, blog.root)
    found = find_merges(TagUse(_spellings(others)), config.merges, config.rules, rules, own)
    merges = {merge.old: merge for merge in found}
    edited: dict[str, tuple[Post, Edited]] = {}
    counts: Counter[Merge] = Counter()
    for post in judged:
        wanted = merges_of(post, merges, rules.ignored)
        changes = TagChanges(respell={merge.old: merge.new for merge in wanted})
        done = edit_tags(post.data, changes, Habits(config.fields["tags"], post.spaced))
        if done and (blog.root / post.path).is_symlink():
            done = Refused("link")
        if isinstance(done, Edited):
            edited[post.path] = (post, done)
            counts.update(wanted)
        elif done:
            refused[post.path] = done
    done_merges = tuple(merge._replace(posts=counts[merge]) for merge in merges.values() if counts[merge])
    return Fixes(edited, {path: refused[path] for path in chosen if path in refused}, done_merges)


def _spellings(posts: Iterable[Post]) -> Spellings:
    return Counter((tag_key(tag), tag) for post in posts for tag in post.tags)


def merges_of(post: Post, merges: Mapping[str, Merge], ignored: Mapping[str, Sequence[str]]) -> list[Merge]:
    """The merges (given by the old tag) of a post's tags, but for those of rules that are ignored there."""
    found = [merges[tag] for tag in post.tags if tag in merges]
    if not any(merge.rule for merge in found):
        return found
    matter = split_front_matter(decode(post.data, post.path), post.path)
    asked = (comment.rules for comment in comments(ReadPost(post.path, matter.source, matter._replace(body=""))))
    out = {*ignored_rules(post.path, ignored), *(rule for rules in asked for rule in rules)}
    return [merge for merge in found if merge.rule is None or not out & {merge.rule, EVERYTHING}]


def _read(config: Config, blog: Blog, path: str, refused: dict[str, Refused]) -> Post | None:
    """Read a post; one that cannot be read is refused, and a link to another of the posts is none."""
    file = blog.files[path]
    place = blog.root / path
    if place.is_symlink() and _target(blog, place) in blog.files:
        return None
    try:
        data = read_content(file)
        values = split_front_matter(decode(data, path), path).values
        spaced = splits_at_spaces(config.generator, f"{file.root}/{file.path}".split("/"))
        values = with_spaced_tags(values) if spaced else values
        return Post(path, data, first_clean(values, config.fields["tags"], clean_tags) or (), spaced)
    except (ParseError, LimitError) as error:
        refused[path] = Refused("unreadable", error.line, error.reason)
    except RecursionError:
        refused[path] = Refused("unreadable", None, "nested too deeply")
    return None


def _target(blog: Blog, link: Path) -> str:
    """The path below the root of the blog that a link leads to, "" where it leads out of it."""
    try:
        target = link.resolve()
    except (OSError, RuntimeError):
        return ""
    return target.relative_to(blog.root).as_posix() if target.is_relative_to(blog.root) else ""
