"""The check of an installation: versions that fit together, and an encoder that loads and encodes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from jobs.checks import Check, check_encoder, check_packages
from jobs.options.errors import UsageError, refuse
from jobs.options.parser import Parser

if TYPE_CHECKING:  # these import NumPy, whose absence is one of the things to find
    from jobs.options.encoder import EncoderFlags

USELESS = ("text", "cache")
"""Flags of an encoder that have nothing to do here: no post is read, and every vector is asked for."""


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    from jobs.options.encoder import add_encoder_flags

    parser = Parser(
        prog="postkin doctor",
        description="Check that the installed packages fit together, and that an encoder loads and encodes.",
    )
    add_encoder_flags(parser)
    for action in parser.flags:
        if action.dest in USELESS:
            action.help = argparse.SUPPRESS
    return parser


def parse_flags(argv: Sequence[str]) -> EncoderFlags:
    """Turn flags into EncoderFlags; raises UsageError when they cannot be met."""
    from jobs.options.encoder import encoder_flags

    flags = make_parser().parse_args(argv)
    for name in USELESS:
        if getattr(flags, name):
            raise UsageError(f"--{name} is for postkin report; doctor encodes its own sentences, and without a cache")
    return encoder_flags(flags)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code, 1 when a check failed."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's remarks on this machine's processor
    try:
        flags = parse_flags(sys.argv[1:] if argv is None else argv)
    except UsageError as error:
        return refuse(error, "postkin doctor")
    except ImportError as error:
        return _report([*check_packages(), Check(False, f"encoders cannot be imported: {error}")])
    return _report(run_checks(flags))


def run_checks(flags: EncoderFlags) -> Iterator[Check]:
    """Check the packages, and those of the extra that the encoder needs, then the encoder."""
    yield from check_packages(flags.extras)
    yield from check_encoder(flags)


def _report(checks: Iterator[Check] | Sequence[Check]) -> int:
    failed = 0
    for check in checks:
        sys.stdout.write(f"{check}\n")
        sys.stdout.flush()
        failed += not check.ok
    return 1 if failed else 0
