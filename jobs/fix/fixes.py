"""What is to be mended in the posts of a blog: read, edited in memory, refused with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from jobs.check.changes import compare
from jobs.check.git import Repository
from jobs.check.posts import Blog, gather
from jobs.check.rules import rules_of
from jobs.fix.config import Config
from reports.words.language import AUTO
from transforms.checks.customs import Customs
from transforms.checks.front_matter import misspelt_keys
from transforms.checks.ignoring import EVERYTHING, comments, ignored_rules
from transforms.checks.merges import Merge, find_merges
from transforms.checks.posts import HowToRead, ReadPost
from transforms.checks.settings import Settings as Rules
from transforms.checks.tags import TagUse
from transforms.corpus.tag_spelling import Spellings
from transforms.editing.changes import TagChanges
from transforms.editing.edit import Edited, Habits, Refused, edit_tags
from transforms.editing.habits import form_of, usual_forms
from transforms.editing.keys import join_edits, rename_keys
from transforms.editing.new_key import Form
from transforms.generators.registry import splits_at_spaces
from transforms.reading.errors import LimitError, ParseError
from transforms.reading.fields import clean_language, clean_tags, first_clean, tag_key, with_spaced_tags
from transforms.reading.files import decode, read_content
from transforms.reading.front_matter import split_front_matter
from transforms.reading.language import detect_language

ASKED = 100
"""The language of a blog is that of most of so many posts."""


@dataclass(frozen=True)
class Post:
    """A post as it was read: its path below the root of the blog, its bytes, its tags and whether spaces part them.

    `keys` are those of its front matter that have a value.
    """

    path: str
    data: bytes
    tags: tuple[str, ...]
    spaced: bool
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fixes:
    """What is to be done: the posts edited and refused, by path, and the merges that came to something.

    `added` and `removed` count the posts that a tag is added to or removed from. Tags to merge or remove that no post
    has are `unknown`, each with the one that may be meant, "" for none. `languages` are those of some posts, where it
    is asked for them.
    """

    edited: Mapping[str, tuple[Post, Edited]]
    refused: Mapping[str, Refused]
    merges: tuple[Merge, ...]
    added: Mapping[str, int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)
    languages: Sequence[str | None] = ()


def find_fixes(config: Config, blog: Blog, repository: Repository | None) -> Fixes:
    """Read all posts, find what is to be mended in those that may be changed, and edit these.

    Raises UsageError where git cannot tell which these are.
    """
    compared = compare(repository, config.base, config.changed, everything=config.base is None)
    everything = compared.everything and config.changed is None
    changes = [change.path for change in compared.changes if change.path in blog.files]
    chosen = sorted(blog.files) if everything else changes
    refused: dict[str, Refused] = {}
    posts = {path: post for path in blog.files if (post := _read(config, blog, path, refused))}
    judged = [posts[path] for path in chosen if path in posts]
    changing = set(chosen)
    others = [post for path, post in posts.items() if path not in changing] or judged
    own = None if others is judged else _spellings(judged)
    rules = rules_of(config.settings, blog.root)
    found = find_merges(TagUse(_spellings(others)), config.merges, config.rules, rules, own)
    merges = {merge.old: merge for merge in found}
    lacking: Mapping[str, tuple[str, ...]] = {}
    if config.additions:
        from jobs.fix.additions import lacking_tags  # what it loads takes a second

        lacking = lacking_tags(config, config.additions, gather(blog, repository, compared), blog, rules)
    forms = usual_forms(form for post in posts.values() if (lacking or config.add) and (form := _form(post, config)))
    edited: dict[str, tuple[Post, Edited]] = {}
    added: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    counts: Counter[Merge] = Counter()
    fields = misspelt_fields(judged, others, config, rules) if "field-misspelt" in config.rules else {}
    for post in judged:
        wanted, new = changes_of(post, merges, lacking.get(post.path, ()), rules.ignored)
        asked = chosen_changes(post, config)
        new = tuple(dict.fromkeys((*asked.add, *new)))
        tags = replace(asked, respell={merge.old: merge.new for merge in wanted}, add=new)
        done = edit_post(post, tags, config, forms, fields.get(post.path, {}))
        if done and (blog.root / post.path).is_symlink():
            done = Refused("link")
        if isinstance(done, Edited):
            edited[post.path] = (post, done)
            counts.update(wanted)
            counts.update(Merge(old, name, "field-misspelt", 0) for old, name in fields.get(post.path, {}).items())
            added.update(new)
            removed.update(tag for tag in post.tags if tag_key(tag) in asked.remove)
        elif done:
            refused[post.path] = done
    renamed = sorted(merge for merge in counts if merge.rule == "field-misspelt")
    done_merges = tuple(merge._replace(posts=counts[merge]) for merge in (*merges.values(), *renamed) if counts[merge])
    languages = [_language(post, config) for post in list(posts.values())[:ASKED]] if config.lang == AUTO else []
    left = {path: refused[path] for path in chosen if path in refused}
    unknown = unknown_tags(config, TagUse(_spellings(posts.values())))
    return Fixes(edited, left, done_merges, added, removed, unknown, languages)


def _spellings(posts: Iterable[Post]) -> Spellings:
    return Counter((tag_key(tag), tag) for post in posts for tag in post.tags)


def changes_of(
    post: Post, merges: Mapping[str, Merge], lacking: Iterable[str], ignored: Mapping[str, Sequence[str]]
) -> tuple[list[Merge], tuple[str, ...]]:
    """The merges (given by the old tag) of a post's tags, and the tags to add, but for what is ignored there."""
    wanted = [merges[tag] for tag in post.tags if tag in merges]
    names = dict.fromkeys(merges[tag].new if tag in merges else tag for tag in lacking)
    new = tuple(name for name in names if tag_key(name) not in set(map(tag_key, post.tags)))
    if not new and all(merge.rule is None for merge in wanted):
        return wanted, ()
    out = ignored_in(post, ignored)
    kept = [merge for merge in wanted if merge.rule is None or not out & {merge.rule, EVERYTHING}]
    return kept, () if out & {"tag-suggest", EVERYTHING} else new


