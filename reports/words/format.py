"""Numbers, dates and links as the report shows them."""

from __future__ import annotations

import re
from urllib.parse import quote

DASH = "—"

_LINK = re.compile(r"(?:https?://[^\s/\\\x00-\x1f\x7f]|/(?!/))[^\s\\\x00-\x1f\x7f]*", re.IGNORECASE)


def number(count: int) -> str:
    """A count with thousands separated by commas."""
    return f"{count:,}"


def decimal(value: float, digits: int = 2) -> str:
    """A number with so many digits after the point, never a negative zero."""
    return f"{value:z.{digits}f}"


def percent(value: float) -> str:
    """A score as the length of its bar: 0 to 100, values outside of 0 to 1 cut off."""
    return f"{100 * min(1.0, max(0.0, value)):.0f}"


def chance(probability: float) -> str:
    """A probability in whole percent, never rounded to the impossible or the certain."""
    if probability < 0.01:
        return "<1%"
    return ">99%" if probability > 0.99 else f"{100 * probability:.0f}%"


def day(date: str | None) -> str:
    """The day of an ISO 8601 date as the post gave it; empty for None."""
    return date[:10] if date else ""


def safe_link(url: str | None) -> str | None:
    """The url where it is http, https or a path from the site's root, otherwise None.

    Browsers read a backslash as a slash and drop tabs and newlines inside of a URL, so either one rules a URL out.
    """
    return url if url and _LINK.fullmatch(url) else None


def web_link(url: str | None) -> str | None:
    """The url where it is http or https: a path from a site's root leads nowhere from a page on a disk."""
    return url if url and not url.startswith("/") and safe_link(url) else None


def edit_link(pattern: str | None, path: str) -> str | None:
    """The web address at which a post is edited; None without a pattern, and where that gives no safe one."""
    return web_link(pattern.replace("{path}", quote(path, safe="/"))) if pattern else None
