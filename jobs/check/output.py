"""Where a check is told: on standard output, and in files that are whole or not there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jobs.check.config import Output
from jobs.options.errors import UsageError
from reports.checks.formats import render_check
from reports.checks.report import CheckReport
from transforms.plumbing.whole_files import write_whole


def write_outputs(report: CheckReport, outputs: tuple[Output, ...]) -> None:
    """Render and write a check in each format; raises UsageError for a file that cannot be written."""
    for output in outputs:
        content = render_check(report, output.format)
        if output.file is None:
            _print(content)
            continue
        try:
            if output.added:
                with Path(output.file).open("ab") as stream:
                    stream.write(content)
            else:
                write_whole(Path(output.file), content)
        except OSError as error:
            raise UsageError(f"{output.file!r} cannot be written: {error.strerror}; give another file") from None


def _print(content: bytes) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever reads has seen enough; what is left shall not fail at the end of the process
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
