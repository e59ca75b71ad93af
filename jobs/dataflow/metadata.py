"""The template's metadata.json, made from the job's flags: `python -m jobs.dataflow.metadata` writes it anew."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from jobs.dataflow.arguments import REPEATED, SEVERAL
from jobs.options.drawings import MAPS, NOTHING, THUMBNAILS, TREES
from jobs.options.encoder import PARTS as TEXT_PARTS
from jobs.options.page import COLOR_SCHEMES, LANGS
from jobs.options.parser import Parser
from jobs.options.readings import AUTO
from jobs.options.site import NAMES as SITES
from jobs.report import config
from transforms.encoders.registry import ENCODERS
from transforms.reading.fields import FIELDS
from transforms.reading.shown import INCLUDABLE
from transforms.readings.formats import FORMAT_NAMES, NAMES
from transforms.results import RELATED_BY, SearchMethod, TagMethod

METADATA = Path(__file__).with_name("metadata.json")
PATH = r"gs://[a-z0-9][a-z0-9._-]+[a-z0-9]"
"""A bucket, in which a path may follow."""


def parameter_name(action: argparse.Action) -> str:
    """Return the name of a flag's parameter: the flag's first name, with `_` for `-`."""
    return action.option_strings[0].removeprefix("--").replace("-", "_")


def one_of(*words: str) -> str:
    """Return the pattern of any of some words."""
    return f"({'|'.join(map(re.escape, words))})"


def any_of(*words: str) -> str:
    """Return the pattern of some words parted by commas, as `words` in jobs/options/encoder.py splits them."""
    word = one_of(*words)
    return f"[ ,]*{word}( *,[ ,]*{word})*[ ,]*"


LOADED = [name for name, kind in ENCODERS.items() if not kind.trained_on_corpus]
NAME = r"[^\r\n,;]*[^\r\n,; ][^\r\n,;]*"
FIELD_NAMES = f" *{one_of(*FIELDS)} *={NAME}(,{NAME})*"
COLUMN_NAMES = f" *{one_of(*NAMES)} *={NAME}(,{NAME})*"

KINDS: Mapping[str, tuple[str, str]] = {
    "N": ("TEXT", "0*[1-9][0-9]*"),
    "K": ("TEXT", "(auto|0*[1-9][0-9]*)"),
    "P": ("TEXT", r"(0(\.[0-9]*)?|0?\.[0-9]+|1(\.0*)?)"),
    "MINUTES": ("TEXT", r"([0-9]*[1-9][0-9]*(\.[0-9]*)?|0*\.[0-9]*[1-9][0-9]*)"),
    "YYYY-MM-DD": (
        "TEXT",
        "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))",
    ),
    "DIR": ("TEXT", f"{PATH}(/[^\\r\\n]*)?"),
    "FILE": ("GCS_READ_FILE", f"{PATH}/[^\\r\\n]+"),
}
"""The type and the pattern of a flag's value, by its metavar."""

PATTERNS: Mapping[str, str] = {
    "input": f" *{PATH}(/[^\\r\\n,]*)?( *{SEVERAL} *{PATH}(/[^\\r\\n,]*)?)*",
    "vectors": f" *{PATH}(/[^\\r\\n,]*)?( *{SEVERAL} *{PATH}(/[^\\r\\n,]*)?)*",
    "readings": f" *{PATH}(/[^\\r\\n,]*)?( *{SEVERAL} *{PATH}(/[^\\r\\n,]*)?)*",
    "readings_format": one_of(AUTO, *FORMAT_NAMES),
    "readings_field": f"{COLUMN_NAMES}({REPEATED}{COLUMN_NAMES})*",
    "least_readers": "0*([3-9]|[1-9][0-9]+)",
    "include": any_of(*INCLUDABLE),
    "field": f"{FIELD_NAMES}({REPEATED}{FIELD_NAMES})*",
    "site_generator": one_of(*SITES),
    "site": r"https?://[^ \r\n\t/?#\"'<>{}|^`@:\\]+(:[0-9]{1,5})?(/[^ \r\n\t?#\"'<>{}|^`\\]*)?",
    "related_by": any_of(*RELATED_BY),
    "tags": one_of(*get_args(TagMethod)),
    "encoder": f"({one_of(*ENCODERS)}(\\+{one_of(*LOADED)})*|{PATH}/[^\\r\\n]+)",
    "output_key": r"[^\r\n]+",
    "text": any_of(*TEXT_PARTS),
    "map": f"({any_of(*MAPS)}|{any_of(NOTHING)})",
    "tree": any_of(*TREES),
    "thumbnails": one_of(*THUMBNAILS),
    "search": one_of(*get_args(SearchMethod)),
    "target_recall": r"0?\.[0-9]*[1-9][0-9]*",
    "title": r"[^\r\n]+",
    "edit_url": r"https?://[^ \r\n\t]+\{path\}[^ \r\n\t]*",
    "lang": one_of(*LANGS),
    "color_scheme": one_of(*COLOR_SCHEMES),
}
"""The pattern of a flag's value where its metavar does not tell."""

