"""The values of `postkin.toml`: each read by a function that says what stands there, and what to give instead."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Collection, Mapping
from typing import Any

from jobs.options.config_file import MAX_CHARACTERS, ConfigFile
from transforms.site.site_model import clean_site_url

MAX_PATHS = 50
"""Of a list: each is looked for by itself."""

Reader = Callable[[ConfigFile, str, Any], Any]
"""Turns a value under a key into what the flag's would be; raises ConfigError."""


def text(file: ConfigFile, key: str, value: Any) -> str:
    """Read a text of one line."""
    if not isinstance(value, str):
        raise file.refuse(key, f"= {shown(value)} is no text; give one in quotes")
    if not value.strip() or len(value) > MAX_CHARACTERS or any(unicodedata.category(char) == "Cc" for char in value):
        raise file.refuse(key, f"= {shown(value)} is not a line of 1 to {MAX_CHARACTERS} characters; give one")
    return value


def texts(file: ConfigFile, key: str, value: Any) -> tuple[str, ...]:
    """Read a list of texts that is not empty; a text alone stands for a list of it."""
    several = value if isinstance(value, list) else [value]
    if not several:
        raise file.refuse(key, '= [] names nothing; give texts, as in ["one", "two"], or leave it out')
    return tuple(dict.fromkeys(text(file, key, one) for one in several))


def path(file: ConfigFile, key: str, value: Any) -> str:
    """Read a path below the root of the repository, as one of the working folder."""
    return file.path(key, text(file, key, value))


def paths(file: ConfigFile, key: str, value: Any) -> list[str]:
    """Read a list of such paths."""
    several = list(dict.fromkeys(file.path(key, one) for one in texts(file, key, value)))
    if len(several) > MAX_PATHS:
        raise file.refuse(key, f"has {len(several):,} paths; give at most {MAX_PATHS}, or a folder that is above them")
    return several


def switch(file: ConfigFile, key: str, value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise file.refuse(key, f"= {shown(value)} is neither true nor false; give one of them, without quotes")
    return value


def whole_number(file: ConfigFile, key: str, value: Any) -> int:
    """Read a whole number from 1 up."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise file.refuse(key, f"= {shown(value)} is not a whole number from 1 up; give one, without quotes")
    return value


def probability(file: ConfigFile, key: str, value: Any) -> float:
    """Read a number from 0 to 1."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if not 0 <= number <= 1:
        raise file.refuse(key, f"= {shown(value)} is not a number from 0 to 1; give one, without quotes")
    return float(number)


def auto_or_number(file: ConfigFile, key: str, value: Any) -> int | None:
    """Read a whole number from 1 up, or auto, for which None stands."""
    if value == "auto":
        return None
    if isinstance(value, str):
        raise file.refuse(key, f"= {shown(value)} is neither a whole number from 1 up nor 'auto'; give one of them")
    return whole_number(file, key, value)


def address(file: ConfigFile, key: str, value: Any) -> str:
    """Read a web address."""
    if clean_site_url(text(file, key, value)) is None:
        raise file.refuse(key, f"= {shown(value)} is no web address; give one such as 'https://blog.example/notes'")
    return str(value)


def one_of(known: Collection[str]) -> Reader:
    """Make the reader of one of some words."""

    def read(file: ConfigFile, key: str, value: Any) -> str:
        if (word := text(file, key, value)) not in known:
            raise file.refuse(key, f"= {shown(value)} is unknown; give one of {', '.join(known)}")
        return word

    return read


def any_of(known: Collection[str]) -> Reader:
    """Make the reader of a list of some words."""

    def read(file: ConfigFile, key: str, value: Any) -> tuple[str, ...]:
        return tuple(one_of(known)(file, key, word) for word in texts(file, key, value))

    return read


def subtable(file: ConfigFile, name: str, value: Any) -> Mapping[str, Any]:
    """Read a table within another."""
    if not isinstance(value, dict):
        raise file.refuse(name, f"= {shown(value)} is no table; write its keys below a line [{name}]")
    return value


def shown(value: Any) -> str:
    """A value as a message has it."""
    shown = str(value).lower() if isinstance(value, bool) else repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
