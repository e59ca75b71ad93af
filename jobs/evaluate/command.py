"""The evaluation job: how good the answers are on a blog, by encoder and by what of a post it reads."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from jobs.environment import prepare_for_beam
from jobs.evaluate.config import parse_config
from jobs.options.configured import explain, settings_of
from jobs.options.encoder import download_notice, settle
from jobs.options.errors import UsageError, refuse
from jobs.options.readings import comparison_notice
from jobs.options.settings import Settings
from jobs.options.source import count_posts, name_posts


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    settings = Settings()
    try:
        arguments = name_posts(arguments)
        settings = settings_of(arguments)
        config = parse_config(arguments, settings)
        posts = count_posts(config.source, config.output)
        config.readings.check()
        notices = [*map(download_notice, config.encodings), comparison_notice(config.readings)]
        for notice in dict.fromkeys(notices):
            if notice and not config.quiet:
                sys.stderr.write(f"postkin evaluate: {notice}\n")
        settled = [settle(encoding) for encoding in config.encodings]
    except (UsageError, OSError) as error:
        return refuse(explain(error, settings.evaluate, settings, arguments), "postkin evaluate")
    prepare_for_beam()
    from jobs.evaluate.pipeline import run_evaluation

    try:
        return run_evaluation(config, settled, posts)
    except UsageError as error:
        return refuse(error, "postkin evaluate")
