"""The comparison of runs: output folders in, a table of what they measured and how far they agree out."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NoReturn, TypeVar

from jobs.environment import prepare_for_beam
from jobs.options.errors import UsageError, refuse
from jobs.options.parser import Parser
from reports.comparison import FIRST, Cost, Run, compare_runs, comparison_markdown
from transforms.encoders.registry import kind_of
from transforms.output.layout import RUN, table_file
from transforms.output.load import LoadError, check_format
from transforms.plumbing.storage import exists, is_remote, open_file
from transforms.sampling import reported

FORMATS = ("markdown", "json")
METRICS = "data/metrics.json"
LIMITS: Mapping[str, int] = {RUN: 4 << 20, METRICS: 1 << 20}
TABLE_LIMIT = 512 << 20
"""The bytes that are read of a file, and of one of a table; one that has more is not what postkin writes."""
MOST = 1e12
"""No count, second or megabyte of a run is above this."""

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Config:
    """What is compared; raises UsageError when there is nothing to compare."""

    runs: tuple[str, ...]
    format: str = "markdown"

    def __post_init__(self) -> None:
        if len(self.runs) < 2:
            raise UsageError("one run has nothing beside it; give two or more output folders of postkin report")


def make_parser() -> Parser:
    """Make the parser of the job's flags."""
    parser = Parser(
        prog="postkin compare",
        description="Put runs side by side: what they measured, what they cost, how far their related articles agree.",
    )
    parser.add_argument("runs", nargs="+", metavar="RUN", help="an output folder of postkin report; two or more")
    parser.add_argument("--format", choices=FORMATS, default="markdown", help="what to print (default: %(default)s)")
    return parser


def parse_config(argv: Sequence[str]) -> Config:
    """Turn flags into a Config; raises UsageError when they cannot be met."""
    flags = make_parser().parse_args(argv)
    return Config(tuple(flags.runs), flags.format)


def load_run(folder: str) -> Run:
    """Read what is compared of a run's output folder; raises UsageError when it holds no whole run."""
    root = folder.rstrip("/") or folder[:1]
    run = _object(root, RUN)
    metrics = _object(root, METRICS)
    try:
        check_format(run, folder)
        return parse_run(folder, run, metrics, _related(root, run))
    except LoadError as error:
        raise UsageError(str(error)) from None
    except ValueError as error:
        raise UsageError(f"{folder!r} holds no run that can be compared: {error}") from None


def parse_run(
    name: str, run: Mapping[str, Any], metrics: Mapping[str, Any], related: Mapping[str, tuple[str, ...]]
) -> Run:
    """Make a Run of what run.json and metrics.json hold; raises ValueError where they are not as postkin writes them.

    Runs of which nobody awaited the end have no costs.
    """
    config, encoder = _get(run, "config", dict), _get(run, "encoder", dict)
    parts = _get(config, "text", list) or list(kind_of(_get(config, "encoder", str)).parts)
    return Run(
        name=name,
        encoder=_get(encoder, "id", str),
        parts=tuple(_is(part, str, "a part of text") for part in parts),
        dim=int(_number(encoder, "dim")),
        posts=int(_number(_get(run, "counts", dict), "parsed")),
        digest=_get(run, "digest", str),
        metrics=dict(map(_metric, _get(metrics, "metrics", list))),
        in_use=dict(_names(row) for row in metrics["metrics"] if row.get("in_use") is True),
        stages={
            stage: Cost(_number(_is(cost, dict, stage), "seconds"), _number(cost, "peak_mb"))
            for stage, cost in _is(run.get("stages", {}), dict, "stages").items()
        },
        related=related,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code."""
    try:
        config = parse_config(sys.argv[1:] if argv is None else argv)
        if any(map(is_remote, config.runs)):
            prepare_for_beam()
        comparison = compare_runs([load_run(run) for run in config.runs])
    except UsageError as error:
        return refuse(error, "postkin compare")
    if config.format == "json":
        sys.stdout.write(json.dumps(asdict(comparison), indent=2) + "\n")
    else:
        sys.stdout.write(comparison_markdown(comparison))
    return 0


def _metric(row: Any) -> tuple[tuple[str, str], float | None]:
    metric = _is(row, dict, "a metric")
    value = None if metric.get("value", 0) is None else _number(metric, "value")
    return _names(metric), value


def _names(metric: Mapping[str, Any]) -> tuple[str, str]:
    return _get(metric, "measure", str), _get(metric, "method", str)


def _related(root: str, run: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Read the related articles of those posts that the run's report lists: all of them, or a sample of very many."""
    shards = len(_is(_related_table(run).get("shards", [None]), list, "shards"))
    posts = int(_number(_get(run, "counts", dict), "parsed"))
    related: dict[str, tuple[str, ...]] = {}
    for shard in range(shards):
        related |= _related_shard(root, table_file("related", shard, shards), posts)
    return related


def _related_table(run: Mapping[str, Any]) -> Mapping[str, Any]:
    return _get(_get(run, "tables", dict), "related", dict)


def _related_shard(root: str, file: str, posts: int) -> dict[str, tuple[str, ...]]:
    related: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(_read(root, file).splitlines(), start=1):
        row = _is(_parse(line, f"{root}/{file}, line {number}"), dict, "a row")
        post = _get(row, "id", str)
        if not reported(post, posts):
            continue
        if post in related:
            raise ValueError(f"{file} has {post!r} twice")
        others = [_is(other, dict, "a related article") for other in _get(row, "related", list)]
        similar = [other for other in others if other.get("kind", "similar") == "similar"]
        related[post] = tuple(_get(other, "id", str) for other in similar[:FIRST])
    return related


def _object(root: str, file: str) -> dict[str, Any]:
    value = _parse(_read(root, file), f"{root}/{file}")
    if not isinstance(value, dict):
        raise UsageError(f"{f'{root}/{file}'!r} is not as postkin report writes it")
    return value


def _read(root: str, file: str) -> bytes:
    path, limit = f"{root}/{file}", LIMITS.get(file, TABLE_LIMIT)
    try:
        content = _head(path, limit + 1)
    except Exception as error:  # a filesystem's own
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise UsageError(f"{path!r} cannot be read: {reason}") from error
    if content is None:
        raise UsageError(f"{root!r} holds no {file}; give an output folder of postkin report")
    if len(content) > limit:
        raise UsageError(f"{path!r} is larger than {limit >> 20} MiB, which no run's is")
    return content


def _head(path: str, size: int) -> bytes | None:
    if not exists(path):
        return None
    with open_file(path, "rb") as file:
        return file.read(size)


def _parse(content: bytes, place: str) -> Any:
    try:
        return json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{place!r} is not JSON: {error}") from None


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


def _get(row: Mapping[str, Any], key: str, kind: type[Kind]) -> Kind:
    return _is(row.get(key), kind, repr(key))


def _is(value: Any, kind: type[Kind], what: str) -> Kind:
    if not isinstance(value, kind):
        names = {dict: "an object", list: "a list", str: "text"}
        raise ValueError(f"{what} is missing or not {names[kind]}")  # type: ignore[index]  # noqa: TRY004  a file's fault
    return value


def _number(row: Mapping[str, Any], key: str) -> float:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST:
        raise ValueError(f"{key!r} is missing or not a number from 0 up")
    return float(value)
