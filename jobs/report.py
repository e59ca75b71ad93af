"""The main job: a blog's markdown posts in, one report and tables out."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, get_args

from jobs import prepare_for_beam
from jobs.encoder import EncoderFlags, add_encoder_flags, download_notice, encoder_flags, settle, words
from jobs.flags import Parser, UsageError, refuse, whole_number
from transforms.fields import FIELDS, override_fields
from transforms.files import list_all
from transforms.records import TagVectors
from transforms.storage import is_remote

INCLUDABLE = ("drafts", "hidden", "future")


@dataclass(frozen=True)
class Config:
    """What one run does.

    Raises UsageError when a value cannot be met, before anything is read or written.
    """

    input: tuple[str, ...]
    output: str
    encoding: EncoderFlags = field(default_factory=EncoderFlags)
    related: int = 4
    tags: int = 10
    tag_vectors: TagVectors = "means"
    clusters: int = 10
    include_duplicates: bool = False
    include: tuple[str, ...] = ()
    as_of: str = field(default_factory=lambda: datetime.date.today().isoformat())
    field_names: tuple[str, ...] = ()
    title: str = "Postkin report"
    quiet: bool = False
    verbose: bool = False
    beam_args: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            day = datetime.date.fromisoformat(self.as_of).isoformat()
        except ValueError:
            day = ""
        if day != self.as_of:  # posts' dates are compared with it as text
            raise UsageError(f"--as-of {self.as_of!r} is not a date; give it as YYYY-MM-DD")
        if unknown := set(self.include) - set(INCLUDABLE):
            raise UsageError(f"--include {sorted(unknown)[0]!r} is unknown; give any of {', '.join(INCLUDABLE)}")
        try:
            override_fields(self.field_names)
        except ValueError as error:
            raise UsageError(str(error)) from None
        if not self.output:
            raise UsageError("--output is empty; give a folder")
        if not is_remote(self.output) and Path(self.output).exists() and not Path(self.output).is_dir():
            raise UsageError(f"--output {self.output!r} is a file; give a folder")

    @property
    def reuses_own_model(self) -> bool:
        """Whether the given model is the one in the output folder."""
        model = self.encoding.model
        return model is not None and Path(model).resolve() == Path(self.output, "model").resolve()

    @property
    def fields(self) -> Mapping[str, tuple[str, ...]]:
        """The front matter's names, by field."""
        return override_fields(self.field_names) if self.field_names else FIELDS

    def as_row(self) -> dict[str, Any]:
        """The configuration as run.json gives it."""
        row = asdict(self)
        encoding = row.pop("encoding")
        left_out = ("output", "quiet", "verbose")
        return {**encoding, **{name: value for name, value in row.items() if name not in left_out}}

    def shown(self) -> dict[str, str]:
        """The settings that the report names."""
        return {
            "texts encoded": ", ".join(self.encoding.parts),
            "related articles a post": str(self.related),
            "tags compared with": {"means": "means of the posts that carry them", "names": "their encoded names"}[
                self.tag_vectors
            ],
            "clusters asked for": str(self.clusters),
            "as of": self.as_of,
            "brought in": ", ".join(self.include) or "nothing that is skipped by default",
        }


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    parser = Parser(
        prog="postkin report",
        description="Read a blog's markdown posts and write a report, and tables that a site can use.",
        epilog="Flags of Apache Beam (--runner, --direct_num_workers, ...) are passed through to it.",
    )
    add = parser.add_argument
    add("--input", nargs="+", required=True, metavar="PATH", help="a folder, a glob (quote it) or several of them")
    add("--output", required=True, metavar="DIR", help="the folder to write; made when missing")
    add(
        "--related", type=whole_number(1), default=4, metavar="N", help="related articles a post (default: %(default)s)"
    )
    add("--tags", type=whole_number(1), default=10, metavar="N", help="recommended tags a post (default: %(default)s)")
    add(
        "--tag-vectors",
        choices=get_args(TagVectors),
        default="means",
        help="compare posts with the means of a tag's posts, or with its encoded name (default: %(default)s)",
    )
    add("--clusters", type=whole_number(1), default=10, metavar="K", help="number of clusters (default: %(default)s)")
    add("--include-duplicates", action="store_true", help="let copies of a post be related to it")
    add("--include", type=words, default=(), metavar="KINDS", help=f"bring in what is skipped: {','.join(INCLUDABLE)}")
    add("--as-of", default=None, metavar="YYYY-MM-DD", help="posts dated later are future posts (default: today)")
    add(
        "--field",
        action="append",
        default=[],
        metavar="FIELD=NAMES",
        help="front matter names of a field, as in tags=topics,tag",
    )
    add("--title", default="Postkin report", help="the report's title (default: %(default)s)")
    add("--quiet", action="store_true", help="print nothing but errors")
    add("--verbose", action="store_true", help="show Beam's log, and where a failing run failed")
    add_encoder_flags(parser)
    return parser


def parse_config(argv: Sequence[str]) -> Config:
    """Turn flags into a Config; raises UsageError when they cannot be met."""
    flags, beam_args = make_parser().parse_with_beam(argv)
    return Config(
        input=tuple(flags.input),
        output=flags.output.rstrip("/") or flags.output[:1],
        encoding=encoder_flags(flags),
        related=flags.related,
        tags=flags.tags,
        tag_vectors=flags.tag_vectors,
        clusters=flags.clusters,
        include_duplicates=flags.include_duplicates,
        include=flags.include,
        as_of=flags.as_of or datetime.date.today().isoformat(),
        field_names=tuple(flags.field),
        title=flags.title,
        quiet=flags.quiet,
        verbose=flags.verbose,
        beam_args=beam_args,
    )


def check_input(config: Config) -> int | None:
    """Count the posts of local patterns, None where one is remote; raises UsageError when a pattern has none."""
    local = [pattern for pattern in config.input if not is_remote(pattern)]
    for pattern in local:
        if not pattern:
            raise UsageError("--input is empty; give a folder, a glob or a file")
        try:
            posts = list_all([pattern])
        except OSError as error:
            raise UsageError(f"--input {pattern!r}: {error}") from None
        if not posts:
            raise UsageError(
                f"--input {pattern!r} holds no .md, .markdown or .mdx file; give a folder or glob of posts"
            )
        if not list_all([pattern], outside=config.output):
            raise UsageError(f"--output {config.output!r} holds the posts; give a folder of its own")
    return len(list_all(local, outside=config.output)) if local == list(config.input) else None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code."""
    try:
        config = parse_config(sys.argv[1:] if argv is None else argv)
        posts = check_input(config)
        notice = download_notice(config.encoding)
        if notice and not config.quiet:
            sys.stderr.write(f"postkin report: {notice}\n")
        encoder = settle(config.encoding)
        prepare_for_beam()
        from jobs.run import run_report

        return run_report(config, encoder, posts)
    except UsageError as error:
        return refuse(error, "postkin report")


if __name__ == "__main__":
    from jobs.cli import main as run_command

    sys.exit(run_command(["report", *sys.argv[1:]]))
