"""The flags of the report job, turned into a frozen Config."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, get_args

from jobs.options.configured import add_config_flags, fill
from jobs.options.drawings import Drawings, add_drawing_flags, drawing_flags
from jobs.options.encoder import EncoderFlags, add_encoder_flags, encoder_flags
from jobs.options.errors import UsageError
from jobs.options.page import Page, add_page_flags, page_flags
from jobs.options.parser import (
    Parser,
    auto_or_number,
    check_day,
    check_output,
    folder,
    minutes,
    probability,
    whole_number,
    words,
)
from jobs.options.readings import Readings, add_reading_flags, reading_flags
from jobs.options.search import Searching, add_search_flags, search_flags
from jobs.options.settings import OUTPUT, RELATED, ExportSettings, Settings
from jobs.options.site import SiteFlags, add_site_flags, site_flags
from jobs.options.source import Source, add_source_flags, check_vector_flags, source_flags
from transforms.results import LEAST_RELATED, READ_ENOUGH, READERS, RECENT, RELATED_BY, TagMethod


@dataclass(frozen=True)
class Config:
    """What one run does.

    Raises UsageError when a value cannot be met, before anything is read or written.
    """

    source: Source
    output: str
    encoding: EncoderFlags = field(default_factory=EncoderFlags)
    site: SiteFlags = field(default_factory=SiteFlags)
    readings: Readings = field(default_factory=Readings)
    related: int = RELATED
    related_by: tuple[str, ...] = RELATED_BY
    prefer_recent: bool = False
    any_language: bool = False
    tags: TagMethod = "blend"
    tag_count: int = 10
    propose_tags: bool = False
    min_confidence: float | None = None
    min_tag_probability: float | None = None
    clusters: int | None = None
    split_date: str | None = None
    previous: str | None = None
    refit_themes: bool = False
    include_duplicates: bool = False
    searching: Searching = field(default_factory=Searching)
    drawings: Drawings = field(default_factory=Drawings)
    page: Page = field(default_factory=Page)
    export: bool = False
    exporting: ExportSettings = field(default_factory=ExportSettings)
    timeout: float | None = None
    quiet: bool = False
    verbose: bool = False
    beam_args: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.split_date is not None:
            check_day("--split-date", self.split_date)
        if unrelated := [part for part in self.related_by if part not in RELATED_BY]:
            raise UsageError(f"--related-by {unrelated[0]!r} is unknown; give any of {','.join(RELATED_BY)}")
        if not self.related_by:
            raise UsageError(f"--related-by names nothing; give any of {','.join(RELATED_BY)}")
        if not self.relating:
            raise UsageError(f"--related-by {READERS} is about reading logs; give them with --readings")
        if self.source.vectors and self.tags == "names":
            raise UsageError("--tags names are encoded texts, which --vectors do not bring; give blend or means")
        if self.source.vectors and self.propose_tags:
            raise UsageError("--propose-tags reads texts, which --vectors do not bring; leave one of them out")
        if self.tags != "blend" and self.min_tag_probability is not None:
            raise UsageError(f"--min-tag-probability is of probabilities, which --tags {self.tags} has not; give blend")
        if self.refit_themes and self.previous is None:
            raise UsageError("--refit-themes is about the themes of an earlier run; give --previous too, or neither")
        if self.previous == "":
            raise UsageError("--previous is empty; give an output folder of postkin report")
        check_output(self.output)

    @property
    def reuses_own_model(self) -> bool:
        """Whether the given model is the one in the output folder."""
        model = self.encoding.model
        return model is not None and Path(model).resolve() == Path(self.output, "model").resolve()

    @property
    def relating(self) -> tuple[str, ...]:
        """What of `related_by` there is: without logs nobody tells what readers read."""
        return tuple(part for part in self.related_by if part != READERS or self.readings.paths)

    @property
    def related_parts(self) -> frozenset[str]:
        """What related articles are found by."""
        return frozenset(self.relating) | ({RECENT} if self.prefer_recent else set())

    @property
    def least_related(self) -> float:
        """How sure a related article must be that is listed."""
        return LEAST_RELATED if self.min_confidence is None else self.min_confidence

    @property
    def read_enough(self) -> float:
        """How far the same readers must read a related article that is listed however sure it is."""
        return READ_ENOUGH if self.min_confidence is None else math.inf

    def as_row(self) -> dict[str, Any]:
        """The configuration as run.json gives it; of the earlier run it says no more than that one has to be read."""
        row = asdict(self) | {"previous": None, "related_by": self.relating}
        parts = row.pop("source") | row.pop("encoding") | row.pop("searching") | row.pop("drawings")
        parts |= row.pop("site") | row.pop("page")
        row["clusters"] = row["clusters"] or "auto"
        if self.source.vectors:
            parts["encoder"] = "vectors"
        left_out = ("readings", "output", "export", "exporting", "timeout", "quiet", "verbose")
        parts |= self.readings.as_row()
        return {**parts, **{name: value for name, value in row.items() if name not in left_out}}


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    parser = Parser(
        prog="postkin report",
        description="Read a blog's markdown posts and write a report, and tables that a site can use.",
        epilog="Posts may stand before all flags, without --input. Flags of Apache Beam (--runner,"
        " --direct_num_workers, ...) are passed through to it.",
    )
    add_source_flags(parser, vectors=True)
    add_site_flags(parser)
    add_reading_flags(parser)
    add = parser.add_argument
    add(
        "--output",
        default=OUTPUT,
        metavar="DIR",
        help="the folder to write; made when missing (default: %(default)s)",
    )
    add(
        "--related",
        type=whole_number(1),
        default=RELATED,
        metavar="N",
        help="related posts for each post (default: %(default)s)",
    )
    add(
        "--related-by",
        type=words,
        default=RELATED_BY,
        metavar="PARTS",
        help=f"what relates posts, any of {','.join(RELATED_BY)}: their texts, the tags expected of them, the tags"
        " that they have, titles that a text names, nearness in time, links from other posts, and with reading logs"
        " what readers read together (default: all)",
    )
    add("--prefer-recent", action="store_true", help="prefer newer posts a little among the related ones")
    add(
        "--any-language",
        action="store_true",
        help="relate posts in different languages, where a blog has several (default: each to those in its own); never"
        " a post and its translation",
    )
    add(
        "--tags",
        "--tag-vectors",
        dest="tags",
        type=tag_method,
        metavar="METHOD",
        default="blend",
        help="how tags are recommended: blend weighs all evidence, means compares a post with the mean of a tag's"
        " posts, names with the encoded name of the tag (default: %(default)s)",
    )
    add(
        "--tag-count",
        type=whole_number(1),
        default=10,
        metavar="N",
        help="recommended tags for each post (default: %(default)s)",
    )
    add(
        "--propose-tags",
        action="store_true",
        help="propose tags that the blog does not have; done without asking where fewer than a fifth of the posts have"
        " tags",
    )
    add(
        "--min-confidence",
        type=probability,
        metavar="P",
        help="leave out related posts and tags whose probability is below P, from 0 to 1 (default: related posts"
        f" below {LEAST_RELATED})",
    )
    add(
        "--min-tag-probability",
        type=probability,
        metavar="P",
        help="propose in the report and the summary only tags whose probability is P or more, from 0 to 1; all others"
        " stay in data/ (default: chosen so that two of three proposed tags prove right on posts held back)",
    )
    add(
        "--themes",
        "--clusters",
        dest="clusters",
        type=auto_or_number,
        default="auto",
        metavar="K",
        help="number of themes, or auto: as many as suit the posts; --clusters is an older name (default: %(default)s)",
    )
    add(
        "--split-date",
        metavar="YYYY-MM-DD",
        help="measure how well the posts before this day cover those from this day on (default: a year before the"
        " newest post)",
    )
    add(
        "--previous",
        metavar="DIR",
        help="the output folder of an earlier run of the same blog, which this one may replace: what it says"
        " changes only where the blog did",
    )
    add(
        "--refit-themes",
        action="store_true",
        help="find the themes anew all the same, with numbers that none has had",
    )
    add("--include-duplicates", action="store_true", help="let copies of a post be related to it")
    add(
        "--export",
        action="store_true",
        help="then write the related posts to a file for the site's templates, as postkin export does",
    )
    add(
        "--timeout",
        type=minutes,
        metavar="MINUTES",
        help="fail when the run, or on Dataflow its launch, takes longer (default: no limit on this machine, 240 on"
        " other runners)",
    )
    add("--quiet", action="store_true", help="print nothing but errors")
    add("--verbose", action="store_true", help="show Beam's log, and where a failing run failed")
    add_encoder_flags(parser)
    add_search_flags(parser)
    add_drawing_flags(parser)
    add_page_flags(parser, Page())
    add_config_flags(parser)
    return parser


def tag_method(text: str) -> str:
    """Parse how tags are recommended."""
    if text not in get_args(TagMethod):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no way to recommend tags; give blend, means or names (how many: --tag-count)"
        )
    return text


def parse_config(argv: Sequence[str], settings: Settings | None = None) -> Config:
    """Turn flags and the blog's settings into a Config; raises UsageError when they cannot be met."""
    settings = settings or Settings()
    parser = make_parser()
    flags, beam_args = parser.parse_with_beam(fill(parser, settings.report, argv))
    check_vector_flags(argv)
    return Config(
        source=source_flags(flags),
        output=folder(flags.output),
        encoding=encoder_flags(flags),
        site=site_flags(flags),
        readings=reading_flags(flags),
        related=flags.related,
        related_by=flags.related_by,
        prefer_recent=flags.prefer_recent,
        any_language=flags.any_language,
        tags=flags.tags,
        tag_count=flags.tag_count,
        propose_tags=flags.propose_tags,
        min_confidence=flags.min_confidence,
        min_tag_probability=flags.min_tag_probability,
        clusters=flags.clusters,
        split_date=flags.split_date,
        previous=None if flags.previous is None else folder(flags.previous),
        refit_themes=flags.refit_themes,
        include_duplicates=flags.include_duplicates,
        searching=search_flags(flags),
        drawings=drawing_flags(flags),
        page=page_flags(flags),
        export=flags.export,
        exporting=settings.export,
        timeout=flags.timeout,
        quiet=flags.quiet,
        verbose=flags.verbose,
        beam_args=beam_args,
    )
