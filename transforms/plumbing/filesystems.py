"""Beam's filesystems, wherever a process came from."""

from __future__ import annotations

from typing import Any


def filesystems() -> Any:
    """Return Beam's FileSystems, with the usual options where it knows of none: that of S3 does not do without.

    None are known in commands without a pipeline, and in workers that Beam's pool starts without a container.
    """
    from apache_beam.io.filesystems import FileSystems
    from apache_beam.options.pipeline_options import PipelineOptions
    from apache_beam.options.value_provider import RuntimeValueProvider

    if not (FileSystems._pipeline_options or RuntimeValueProvider.runtime_options):
        FileSystems.set_options(PipelineOptions([]))
    return FileSystems
