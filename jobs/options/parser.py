"""Flags: refused in one line with exit code 2, checked before Beam is imported."""

from __future__ import annotations

import argparse
import datetime
import difflib
import math
import os
import re
from collections.abc import Callable, Collection, Sequence
from itertools import takewhile
from pathlib import Path
from typing import NoReturn

from jobs.options.beam import UNSUPPORTED_RUNNERS, beam_flags
from jobs.options.errors import UsageError
from transforms.plumbing.storage import is_remote


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors are one line, and which passes Beam's own flags through."""

    def __init__(self, **settings: object) -> None:
        super().__init__(allow_abbrev=False, **settings)  # type: ignore[arg-type]

    @property
    def flags(self) -> list[argparse.Action]:
        """The flags that were added, in their order; --help is not among them."""
        return [action for action in self._actions if action.dest != "help"]

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of printing the usage."""
        raise UsageError(f"{message} (see {self.prog} --help)")

    def parse_args(self, argv: Sequence[str]) -> argparse.Namespace:  # type: ignore[override]  # no Namespace to fill
        """Parse flags; raises UsageError for what cannot be met, before all else for a flag that is unknown."""
        self._refuse_unknown(argv)
        return super().parse_args(argv)

    def parse_with_beam(self, argv: Sequence[str]) -> tuple[argparse.Namespace, tuple[str, ...]]:
        """Parse our flags and return Beam's beside them.

        Raises UsageError for a flag that neither knows, a stray argument, or a runner that is not supported.
        """
        self._refuse_unknown(argv, beam_flags)
        ours, rest = self.parse_known_args(argv)
        for before, argument in zip(["", *rest], rest, strict=False):
            if not is_flag(argument) and (not is_flag(before) or "=" in before):
                raise UsageError(
                    f"unexpected argument {argument!r}; posts stand before all flags, and every other value behind its"
                    " flag (quote globs)"
                )
        for runner, why in UNSUPPORTED_RUNNERS.items():
            if any(argument.split("=")[-1] == runner for argument in rest):
                raise UsageError(f"--runner {runner} is not supported: {why}; leave the flag out to run locally")
        return ours, tuple(rest)

    def _refuse_unknown(self, argv: Sequence[str], others: Callable[[], Collection[str]] = frozenset) -> None:
        """Raise UsageError for a flag that is neither of this parser nor of `others`, with the one that was meant."""
        ours = {option for action in self._actions for option in action.option_strings}
        given = (argument.partition("=")[0] for argument in takewhile(lambda argument: argument != "--", argv))
        unknown = [name for name in given if is_flag(name) and name not in ours]
        theirs = others() if unknown else ()
        for name in unknown:
            if name not in theirs:
                names = {flag.lstrip("-"): flag for flag in theirs} | self._names()
                close = difflib.get_close_matches(name.lstrip("-"), names, n=1)
                hint = f"did you mean {names[close[0]]}?" if close else f"see {self.prog} --help"
                raise UsageError(f"unknown flag {name}; {hint}")

    def _names(self) -> dict[str, str]:
        """What each flag that help shows is called today, by all its names without their dashes."""
        shown = [action.option_strings for action in self._actions if action.help != argparse.SUPPRESS]
        return {
            option.lstrip("-"): next(name for name in options if name.startswith("--"))
            for options in shown
            for option in options
        }


def is_flag(argument: str) -> bool:
    """Tell a flag, alone or as `--flag=value`, from a value; one that begins with a dash is a number or has a space."""
    name = argument.partition("=")[0]
    return name.startswith("-") and not re.fullmatch(r"--?|-\d*\.?\d+|.* .*", name, re.DOTALL)


def whole_number(least: int) -> type[int]:
    """Return an argparse type for whole numbers that are not below `least`."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"\d+", text) or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} up")
        return int(text)

    return parse  # type: ignore[return-value]


def auto_or_number(text: str) -> int | None:
    """Parse a number of themes; None stands for `auto`."""
    if text == "auto":
        return None
    if not re.fullmatch(r"\d+", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a whole number from 1 up nor auto")
    return int(text)


def minutes(text: str) -> float:
    """Parse a time above 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes above 0")
    return value


def probability(text: str) -> float:
    """Parse a number from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return value


def check_day(flag: str, text: str) -> None:
    """Raise UsageError unless a text is a day as in 2024-05-06: posts' dates are compared with it as text."""
    try:
        day = datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        day = ""
    if day != text:
        raise UsageError(f"{flag} {text!r} is not a date; give it as YYYY-MM-DD")


def folder(path: str) -> str:
    """Return a folder's path without slashes at its end."""
    return path.rstrip("/") or path[:1]


def check_output(output: str) -> None:
    """Raise UsageError unless a folder can be named so and, if it is local, be written or made."""
    if not output:
        raise UsageError("--output is empty; give a folder")
    if is_remote(output):
        return
    if Path(output).exists() and not Path(output).is_dir():
        raise UsageError(f"--output {output!r} is a file; give a folder")
    there = next(folder for folder in (Path(output), *Path(output).absolute().parents) if os.path.lexists(folder))
    if not there.is_dir():
        raise UsageError(f"--output {output!r} cannot be made: {str(there)!r} is not a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"--output {output!r} cannot be written: no permission to write in {str(there)!r}")


def words(text: str) -> tuple[str, ...]:
    """Split a flag's value at its commas."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
