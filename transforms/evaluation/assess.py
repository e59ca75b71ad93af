"""Everything that can be measured of an encoder on a blog: the system's answers, each part's, and the baselines'."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.corpus.tag_table import TagTable
from transforms.evaluation.baselines import overlap_related, random_related, tfidf_related
from transforms.evaluation.clusterings import qualities_of, tags_of
from transforms.evaluation.corpus import Corpus
from transforms.evaluation.intake import take_in
from transforms.evaluation.names import (
    BLEND,
    CHANCE,
    CONFIDENCE,
    LEARNED,
    NEW_POSTS,
    ONLY_LEARNED,
    OVERLAP,
    RANDOM,
    RELATED,
    TEXT,
    UNTAGGED,
    UNTAGGED_POSTS,
    WORDS,
)
from transforms.evaluation.planted import assess_tag_issues
from transforms.evaluation.protocols import (
    JUDGED,
    TAG_MEASURES,
    error_metric,
    folds,
    judge_likely,
    judge_ranked,
    judge_related,
    newest,
    rank_tags,
    true_tags,
)
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import Study, count_tags, shares_more, study_of
from transforms.numerics.arrays import NOBODY, Floats, Ints, Mask
from transforms.numerics.seed import SEED
from transforms.records import Article
from transforms.results import Metric
from transforms.themes.quality import choose_k, quality_ks, sweep_clusters


def assess(corpus: Corpus, table: TagTable, texts: Sequence[str] = ()) -> list[Metric]:
    """Judge all that is learned and answered about a corpus; nothing where no article has a tag.

    With the whole texts [n], tag issues are judged too, the clusters for several k, and the baselines in which no
    encoder has a part.
    """
    tagged = np.flatnonzero(corpus.tagged)
    if not len(tagged):
        return []
    study = study_of(corpus, *search_corpus(corpus), table)
    return [
        *assess_related(study, texts),
        *assess_untagged(corpus.part(tagged), table, [texts[row] for row in tagged.tolist()] if texts else ()),
        *assess_tags(study, table),
        *([*assess_tag_issues(study), *assess_clusters(corpus)] if texts else []),
    ]


def assess_articles(articles: Sequence[Article]) -> list[Metric]:
    """Fit lsa to articles, with their bodies, and judge all that is learned of them, without a pipeline."""
    taken = take_in(articles)
    return assess(taken.corpus, taken.table, taken.texts)


def assess_related(study: Study, texts: Sequence[str]) -> list[Metric]:
    """Judge related articles by Dice@4, an article's own tags taking no part but in the baseline that needs them."""
    corpus = study.corpus
    rows = np.flatnonzero(corpus.tagged)
    methods = _related_methods(study, rows)
    if texts:
        baselines = {
            WORDS: tfidf_related(texts),
            OVERLAP: overlap_related(corpus),
            RANDOM: random_related(len(corpus)),
        }
        methods |= {name: related[rows] for name, related in baselines.items()}
    return judge_related(corpus, methods, RELATED, rows, LEARNED)


def assess_untagged(corpus: Corpus, table: TagTable, texts: Sequence[str]) -> list[Metric]:
    """Judge related articles by Dice@4 for articles whose whole fold has lost its tags; all articles have tags."""
    candidates = search_corpus(corpus)
    related: dict[str, Ints] = {}
    sure: list[Sure] = []
    for rows in folds(corpus):
        hidden = study_of(corpus.without_tags(rows), *candidates, table)
        sure.append(_sure(hidden, corpus, rows, table))
        for method, found in _related_methods(hidden, rows).items():
            related.setdefault(method, np.full((len(corpus), found.shape[1]), NOBODY))[rows] = found
    if texts:
        related |= {WORDS: tfidf_related(texts), RANDOM: random_related(len(corpus))}
    return [
        *judge_related(corpus, related, UNTAGGED, np.arange(len(corpus)), LEARNED),
        _confidence_error(UNTAGGED_POSTS, sure),
    ]


def assess_tags(everything: Study, table: TagTable) -> list[Metric]:
    """Judge the tags recommended for the newest articles by what the older ones teach, and how sure all this is."""
    corpus = everything.corpus
    rows = newest(corpus)
    study = study_of(corpus.without_tags(rows), everything.found, everything.cosines, table)
    truth = true_tags(corpus, rows)
    ranked = rank_tags(study, rows)
    return [
        *judge_ranked(ranked, truth, BLEND, tuple(TAG_MEASURES)),
        *(judge_likely(ranked[BLEND], truth) if BLEND in ranked else []),
        _confidence_error(NEW_POSTS, [_sure(study, corpus, rows, table)]),
    ]


def assess_clusters(corpus: Corpus) -> list[Metric]:
    """Judge clusterings into several k: by silhouette, and by agreement with the tags and with shuffled ones."""
    tags = tags_of(corpus)
    shuffled = [tags[row] for row in np.random.default_rng(SEED).permutation(len(tags))]
    ks = quality_ks(len(corpus))
    qualities, by_chance = (sweep_clusters(corpus.near, of, ks) for of in (tags, shuffled))
    chosen = choose_k(qualities, len(corpus))
    return [
        Metric(measure, f"k = {quality.k}", value, len(corpus), quality.k == chosen)
        for quality, chance in zip(qualities, by_chance, strict=True)
        for measure, value in (*qualities_of(quality), (CHANCE, chance.agreement))
    ]


Sure = tuple[Floats, Mask]
"""How sure related articles are, and which share more tags than by chance: both [pairs]."""


def _sure(hidden: Study, corpus: Corpus, rows: Ints, everything: TagTable) -> Sure:
    related, sure = hidden.confident(rows, JUDGED)
    there = (related != NOBODY) & corpus.tagged[related]
    table = count_tags(corpus, everything)
    return sure[there], shares_more(corpus.carriers[rows], corpus.carriers, related, table)[there]


def _confidence_error(method: str, parts: Sequence[Sure]) -> Metric:
    return error_metric(CONFIDENCE, method, *(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _related_methods(study: Study, rows: Ints) -> dict[str, Ints]:
    return {
        LEARNED: study.related(rows),
        ONLY_LEARNED: study.related(rows, frozenset({"learned"})),
        TEXT: study.related(rows, frozenset({"text"})),
    }
