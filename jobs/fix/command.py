"""The fix: posts whose tags are to be mended in, a diff of them or the changed files out. Beam is never imported."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from jobs.check.git import GitError, Repository, find_repository
from jobs.check.posts import find_blog
from jobs.fix.config import Config, defaults, parse_config
from jobs.fix.fixes import Fixes, find_fixes
from jobs.options.configured import explain, settings_of
from jobs.options.errors import UsageError, refuse
from jobs.options.settings import Settings
from reports.words.fixes import say_addition, say_closing, say_failure, say_merge, say_refusal, say_removal, say_unknown
from reports.words.language import AUTO, load_language, main_language
from transforms.editing.diff import unified_diff
from transforms.plumbing.printable import printable, printable_place
from transforms.plumbing.whole_files import ChangedError, replace_content
from transforms.reading.files import pattern_root

FAILED = 3
"""The exit code where files cannot be written, or the run has a fault of its own; 1 is that of things to do."""


def fix(config: Config) -> int:
    """Find what is to be mended and do what is asked for; returns the exit code.

    Raises UsageError for what cannot be met.
    """
    repository = _repository(config)
    blog = find_blog(config.input, repository)
    fixes = find_fixes(config, blog, repository)
    failed = write_posts(blog.root, fixes) if config.action == "write" else {}
    tell(config, fixes, failed)
    if failed:
        return FAILED
    undone = any(refused.kind != "unreadable" for refused in fixes.refused.values())
    return int(config.action != "diff" and (undone or bool(fixes.edited and config.action == "check")))


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
    say = load_language(main_language(fixes.languages) if config.lang == AUTO else config.lang)
    if config.action == "diff":
        _print(unified_diff(path, post.data, edited.splices) for path, (post, edited) in fixes.edited.items())
    for path, refused in fixes.refused.items():
        sys.stderr.write(f"{printable_place(path, refused.line)}: {say_refusal(refused.kind, refused.detail, say)}\n")
    for path, reason in failed.items():
        sys.stderr.write(f"{printable(path)}: {say_failure(reason, say)}\n")
    for tag, meant in fixes.unknown.items():
        sys.stderr.write(f"{say_unknown(tag, meant, say)}\n")
    if config.quiet:
        return
    lines = [say_merge(*merge, say) for merge in fixes.merges]
    lines += [say_addition(tag, posts, say) for tag, posts in sorted(fixes.added.items())]
    lines += [say_removal(tag, posts, say) for tag, posts in sorted(fixes.removed.items())]
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


def _print(parts: Iterable[bytes]) -> None:
    try:
        sys.stdout.flush()
        for part in parts:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever reads has seen enough; what is left shall not fail at the end of the process
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
