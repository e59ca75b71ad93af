"""The command that mends what a check found."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from jobs.check.config import Config
from jobs.check.posts import Blog, Gathered, how_to_read
from reports.words.commands import merge_flag
from transforms.checks.findings import Fix, Result
from transforms.checks.merges import FIX_RULES
from transforms.checks.posts import HowToRead
from transforms.generators.registry import splits_at_spaces
from transforms.plumbing.printable import printable
from transforms.records import PostFile

MENDED = 20
"""The command mends no more findings."""


def mending(config: Config, blog: Blog, gathered: Gathered, result: Result) -> tuple[str, int]:
    """The command that mends findings, as it is given at the root of the repository, and how many of them.

    Left out are posts that `postkin fix` leaves as they are, and what cannot stand in a line that is copied, such as
    the name of a file with a line end in it.
    """
    asked: dict[str, list[Fix]] = {}
    for finding in result.findings:
        if finding.rule in FIX_RULES and finding.fix and finding.fix.old and _may_be_copied(finding.path, finding.fix):
            asked.setdefault(finding.path, []).append(finding.fix)
    if not asked or not all(map(_is_printable, blog.roots)):
        return "", 0
    how = how_to_read(config, blog)
    contents = {version.change.path: version.new for version in gathered.checked}
    safe = (
        (path, fix)
        for path, fixes in asked.items()
        if (data := contents.get(path)) and not (blog.root / path).is_symlink()
        for fix in mendable(fixes, data, blog.files[path], how)
    )
    fixes = [fix for fix, _ in zip(safe, range(MENDED), strict=False)]
    return (_command(config, blog, fixes), len(fixes)) if fixes else ("", 0)


def mendable(fixes: Sequence[Fix], data: bytes, file: PostFile, how: HowToRead) -> list[Fix]:
    """Those of the fixes of a post, given as the bytes of its file, that `postkin fix` makes."""
    from transforms.editing.changes import TagChanges
    from transforms.editing.edit import Habits, Refused, edit_tags  # which few checks need
    from transforms.editing.keys import rename_keys

    names: dict[str, dict[str, str]] = {"field": {}, "tag": {}}
    for fix in fixes:
        names[fix.what][fix.old or ""] = fix.new[0]
    renamed = rename_keys(data, names["field"])
    if isinstance(renamed, Refused):
        return []
    spaced = splits_at_spaces(how.site.generator, f"{file.root}/{file.path}".split("/"))
    changes = TagChanges(respell=names["tag"])
    respelt = edit_tags(renamed.data if renamed else data, changes, Habits(how.fields["tags"], spaced))
    if isinstance(respelt, Refused):
        return []
    done = {"field": renamed, "tag": respelt}
    return [fix for fix in fixes if done[fix.what]]


def _command(config: Config, blog: Blog, fixes: Iterable[tuple[str, Fix]]) -> str:
    fixes = list(fixes)
    named = ("--input", *(_as_argument(root or ".") for root in blog.roots))
    roots = () if "--input" in config.settings.report else named
    merges = map(merge_flag, sorted({f"{fix.old}={fix.new[0]}" for _, fix in fixes if fix.what == "tag"}))
    rules = ["--rules field-misspelt"] if any(fix.what == "field" for _, fix in fixes) else []
    paths = shlex.join(sorted({_as_argument(path) for path, _ in fixes}))
    return " ".join(("postkin fix", *map(shlex.quote, roots), *merges, *rules, "--write --changed", paths))


def _may_be_copied(path: str, fix: Fix) -> bool:
    """Tell whether a fix can stand in a command, whose flag has an equals sign behind the tag."""
    old = fix.old or ""
    return all(map(_is_printable, (path, old, *fix.new))) and (fix.what == "field" or "=" not in old)


def _is_printable(text: str) -> bool:
    return printable(text) == text


def _as_argument(path: str) -> str:
    return f"./{path}" if path.startswith("-") else path
