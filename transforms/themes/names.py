"""Names for clusters, of what tells each from the others: tags of its posts, or else phrases that these share."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from transforms.corpus.phrases import absorbed, choose_names, phrase_of, phrases_of
from transforms.corpus.stop_words import stop_words, title_words
from transforms.corpus.tag_spelling import tag_matrix
from transforms.corpus.tag_table import TagTable
from transforms.numerics.arrays import Floats, Ints
from transforms.numerics.rounding import rounded
from transforms.previous import PreviousTheme
from transforms.reading.fields import tag_key
from transforms.records import Article
from transforms.results import ScoredTag, ScoredWord
from transforms.sampling import sampled

NAME_LABELS = 3
"""A name has so many tags or phrases at most."""
LISTED_LABELS = 10
STEADY_LABELS = 5
"""A cluster keeps its name while what this begins with is among so many that tell it best from the others."""
JOINT = " · "
_NUMBERED = re.compile(r" \(\d+\)$")
"""What parts a name from another cluster's that has the same title."""
CARRIERS = 3
"""So many of a cluster's posts have what it is named by, or all of them where they are fewer."""
LEAST_SHARE = 0.1
"""So large a share of them has it, at least."""
LEAST_SCORE = 0.05
"""What scores less is about as frequent in the other clusters."""
NEXT_SCORE = 0.3
"""A name's other labels score at least so large a share of what its first one does."""
PRIOR = 2.0
"""Each cluster is judged as if it had so many posts more, with labels as frequent as in the whole blog."""
PHRASED_ARTICLES = 5_000
"""Phrases are looked for in about so many articles of a larger corpus."""


@dataclass(frozen=True, eq=False)
class Labels:
    """What clusters may be named by: csr [posts, labels], 1 where a post has a label, and each one's name."""

    carriers: sparse.csr_matrix
    names: Sequence[str]


@dataclass(frozen=True)
class ScoredLabel:
    """A label of a cluster: its column, how well it tells the cluster from others, and its share of the posts."""

    column: int
    score: float
    share: float


@dataclass(frozen=True, eq=False)
class Ranking:
    """Labels, and those of each cluster, the best first; `by_tags` where they are tags that tell it from the others."""

    labels: Labels
    of_cluster: Sequence[Sequence[ScoredLabel]]
    by_tags: bool = False

    def listed(self, cluster: int) -> Iterator[tuple[str, float]]:
        """The best labels of a cluster, and their shares."""
        for label in self.of_cluster[cluster][:LISTED_LABELS]:
            yield self.labels.names[label.column], label.share

    def best(self, cluster: int) -> set[str]:
        """The keys of those that a name may begin with that is kept."""
        return {tag_key(self.labels.names[label.column]) for label in self.of_cluster[cluster][:STEADY_LABELS]}


@dataclass(frozen=True)
class ClusterName:
    """A cluster's name, and the tags and the phrases that tell it from the others, the best first, with their shares.

    There are phrases where no tag names it.
    """

    name: str
    tags: tuple[ScoredTag, ...] = ()
    words: tuple[ScoredWord, ...] = ()


def name_clusters(
    articles: Sequence[Article],
    clusters: Ints,
    table: TagTable,
    titles: Sequence[str],
    earlier: Sequence[PreviousTheme | None] = (),
) -> list[ClusterName]:
    """Name the clusters that articles belong to: `clusters` [n] has the number of each, from 0, `titles` one a cluster.

    No two names begin with the same tag or phrase. A cluster is named by its title where its posts share nothing.
    `earlier` are the themes that clusters were, one a cluster: it keeps that name while the tag or phrase that this
    begins with is among the `STEADY_LABELS` best, or while one of its posts has the title that it is.
    """
    count = len(titles)
    naming = Naming()
    to_keep, to_offer, to_list = itertools.tee(_rankings(articles, clusters, table, count), 3)
    named = {cluster: theme.name for cluster, theme in enumerate(earlier) if theme}
    for ranking in to_keep if named else ():
        naming.keep(named, ranking)
        if named.keys() <= naming.names.keys():
            break
    naming.keep_titles(named, [article.title for article in articles], clusters)
    for ranking in to_offer:
        naming.offer(ranking)
        if len(naming.names) == count:
            break
    names = naming.finish(titles)
    tags, words = next(to_list), next(to_list) if naming.by_tags < set(range(count)) else None
    return [
        ClusterName(
            names[cluster],
            tuple(ScoredTag(tag, share) for tag, share in tags.listed(cluster)),
            tuple(ScoredWord(word, share) for word, share in words.listed(cluster))
            if words and cluster not in naming.by_tags
            else (),
        )
        for cluster in range(count)
    ]


