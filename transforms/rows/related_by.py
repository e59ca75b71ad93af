"""What related posts are found by, and what is said of them."""

from __future__ import annotations

from typing import Literal

EXTRAS = ("themes", "tags", "why", "translations", "new", "next", "also_read")
"""What can be exported beside the related posts."""
PARTS = ("text", "learned", "tags", "titles", "dates", "links")
"""What related articles are found by.

The texts' vectors, the tags expected of a text and those that it has, whether it names the other's title, how near the
two are in time, and which articles others link to.
"""

RECENT = "recent"
"""The part that prefers newer articles."""
READERS = "readers"
"""The part that what readers read together makes, where there are reading logs."""
RELATED_BY = (*PARTS, READERS)
"""What related articles may be found by."""

BY_READERS = ("readers", "read_together")
"""The parts that rows of related articles have only where readers tell something."""
LEAST_RELATED = 0.1
"""Less sure related articles are left out unless asked for: authors link 0 to 8 % of them on four blogs."""
READ_ENOUGH = 0.3
"""Related articles that the same readers read so far are not left out, unless asked for."""

SureOf = Literal["link", "tags"]
"""What a confidence is of: that an author would link the other, or that both share more tags than by chance."""

RelatedKind = Literal["similar", "newest_in_cluster", "popular_in_cluster"]
"""Why an article is listed as related: it is among the nearest, or the newest or most read of the same cluster."""
