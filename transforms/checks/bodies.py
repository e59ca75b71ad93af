"""The markdown of posts as it stands in the checkout, of the few that it has to be read of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from transforms.checks.blog import Texts
from transforms.checks.posts import ReadPost
from transforms.reading.errors import ParseError
from transforms.reading.files import decode
from transforms.reading.front_matter import split_front_matter


class Body(NamedTuple):
    """What stands below the front matter of a post, and the line on which it begins."""

    markdown: str = ""
    first: int = 1


class Bodies:
    """Reads posts by path below the repository: those that change as they are at hand, others by `texts`."""

    def __init__(self, posts: Mapping[str, ReadPost], texts: Texts) -> None:
        self._posts, self._texts = posts, texts

    def read(self, path: str) -> Body:
        """The body of a post, an empty one if it cannot be read."""
        if path in self._posts:
            return _body(self._posts[path].text, self._posts[path].matter.body)
        data = self._texts([path]).get(path, b"")
        try:
            text = decode(data, path)
            return _body(text, split_front_matter(text, path).body)
        except (ParseError, RecursionError):
            return Body()

    def are_same(self, one: str, other: str) -> bool:
        """Tell whether two posts have the same body, but for spaces, line ends and a title at its top."""
        text = _untitled(self.read(one).markdown)
        return bool(text) and text == _untitled(self.read(other).markdown)


def _body(text: str, body: str) -> Body:
    return Body(body, 1 + text.count("\n") - body.count("\n"))


def _untitled(markdown: str) -> list[str]:
    text = markdown.lstrip()
    if text.startswith("# "):
        text = text.partition("\n")[2]
    return text.split()