def _rankings(articles: Sequence[Article], clusters: Ints, table: TagTable, count: int) -> Iterator[Ranking]:
    """Rank what clusters may be named by: tags and phrases that tell them apart, then what their posts share at all."""
    tags = Labels(tag_matrix(articles, table.keys), table.names)
    yield Ranking(tags, telling_labels(tags, clusters, count), by_tags=True)
    rows = [row for row, article in enumerate(articles) if sampled(article.id, len(articles), PHRASED_ARTICLES)]
    part, own = [articles[row] for row in rows], clusters[rows]
    languages = {article.language for article in articles if article.language}
    words = title_phrases(part, title_words(languages))
    yield Ranking(words, telling_labels(words, own, count))
    yield Ranking(tags, telling_labels(tags, clusters, count, by_share=True))
    yield Ranking(words, telling_labels(words, own, count, by_share=True, carriers=2))
    of_any_title = title_phrases(part, stop_words(languages))
    yield Ranking(of_any_title, telling_labels(of_any_title, own, count, by_share=True, carriers=2))


def telling_labels(
    labels: Labels, clusters: Ints, count: int, *, by_share: bool = False, carriers: int = CARRIERS
) -> list[list[ScoredLabel]]:
    """List the labels that tell each of `count` clusters from the others, the best first, ties by column.

    `clusters` [posts] has each post's. A label scores s ln(s / p), its part of the divergence of the cluster from the
    blog (Kullback and Leibler 1951), where p is its share of all posts and s that of the cluster's, drawn towards p by
    `PRIOR` posts. It scores s alone `by_share`, and where there is but one cluster. So many of the cluster's posts have
    it as `carriers`, or all where they are fewer, and `LEAST_SHARE` of them.
    """
    posts, sizes = len(clusters), np.bincount(clusters, minlength=count)
    members = sparse.csr_matrix((np.ones(posts), (clusters, np.arange(posts))), shape=(count, posts))
    within = sparse.coo_matrix(members @ labels.carriers)
    within.sum_duplicates()
    totals = np.asarray(labels.carriers.sum(axis=0)).ravel()
    size, total = sizes[within.row], totals[within.col]
    scores = _scores(within.data, size, total / max(posts, 1), by_share=by_share or count == 1)
    least = np.maximum(np.minimum(carriers, size), LEAST_SHARE * size)
    tells = (within.data >= least) & (total > (1 if posts > 1 else 0)) & (scores >= LEAST_SCORE)
    found: list[list[ScoredLabel]] = [[] for _ in range(count)]
    for at in np.lexsort((within.col, -scores)):
        if tells[at]:
            share = float(rounded(within.data[at] / size[at]))
            found[within.row[at]].append(ScoredLabel(int(within.col[at]), float(scores[at]), share))
    return found


