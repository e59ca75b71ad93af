"""What of an article is read, and how many times each part counts."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.records import Article

HEAD: Mapping[str, int] = {"title": 1, "lede": 1, "headings": 1}
"""What an article says first, as the talk encoded it."""
WHOLE_TEXT: Mapping[str, int] = {"title": 4, "lede": 2, "headings": 2, "body": 1}
"""Everything that an article says; what it says first counts more."""
_PARTS = ("title", "lede", "headings", "body")


def article_text(article: Article, parts: Mapping[str, int]) -> str:
    """Join an article's parts, a line each and in a fixed order, each as many times as it counts."""
    lines: list[str] = []
    for part in _PARTS:
        value = getattr(article, part)
        lines += ([value] if isinstance(value, str) else list(value)) * parts.get(part, 0)
    return "\n".join(line for line in lines if line)
