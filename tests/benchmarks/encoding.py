"""What encoding costs beyond the model itself, and what a vector cache saves, as Markdown tables.

`python -m tests.benchmarks.encoding --input DIR` encodes made-up texts with the test SavedModel through the pipeline
and in a bare loop, and runs the job on a blog with a warm cache, with and without one changed post.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from tests.benchmarks.corpus import write_corpus
from tests.benchmarks.report import POSTKIN, RUNS, Cost, measure
from tests.savedmodels import Models
from transforms.corpus.blocks import BLOCK_ROWS
from transforms.encoders.encode import EncodeArticles, model_in
from transforms.encoders.registry import EncoderSpec
from transforms.encoders.savedmodel import MAX_CHARACTERS, batches, load
from transforms.records import Article, TextBlock

TEXTS = 5_000
TURNS = 9
TEXT_CHARACTERS = 400
"""About the length of a title, a lede and headings."""
_stamps: list[float] = []
_blocks: list[TextBlock] = []
"""What the pipeline encodes: to make them on the way would count as encoding."""


def made_up_blocks(texts: int) -> list[TextBlock]:
    """Cut so many texts from made-up posts, and one block more to warm up on."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), texts // 4)
        posts = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).rglob("*.md"))]
    starts = (post[start : start + TEXT_CHARACTERS] for start in range(300, 10**6, TEXT_CHARACTERS) for post in posts)
    wanted = [next(starts) for _ in range(-(-texts // BLOCK_ROWS) * BLOCK_ROWS + BLOCK_ROWS)]
    return [
        TextBlock("articles", (Article("", "", ""),) * BLOCK_ROWS, tuple(wanted[start : start + BLOCK_ROWS]))
        for start in range(0, len(wanted), BLOCK_ROWS)
    ]


def through_pipeline(blocks: Sequence[TextBlock], folder: str) -> float:
    """Encode blocks in the pipeline's stage; returns the seconds from the end of the first to the end of the last."""
    _stamps.clear()
    _blocks[:] = blocks
    with beam.Pipeline("FnApiRunner", options=PipelineOptions([])) as pipeline:
        model = pipeline | "Model" >> beam.Create([model_in(folder)])
        texts = pipeline | "Texts" >> beam.Create(range(len(blocks)), reshuffle=False) | beam.Map(_block)
        _ = texts | "Encode" >> EncodeArticles(EncoderSpec("use", "3"), model) | "Stamp" >> beam.Map(_stamp)
    if len(_stamps) != len(blocks):
        raise RuntimeError(f"{len(_stamps)} of {len(blocks)} blocks came out")
    return _stamps[-1] - _stamps[0]


def _block(number: int) -> TextBlock:
    return _blocks[number]


def _stamp(_: object) -> None:
    _stamps.append(time.perf_counter())


def in_bare_loop(blocks: Sequence[TextBlock], folder: str) -> float:
    """Encode the same batches without anything else; returns the seconds from the end of the first block."""
    model = load(folder)
    stamps = []
    for block in blocks:
        for batch in batches([text[:MAX_CHARACTERS] for text in block.texts]):
            model(batch).numpy()
        stamps.append(time.perf_counter())
    return stamps[-1] - stamps[0]


def throughput(folder: str, texts: int) -> Iterator[tuple[str, ...]]:
    """Texts a second in the pipeline and in a bare loop, in turns: the rows of a table."""
    blocks = made_up_blocks(texts)
    turns = [(through_pipeline(blocks, folder), in_bare_loop(blocks, folder)) for _ in range(TURNS)]
    encoded = (len(blocks) - 1) * BLOCK_ROWS
    pipeline, loop = (encoded / statistics.median(seconds) for seconds in zip(*turns, strict=True))
    yield "texts a second", "bare loop", "ratio", "wanted", "microseconds more a text"
    yield "---", "--:", "--:", "---", "--:"
    yield (
        f"{pipeline:,.0f}",
        f"{loop:,.0f}",
        f"{pipeline / loop:.3f}",
        "0.95 or more",
        f"{1e6 / pipeline - 1e6 / loop:.1f}",
    )


def warm_cache(posts: Path, models: Models) -> Iterator[tuple[str, ...]]:
    """The CPU of a run with nothing to encode and of one with a changed post, by encoder: the rows of a table."""
    yield "encoder", "nothing to encode, CPU s", "one changed post, CPU s", "ratio", "wanted"
    yield "---", "--:", "--:", "--:", "---"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = Path(shutil.copytree(posts, folder / "posts"))
        report = (*POSTKIN, "report", "--quiet", "--input", str(copy), "--output", str(folder / "out"))
        measure((*report[:-1], str(folder / "fitted")))
        for encoder, flags in (
            ("lsa", ("--model", str(folder / "fitted" / "model"))),
            ("use", ("--encoder", "use", "--model-dir", models("use"))),
        ):
            command = (*report, *flags, "--cache", str(folder / encoder))
            measure(command)
            idle, changed = zip(*(_idle_and_changed(command, copy) for _ in range(RUNS)), strict=True)
            without, with_one = (statistics.median(cost.cpu for cost in costs) for costs in (idle, changed))
            yield encoder, f"{without:.1f}", f"{with_one:.1f}", f"{with_one / without:.2f}", "at most 1.15"


def _idle_and_changed(command: Sequence[str], posts: Path) -> tuple[Cost, Cost]:
    idle = measure(command)
    post = min(posts.rglob("*.md"))
    with post.open("a", encoding="utf-8") as file:
        file.write(f"\n\n## Changed at {time.time_ns()}\n\nWords.\n")
    return idle, measure(command)


def main(argv: Sequence[str] | None = None) -> None:
    """Run both benchmarks and print their tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.encoding", description=__doc__)
    parser.add_argument("--input", type=Path, required=True, metavar="DIR", help="the blog to run the job on")
    parser.add_argument("--texts", type=int, default=TEXTS, metavar="N", help="texts to make up (default: %(default)s)")
    flags = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        models = Models(folder)
        for rows in (throughput(models("use"), flags.texts), warm_cache(flags.input, models)):
            for row in rows:
                sys.stdout.write(f"| {' | '.join(row)} |\n")
                sys.stdout.flush()
            sys.stdout.write("\n")


if __name__ == "__main__":
    from tests.benchmarks import encoding  # Beam finds the lists in a module that has a name

    encoding.main()
