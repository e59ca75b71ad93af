"""The export of the run that is about to be: refused before it where that can be told, done once it is over."""

from __future__ import annotations

from jobs import export
from jobs.options.beam import is_local_runner, value_of
from jobs.options.errors import UsageError
from jobs.report.config import Config
from transforms.output.layout import REPORT
from transforms.output.stored import LoadError, open_run
from transforms.plumbing.storage import is_remote
from transforms.site.data_file import DataFile


def find_export(config: Config) -> DataFile:
    """Find the file for a site's templates; raises UsageError where there will be none."""
    runner = value_of(config.beam_args, "--runner")
    if not is_local_runner(runner):
        raise UsageError(f"--export is for runs on this machine, not --runner {runner}; run postkin export afterwards")
    for place in config.source.input:
        if is_remote(place):
            raise UsageError(f"--export: {place!r} is not on this machine; run postkin export with --root afterwards")
    export.check_shown("--export: the run", config.source.include)
    wanted = _export_config(config)
    generator = wanted.generator or export.reader_of(config.site.site_generator)
    return export.find_target(config.source.input, generator, wanted)


def export_report(config: Config, target: DataFile) -> int:
    """Export the run that was just published; returns the exit code, and raises UsageError when it cannot be."""
    try:
        return export.export_run(_export_config(config), open_run(config.output), target)
    except (UsageError, LoadError) as error:
        raise UsageError(f"the report is at {config.output}/{REPORT}, but it cannot be exported: {error}") from None


def _export_config(config: Config) -> export.Config:
    return export.settings_config(config.output, config.exporting, any_language=config.any_language, quiet=config.quiet)
