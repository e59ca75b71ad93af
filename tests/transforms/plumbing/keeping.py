"""Pipelines that let large elements wait in files."""

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from transforms.plumbing.parts import PartsOptions


def keeping_parts(folder):
    options = PipelineOptions([])
    options.view_as(PartsOptions).parts_folder = str(folder)
    return beam.Pipeline("FnApiRunner", options)
