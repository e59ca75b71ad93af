"""Tags to introduce, where a blog has hardly any."""

from __future__ import annotations

from collections.abc import Sequence

from reports.views import ArticleLinks, Issue, Listing
from reports.words.explanations import explain_proposal
from reports.words.language import ENGLISH, Language
from transforms.results import ProposedTag

LISTED_ARTICLES = 4


def proposed_tags(proposed: Sequence[ProposedTag], links: ArticleLinks, say: Language = ENGLISH) -> Listing[Issue]:
    """The tags to introduce, in the order of their ranks, each with its first articles."""
    rows = tuple(
        Issue(
            tags=(tag.tag,),
            posts=say.count("{n} post", "{n} posts", tag.posts),
            reason="; ".join(explain_proposal(tag, say)),
            articles=tuple(links[id_] for id_ in tag.articles[:LISTED_ARTICLES]),
        )
        for tag in sorted(proposed, key=lambda tag: tag.rank)
    )
    return Listing(rows, len(rows))
