"""The fix: posts whose tags are to be mended in, a diff of them or the changed files out. Beam is never imported."""

from __future__ import annotations

import os
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.check.changes import compare
from jobs.check.git import GitError, Repository, find_repository
from jobs.check.posts import Blog, find_blog
from jobs.fix.config import Config, defaults, parse_config
from jobs.fix.files import ChangedError, replace_content
from jobs.options.configured import explain, settings_of
from jobs.options.errors import UsageError, refuse
from jobs.options.settings import Settings
from reports.words.fixes import say_closing, say_failure, say_merge, say_refusal
from reports.words.language import load_language
from transforms.checks.merges import Merge, find_merges
from transforms.checks.settings import Settings as CheckSettings
from transforms.checks.tags import TagUse
from transforms.editing.changes import TagChanges
from transforms.editing.diff import unified_diff
from transforms.editing.edit import Edited, Habits, Refused, edit_tags
from transforms.generators.registry import splits_at_spaces
from transforms.plumbing.printable import printable, printable_place
from transforms.reading.errors import LimitError, ParseError
from transforms.reading.fields import clean_tags, first_clean, tag_key, with_spaced_tags
from transforms.reading.files import decode, pattern_root, read_content
from transforms.reading.front_matter import split_front_matter

FAILED = 3
"""The exit code where files cannot be written, or the run has a fault of its own; 1 is that of things to do."""


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


def fix(config: Config) -> int:
    """Find what is to be mended and do what is asked for; returns the exit code.

    Raises UsageError for what cannot be met.
    """
    repository = _repository(config)
    blog = find_blog(config.input, repository)
    fixes = find_fixes(config, blog, chosen_posts(config, blog, repository))
    failed = write_posts(blog.root, fixes) if config.action == "write" else {}
    tell(config, fixes, failed)
    if failed:
        return FAILED
    undone = any(refused.kind != "unreadable" for refused in fixes.refused.values())
    return int(config.action != "diff" and (undone or bool(fixes.edited and config.action == "check")))


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
    spellings = Counter((tag_key(tag), tag) for post in posts.values() for tag in post.tags)
    settings = CheckSettings(synonyms=config.tags.synonyms, known_tags=config.tags.known)
    merges = find_merges(TagUse(spellings), config.merges, config.rules, settings)
    changes = TagChanges(respell={merge.old: merge.new for merge in merges})
    names = config.fields["tags"]
    edited: dict[str, tuple[Post, Edited]] = {}
    for path in chosen:
        if post := posts.get(path):
            done = edit_tags(post.data, changes, Habits(names, post.spaced))
            if done and (blog.root / path).is_symlink():
                done = Refused("link")
            if isinstance(done, Edited):
                edited[path] = (post, done)
            elif done:
                refused[path] = done
    counts = Counter(tag for post, _ in edited.values() for tag in post.tags)
    done_merges = tuple(merge._replace(posts=counts[merge.old]) for merge in merges if counts[merge.old])
    return Fixes(edited, {path: refused[path] for path in chosen if path in refused}, done_merges)


def write_posts(root: Path, fixes: Fixes) -> dict[str, str]:
    """Write the edited posts; returns the paths of those that could not be written, each with the reason."""
    failed = {}
    for path, (post, edited) in fixes.edited.items():
        try:
            replace_content(root / path, post.data, edited.data)
        except ChangedError as error:
            failed[path] = str(error.strerror)
        except OSError as error:
            failed[path] = error.strerror or type(error).__name__
    return failed


def tell(config: Config, fixes: Fixes, failed: Mapping[str, str]) -> None:
    """Print the diff on standard output, and on standard error what is left and why, and what was done."""
    say = load_language(config.lang)
    if config.action == "diff":
        _print(unified_diff(path, post.data, edited.splices) for path, (post, edited) in fixes.edited.items())
    for path, refused in fixes.refused.items():
        sys.stderr.write(f"{printable_place(path, refused.line)}: {say_refusal(refused.kind, refused.detail, say)}\n")
    for path, reason in failed.items():
        sys.stderr.write(f"{printable(path)}: {say_failure(reason, say)}\n")
    if config.quiet:
        return
    lines = [say_merge(*merge, say) for merge in fixes.merges]
    changed = len(fixes.edited) - len(failed)
    lines.append(say_closing(changed, len(fixes.refused) + len(failed), say, done=config.action == "write"))
    stream = sys.stderr if config.action == "diff" else sys.stdout
    stream.write("".join(f"{line}\n" for line in lines))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    settings = Settings()
    try:
        settings = settings_of(arguments)
        return fix(parse_config(arguments, settings))
    except (UsageError, OSError) as error:
        return refuse(explain(error, defaults(settings), settings, arguments), "postkin fix")
    except Exception as error:  # noqa: BLE001  whoever reads exit codes takes 1 for things to do
        traceback.print_exc()
        sys.stderr.write(f"postkin fix: failed: {printable(f'{type(error).__name__}: {error}')}\n")
        return FAILED


def _repository(config: Config) -> Repository | None:
    """The repository that the posts are in."""
    folder = Path(pattern_root(config.input[0]))
    try:
        return find_repository(folder) if folder.is_dir() else None
    except GitError as error:
        raise UsageError(f"git: {error}") from None


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


def _print(parts: Iterable[bytes]) -> None:
    try:
        sys.stdout.flush()
        for part in parts:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever reads has seen enough; what is left shall not fail at the end of the process
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
