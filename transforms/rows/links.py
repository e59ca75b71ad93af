"""Links between posts: those that are there, those that lead nowhere, those to set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Links:
    """The articles that an article links to, in the order of their ids, and how many others link to it."""

    id: str
    links: tuple[str, ...]
    linked_by: int


@dataclass(frozen=True)
class LinkToSet:
    """A link that the article `id` could have to another, and where: the words `anchor` in a `sentence` of its text.

    `score` is how much of the other's title the words say, from 0 to 1. It is the `first` if nothing links to the
    other yet.
    """

    id: str
    target: str
    sentence: str
    anchor: str
    score: float
    first: bool


UnresolvedKind = Literal["broken", "skipped", "ambiguous", "other", "page"]
"""Why a link within the blog leads to no post.

`broken`: links like it lead to posts, or it names a markdown file that is not there; `skipped`: it leads to a post that
was left out; `ambiguous`: it could mean several posts; `other`: it may be a page that is no post; `page`: many
links lead to its first folder and none of them to a post, so that it surely is.
"""


@dataclass(frozen=True)
class UnresolvedLink:
    """A link, as written in the article `id`, to an address of the blog's own at which no post was found.

    `line` is that of the file, None where it is not known. `nearest` is the id of the post that a broken link may mean,
    or the path of the skipped one.
    """

    id: str
    href: str
    kind: UnresolvedKind
    line: int | None = None
    nearest: str | None = None
