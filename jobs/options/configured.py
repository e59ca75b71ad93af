"""The flags of a command, filled from the blog's config where they are not given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jobs.options.errors import UsageError
from jobs.options.parser import Parser
from jobs.options.settings import KEYS, Settings, find_settings
from jobs.options.source import ABOUT_TEXTS

SWITCHES_OFF = {f"--no-{key.flag.removeprefix('--')}": key.flag for key in KEYS.values() if key.is_switch}
"""What takes back a switch of the config, by what is given for that."""


def add_config_flags(parser: Parser) -> None:
    """Add the flags that say which config is read."""
    one_of = parser.add_argument_group("config").add_mutually_exclusive_group()
    one_of.add_argument(
        "--config",
        metavar="FILE",
        help="the blog's config (default: postkin.toml in the working folder, or above up to the root of its git"
        " repository)",
    )
    one_of.add_argument("--no-config", action="store_true", help="read no config, though there is one")


def settings_of(argv: Sequence[str]) -> Settings:
    """Read the config that flags ask for; raises ConfigError for one that cannot be used."""
    if {"-h", "--help"}.intersection(argv):
        return Settings()
    parser = Parser(add_help=False)
    add_config_flags(parser)
    flags, _ = parser.parse_known_args(argv)
    return find_settings(flags.config, without=flags.no_config)


def fill(parser: Parser, values: Mapping[str, Any], argv: Sequence[str]) -> list[str]:
    """Make a config's `values`, by their flags, the defaults of a parser; returns the flags that are left to parse.

    What is about texts of posts is left out where flags bring vectors instead of posts.
    """
    given = {argument.partition("=")[0] for argument in argv}
    known = {option for action in parser.flags for option in action.option_strings}
    taken_back = {name for name in given if SWITCHES_OFF.get(name) in known}
    left_out = {SWITCHES_OFF[name] for name in taken_back}
    if "--vectors" in given:
        left_out |= {"--input", *ABOUT_TEXTS}
    filled = {flag: value for flag, value in values.items() if flag not in left_out}
    for action in parser.flags:
        for option in action.option_strings:
            if option in filled:
                action.default = filled[option]
                action.required = False
    return [argument for argument in argv if argument not in taken_back]


def explain(
    error: UsageError | OSError, values: Mapping[str, Any], settings: Settings, argv: Sequence[str]
) -> UsageError | OSError:
    """Say of an error that names a flag which was not given, but is of the config's `values`, where it is from.

    What it quotes of the command line is not of the config, whatever flag it is called by.
    """
    if any(repr(argument) in str(error) for argument in argv):
        return error
    given = {argument.partition("=")[0] for argument in argv}
    of_config = [flag for flag in values if flag not in given and re.search(rf"{flag}(?![\w-])", str(error))]
    if not of_config or not isinstance(error, UsageError):
        return error
    return UsageError(f"{error} ({of_config[0]} is of {settings.name})")
