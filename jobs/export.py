"""The export: an output folder of the report job in, one file of data for a site's templates out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jobs.environment import prepare_for_beam
from jobs.options.configured import add_config_flags, explain, fill, settings_of
from jobs.options.errors import UsageError, refuse
from jobs.options.parser import Parser, folder, probability, whole_number, words
from jobs.options.settings import ExportSettings, Settings
from reports.site.changes import say_changes
from reports.site.json_data import BEGINNING, is_key, site_data
from reports.site.next_script import next_script
from transforms.output.exported_run import (
    ExportedRun,
    RunConfig,
    Wanted,
    load_exported,
    read_config,
    read_generator,
)
from transforms.output.stored import LoadError, StoredRun, open_run
from transforms.plumbing.storage import is_remote
from transforms.plumbing.whole_files import write_whole
from transforms.results import EXTRAS
from transforms.site.data_file import NAMES, PLAIN, DataFile, DataFileError, find_data_file, shown

SHOWN = frozenset({"pages"})
"""Of the kinds of posts that --include brings in, those that a site shows all the same."""
MAX_BYTES = 512 << 20
"""A larger file in place of the data is not compared with them."""


@dataclass(frozen=True)
class Config:
    """Which run is exported, what of it, for what and where to.

    `home` is the folder of a site that has no config of a generator's; the working folder if it is None. `script` is
    the file for the script that shows what to read next.
    """

    run: str
    generator: str | None = None
    root: str | None = None
    output: str | None = None
    script: str | None = None
    wanted: Wanted = field(default_factory=Wanted)
    home: str | None = None
    check: bool = False
    quiet: bool = False

    def __post_init__(self) -> None:
        if unknown := sorted(self.wanted.extras - set(EXTRAS)):
            raise UsageError(f"--with {unknown[0]!r} is unknown; give any of {','.join(EXTRAS)}")
        for flag, file in (("--output", self.output), ("--script", self.script)):
            if file is not None and (not file or is_remote(file) or Path(file).is_dir()):
                raise UsageError(f"{flag} {file!r} is no file on this machine; give the path of a file")
        if self.root == "":
            raise UsageError("--root is empty; give the folder that your site generator has its posts in")


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    parser = Parser(
        prog="postkin export",
        description="Write the related posts of a run to one JSON file for a site's templates, each post by the name"
        " that the site generator has for it.",
    )
    add = parser.add_argument
    add(
        "run",
        nargs="?",
        metavar="RUN",
        help="an output folder of postkin report (default: the one of the blog's config)",
    )
    add(
        "--site-generator",
        choices=NAMES,
        metavar="NAME",
        help=f"what reads the file, one of {', '.join(NAMES)}; {PLAIN} is for all others (default: what the run or the"
        " site's config says)",
    )
    add(
        "--root",
        metavar="DIR",
        help="the folder that posts are named from (default: the generator's folder of posts, or that of the site)",
    )
    add("--output", metavar="FILE", help="the file to write (default: where the generator's templates find data)")
    add(
        "--script",
        metavar="FILE",
        help="write the script that shows readers what to read next to FILE too, and the vectors that it needs",
    )
    add("--related", type=whole_number(1), metavar="N", help="at most N related posts for each post (default: all)")
    add(
        "--min-confidence",
        type=probability,
        metavar="P",
        help="leave out related posts whose confidence is below P, from 0 to 1 (default: the run's own)",
    )
    add(
        "--any-language",
        action="store_true",
        help="keep related posts in other languages, of a run that was made with this flag",
    )
    add(
        "--with",
        dest="extras",
        type=words,
        default=(),
        metavar="WHAT",
        help=f"what to write besides, any of {','.join(EXTRAS)} (default: the related posts alone)",
    )
    add("--check", action="store_true", help="write nothing, and exit with 1 if the file would change")
    add("--quiet", action="store_true", help="print nothing but errors, and what would change")
    add_config_flags(parser)
    return parser


def parse_config(argv: Sequence[str], settings: Settings | None = None) -> Config:
    """Turn flags and the blog's settings into a Config; raises UsageError when they cannot be met."""
    settings = settings or Settings()
    parser = make_parser()
    flags = parser.parse_args(fill(parser, settings.export.flags, argv))
    run = flags.run or settings.report.get("--output")
    if run is None:
        raise UsageError("no RUN is given; give an output folder of postkin report")
    return Config(
        run=folder(run),
        generator=reader_of(flags.site_generator),
        root=flags.root,
        output=flags.output,
        script=flags.script,
        wanted=Wanted(flags.related, flags.min_confidence, flags.any_language, extras_of(flags.extras, flags.script)),
        home=settings.export.home,
        check=flags.check,
        quiet=flags.quiet,
    )


