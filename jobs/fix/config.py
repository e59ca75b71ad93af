"""The flags of the fix job, turned into a frozen Config."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, cast

from jobs.check.config import as_file
from jobs.options.configured import add_config_flags, fill
from jobs.options.errors import UsageError
from jobs.options.page import LANGS
from jobs.options.parser import Parser, folder, probability, whole_number, words
from jobs.options.settings import Settings
from jobs.options.site import NAMES as SITES
from jobs.options.site import SiteFlags
from reports.words.language import ENGLISH
from transforms.checks.merges import FIX_RULES, FixRule
from transforms.editing.scalars import check_name
from transforms.editing.written import RefusedError
from transforms.plumbing.storage import is_remote
from transforms.reading.fields import FIELDS, clean_text, override_fields, tag_key
from transforms.site.site_model import Site

Action = Literal["diff", "write", "check"]


@dataclass(frozen=True)
class Additions:
    """Which tags are added to a post: those of a probability of `min_confidence` or more, and at most so many."""

    min_confidence: float = 0.9
    most: int = 3


@dataclass(frozen=True)
class Config:
    """Which posts are fixed, what is fixed in them, and what is done; raises UsageError for what cannot be met.

    `changed` are the files that are looked at, None for all posts; `base` is a commit instead, from which posts differ.
    `add` and `remove` are tags that somebody chose for the files. `additions` are None where no others are added, and
    `state` is the output folder of a report that knows of some.
    """

    input: tuple[str, ...]
    base: str | None = None
    changed: tuple[str, ...] | None = None
    merges: Mapping[str, str] = field(default_factory=dict)
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    rules: frozenset[FixRule] = frozenset(FIX_RULES)
    additions: Additions | None = None
    state: str | None = None
    settings: Settings = field(default_factory=Settings)
    field_names: tuple[str, ...] = ()
    site: SiteFlags = field(default_factory=SiteFlags)
    action: Action = "diff"
    lang: str = ENGLISH.code
    quiet: bool = False

    def __post_init__(self) -> None:
        if not self.input:
            raise UsageError("no posts are named; give a folder, a glob or files, or write a postkin.toml with posts")
        if remote := next(filter(is_remote, self.input), None):
            raise UsageError(f"{remote!r} is not on this machine; give posts of a checkout")
        if self.lang not in LANGS:
            raise UsageError(f"--lang {self.lang!r} is unknown; give any of {', '.join(LANGS)}")
        if self.chosen and self.changed is None:
            flag, tag = ("--add", self.add[0]) if self.add else ("--remove", self.remove[0])
            raise UsageError(f"{flag} {tag!r} is of single posts; name them with --changed")
        if both := [tag for tag in self.add if tag_key(tag) in set(map(tag_key, self.remove))]:
            raise UsageError(f"{both[0]!r} is both to be added and to be removed; give one of --add and --remove")
        if not (self.rules or self.merges or self.chosen or self.additions):
            raise UsageError("--rules names no rule, and nothing else is asked for; give --merge, --add or --add-tags")
        self.fields  # noqa: B018  raises

    @property
    def chosen(self) -> bool:
        """Whether somebody chose tags for the files."""
        return bool(self.add or self.remove)

    @cached_property
    def found_site(self) -> Site:
        """The site that the posts are of."""
        return self.site.find(self.input)

    @property
    def fields(self) -> Mapping[str, tuple[str, ...]]:
        """The front matter's names, by field."""
        try:
            return override_fields(self.field_names) if self.field_names else FIELDS
        except ValueError as error:
            raise UsageError(str(error)) from None


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    parser = Parser(
        prog="postkin fix",
        description="Mend the tags in the front matter of posts: merge those that mean the same, and respell those that"
        " are written otherwise than elsewhere, and fields whose names are misspelt. Nothing else is changed.",
    )
    posts = parser.add_argument_group("posts")
    posts.add_argument("posts", nargs="*", metavar="POSTS", help="a folder, a glob (quote it) or files")
    posts.add_argument("--input", nargs="+", default=(), metavar="PATH", help="the same, as postkin report has it")
    one_of = posts.add_mutually_exclusive_group()
    one_of.add_argument(
        "--changed",
        nargs="*",
        metavar="FILE",
        help="change only these files, those of them that are posts; what is usual is told from all others",
    )
    one_of.add_argument("--base", metavar="REF", help="change only posts that differ from this commit, as git has it")
    posts.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="FIELD=NAMES",
        help="front matter names of a field, as in tags=topics,tag",
    )
    posts.add_argument(
        "--site-generator",
        metavar="NAME",
        help=f"what makes the site, one of {', '.join(SITES)}; a string of tags is parted as it does (default: told"
        " from its config)",
    )
    tags = parser.add_argument_group("tags")
    tags.add_argument(
        "--merge",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="call the tag OLD, however it is spelled, NEW; may be repeated",
    )
    for name, done in (("add", "add the tag TAG to"), ("remove", "remove the tag TAG, however it is spelled, from")):
        tags.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="TAG",
            help=f"{done} the changed files; may be repeated",
        )
    tags.add_argument(
        "--rules",
        type=words,
        default=None,
        metavar="RULES",
        help=f"what else to mend, any of {','.join(FIX_RULES)} (default: all, or none beside the other flags)",
    )
    tags.add_argument(
        "--add-tags", action="store_true", help="add tags that posts lack, as those that are like them have these"
    )
    tags.add_argument(
        "--min-confidence",
        type=probability,
        metavar="P",
        help=f"add tags of a probability of P or more, from 0 to 1; {Additions.min_confidence} if it is left out",
    )
    tags.add_argument(
        "--most",
        type=whole_number(1),
        metavar="N",
        help=f"add at most N tags to a post; {Additions.most} if it is left out",
    )
    tags.add_argument(
        "--state",
        metavar="DIR",
        help="an output folder of a report, of which DIR/state and DIR/model tell the tags to add (default: they are"
        " told from the posts)",
    )
    action = parser.add_argument_group("what is done").add_mutually_exclusive_group()
    action.add_argument("--diff", dest="action", action="store_const", const="diff", help="print a diff (the default)")
    action.add_argument("--write", dest="action", action="store_const", const="write", help="change the files")
    action.add_argument(
        "--check", dest="action", action="store_const", const="check", help="exit with 1 if there is something to do"
    )
    parser.add_argument(
        "--lang",
        default=ENGLISH.code,
        metavar="CODE",
        help=f"the language of messages, of {','.join(LANGS)}; auto is that of most posts (default: %(default)s)",
    )
    parser.add_argument("--quiet", action="store_true", help="print nothing but the diff and errors")
    add_config_flags(parser)
    return parser