class Naming:
    """Names given to clusters, by number, no two of which begin with the same label, in whatever case.

    `by_tags` are the clusters that are named by tags that tell them from the others.
    """

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.by_tags: set[int] = set()
        self._used: set[str] = set()

    def keep(self, earlier: Mapping[int, str], ranking: Ranking) -> None:
        """Let clusters keep their earlier names where these begin with one of the best labels."""
        for cluster, name in earlier.items():
            if self._is_free(cluster, key := _head(name)) and key in ranking.best(cluster):
                self._take(cluster, name, key)
                self.by_tags.update([cluster] if ranking.by_tags else [])

    def keep_titles(self, earlier: Mapping[int, str], titles: Sequence[str], clusters: Ints) -> None:
        """Let clusters keep names that are titles of articles still in them; `titles` and `clusters` are [n]."""
        for cluster, name in earlier.items():
            own = {titles[row] for row in np.flatnonzero(clusters == cluster).tolist()}
            if self._is_free(cluster, key := _head(name)) and own & {name, _NUMBERED.sub("", name)}:
                self._take(cluster, name, key)

    def offer(self, ranking: Ranking) -> None:
        """Let the clusters without a name take a label each: who scores highest with one has it, ties by cluster.

        The next best labels join it in the name, unless they score much less or are alike.
        """
        names, telling = ranking.labels.names, ranking.of_cluster
        offers = sorted((-label.score, cluster, label.column) for cluster, of in enumerate(telling) for label in of)
        for score, cluster, column in offers:
            if self._is_free(cluster, key := tag_key(names[column])):
                near = [label.column for label in telling[cluster] if label.score >= NEXT_SCORE * -score]
                self._take(cluster, _join([names[next_] for next_ in (column, *near)]), key)
                self.by_tags.update([cluster] if ranking.by_tags else [])

    def finish(self, titles: Sequence[str]) -> list[str]:
        """Name the other clusters by these titles, one a cluster, with a number where one is taken."""
        for cluster, title in enumerate(titles):
            if cluster not in self.names:
                numbered = (f"{title} ({number})" for number in itertools.count(2))
                taken = self.names.values()
                self.names[cluster] = next(name for name in itertools.chain([title], numbered) if name not in taken)
        return [self.names[cluster] for cluster in range(len(titles))]

    def _is_free(self, cluster: int, key: str) -> bool:
        """Whether a cluster has no name yet, and no name begins so."""
        return cluster not in self.names and key not in self._used

    def _take(self, cluster: int, name: str, key: str) -> None:
        self._used.add(key)
        self.names[cluster] = name


def title_phrases(articles: Sequence[Article], empty: Collection[str]) -> Labels:
    """Label articles with the phrases of their titles, where they stand in another's title, lede or headings too.

    They are of words that are not `empty`.
    """
    titled = {key for article in articles for key in phrases_of([article.title], empty)}
    found = [
        {key: phrase for key, phrase in phrases_of(_lines(article), empty).items() if key in titled}
        for article in articles
    ]
    counts = Counter(key for of in found for key in of)
    shared = {key: phrase for of in found for key, phrase in of.items() if counts[key] > 1}
    keys = sorted(shared.keys() - absorbed(shared.values(), counts))
    column_of = {key: column for column, key in enumerate(keys)}
    columns = [sorted(column_of[key] for key in of if key in column_of) for of in found]
    indices = np.array([column for of in columns for column in of], np.int64)
    shape = len(articles), len(keys)
    carriers = sparse.csr_matrix((np.ones(len(indices)), indices, np.cumsum([0, *map(len, columns)])), shape)
    names = choose_names(of.values() for of in found)
    return Labels(carriers, [names[key] for key in keys])


def _lines(article: Article) -> Iterator[str]:
    yield article.title
    yield from article.lede.split("\n")
    yield from article.headings


def _scores(within: Floats, sizes: Ints, overall: Floats, *, by_share: bool) -> Floats:
    share = (within + PRIOR * overall) / (sizes + PRIOR)
    return rounded(share if by_share else share * np.log(share / overall))


def _join(labels: Sequence[str]) -> str:
    chosen: list[str] = []
    for label in labels:
        if len(chosen) < NAME_LABELS and not any(_are_alike(label, other) for other in chosen):
            chosen.append(label)
    return JOINT.join(chosen)


def _head(name: str) -> str:
    """The key of what a name begins with."""
    return tag_key(name.partition(JOINT)[0])


def _are_alike(one: str, other: str) -> bool:
    """Tell whether one of two labels is a part of the other, or both are of several words and share one."""
    short, long = sorted((tag_key(one), tag_key(other)), key=len)
    return short in long or bool(set(phrase_of(one).tokens) & set(phrase_of(other).tokens))
