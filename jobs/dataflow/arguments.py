"""The parameters of a Flex Template's launch, as flags of the report job and of Beam."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Sequence

from jobs.options.beam import beam_flags
from jobs.options.errors import UsageError
from jobs.options.parser import Parser

SEVERAL = ","
"""Parts the values of a flag that takes several."""
REPEATED = ";"
"""Parts the values of a flag that may be repeated, and whose values may hold commas."""
SWITCH = {"true": True, "false": False}


def from_template(arguments: Sequence[str], parser: Parser) -> list[str]:
    """Turn what a template's launcher passes, each as `--name=value`, into flags.

    A parameter's name is the flag's with `_` for `-`; an empty value stands for none. What is written in another way
    is left as it is, and a flag that neither job nor Beam knows, as the service may add one, is dropped with a remark.
    Raises UsageError for a switch that is neither true nor false.
    """
    ours = {
        spelling: action
        for action in parser._actions
        for option in action.option_strings
        for spelling in (option, option[:2] + option[2:].replace("-", "_"))
    }
    theirs = beam_flags()
    switches = _beam_switches() if any(_is_switched(argument) for argument in arguments) else frozenset()
    argv: list[str] = []
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals or not name.startswith("--"):
            argv.append(argument)
        elif name in ours:
            argv += _ours(ours[name], value)
        elif name in switches and _is_switched(argument):
            argv += _switched(name, switches, on=SWITCH[value.lower()])
        elif name in theirs:
            argv += [argument] if value else []
        else:
            sys.stderr.write(f"postkin report: {name} is no flag of the job or of Beam and was dropped\n")
    return argv


def _ours(action: argparse.Action, value: str) -> list[str]:
    option = action.option_strings[0]
    if not value.strip():
        return []
    if action.nargs == 0:
        if value.lower() not in SWITCH:
            raise UsageError(f"{option} {value!r} is neither true nor false")
        return [option] if SWITCH[value.lower()] else []
    if action.nargs == "+":
        return [option, *_parts(value, SEVERAL)]
    if isinstance(action, argparse._AppendAction):
        return [f"{option}={part}" for part in _parts(value, REPEATED)]
    return [f"{option}={value}"]


def _parts(value: str, separator: str) -> list[str]:
    return [part.strip() for part in value.split(separator) if part.strip()]


def _is_switched(argument: str) -> bool:
    return argument.partition("=")[2].lower() in SWITCH


def _switched(name: str, switches: Collection[str], *, on: bool) -> list[str]:
    opposite = f"--no_{name[2:]}"
    if on:
        return [name]
    return [opposite] if opposite in switches else []


def _beam_switches() -> frozenset[str]:
    """Return those of Beam's flags that take no value."""
    from apache_beam.options.pipeline_options import PipelineOptions, _BeamArgumentParser

    parser = _BeamArgumentParser(add_help=False, conflict_handler="resolve")
    for options in PipelineOptions.__subclasses__():
        options._add_argparse_args(parser)
    return frozenset(name for action in parser._actions if action.nargs == 0 for name in action.option_strings)
