"""What to read next: a run and what somebody has read in, posts that they have not read out."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from jobs.environment import prepare_for_beam
from jobs.options.errors import UsageError, refuse
from jobs.options.parser import Parser, folder, whole_number
from reports.reading_lists import SuggestedPost, next_markdown
from transforms.output.reader_run import RunPosts, last_second, load_next, load_posts, other_languages, translations
from transforms.output.stored import LoadError, StoredRun, open_run
from transforms.plumbing.storage import is_remote
from transforms.readings.addresses import NO_POST
from transforms.readings.next_model import NextModel
from transforms.readings.suggest import suggest

FORMATS = ("md", "json")
STDIN = "-"
MAX_BYTES = 16 << 20
"""A history that is larger is none."""
NAMED = 20
"""So many lines that are no posts are named."""


@dataclass(frozen=True)
class Config:
    """Which run is asked, the file of what was read ("-" is the standard input), and how many posts are wanted."""

    run: str
    history: str
    count: int = 10
    format: str = "md"


@dataclass(frozen=True)
class Read:
    """The places of the posts that were read, each once, oldest first, and the lines that are no posts, from 1."""

    posts: tuple[int, ...]
    wrong: tuple[int, ...]
    lines: int


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    parser = Parser(
        prog="postkin next",
        description="Tell from the tables of a run which posts somebody could read next. Nothing of what they have"
        " read is written.",
    )
    add = parser.add_argument
    add("run", metavar="RUN", help="an output folder of postkin report, best of one with --readings")
    add(
        "--history",
        required=True,
        metavar="FILE",
        help="what was read, oldest first: a path, id or address of a post a line; - is the standard input",
    )
    add("--count", type=whole_number(1), default=10, metavar="N", help="how many posts to show (default: %(default)s)")
    add("--format", choices=FORMATS, default="md", help="what to print (default: %(default)s)")
    return parser


def parse_config(argv: Sequence[str]) -> Config:
    """Turn flags into a Config; raises UsageError when they cannot be met."""
    flags = make_parser().parse_args(argv)
    return Config(folder(flags.run), flags.history, flags.count, flags.format)


def read_history(history: str) -> list[str]:
    """Read the lines of what was read; raises UsageError where that cannot be done, without quoting any."""
    try:
        if history == STDIN:
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(history).open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"--history {history!r} cannot be read: {error.strerror}; give a file, or -") from None
    if len(content) > MAX_BYTES:
        raise UsageError(f"--history {history!r} is larger than {MAX_BYTES >> 20} MiB; give what one reader has read")
    return content.decode("utf-8-sig", "replace").splitlines()


def find_read(posts: RunPosts, lines: Sequence[str]) -> Read:
    """Find the posts that the lines of a history name; empty lines do not matter."""
    numbered = [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]
    found = [(number, posts.find(line)) for number, line in numbered]
    read = dict.fromkeys(post for _, post in found if post != NO_POST)
    return Read(tuple(read), tuple(number for number, post in found if post == NO_POST), len(numbered))


def check_read(config: Config, read: Read) -> None:
    """Raise UsageError where a history names no post, without quoting it."""
    if not read.posts:
        raise UsageError(
            f"--history {config.history!r} names no post of {config.run!r}; give a path or an address a line"
        )


def next_posts(run: StoredRun, posts: RunPosts, model: NextModel, read: Read, count: int) -> list[SuggestedPost]:
    """List the posts to read next, the best first; translations of what was read and other languages are left out."""
    closed = other_languages(run, posts, read.posts)
    closed[translations(run, posts, read.posts)] = True
    suggested = suggest(model, read.posts, closed, last_second(run, model), count)
    shown = ((posts.posts[post], score) for post, score in suggested)
    return [SuggestedPost(post.id, post.title, post.path, post.url, round(score, 4)) for post, score in shown]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code."""
    try:
        config = parse_config(sys.argv[1:] if argv is None else argv)
        if is_remote(config.run):
            prepare_for_beam()
        lines = read_history(config.history)
        run = open_run(config.run)
        posts = load_posts(run)
        read = find_read(posts, lines)
        check_read(config, read)
        model = load_next(run, posts)
        suggested = next_posts(run, posts, model, read, config.count)
    except LoadError as error:
        return refuse(UsageError(str(error)), "postkin next")
    except UsageError as error:
        return refuse(error, "postkin next")
    if read.wrong:
        sys.stderr.write(f"postkin next: {say_wrong(read)}\n")
    if config.format == "json":
        answer = {"method": model.method, "read": len(read.posts), "posts": [asdict(post) for post in suggested]}
        sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(next_markdown(suggested))
    return 0


def say_wrong(read: Read) -> str:
    """Say which lines of a history are no posts, by their numbers: what they say is somebody's own business."""
    named = ", ".join(f"{number:,}" for number in read.wrong[:NAMED])
    more = f" and {len(read.wrong) - NAMED:,} more" if len(read.wrong) > NAMED else ""
    return f"{len(read.wrong):,} of {read.lines:,} lines are of no post: line {named}{more}"