def settings_config(run: str, settings: ExportSettings, *, any_language: bool, quiet: bool) -> Config:
    """The Config of a run that is exported as the blog's settings say."""
    said = settings.flags.get
    across = any_language and said("--any-language", True)
    extras = extras_of(said("--with", ()), said("--script"))
    return Config(
        run,
        generator=reader_of(said("--site-generator")),
        root=said("--root"),
        output=said("--output"),
        script=said("--script"),
        wanted=Wanted(said("--related"), said("--min-confidence"), across, extras),
        home=settings.home,
        quiet=quiet,
    )


def extras_of(given: Sequence[str], script: str | None) -> frozenset[str]:
    """What is written besides the related posts: what is given, and what the script needs."""
    return frozenset((*given, "next") if script else given)


def check_shown(name: str, include: Sequence[str]) -> None:
    """Raise UsageError where posts were brought in that a site does not show; `name` is of the run."""
    if hidden := sorted(set(include) - SHOWN):
        raise UsageError(
            f"{name} has posts that the site does not show (--include {','.join(hidden)}); run postkin report without"
            " them"
        )


def check_wanted(wanted: Wanted, config: RunConfig) -> None:
    """Raise UsageError for what a run does not have."""
    if wanted.related is not None and wanted.related > config.related:
        raise UsageError(
            f"--related {wanted.related}: the run has {config.related} for each post; run postkin report with"
            f" --related {wanted.related}"
        )
    if wanted.least is not None and wanted.least < config.least_related:
        raise UsageError(
            f"--min-confidence {wanted.least:g}: the run has left out what is below {config.least_related:g}; run"
            f" postkin report with --min-confidence {wanted.least:g}"
        )
    if wanted.any_language and not config.any_language:
        raise UsageError("--any-language: the run relates posts in one language; run postkin report --any-language")


def place_data(config: Config, run: StoredRun) -> DataFile:
    """Find the file of a run's data; raises UsageError where there is no place for it.

    A run may be somebody else's: what its config says of places holds in the working folder, below and above it.
    """
    run_config = read_config(run)
    if run_config.vectors:
        raise UsageError(f"{config.run!r} was made of --vectors, which do not say where posts are; run postkin report")
    check_shown(repr(config.run), run_config.include)
    check_wanted(config.wanted, run_config)
    generator = config.generator or reader_of(run_config.site_generator or read_generator(run))
    target = find_target(run_config.input, generator, config)
    if config.output is None and not _is_near(target.home):
        raise UsageError(
            f"{config.run!r} is of the site in {target.home!r}, which is neither below nor above the working folder;"
            " change to that site's folder, or give --output"
        )
    return target


def reader_of(generator: str | None) -> str | None:
    """Name what reads the data of a site of a generator; None where that is not known."""
    return generator if generator is None or generator in NAMES else PLAIN


def find_target(inputs: Sequence[str], generator: str | None, config: Config) -> DataFile:
    """Find the file for the posts of some inputs; raises UsageError where there is no place for it."""
    try:
        target = find_data_file(inputs, generator, config.root, config.output, config.home)
    except DataFileError as error:
        raise UsageError(str(error)) from None
    path = Path(target.file)
    refuse_links(path, Path(target.home) if config.output is None else path.parent, "--output")
    if config.script is not None:
        refuse_links(Path(config.script), Path(config.script).parent, "--script")
        if Path(config.script).resolve() == path.resolve():
            raise UsageError(f"--script {config.script!r} is the file of data; give the script a file of its own")
    return target


