"""The main job: a blog's markdown posts in, one report and tables out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from jobs.environment import prepare_for_beam
from jobs.options.configured import explain, settings_of
from jobs.options.drawings import page_views
from jobs.options.encoder import download_notice, settle
from jobs.options.errors import UsageError, refuse
from jobs.options.settings import Settings
from jobs.options.source import count_posts, name_posts
from jobs.report.config import parse_config
from jobs.report.exporting import export_report, find_export
from jobs.report.reach import check_reach


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    settings = Settings()
    try:
        arguments = name_posts(arguments)
        settings = settings_of(arguments)
        config = parse_config(arguments, settings)
        check_reach(config)
        posts = count_posts(config.source, config.output, config.previous)
        config.readings.check()
        notice = download_notice(config.encoding)
        if notice and not config.quiet:
            sys.stderr.write(f"postkin report: {notice}\n")
        encoder = settle(config.encoding)
        views = page_views(config.drawings.popularity)
        site = config.site.find(config.source.input)
        config = replace(config, page=config.page.of_blog(site, config.source.patterns))
        target = find_export(config) if config.export else None
    except (UsageError, OSError) as error:
        return refuse(explain(error, settings.report, settings, arguments), "postkin report")
    prepare_for_beam()
    from jobs.report.run import run_report

    try:
        code = run_report(config, encoder, posts, views, site)
        return code if code or target is None else export_report(config, target)
    except UsageError as error:
        return refuse(error, "postkin report")
