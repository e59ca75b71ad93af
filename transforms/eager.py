"""The analysis of a run in memory, beside the pipeline: an encoder fitted to a blog, and what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from transforms.corpus.languages import blog_languages
from transforms.corpus.posts import Posts
from transforms.encoders.base import Encoder
from transforms.evaluation.assess import assess
from transforms.evaluation.intake import Intake, take_in
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import Study
from transforms.evaluation.trial import try_tags
from transforms.numerics.arrays import Ints, Vectors
from transforms.records import Article
from transforms.related.explain import explain, with_confidence
from transforms.related.featured import feature, featured_in, join_featured, join_related
from transforms.results import LEAST_RELATED, Metric, Recommended, Related
from transforms.search.candidates import CANDIDATES
from transforms.tags.cosines import pick_tags
from transforms.tags.model import AT_ONCE
from transforms.themes.clusters import assign_clusters, fit_clusters
from transforms.themes.linkage import link_clusters


class Blog:
    """A blog that an encoder and all models were fitted to; it answers what `postkin report` writes into its tables.

    `ids` [n] are the posts' ids, sorted, and `vectors` float32 [n, dim] their vectors by the `encoder`, unit rows,
    zeros for a post without a known word. `clusters` (Cluster records, the largest first) and `members` (a Member a
    post) are the themes, and `dendrogram` tells how these relate.
    """

    def __init__(self, taken: Intake, clusters: int | None, *, any_language: bool = False) -> None:
        corpus, table, blocks = taken.corpus, taken.table, taken.blocks
        self.encoder = blocks[0].encoder
        self.ids: list[str] = corpus.ids
        self.vectors: Vectors = corpus.vectors
        self._corpus, self._table, self._texts = corpus, table, taken.texts
        self._row_of = {id_: row for row, id_ in enumerate(self.ids)}
        searched = search_corpus(corpus, any_language=any_language)
        self._study = Study(corpus, *searched, table)
        self._ranker = self._study.everybody()
        self._trial = try_tags(corpus, *searched, table, self._study.model.weights)
        self._confidence = self._study.confidence()
        model = fit_clusters(corpus.articles, corpus.near, table, clusters)
        self.clusters, self.members = assign_clusters(model, self.ids, corpus.near)
        self.dendrogram = link_clusters(model.centroids, model.numbers, [cluster.number for cluster in self.clusters])
        languages = blog_languages(Counter(article.language for article in corpus.articles), any_language=any_language)
        candidates = join_featured([featured_in(block, model, languages) for block in blocks])
        self._featured = {
            row.id: row for block in blocks for row in feature(block, model, candidates, table, languages)
        }

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"<{len(self)} posts in {len(self.clusters)} clusters, by {self.encoder.id}>"

    def related(self, id_: str, count: int = 4, *, min_confidence: float = LEAST_RELATED) -> Related:
        """Relate posts to one: up to `count` similar ones, best first, then the newest and the most read of its theme.

        Similar ones whose confidence is known and below `min_confidence` are left out.

        Raises KeyError for an unknown id, and ValueError unless `count` is from 1 to 100.
        """
        return self._related(self._row(id_), count, min_confidence)[0]

    def related_all(self, count: int = 4, *, min_confidence: float = LEAST_RELATED) -> list[Related]:
        """Relate posts to each, as `related` does, in the order of `ids`."""
        return [related for rows in self._parts() for related in self._related(rows, count, min_confidence)]

    def recommend(self, id_: str, count: int = 10) -> Recommended:
        """Recommend `count` tags for a post, the most probable first, judged as if it had none.

        Raises KeyError for an unknown id, and ValueError unless `count` is at least 1.
        """
        return self._recommend(self._row(id_), count)[0]

    def recommend_all(self, count: int = 10) -> list[Recommended]:
        """Recommend tags for each post, as `recommend` does, in the order of `ids`."""
        return [recommended for rows in self._parts() for recommended in self._recommend(rows, count)]

    def measure(self) -> list[Metric]:
        """Measure the quality of all answers on tags that are held back, as `postkin evaluate` does; takes a while.

        The list is empty when no post has a tag.
        """
        return assess(self._corpus, self._table, self._texts)

    def _row(self, id_: str) -> Ints:
        if id_ not in self._row_of:
            raise KeyError(f"{id_!r} is not the id of a post; `ids` lists them")
        return np.array([self._row_of[id_]])

    def _parts(self) -> Iterable[Ints]:
        return (np.arange(start, min(start + AT_ONCE, len(self))) for start in range(0, len(self), AT_ONCE))

    def _related(self, rows: Ints, count: int, least: float) -> list[Related]:
        if not 1 <= count <= CANDIDATES:
            raise ValueError(f"count is {count}; give 1 to {CANDIDATES}")
        ranking = self._study.rank(self._ranker, rows).first(count)
        queries = self._ranker.profiles.part(rows)
        weights = self._study.weights()
        similar = explain(self._ranker, self._table.names, queries, ranking, weights)
        sure = with_confidence(similar, self._confidence, least)
        return [join_related((related, self._featured[related.id])) for related in sure]

    def _recommend(self, rows: Ints, count: int) -> list[Recommended]:
        if count < 1:
            raise ValueError(f"count is {count}; give 1 or more")
        articles = [self._corpus.articles[row] for row in rows.tolist()]
        return pick_tags(articles, self._study.corrected(rows, self._trial), self._table, count)


def fit(
    posts: Posts | Iterable[Article],
    *,
    encoder: str | Encoder = "lsa",
    clusters: int | None = None,
    any_language: bool = False,
) -> Blog:
    """Fit an encoder and all models to posts, with their bodies, as `postkin report` does.

    `encoder` is "lsa", "lsa+contrastive", "use" or some of them joined by "+", or an Encoder of your own, with `info`,
    `max_characters` and `encode`. `clusters` is the number of themes; None chooses one that suits the posts. Posts of a
    blog in several languages are related to those in their own, unless `any_language`. The search is exact and the
    whole blog stays in memory: this is for up to 50,000 posts.

    Raises ValueError when there are no posts, and for an unknown encoder or less than one cluster.
    """
    if clusters is not None and clusters < 1:
        raise ValueError(f"clusters is {clusters}; give 1 or more, or None")
    articles, files = (posts.articles, len(posts)) if isinstance(posts, Posts) else (posts, None)
    return Blog(take_in(articles, encoder, files), clusters, any_language=any_language)