def chosen_changes(post: Post, config: Config) -> TagChanges:
    """What somebody chose to do with a post's tags: to add those that it lacks, and to remove others."""
    own = set(map(tag_key, post.tags))
    add = {tag_key(tag): tag for tag in reversed(config.add) if tag_key(tag) not in own}
    return TagChanges(add=tuple(reversed(add.values())), remove=frozenset(map(tag_key, config.remove)) & own)


def unknown_tags(config: Config, use: TagUse) -> dict[str, str]:
    """The tags to merge or to remove that no post has, each with the one most like it, "" where none is."""
    targets = {tag_key(old): tag_key(new) for old, new in config.merges.items()}
    unknown: dict[str, str] = {}
    for tag in (*config.merges, *config.remove):
        if (key := tag_key(tag)) not in use.usual:
            close = get_close_matches(key, sorted(use.usual.keys() - {targets.get(key)}), n=1)
            unknown[tag] = use.usual[close[0]] if close else ""
    return unknown


def misspelt_fields(
    judged: Iterable[Post], others: Sequence[Post], config: Config, rules: Rules
) -> dict[str, dict[str, str]]:
    """The misspelt fields of posts by path, each with what is meant, by the fields of all other posts."""
    counts = Counter(key for post in others for key in post.keys)
    how, among = HowToRead(site=config.found_site), {post.path for post in others}
    found = {}
    for post in judged:
        own = post.path in among
        keys = counts - Counter(post.keys) if own else counts
        names = misspelt_keys(post.keys, Customs(posts=len(others) - own, keys=keys), how, rules)
        if names and not ignored_in(post, rules.ignored) & {"field-misspelt", EVERYTHING}:
            found[post.path] = names
    return found


def edit_post(
    post: Post, changes: TagChanges, config: Config, forms: Mapping[str, Form], fields: Mapping[str, str]
) -> Edited | Refused | None:
    """Rename fields of a post, and edit its tags as the blog writes them."""
    renamed = rename_keys(post.data, fields) if fields else None
    if not isinstance(renamed, Edited):
        return renamed or edit_tags_of(post, changes, config, forms)
    done = edit_tags_of(replace(post, data=renamed.data), changes, config, forms)
    return join_edits(post.data, renamed, done) if isinstance(done, Edited) else done or renamed


def edit_tags_of(post: Post, changes: TagChanges, config: Config, forms: Mapping[str, Form]) -> Edited | Refused | None:
    """Edit the tags of a post as the blog writes them."""
    form = Form()
    if changes.add:
        form = forms.get(split_front_matter(decode(post.data, post.path), post.path).language, form)
    return edit_tags(post.data, changes, Habits(config.fields["tags"], post.spaced, form))


def ignored_in(post: Post, ignored: Mapping[str, Sequence[str]]) -> set[str]:
    """The rules that the config, by its globs, or a comment in the front matter ignores in a post."""
    matter = split_front_matter(decode(post.data, post.path), post.path)
    asked = comments(ReadPost(post.path, matter.source, matter._replace(body="")))
    return {*ignored_rules(post.path, ignored), *(rule for comment in asked for rule in comment.rules)}


def _language(post: Post, config: Config) -> str | None:
    matter = split_front_matter(decode(post.data, post.path), post.path)
    return first_clean(matter.values, config.fields["language"], clean_language) or detect_language(matter.body)


def _form(post: Post, config: Config) -> tuple[str, Form] | None:
    matter = split_front_matter(decode(post.data, post.path), post.path)
    form = form_of(matter, config.fields["tags"])
    return form and (matter.language, form)


def _read(config: Config, blog: Blog, path: str, refused: dict[str, Refused]) -> Post | None:
    """Read a post; one that cannot be read is refused, and a link to another of the posts is none."""
    file = blog.files[path]
    place = blog.root / path
    if place.is_symlink() and _target(blog, place) in blog.files:
        return None
    try:
        data = read_content(file)
        matter = split_front_matter(decode(data, path), path)
        spaced = splits_at_spaces(config.found_site.generator, f"{file.root}/{file.path}".split("/"))
        values = with_spaced_tags(matter.values) if spaced else matter.values
        tags = first_clean(values, config.fields["tags"], clean_tags) or ()
        return Post(path, data, tags, spaced, ReadPost(path, matter=matter).keys)
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
