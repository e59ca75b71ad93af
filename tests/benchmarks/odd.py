"""What a corpus unlike any blog costs, and whether `postkin report` ends right on it.

`python -m tests.benchmarks.odd KIND [N]`. The kinds are:

- `unusable`: N files, ten of which are posts that can be used
- `cluster`: N vectors that are all near one direction
- `alike`: N vectors that are so near it that nearly all cosines are 1.0000
- `tag`: N made-up vectors, all with the same one tag
- `date`: N made-up vectors, all of the same day

With `--posts`, `cluster`, `tag` and `date` are posts in markdown.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks import corpus, vectors
from tests.benchmarks.report import POSTKIN, Cost, measure
from transforms.sampling import LARGE

USABLE = 10
FOLDER_FILES = 500
"""So many files stand in one folder."""
SLOWEST = 8
"""So many stages are shown."""
SPREADS = {"cluster": 0.1, "alike": 0.003}
"""How long, beside the one direction of all vectors, is what each has of its own."""
TAG, DAY = "everything", "2020-02-29"
REJECTED, SKIPPED, OTHER, PARSED = "rejected", "skipped", "other", "parsed"
TEXT = "Some words of a post that nobody will read.\n"
FAULTS: Sequence[tuple[str, str, bytes]] = (
    (REJECTED, "md", f"---\ntitle: [never closed\n---\n{TEXT}".encode()),
    (REJECTED, "md", f"---\ntitle: a\n tags: 'b\n  - c: d\n---\n{TEXT}".encode()),
    (REJECTED, "md", f"---\ntitle: The front matter never ends\n{TEXT}".encode()),
    (REJECTED, "md", f"---\n- a list\n- and no mapping\n---\n{TEXT}".encode()),
    (REJECTED, "md", f"+++\ntitle = \n+++\n{TEXT}".encode()),
    (REJECTED, "md", f'{{"title": "a",\n\n{TEXT}'.encode()),
    (REJECTED, "md", f"---js\nmodule.exports = {{}}\n---\n{TEXT}".encode()),
    (REJECTED, "md", f"---\ntitle: {'[' * 200}{']' * 200}\n---\n{TEXT}".encode()),
    (REJECTED, "md", f"---\ntitle: Caf\u00e9\n---\n{TEXT}".encode("latin-1")),
    (REJECTED, "markdown", TEXT.encode("utf-16")),
    (SKIPPED, "md", b""),
    (SKIPPED, "md", b"---\ntitle: No text\n---\n"),
    (SKIPPED, "md", f"---\ntitle: A draft\ndraft: true\n---\n{TEXT}".encode()),
    (SKIPPED, "mdx", f"---\ntitle: Of a day to come\ndate: 2999-01-01\n---\n{TEXT}".encode()),
    (SKIPPED, "md", f"---\ntitle: Private\npassword: a\n---\n{TEXT}".encode()),
    (SKIPPED, "md", f"---\ntitle: Over\nexpires: 2001-01-01\n---\n{TEXT}".encode()),
    (OTHER, "rst", TEXT.encode()),
)
"""What becomes of a file that cannot be used, its suffix and its bytes."""
ALL_BUT_A_SAMPLE = "The lists below are of a sample"
"""What a report says that does not list all posts."""
TABLES = ("articles", "related", "tags", "members", "links")
"""The tables of lines with a row for each article; of given vectors the last is empty."""

Front = Callable[[str], str]
Change = Callable[[pa.RecordBatch], pa.RecordBatch]


@dataclass(frozen=True)
class Outcome:
    """What a run took, what it left below its output folder, in bytes, and what is wrong with that."""

    seconds: float
    cost: Cost
    run: Mapping[str, Any]
    output: int
    page: int
    faults: Sequence[str]


def write_unusable(folder: Path, files: int) -> Counter[str]:
    """Write so many files below a folder, of which USABLE are posts; returns how many should become what."""
    world = corpus.make_world()
    usable = set(np.linspace(0, files - 1, USABLE, dtype=int).tolist())
    outcomes: Counter[str] = Counter()
    for number in range(files):
        outcome, suffix, content = FAULTS[number % len(FAULTS)]
        if number in usable:
            text = corpus.make_post(world, np.random.default_rng((0, number)))[1]
            outcome, suffix, content = PARSED, "md", text.encode()
        path = folder / f"{number // FOLDER_FILES:05}" / f"{number:07}.{suffix}"
        if number % FOLDER_FILES == 0:
            path.parent.mkdir(parents=True)
        path.write_bytes(content)
        outcomes[outcome] += 1
    return outcomes


def write_posts(folder: Path, kind: str, posts: int) -> None:
    """Write so many posts in markdown below a folder that are all of one theme, one tag or one day."""
    world = corpus.make_world()
    if kind == "cluster":
        english = replace(world.english, topics=[world.english.topics[0]] * corpus.TOPICS)
        world = replace(world, english=english, japanese=english, tags=[world.tags[0]] * corpus.TOPICS)
    front: Mapping[str, Front] = {
        "tag": lambda text: re.sub(r"^tags: .*$", f'tags: ["{TAG}"]', text, count=1, flags=re.MULTILINE),
        "date": lambda text: re.sub(r"^date: .*$", f"date: {DAY}", text, count=1, flags=re.MULTILINE),
    }
    change = front.get(kind, str)
    for number in range(posts):
        path = folder / f"{number // FOLDER_FILES:05}" / f"{number:07}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change(corpus.make_post(world, np.random.default_rng((0, number)))[1]), encoding="utf-8")


def write_rows(path: Path, kind: str, rows: int) -> None:
    """Write so many made-up vectors as Parquet that are all near one direction, of one tag or of one day."""
    near = {name: functools.partial(_near, spread=spread) for name, spread in SPREADS.items()}
    changes: Mapping[str, Change] = {**near, "tag": _of_one_tag, "date": _of_one_day}
    chunks = map(changes[kind], vectors.make_chunks(rows))
    first = next(chunks)
    with pq.ParquetWriter(path, first.schema, use_dictionary=["tags"], compression="none") as file:
        for chunk in itertools.chain([first], chunks):
            file.write_batch(chunk)


def _near(chunk: pa.RecordBatch, spread: float) -> pa.RecordBatch:
    own = chunk.column("vector").flatten().to_numpy().reshape(-1, vectors.DIM)
    near = spread * own + np.ones(vectors.DIM, np.float32) / np.float32(vectors.DIM) ** 0.5
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    values = pa.array(near.astype(np.float32).ravel())
    return _with_column(chunk, "vector", pa.FixedSizeListArray.from_arrays(values, vectors.DIM))


def _of_one_tag(chunk: pa.RecordBatch) -> pa.RecordBatch:
    return _with_column(chunk, "tags", pa.array([[TAG]] * len(chunk)))


def _of_one_day(chunk: pa.RecordBatch) -> pa.RecordBatch:
    return _with_column(chunk, "date", pa.array([DAY] * len(chunk)))


def _with_column(chunk: pa.RecordBatch, name: str, column: pa.Array) -> pa.RecordBatch:
    return chunk.set_column(chunk.schema.get_field_index(name), name, column)


def find_faults(output: Path, run: Mapping[str, Any], expected: Mapping[str, int]) -> Iterator[str]:
    """Say what is wrong with a run's output, given how many files should have become what."""
    counts, tables = run["counts"], run["tables"]
    got = {PARSED: counts["parsed"], REJECTED: counts["rejected"], SKIPPED: sum(counts["skipped"].values())}
    got[OTHER] = sum(run["other_files"].values())
    yield from (
        f"{what}: {got[what]:,}, not {expected.get(what, 0):,}" for what in got if got[what] != expected.get(what, 0)
    )
    if counts["read"] != got[PARSED] + got[REJECTED] + got[SKIPPED]:
        yield f"read: {counts['read']:,}"
    listed = {"rejected": got[REJECTED], "skipped": got[SKIPPED], "vectors": got[PARSED]}
    yield from (f"{name}: {tables[name]['rows']:,} rows" for name in listed if tables[name]["rows"] != listed[name])
    ids = Counter[str]()
    given = bool(run["config"]["vectors"])
    names = TABLES[: -1 if given else None]
    for name in names:
        ids.update(_ids(output, tables[name]))
    lacking = sum(count != len(names) for count in ids.values())
    if lacking or len(ids) != got[PARSED]:
        yield f"{len(ids):,} ids in tables, {lacking:,} of them not once in each of {', '.join(names)}"
    if got[PARSED] <= LARGE and ALL_BUT_A_SAMPLE in (output / "summary.md").read_text(encoding="utf-8"):
        yield "the report lists a sample"


