"""What a job elsewhere may name: only what its workers can see. Told before Beam is imported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jobs.options.beam import is_dataflow, shares_folder, value_of
from jobs.options.errors import UsageError
from jobs.report.config import Config
from transforms.encoders.registry import kinds_in
from transforms.plumbing.storage import is_remote

STAGING = ("--temp_location", "--staging_location")
JOB_SERVER = "--flink_job_server_jar"


def check_reach(config: Config) -> None:
    """Raise UsageError when a job elsewhere names a path that its workers cannot see.

    A job for Dataflow also needs a folder in which to stage its files, and one for Flink the jar that it names.
    """
    jar = value_of(config.beam_args, JOB_SERVER)
    if jar is not None and not is_remote(jar) and not Path(jar).is_file():
        raise UsageError(f"{JOB_SERVER} {jar!r} is not there; python -m jobs.flink.launch_jar writes one")
    if is_dataflow(value_of(config.beam_args, "--runner")):
        _check_dataflow(config)
    elif not shares_folder(config.beam_args):
        for flag, path in _paths(config):
            if not is_remote(path) and not Path(path).is_absolute():
                raise UsageError(
                    f"{flag} {path!r} is relative to this folder, which other workers do not work in; give an absolute"
                    " path that they see too, or one in a bucket"
                )


def _check_dataflow(config: Config) -> None:
    for flag, path in _paths(config):
        if not is_remote(path):
            raise UsageError(f"{flag} {path!r} is on this machine, where Dataflow's workers cannot see it; give gs://…")
    encoding = config.encoding
    handles = [
        kind.handle for kind in kinds_in(encoding.encoder) if kind.handle and not kind.handle.startswith("gs://")
    ]
    if handles and encoding.model_dir is None:
        raise UsageError(
            f"--encoder {encoding.encoder!r} would be downloaded to this machine, where Dataflow's workers cannot see"
            " it; give a copy in a bucket with --model-dir gs://…"
        )
    places = [value_of(config.beam_args, flag) for flag in STAGING]
    if not any(place and place.startswith("gs://") for place in places):
        raise UsageError("--runner DataflowRunner needs a folder for its files; give --temp_location gs://BUCKET/tmp")


def _paths(config: Config) -> Iterator[tuple[str, str]]:
    source = config.source
    several = (("--input", source.input), ("--vectors", source.vectors), ("--readings", config.readings.paths))
    for flag, paths in several:
        yield from ((flag, path) for path in paths)
    encoding = config.encoding
    for flag, place in (
        ("--output", config.output),
        ("--previous", config.previous),
        ("--model", encoding.model),
        ("--model-dir", encoding.model_dir),
        ("--cache", encoding.cache),
        ("--pictures", config.drawings.pictures),
    ):
        if place is not None:
            yield flag, place
