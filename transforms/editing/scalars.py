"""Strings as the languages of front matter write them."""

from __future__ import annotations

import json
import re

import yaml

from transforms.editing.written import RefusedError
from transforms.reading.fields import clean_text

_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PLAIN = re.compile(r"[^\W_](?:[\w+./()'&-]|[ ](?=[^\s#])|(?<! )#)*")
"""A plain scalar of YAML that any reader takes as it is, in a flow list too; letters of all scripts are."""
_OTHER_THAN_STRINGS = re.compile(
    r"y|n|yes|no|on|off|true|false|null|nan|inf"
    r"|0o[0-7]+|0x[0-9a-f]+|[0-9][0-9_.,:]*(?:e[-+]?[0-9]+)?|[0-9]+-[0-9]+-[0-9]+.*",
    re.IGNORECASE,
)
"""What YAML 1.1 or 1.2 may read as a number, a date, null, yes or no, where `Resolver` does not know it."""
_RESOLVER = yaml.resolver.Resolver()
_STRING = "tag:yaml.org,2002:str"


def check_name(name: str) -> None:
    """Raise RefusedError for a tag that cannot stand in front matter as it is."""
    if not name or clean_text(name) != name or _UNWRITABLE.search(name):
        raise RefusedError("character", detail=name)


def write_yaml(text: str, quote: str = "") -> str:
    """Write a string of YAML in the quotes of its siblings; single ones where a plain scalar might be read otherwise.

    A plain scalar is written only where YAML 1.1 and 1.2 both read that string.
    """
    if quote == '"':
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if not quote and is_plain(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def is_plain(text: str) -> bool:
    """Tell whether a text may stand in YAML without quotes."""
    if not _PLAIN.fullmatch(text) or _OTHER_THAN_STRINGS.fullmatch(text):
        return False
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return bool(tag == _STRING)


def write_toml(text: str, quote: str = '"') -> str:
    """Write a string of TOML; a literal one where its siblings are and it can be."""
    if quote.startswith("'") and "'" not in text:
        return f"'{text}'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_json(text: str, quote: str = '"') -> str:  # noqa: ARG001  JSON has but one
    """Write a string of JSON."""
    return json.dumps(text, ensure_ascii=False)


def write_line(text: str, quote: str = "") -> str:  # noqa: ARG001  it has none
    """Write a value of metadata, which ends with its line."""
    return text