def parse_config(argv: Sequence[str], settings: Settings | None = None) -> Config:
    """Turn flags and the blog's settings into a Config; raises UsageError when they cannot be met."""
    settings = settings or Settings()
    parser = make_parser()
    flags = parser.parse_args(fill(parser, defaults(settings), list(map(as_file, argv))))
    is_given = any(argument.partition("=")[0] == "--input" for argument in argv)
    merges = read_merges(flags.merge)
    asked = merges or flags.add or flags.remove or flags.add_tags
    rules = flags.rules if flags.rules is not None else () if asked else FIX_RULES
    if unknown := [rule for rule in rules if rule not in FIX_RULES]:
        raise UsageError(f"--rules {unknown[0]!r} is unknown; give any of {','.join(FIX_RULES)}")
    off = {rule for rule, said in settings.check.rules.items() if said.severity == "off" and flags.rules is None}
    return Config(
        input=(*flags.posts, *flags.input) if is_given else tuple(flags.posts or flags.input),
        base=flags.base,
        changed=None if flags.changed is None else tuple(flags.changed),
        merges=merges,
        add=read_tags("--add", flags.add),
        remove=read_tags("--remove", flags.remove),
        rules=frozenset(cast("Iterable[FixRule]", rules)) - off,
        additions=read_additions(flags),
        state=None if flags.state is None else folder(flags.state),
        settings=settings,
        field_names=tuple(flags.field),
        site=SiteFlags(flags.site_generator),
        action=flags.action or "diff",
        lang=flags.lang,
        quiet=flags.quiet,
    )


def read_additions(flags: argparse.Namespace) -> Additions | None:
    """Read what is said of tags to add; raises UsageError for flags without the one that asks for it."""
    said = {"min_confidence": flags.min_confidence, "most": flags.most}
    given = {name: value for name, value in said.items() if value is not None}
    if given and not flags.add_tags:
        raise UsageError(f"--{next(iter(given)).replace('_', '-')} is of tags to add; give --add-tags too")
    return Additions(**given) if flags.add_tags else None


def defaults(settings: Settings) -> dict[str, Any]:
    """What a config says of this job's flags."""
    known = ("--input", "--field", "--site-generator", "--lang")
    found = {flag: settings.report[flag] for flag in known if flag in settings.report}
    return found if settings.state is None else {**found, "--state": settings.state}


def read_merges(options: Sequence[str]) -> dict[str, str]:
    """Read options such as `k8s=kubernetes`, by the old name.

    Raises UsageError for one that is of another form, for a name that no post can have, and for a chain.
    """
    merges: dict[str, str] = {}
    for option in options:
        old, new = parse_merge(option)
        if merges.get(old, new) != new:
            raise UsageError(f"--merge {option!r}: {old!r} is to be {merges[old]!r} already; give one of them")
        merges[old] = new
    keys = {tag_key(old) for old, new in merges.items() if tag_key(old) != tag_key(new)}
    for old, new in merges.items():
        if tag_key(new) in keys:
            raise UsageError(f"--merge {old}={new}: {new!r} is itself replaced; give the tag to use")
    return merges


def parse_merge(option: str) -> tuple[str, str]:
    """Part an option at its only equals sign."""
    old, sign, new = option.partition("=")
    if not sign or "=" in new or not all(name and clean_text(name) == name for name in (old, new)):
        raise UsageError(f"--merge {option!r} is not a tag and the one to use; give for instance k8s=kubernetes")
    _check_tag(new, f"--merge {option!r}")
    return old, new


def read_tags(flag: str, names: Iterable[str]) -> tuple[str, ...]:
    """Read the tags of a flag, each once; raises UsageError for a name that no post can have."""
    tags = tuple(dict.fromkeys(names))
    for name in tags:
        _check_tag(name, flag)
    return tags


def _check_tag(name: str, option: str) -> None:
    try:
        check_name(name)
    except RefusedError:
        raise UsageError(f"{option}: {name!r} has a sign that no tag can have; give another name") from None