def _ids(output: Path, table: Mapping[str, Any]) -> Iterator[str]:
    for shard in table.get("shards", [table]):
        with (output / shard["file"]).open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["id"]


def run_odd(kind: str, size: int, flags: Sequence[str] = (), *, posts: bool = False) -> Outcome:
    """Make an odd corpus up and run the job on it, both in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder, "source"), Path(folder, "output")
        expected: Mapping[str, int] = {PARSED: size}
        if kind == "unusable":
            expected = write_unusable(source, size)
        elif posts:
            write_posts(source, kind, size)
        else:
            write_rows(source, kind, size)
        given = "--input" if source.is_dir() else "--vectors"
        sys.stderr.write(f"{kind}: {size:,} written\n")
        start = time.monotonic()
        command = (*POSTKIN, "report", "--quiet", "--map", "pca", given, str(source), "--output", str(output), *flags)
        cost = measure(command)
        seconds = time.monotonic() - start
        run = json.loads((output / "run.json").read_text(encoding="utf-8"))
        written = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
        page = (output / "report.html").stat().st_size
        return Outcome(seconds, cost, run, written, page, list(find_faults(output, run, expected)))


def table(kind: str, outcome: Outcome) -> str:
    """Lay an outcome out in Markdown."""
    counts = outcome.run["counts"]
    stages = sorted(outcome.run["stages"].items(), key=lambda item: -item[1]["seconds"])[:SLOWEST]
    rows = [
        (kind, f"{counts['read']:,}"),
        ("---", "--:"),
        ("parsed", f"{counts['parsed']:,}"),
        ("rejected", f"{counts['rejected']:,}"),
        ("skipped", f"{sum(counts['skipped'].values()):,}"),
        ("CPU, s", f"{outcome.cost.cpu:.0f}"),
        ("wall time, s", f"{outcome.seconds:.0f}"),
        ("peak memory, MB", f"{outcome.cost.peak_mb:,.0f}"),
        ("output, MB", f"{outcome.output / 1e6:,.1f}"),
        ("report.html, MB", f"{outcome.page / 1e6:.2f}"),
        *((f"{stage}, s", f"{cost['seconds']:.1f}") for stage, cost in stages),
        ("ended right", "; ".join(outcome.faults) or "yes"),
    ]
    return "".join(f"| {name} | {value} |\n" for name, value in rows)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark and print its table; exit with 1 if a run did not end right."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.odd", description=__doc__.partition("\n")[0])
    parser.add_argument("kind", choices=("unusable", *SPREADS, "tag", "date"))
    parser.add_argument("size", type=int, nargs="?", default=1_000_000, metavar="N", help="1,000,000 unless given")
    parser.add_argument("--posts", action="store_true", help="write posts in markdown, not vectors")
    flags, rest = parser.parse_known_args(argv)
    outcome = run_odd(flags.kind, flags.size, rest, posts=flags.posts)
    sys.stdout.write(table(flags.kind, outcome))
    if outcome.faults:
        sys.exit(1)


if __name__ == "__main__":
    main()
