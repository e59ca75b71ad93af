"""Posts as a check sees them: what was changed, read as it is now and as it was before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Literal

from transforms.checks.findings import RULES, Details, Finding, Fix, Rule, Severity, Status
from transforms.generators.registry import FIELDS as ADDRESS_FIELDS
from transforms.generators.registry import splits_at_spaces
from transforms.limits import FRONT_MATTER_KEYS
from transforms.plumbing.processes import map_in_processes
from transforms.reading.dates import today
from transforms.reading.errors import ParseError
from transforms.reading.fields import FIELDS
from transforms.reading.files import blob_name, decode, settle_files
from transforms.reading.front_matter import FrontMatter, split_front_matter
from transforms.reading.parse import parse_article
from transforms.reading.shown import INCLUDABLE
from transforms.records import Article, PostFile
from transforms.results import Note, Skipped, SkippedKind
from transforms.site.places import on_site
from transforms.site.site_model import PLAIN_SITE, Site

NO_MATTER = FrontMatter({}, "")
JUDGED: frozenset[SkippedKind] = frozenset({"draft", "future", "expired", "private", "hidden"})
"""What the site leaves out, but is a post of it all the same."""


@dataclass(frozen=True)
class ChangedPost:
    """A post that is added, modified, renamed or deleted: its path below the repository, and its bytes.

    `base` are the bytes before the change, None for an added post, and `was` is the path before a rename. `new` is None
    for a deleted post.
    """

    path: str
    status: Status | Literal["deleted"]
    new: bytes | None
    base: bytes | None = None
    was: str | None = None


@dataclass(frozen=True)
class HowToRead:
    """How posts are read, as `postkin report` reads them.

    `roots` are the folders of the posts below the repository, without a slash at the end ("": the repository itself).
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: FIELDS)
    as_of: str = field(default_factory=today)
    include: frozenset[str] = frozenset()
    site: Site = PLAIN_SITE
    roots: tuple[str, ...] = ("",)

    def file(self, path: str, size: int = 0) -> PostFile:
        """The file of a post, below the longest of the roots that hold it."""
        holding = [root for root in self.roots if not root or path.startswith(f"{root}/")]
        root = max(holding, key=len, default="")
        return PostFile(root, path.removeprefix(f"{root}/") if root else path, size)

    def files(self, paths: Iterable[str]) -> dict[str, PostFile]:
        """The files of posts by their paths, each with what those beside it tell of it."""
        files = {path: self.file(path) for path in paths}
        return dict(zip(files, settle_files(files), strict=True))


@dataclass(frozen=True, eq=False)
class ReadPost:
    """A post as it was read: its path below the repository, its text, and what was made of that.

    `article` is None where `error` says why it cannot be read, and for a file that is no post of the site's, such as
    the page of a section. `skipped` says that the site leaves it out; a draft has an article all the same.
    """

    path: str
    text: str = ""
    matter: FrontMatter = NO_MATTER
    article: Article | None = None
    error: ParseError | None = None
    skipped: Skipped | None = None
    notes: tuple[Note, ...] = ()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the front matter that have a value, as many as are kept of an Article."""
        given = islice(self.matter.values.items(), FRONT_MATTER_KEYS)
        return tuple(key for key, value in given if isinstance(key, str) and not _is_empty(value))

    def line_of_key(self, key: str) -> int:
        """The line of a key of the front matter, else the first of the post."""
        place = self._place_of_key(key)
        return 1 if place is None else self._line_at(place)

    def line_of_tag(self, key: str, tag: str) -> int:
        """The line on which a key's list has a tag, else that of the key."""
        start = self._place_of_key(key)
        if start is None:
            return 1
        item = rf"(?<![^\s\[,:=\"'-]){re.escape(tag)}(?=[\"']?\s*(?:[\],#]|$))"
        found = re.compile(item, re.MULTILINE).search(self.matter.source, start)
        return self._line_at(found.start() if found else start)

    def _place_of_key(self, key: str) -> int | None:
        name = re.escape(key.rpartition(".")[2])
        found = re.search(
            rf"^[ \t]*+(?:[{{,][ \t]*)?([\"']?){name}\1[ \t]*+[:=]", self.matter.source, re.MULTILINE | re.IGNORECASE
        )
        return found.start(1) if found else None

    def _line_at(self, place: int) -> int:
        return self.matter.line + self.matter.source.count("\n", 0, place)


def read_version(data: bytes, path: str, file: PostFile, how: HowToRead) -> ReadPost:
    """Read a post from its bytes; `file` is its own, and `path` the one that findings name.

    Posts that the site leaves out are read like others, but for those that are none of its posts.
    """
    try:
        text = decode(data, path)
    except ParseError as error:
        return ReadPost(path, error=error)
    notes: list[Note] = []
    try:
        matter = split_front_matter(text, path)
        read = _parse(text, matter, file, how, how.include, notes)
        skipped = read if isinstance(read, Skipped) else None
        if skipped and skipped.kind in JUDGED:
            notes.clear()
            read = _parse(text, matter, file, how, frozenset(INCLUDABLE), notes)
    except ParseError as error:
        return ReadPost(path, text, error=error)
    except RecursionError:
        return ReadPost(path, text, error=ParseError(path, None, "nested too deeply"))
    article = on_site(replace(read, blob=blob_name(data)), how.site) if isinstance(read, Article) else None
    return ReadPost(path, text, matter, article, skipped=skipped, notes=tuple(notes))


def read_versions(versions: Sequence[tuple[bytes, str, PostFile]], how: HowToRead) -> list[ReadPost]:
    """Read posts, each from its bytes, the path that findings name, and its file; many in several processes."""
    return map_in_processes(lambda version: read_version(*version, how), versions)


def _parse(
    text: str, matter: FrontMatter, file: PostFile, how: HowToRead, include: frozenset[str], notes: list[Note]
) -> Article | Skipped:
    return parse_article(
        text,
        file.path,
        how.fields,
        as_of=how.as_of,
        include=include,
        neighbors=file.neighbors,
        bundled=file.bundled,
        notes=notes,
        spaced=splits_at_spaces(how.site.generator, f"{file.root}/{file.path}".split("/")),
        address_fields=(*ADDRESS_FIELDS, *how.site.generator.fields),
        matter=matter,
    )


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def finding(
    rule: Rule,
    post: ReadPost,
    line: int = 1,
    subject: str = "",
    details: Details | None = None,
    *,
    fix: Fix | None = None,
    severity: Severity | None = None,
) -> Finding:
    """Make a finding of a rule, of its default severity unless another is given."""
    default = RULES[rule]
    return Finding(
        rule,
        severity or ("notice" if default == "off" else default),
        post.path,
        max(1, line),
        subject,
        details,
        fix,
    )
