"""Why rows of reading logs are no reads, in the words of the report."""

from __future__ import annotations

from collections.abc import Mapping

from reports.words.language import to_say

DROPPED: Mapping[str, str] = {
    "unreadable": to_say("rows that cannot be read"),
    "too_long": to_say("rows that are too long"),
    "beyond_limit": to_say("the rest of files that are too large"),
    "not_a_view": to_say("clicks and other events"),
    "failed": to_say("requests that showed no page"),
    "future": to_say("views that are yet to come, by a clock that is wrong"),
    "bot": to_say("programs, such as search engines"),
    "no_reader": to_say("views of nobody in particular, as without consent"),
    "no_post": to_say("addresses of no post, such as pictures and feeds"),
    "reload": to_say("posts that were loaded again"),
    "outlier": to_say("whoever read more than people do"),
}
"""By reason, as run.json has it."""
