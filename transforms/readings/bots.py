"""Programs that look at pages, told by what they call themselves."""

from __future__ import annotations

import re

_PROGRAM = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|preview|monitor|curl|wget|python|headless|scrap|http-?client|go-http|java/|libwww"
    r"|axios|node-fetch|okhttp|feed|rss|facebookexternalhit|lighthouse|uptime|pingdom|validator|phantom|selenium"
    r"|puppeteer|playwright|archiv|scan",
    re.IGNORECASE,
)
"""Cubot makes phones."""
LEAST_SCORE = 30
"""Cloudflare's bot scores below it are of programs; 0 is of requests that were not judged."""


def is_bot(agent: str) -> bool:
    """Tell a program by its user agent; no browser sends none."""
    return len(agent) < 2 or _PROGRAM.search(agent) is not None
