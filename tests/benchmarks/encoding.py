"""What encoding costs beyond the model itself, and what a vector cache saves, as Markdown tables.

`python -m tests.benchmarks.encoding --input DIR` encodes made-up texts with the Universal Sentence Encoder, through
TensorFlow and without it, in the pipeline and in a bare loop, and runs the job on a blog with a warm cache, with and
without one changed post.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from tests.benchmarks.corpus import write_corpus
from tests.benchmarks.report import POSTKIN, RUNS, Cost, measure
from tests.savedmodels import Models
from transforms.corpus.blocks import BLOCK_ROWS
from transforms.encoders import savedmodel, use
from transforms.encoders.base import MAX_CHARACTERS
from transforms.encoders.encode import EncodeArticles, model_in
from transforms.encoders.registry import EncoderSpec
from transforms.records import Article, TextBlock

TEXTS = 1_000
TURNS = 5
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
    """Encode blocks with `use` from a folder in the pipeline's stage.

    Returns the seconds from the end of the first block to the end of the last.
    """
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


def in_bare_loop(blocks: Sequence[TextBlock], encode: Callable[[list[str]], object]) -> float:
    """Encode the same texts without anything else; returns the seconds from the end of the first block."""
    stamps = []
    for block in blocks:
        encode([text[:MAX_CHARACTERS] for text in block.texts])
        stamps.append(time.perf_counter())
    return stamps[-1] - stamps[0]


def bare_saved_model(folder: str) -> Callable[[list[str]], object]:
    """Load a SavedModel as a function that encodes the batches of a block."""
    model = savedmodel.load(folder)
    return lambda texts: [model(batch).numpy() for batch in savedmodel.batches(texts)]


def throughput(models: Models, texts: int) -> Iterator[tuple[str, ...]]:
    """Texts a second in the pipeline and in a bare loop, in turns: the rows of a table."""
    blocks = made_up_blocks(texts)
    folder = models("real_use")
    ways: Mapping[str, tuple[str, Callable[[list[str]], object]]] = {
        "through TensorFlow": (folder, bare_saved_model(folder)),
        "without": (use.PACKAGED, use.load().encode),
    }
    yield "`use`", "texts a second", "bare loop", "ratio", "wanted", "microseconds more a text"
    yield "---", "--:", "--:", "--:", "---", "--:"
    for way, (place, encode) in ways.items():
        turns = [(through_pipeline(blocks, place), in_bare_loop(blocks, encode)) for _ in range(TURNS)]
        encoded = (len(blocks) - 1) * BLOCK_ROWS
        pipeline, loop = (encoded / statistics.median(seconds) for seconds in zip(*turns, strict=True))
        more = 1e6 / pipeline - 1e6 / loop
        yield way, f"{pipeline:,.0f}", f"{loop:,.0f}", f"{pipeline / loop:.3f}", "0.95 or more", f"{more:.1f}"


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
            ("use through TensorFlow", ("--encoder", "use", "--model-dir", models("use"))),
            ("use", ("--encoder", "use")),
        ):
            command = (*report, *flags, "--cache", str(folder / encoder.replace(" ", "-")))
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
        for rows in (throughput(models, flags.texts), warm_cache(flags.input, models)):
            for row in rows:
                sys.stdout.write(f"| {' | '.join(row)} |\n")
                sys.stdout.flush()
            sys.stdout.write("\n")


if __name__ == "__main__":
    from tests.benchmarks import encoding  # Beam finds the lists in a module that has a name

    encoding.main()
