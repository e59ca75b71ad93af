"""Flags: refused in one line with exit code 2, checked before Beam is imported."""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

UNSUPPORTED_RUNNERS = {"DaskRunner": "it loses data silently"}


class UsageError(Exception):
    """A request that cannot be met; its message says in one line what was given and what to give instead."""


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors are one line, and which passes Beam's own flags through."""

    def __init__(self, **settings: object) -> None:
        super().__init__(allow_abbrev=False, **settings)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of printing the usage."""
        raise UsageError(f"{message} (see {self.prog} --help)")

    def parse_with_beam(self, argv: Sequence[str]) -> tuple[argparse.Namespace, tuple[str, ...]]:
        """Parse our flags and return Beam's beside them.

        Raises UsageError for a flag that neither knows, a stray argument, or a runner that is not supported.
        """
        ours, rest = self.parse_known_args(argv)
        known = beam_flags() if rest else frozenset[str]()
        ours_known = {option for action in self._actions for option in action.option_strings}
        for before, argument in zip(["", *rest], rest, strict=False):
            name = argument.partition("=")[0]
            if name.startswith("-") and not name.lstrip("-").isdigit():
                if name not in known:
                    close = difflib.get_close_matches(name, ours_known | known, n=1)
                    hint = f"did you mean {close[0]}?" if close else f"see {self.prog} --help"
                    raise UsageError(f"unknown flag {name}; {hint}")
            elif not before.startswith("-") or "=" in before:
                raise UsageError(f"unexpected argument {argument!r}; every value belongs to a flag (quote globs)")
        for runner, why in UNSUPPORTED_RUNNERS.items():
            if any(argument.split("=")[-1] == runner for argument in rest):
                raise UsageError(f"--runner {runner} is not supported: {why}; leave the flag out to run locally")
        return ours, tuple(rest)


def beam_flags() -> frozenset[str]:
    """Return the names of Beam's flags, read from its source: importing it takes longer than a refusal should."""
    spec = importlib.util.find_spec("apache_beam")
    if spec is None or spec.origin is None:
        raise UsageError("apache-beam is not installed; run: pip install postkin")
    source = Path(spec.origin).parent / "options" / "pipeline_options.py"
    return frozenset(re.findall(r"""['"](--\w+)['"]""", source.read_text(encoding="utf-8")))


def whole_number(least: int) -> type[int]:
    """Return an argparse type for whole numbers that are not below `least`."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"\d+", text) or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} up")
        return int(text)

    return parse  # type: ignore[return-value]


def refuse(error: UsageError, command: str) -> int:
    """Print why a command cannot run; returns the exit code."""
    sys.stderr.write(f"{command}: {error}\n")
    return 2