def refuse_links(path: Path, home: Path, flag: str) -> None:
    """Raise UsageError where a link, which may lead anywhere, or no file stands in place of a file below `home`."""
    for place in (path, *path.parents):
        if place == home:
            break
        if place.is_symlink():
            raise UsageError(f"{str(place)!r} is a link, which may lead anywhere: delete it, or give {flag}")
        if place.exists() and not (place.is_file() if place == path else place.is_dir()):
            raise UsageError(f"{str(place)!r} is in the way; delete it, or give {flag}")


def make_data(run: StoredRun, wanted: Wanted, target: DataFile) -> tuple[bytes, str]:
    """Make the content of a file, and say in a line what is in it.

    Raises UsageError for a post that has no name on the site, and LoadError when there is no whole run.
    """
    exported = load_exported(run, wanted)
    keys = _keys(exported, target)
    named = {id_: key for id_, key in keys.items() if is_key(key)}
    posts = f"{len(named):,} posts"
    if left_out := len(keys) - len(named):
        posts += f" ({left_out:,} left out: their paths are too long for a key)"
    reader = "as plain JSON" if target.generator == PLAIN else f"for {target.generator}"
    return site_data(exported, named), f"{posts} {reader}: {target.shown}"


def refuse_others(path: Path, beginning: bytes, flag: str) -> None:
    """Raise UsageError where a file is there that does not begin as those of its kind do."""
    try:
        if path.exists():
            with path.open("rb") as stream:
                head = stream.read(len(beginning))
            if head and head != beginning:
                raise UsageError(f"{shown(path)!r} is there and no file of postkin export; give another {flag}")
    except OSError as error:
        raise UsageError(f"{shown(path)!r} cannot be read: {error.strerror}") from None


def write_file(path: Path, content: bytes) -> None:
    """Put the content in a file's place, whole or not at all; raises UsageError when it cannot be."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise UsageError(f"{shown(path)!r} cannot be written: {error.strerror}") from None


def check_file(path: Path, content: bytes) -> str | None:
    """Say in a line how a file differs from what it should hold; None where it does not."""
    if not path.exists():
        return f"{shown(path)} is missing"
    try:
        with path.open("rb") as stream:
            there = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{shown(path)!r} cannot be read: {error.strerror}") from None
    return None if there == content else f"{shown(path)} is not up to date: {say_changes(there, content)}"


def export_run(config: Config, run: StoredRun, target: DataFile) -> int:
    """Write or check a run's files, and say so; returns the exit code.

    Raises UsageError and LoadError as the functions above do.
    """
    content, said = make_data(run, config.wanted, target)
    contents = {Path(target.file): content}
    beginnings = {Path(target.file): (BEGINNING, "--output")}
    if config.script is not None:
        path, script = Path(config.script), next_script()
        contents[path], beginnings[path] = script, (script.splitlines(keepends=True)[0], "--script")
        said = f"{said}, {shown(path)}"
    if config.check:
        if changes := next(filter(None, (check_file(path, content) for path, content in contents.items())), None):
            sys.stderr.write(f"postkin export: {changes}; run it without --check\n")
            return 1
    else:
        for path, (beginning, flag) in beginnings.items():
            refuse_others(path, beginning, flag)
        for path, content in contents.items():
            write_file(path, content)
    if not config.quiet:
        sys.stdout.write(f"postkin: {said}{' is up to date' if config.check else ''}\n")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    settings = Settings()
    try:
        settings = settings_of(arguments)
        config = parse_config(arguments, settings)
        if is_remote(config.run):
            prepare_for_beam()
        run = open_run(config.run)
        return export_run(config, run, place_data(config, run))
    except LoadError as error:
        return refuse(UsageError(str(error)), "postkin export")
    except (UsageError, OSError) as error:
        return refuse(explain(error, settings.export.flags, settings, arguments), "postkin export")


def _keys(exported: ExportedRun, target: DataFile) -> Mapping[str, str]:
    try:
        keys = {id_: target.key(post.path) for id_, post in exported.posts.items()}
    except DataFileError as error:
        raise UsageError(str(error)) from None
    if len(set(keys.values())) < len(keys):
        raise UsageError("the run has two posts of one path; run postkin report again")
    return keys


def _is_near(place: str) -> bool:
    """Tell whether a folder is the working folder, or is below or above it."""
    here, there = Path.cwd(), Path(place).resolve()
    return there.is_relative_to(here) or here.is_relative_to(there)
