"""The flags of the evaluation job, turned into a frozen Config."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from jobs.options.configured import add_config_flags, fill
from jobs.options.encoder import CONTRASTIVE, EncoderFlags, add_encoder_flags
from jobs.options.errors import UsageError
from jobs.options.parser import Parser, check_output, folder
from jobs.options.readings import Readings, add_reading_flags, reading_flags
from jobs.options.settings import Settings
from jobs.options.source import Source, add_source_flags, source_flags
from transforms.encoders.registry import kinds_in

ABLATION = (("title",), ("title", "lede"), ("title", "lede", "headings"), ("title", "lede", "headings", "body"))
"""What of a post is read, as the talk compared it: one part more at a time."""


@dataclass(frozen=True)
class Config:
    """What is judged: `encodings`, an encoder and what it reads each; raises UsageError when that cannot be met.

    In an `ablation` those that read other parts than by default have nothing else of a post.
    """

    source: Source
    output: str
    encodings: tuple[EncoderFlags, ...]
    ablation: bool = True
    readings: Readings = field(default_factory=Readings)
    quiet: bool = False
    verbose: bool = False
    beam_args: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_output(self.output)


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    parser = Parser(
        prog="postkin evaluate",
        description="Judge related posts, tags and themes on tags that are held back, beside baselines.",
        epilog="Posts may stand before all flags, without --input. Flags of Apache Beam (--runner,"
        " --direct_num_workers, ...) are passed through to it.",
    )
    add_source_flags(parser)
    add = parser.add_argument
    add("--output", required=True, metavar="DIR", help="the folder for metrics.json and metrics.md; made when missing")
    add("--quiet", action="store_true", help="print nothing but errors")
    add("--verbose", action="store_true", help="show Beam's log, and where a failing run failed")
    add_encoder_flags(parser, several=True)
    add_config_flags(parser)
    add_reading_flags(parser, published=False)
    for action in parser.flags:
        if action.dest == "model":
            action.help = argparse.SUPPRESS
        if action.dest == "text":
            action.help = (
                "judge only these parts of a post, any of title,lede,headings,body (default: several combinations)"
            )
    return parser


def parse_config(argv: Sequence[str], settings: Settings | None = None) -> Config:
    """Turn flags and the blog's settings into a Config; raises UsageError when they cannot be met."""
    parser = make_parser()
    values = settings.evaluate if settings else {}
    flags, beam_args = parser.parse_with_beam(fill(parser, values, argv))
    return Config(
        source=source_flags(flags),
        output=folder(flags.output),
        encodings=encodings(flags),
        ablation=not flags.text,
        readings=reading_flags(flags),
        quiet=flags.quiet,
        verbose=flags.verbose,
        beam_args=beam_args,
    )


def encodings(flags: argparse.Namespace) -> tuple[EncoderFlags, ...]:
    """List what is judged: each encoder with what it reads by default, then with the other parts of `ABLATION`.

    Raises UsageError when flags do not go together.
    """
    names = flags.encoder or ["lsa"]
    loaded = [name for name in names if not all(kind.trained_on_corpus for kind in kinds_in(name))]
    if flags.model:
        raise UsageError("--model is for postkin report; evaluate fits a model for each of the texts that it compares")
    if len(set(names)) < len(names):
        raise UsageError(f"--encoder {max(names, key=names.count)!r} is given twice; give each once")
    if flags.model_dir and len(loaded) > 1:
        raise UsageError(f"--model-dir is given for {' and '.join(loaded)}; give the folder of each with --encoder")
    for flag, value in (("--model-dir", flags.model_dir), ("--output-key", flags.output_key), ("--cache", flags.cache)):
        if value and not loaded:
            raise UsageError(f"{flag} is for SavedModels; {' and '.join(names)} is fitted to the posts")
    variants: list[EncoderFlags] = []
    for name in names:
        of_model = (flags.model_dir, flags.output_key, flags.cache) if name in loaded else (None, None, None)
        model_dir, output_key, cache = of_model
        encoding = EncoderFlags(name, None, model_dir, output_key, flags.offline, flags.text, cache)
        variants += [encoding] if flags.text else [encoding, *ablations(encoding)]
    return tuple(variants)


def ablations(encoding: EncoderFlags) -> list[EncoderFlags]:
    """List an encoder reading other parts of a post than it does by default, where it can do with them."""
    others = [text for text in ABLATION if set(text) != set(encoding.parts)]
    needs_body = CONTRASTIVE in [flags.encoder for flags in encoding.joined]
    return [dataclasses.replace(encoding, text=text) for text in others if "body" in text or not needs_body]