REQUIRED = ("output",)
"""What a run elsewhere needs though it has a default, which is a folder of the working folder."""
LOCAL = ("export", "config", "no_config")
"""Flags that are for runs on this machine alone."""

BEAM: tuple[dict[str, Any], ...] = (
    {
        "name": "sdk_container_image",
        "label": "Image of the workers",
        "helpText": "The image that the workers run (default: the template's own)",
        "regexes": [r"^[^ ]+$"],
    },
    {
        "name": "number_of_worker_harness_threads",
        "label": "Threads of a worker process",
        "helpText": "How many threads a worker process has; 1 bounds the memory of large encoders",
        "regexes": ["^[1-9][0-9]*$"],
    },
    {
        "name": "disk_size_gb",
        "label": "Disk of a worker",
        "helpText": "Gigabytes of a worker's disk",
        "regexes": ["^[1-9][0-9]*$"],
    },
    {
        "name": "dataflow_service_options",
        "label": "Options of the service",
        "helpText": "An option of the Dataflow service, as in enable_prime",
        "regexes": [r"^[^ ]+$"],
    },
)
"""Flags of Beam for which a launch has no field of its own."""


def make_metadata() -> dict[str, Any]:
    """Make the template's metadata, a parameter a flag; raises KeyError for a flag whose pattern is not known."""
    parser = config.make_parser()
    return {
        "name": "Postkin report",
        "description": str(parser.description),
        "parameters": [_parameter(parser, action) for action in parser.flags if parameter_name(action) not in LOCAL]
        + [{**parameter, "isOptional": True, "paramType": "TEXT"} for parameter in BEAM],
    }


def metadata_text() -> str:
    """Return what metadata.json has to hold."""
    return json.dumps(make_metadata(), indent=2, ensure_ascii=False) + "\n"


def _parameter(parser: Parser, action: argparse.Action) -> dict[str, Any]:
    kind, pattern = _kind(action)
    text = parser._get_formatter()._expand_help(action)
    return {
        "name": parameter_name(action),
        "label": parameter_name(action).replace("_", " ").capitalize(),
        "helpText": text[:1].upper() + text[1:] + _how_to_give(action),
        "isOptional": parameter_name(action) not in REQUIRED,
        "regexes": [f"^{pattern}$"],
        "paramType": kind,
    }


def _kind(action: argparse.Action) -> tuple[str, str]:
    if action.nargs == 0:
        return "TEXT", "([Tt]rue|[Ff]alse|TRUE|FALSE)"
    if action.choices:
        return "TEXT", one_of(*map(str, action.choices))
    if (name := parameter_name(action)) in PATTERNS:
        return "TEXT", PATTERNS[name]
    if action.metavar in KINDS:
        return KINDS[str(action.metavar)]
    raise KeyError(f"{name} needs a pattern in PATTERNS of {Path(__file__).name}")


def _how_to_give(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ": true or false"
    if action.nargs == "+":
        return f". In buckets (gs://); several are parted by {SEVERAL!r}"
    if isinstance(action, argparse._AppendAction):
        return f". Several are parted by {REPEATED!r}"
    return ". In a bucket (gs://)" if action.metavar in ("DIR", "FILE") else ""


if __name__ == "__main__":
    METADATA.write_text(metadata_text(), encoding="utf-8")
