"""The flags of postkin check, and what they ask for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from jobs.options.configured import add_config_flags, fill
from jobs.options.errors import UsageError
from jobs.options.page import LANGS
from jobs.options.parser import Parser, folder
from jobs.options.settings import FailOn, Settings
from jobs.options.site import SiteFlags, add_site_flags, site_flags
from jobs.options.source import Source, add_source_flags, source_flags
from reports.checks.formats import FORMATS
from reports.words.language import AUTO
from transforms.plumbing.storage import is_remote
from transforms.reading.files import SUFFIXES

FAIL_ON: tuple[FailOn, ...] = get_args(FailOn)
BASELINE = ".postkin-baseline.json"
OF_REPORT = ("--input", "--include", "--field", "--site-generator", "--site", "--lang")
"""Flags of postkin report that stand for the same here, in a config too."""


@dataclass(frozen=True)
class Output:
    """A format, and the file that it is written to; None: standard output. What is `added` goes to the file's end."""

    format: str
    file: str | None = None
    added: bool = False


@dataclass(frozen=True)
class Config:
    """Which posts are checked, by what, and how that is told; raises UsageError for what cannot be met."""

    source: Source
    site: SiteFlags = field(default_factory=SiteFlags)
    base: str | None = None
    changed: tuple[str, ...] | None = None
    everything: bool = False
    state: str | None = None
    remember: bool = False
    fail_on: FailOn = "error"
    outputs: tuple[Output, ...] = (Output("text"),)
    baseline: str | None = None
    write_baseline: bool = False
    lang: str = AUTO
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        if self.lang not in LANGS:
            raise UsageError(f"--lang {self.lang!r} is unknown; give any of {', '.join(LANGS)}")
        if remote := next((pattern for pattern in self.source.input if is_remote(pattern)), None):
            raise UsageError(f"--input {remote!r} is not on this machine; check posts in a checkout")
        files = [output.file for output in self.outputs if not output.added]
        if len(files) > len(set(files)):
            twice = next(file for file in files if files.count(file) > 1)
            where = "standard output" if twice is None else repr(twice)
            raise UsageError(
                f"two of --format go to {where}; give all but one a file of its own, as in json=check.json"
            )
        if self.write_baseline and not self.everything:
            raise UsageError("--write-baseline is of all posts; give --all too")


def make_parser() -> Parser:
    """Make the parser of the command's flags."""
    parser = Parser(
        prog="postkin check",
        description="Tell what posts lack that were changed or added: a tag misspelt, a link that leads nowhere, a text"
        " that another post has. Only what the change brings is told.",
    )
    group = parser.add_argument_group("which posts")
    one_of = group.add_mutually_exclusive_group()
    one_of.add_argument(
        "--base",
        metavar="REF",
        help="check what changed since HEAD left this commit or branch (default: what a pull request is merged into,"
        " else the main branch)",
    )
    one_of.add_argument("--changed", nargs="*", metavar="FILE", help="check these files, those that are posts")
    one_of.add_argument("--all", action="store_true", help="check every post, whenever it changed")
    group.add_argument("files", nargs="*", metavar="FILE", help="more files for --changed")
    add_source_flags(parser)
    add_site_flags(parser)
    add = parser.add_argument_group("check").add_argument
    add("--state", metavar="DIR", help="an output folder of a report, of which DIR/state and DIR/model are read")
    add(
        "--remember",
        action="store_true",
        help="keep what is learned of the posts in git's own folder, so that the next check is quick",
    )
    add(
        "--fail-on",
        choices=FAIL_ON,
        default="error",
        metavar="SEVERITY",
        help=f"exit with 1 at a finding so bad or worse, of {','.join(FAIL_ON)} (default: %(default)s)",
    )
    add(
        "--format",
        action="append",
        default=[],
        metavar="FORMAT[=FILE]",
        help=f"how to tell it, of {','.join(FORMATS)}, and into which file; may be repeated (default: github where"
        " GitHub runs it, else text)",
    )
    add(
        "--baseline",
        metavar="FILE",
        help=f"findings that are known and not told (default: {BASELINE} at the root of the checkout, if it is there)",
    )
    add(
        "--write-baseline",
        action="store_true",
        help="write all findings to the baseline, so that only new ones are told",
    )
    add(
        "--lang",
        default=AUTO,
        metavar="CODE",
        help=f"the language to tell it in, of {','.join(LANGS)}; auto is that of most posts (default: %(default)s)",
    )
    add_config_flags(parser)
    return parser


def configured(settings: Settings) -> dict[str, Any]:
    """What the blog's settings say, by the flags of a check."""
    values = {flag: settings.report[flag] for flag in OF_REPORT if flag in settings.report}
    own = {"--state": settings.state, "--fail-on": settings.check.fail_on}
    return values | {flag: value for flag, value in own.items() if value is not None}


def parse_config(
    argv: Sequence[str], settings: Settings | None = None, environment: Mapping[str, str] = os.environ
) -> Config:
    """Turn flags and the blog's settings into a Config; raises UsageError when they cannot be met."""
    settings = settings or Settings()
    parser = make_parser()
    flags = parser.parse_args(fill(parser, configured(settings), [as_file(argument) for argument in argv]))
    if flags.files and flags.changed is None:
        raise UsageError(
            f"unexpected argument {flags.files[0]!r}; give files behind --changed (see postkin check --help)"
        )
    return Config(
        source=source_flags(flags),
        site=site_flags(flags),
        base=flags.base,
        changed=None if flags.changed is None else (*flags.changed, *flags.files),
        everything=flags.all,
        state=None if flags.state is None else folder(flags.state),
        remember=flags.remember,
        fail_on=flags.fail_on,
        outputs=parse_formats(flags.format, environment),
        baseline=flags.baseline,
        write_baseline=flags.write_baseline,
        lang=flags.lang,
        environment=environment,
        settings=settings,
    )


def parse_formats(given: Sequence[str], environment: Mapping[str, str]) -> tuple[Output, ...]:
    """Turn values of --format into outputs; raises UsageError for one that is unknown, or a file that cannot be."""
    if not given:
        return (Output("github" if environment.get("GITHUB_ACTIONS") == "true" else "text"),)
    return tuple(_output(value, environment) for value in given)


def _output(value: str, environment: Mapping[str, str]) -> Output:
    name, mark, file = value.partition("=")
    if name not in FORMATS:
        raise UsageError(f"--format {value!r} is unknown; give any of {', '.join(FORMATS)}, as in json=check.json")
    if mark and (not file or is_remote(file) or (os.path.lexists(file) and not _is_plain(Path(file)))):
        raise UsageError(f"--format {value!r} names no file on this machine; give one, as in {name}=check.{name}")
    summary = environment.get("GITHUB_STEP_SUMMARY")
    if name == "markdown" and not mark and summary and environment.get("GITHUB_ACTIONS") == "true":
        return Output(name, summary, added=True)
    return Output(name, file if mark else None)


def _is_plain(path: Path) -> bool:
    """Tell a file that may be replaced: no folder, device or link."""
    return path.is_file() and not path.is_symlink()


def as_file(argument: str) -> str:
    """The argument, or a post whose name begins with a dash by a path that is not taken for a flag."""
    is_post = argument.startswith("-") and argument.lower().endswith(SUFFIXES) and "=" not in argument
    return f"./{argument}" if is_post else argument
