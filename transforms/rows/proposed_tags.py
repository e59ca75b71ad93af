"""Tags that a blog does not have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProposedTag:
    """A tag that a blog does not have, for `posts` articles that are about a phrase.

    `also` are other phrases for much the same articles. The phrase stands in `mentions` articles in all, `titles` of
    them have it in the title, and `times` is how often it stands in the whole text of one, on the average. `score` is
    how probable it is that authors would have it for a tag, `articles` are the ids, those that have it most often
    first, of a long list the first 1,000. `rank` numbers the tags from 1, the best first.
    """

    rank: int
    tag: str
    also: tuple[str, ...]
    posts: int
    mentions: int
    titles: int
    times: float
    score: float
    articles: tuple[str, ...]
