"""Rules on copies: posts that are the text of another, exactly or nearly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from transforms.checks.findings import Copied, Finding
from transforms.checks.models import Models, among
from transforms.checks.posts import ReadPost, finding
from transforms.corpus.languages import are_translations
from transforms.corpus.runs import repeated_shares
from transforms.numerics.arrays import Ints
from transforms.records import Article
from transforms.search.overlap import RunIndex, near_duplicates


class Copy(NamedTuple):
    """A post whose text is that of another, the share of runs of words that both have, and whether all is the same."""

    article: Article
    score: float
    exact: bool


def find_copies(
    articles: Sequence[Article], models: Models, are_same: Callable[[Article, Article], bool]
) -> list[list[Copy]]:
    """Find for each changed post, with its body, the posts of its language that are copies, the nearest first.

    Changed posts are compared with each other too. Copies are exact that `are_same`, which reads both posts, or that
    have the same title and words.
    """
    if not articles:
        return []
    learned, changed = models.learned, {article.id for article in articles}
    rows = [row for row, article in enumerate(learned.articles) if article.id not in changed]
    everybody = [*(learned.articles[row] for row in rows), *articles]
    mine = models.sketch(articles)
    theirs = sparse.vstack([learned.runs[rows], mine], format="csr")
    asked, found = _alike(mine, theirs)
    titles = [article.title for article in everybody]
    near, scores = near_duplicates(
        mine[asked], theirs[found], [titles[len(rows) + row] for row in asked], [titles[row] for row in found]
    )
    texts = [*(learned.texts[row] for row in rows if learned.texts), *map(models.text_key, articles)]
    same = _places(texts) if learned.texts else {}
    copies = []
    for place, article in enumerate(articles):
        own, pairs = len(rows) + place, asked == place
        shares = dict(zip(found[pairs & near].tolist(), scores[pairs & near].tolist(), strict=True))
        exact = set(same.get(texts[own], ())) if same else _titled_alike(titles, own, shares, theirs)
        exact |= {other for other in shares if other not in exact and are_same(article, everybody[other])}
        of_one = [
            Copy(everybody[other], shares.get(other, 1.0), other in exact)
            for other in {*shares, *exact} - {own}
            if not are_translations(article, everybody[other])
        ]
        copies.append(sorted(of_one, key=lambda copy: (not copy.exact, -copy.score, copy.article.id)))
    return copies


def check_copies(post: ReadPost, copies: Iterable[tuple[Copy, str]]) -> Iterator[Finding]:
    """Tell that a post is a copy of others, each given with its path below the repository."""
    for copy, path in copies:
        details = Copied(path, copy.article.title, copy.score)
        yield finding("duplicate" if copy.exact else "duplicate-near", post, 1, path, details)


def runs_among(sketches: sparse.csr_matrix, others: sparse.csr_matrix) -> sparse.csr_matrix:
    """The runs in sketches that others have too: those that are looked for are few, and all take time to lay out."""
    kept = among(sketches.indices, [others.indices])
    ends = np.append(0, np.cumsum(kept))[sketches.indptr]
    return sparse.csr_matrix((sketches.data[kept], sketches.indices[kept], ends), sketches.shape)


def _alike(mine: sparse.csr_matrix, theirs: sparse.csr_matrix) -> tuple[Ints, Ints]:
    """Find pairs that may be copies, as rows of both: those that share own runs, and all of mostly common runs."""
    row, other = RunIndex(runs_among(theirs, mine)).sharing(mine)
    common, others = (np.flatnonzero(repeated_shares(sketches) > 0) for sketches in (mine, theirs))
    return (
        np.concatenate([row, np.repeat(common, len(others))]),
        np.concatenate([other, np.tile(others, len(common))]),
    )


def _places(texts: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(text, []).append(place)
    return places


def _titled_alike(titles: Sequence[str], own: int, others: Iterable[int], sketches: sparse.csr_matrix) -> set[int]:
    """Those of others that have a post's own title and runs."""
    return {
        other
        for other in others
        if titles[other] == titles[own] and np.array_equal(sketches[other].indices, sketches[own].indices)
    }
