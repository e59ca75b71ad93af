"""Posts that are like some and unlike others: a run and ids in, their neighbours by text or by readers out."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from jobs.environment import prepare_for_beam
from jobs.options.errors import UsageError, refuse
from jobs.options.parser import Parser, folder, whole_number
from reports.reading_lists import SimilarPost, similar_markdown
from transforms.numerics.arrays import Ints, Mask, Vectors
from transforms.output.reader_run import RunPosts, load_posts, load_reader_vectors
from transforms.output.stored import LoadError, StoredRun, open_run
from transforms.plumbing.storage import is_remote
from transforms.readings.addresses import NO_POST
from transforms.readings.learned import LEAST_FOR_VECTOR
from transforms.readings.models import DIM
from transforms.readings.suggest import direction, nearest

FORMATS = ("md", "json")
KINDS = ("text", "readers")
LEAST = 20
"""A post of fewer readers is no answer: what few have read together says little."""


@dataclass(frozen=True)
class Config:
    """Which run is asked, for posts like which and unlike which, by what, and how many.

    Of answers by readers at least `least` have read each. Raises UsageError where posts by text shall have readers.
    """

    run: str
    like: tuple[str, ...]
    unlike: tuple[str, ...] = ()
    by: str = "text"
    least: int = LEAST
    count: int = 10
    format: str = "md"

    def __post_init__(self) -> None:
        if self.least != LEAST and self.by != "readers":
            raise UsageError(f"--least {self.least} is about readers; give it with --by readers")


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    parser = Parser(
        prog="postkin similar",
        description="List the posts of a run that are most like some posts, and unlike others, by their texts or by"
        " who has read them.",
    )
    add = parser.add_argument
    add("run", metavar="RUN", help="an output folder of postkin report")
    add("--like", nargs="+", required=True, metavar="ID", help="posts, by their ids, paths or addresses")
    add("--unlike", nargs="+", default=[], metavar="ID", help="posts that the answers should be far from")
    add("--by", choices=KINDS, default="text", help="what posts are like by (default: %(default)s)")
    add(
        "--least",
        type=whole_number(1),
        default=LEAST,
        metavar="N",
        help="leave out answers by readers that fewer than N have read (default: %(default)s)",
    )
    add("--count", type=whole_number(1), default=10, metavar="N", help="how many posts to list (default: %(default)s)")
    add("--format", choices=FORMATS, default="md", help="what to print (default: %(default)s)")
    return parser


def parse_config(argv: Sequence[str]) -> Config:
    """Turn flags into a Config; raises UsageError when they cannot be met."""
    flags = make_parser().parse_args(argv)
    return Config(
        run=folder(flags.run),
        like=tuple(flags.like),
        unlike=tuple(flags.unlike),
        by=flags.by,
        least=flags.least,
        count=flags.count,
        format=flags.format,
    )


def find_named(posts: RunPosts, named: Sequence[str]) -> list[int]:
    """Find posts by ids, paths or addresses; raises UsageError for one that is of none, with others like it."""
    found = []
    for one in named:
        number = posts.find(one)
        if number == NO_POST:
            guesses = " or ".join(map(repr, posts.guesses(one)))
            hint = f"did you mean {guesses}?" if guesses else "give the id, the path or the address of one"
            raise UsageError(f"{one!r} is no post of the run; {hint}")
        found.append(number)
    return found


def vectors_by_readers(run: StoredRun, posts: RunPosts) -> tuple[Vectors, Ints]:
    """Return the vectors of all posts by who read them, 0 for those without one, and how many have read each."""
    ids, known, readers = load_reader_vectors(run)
    numbers = posts.numbers
    if not set(ids) <= numbers.keys():
        raise LoadError(f"{run.folder!r} holds no whole run: its vectors by readers are of other posts")
    rows = [numbers[id_] for id_ in ids]
    vectors, counts = np.zeros((len(numbers), DIM), np.float32), np.zeros(len(numbers), np.int64)
    vectors[rows], counts[rows] = known, readers
    return vectors, counts


def similar_posts(config: Config, run: StoredRun) -> list[SimilarPost]:
    """List the posts that are asked for, the likest first; raises UsageError and LoadError as the above do."""
    posts = load_posts(run)
    like, unlike = find_named(posts, config.like), find_named(posts, config.unlike)
    vectors, readers = posts.vectors, None
    if config.by == "readers":
        vectors, readers = vectors_by_readers(run, posts)
    has_vector: Mask = np.linalg.norm(vectors, axis=1) > 0
    for number in (*like, *unlike):
        if not has_vector[number]:
            why = f"fewer than {LEAST_FOR_VECTOR} readers" if config.by == "readers" else "no known word"
            raise UsageError(f"{posts.posts[number].id!r} has {why}, so it has no vector; give another post")
    towards = direction(vectors, like, unlike)
    if not towards.any():
        raise UsageError("--like and --unlike are the same posts; give others")
    kept = has_vector if readers is None else has_vector & (readers >= config.least)
    kept[[*like, *unlike]] = False
    return [
        SimilarPost(
            *(posts.posts[row].id, posts.posts[row].title, posts.posts[row].path, posts.posts[row].url),
            cosine=cosine,
            readers=None if readers is None else int(readers[row]),
        )
        for row, cosine in nearest(vectors, towards, kept, config.count)
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code."""
    try:
        config = parse_config(sys.argv[1:] if argv is None else argv)
        if is_remote(config.run):
            prepare_for_beam()
        found = similar_posts(config, open_run(config.run))
    except LoadError as error:
        return refuse(UsageError(str(error)), "postkin similar")
    except UsageError as error:
        return refuse(error, "postkin similar")
    if config.format == "json":
        sys.stdout.write(json.dumps([asdict(post) for post in found], indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(similar_markdown(found))
    return 0
