"""The newer half of the posts held back, part by part, and the tags that older posts propose for them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from transforms.corpus.chronology import by_date
from transforms.corpus.tag_table import TagTable
from transforms.evaluation.corpus import Corpus
from transforms.evaluation.study import Study, count_tags
from transforms.numerics.arrays import Floats, Ints
from transforms.numerics.rounding import best_columns
from transforms.results import TagTrial
from transforms.sampling import sampled
from transforms.tags.model import AT_ONCE, fit_articles
from transforms.tags.trial import Outcomes, join_outcomes, judge_trial

SIXTHS = (3, 4, 5, 6)
"""Where the parts begin and end. A sixth is what the measures hold back too."""
PROPOSED = 10
"""How many tags of a post are judged."""


def try_tags(
    corpus: Corpus, found: Ints, cosines: Floats, table: TagTable, weights: Floats, least: float | None = None
) -> TagTrial:
    """Propose tags for the newer half of the tagged posts, and judge what became of these.

    Articles have the candidates `found` [n, c] with their `cosines`, and `weights` are those of the evidence, as
    learned from the whole corpus. Each part of the posts is judged by all that is older than it.
    """
    order = by_date(corpus.articles)
    tagged = order[corpus.tagged[order]]
    ends = [len(tagged) * sixths // 6 for sixths in SIXTHS]
    parts = [
        _outcomes(Study(older, found, cosines, count_tags(older, table), weights=weights), corpus, tagged[start:end])
        for start, end in pairwise(ends)
        if 0 < start < end
        for older in [corpus.without_tags(tagged[start:])]
    ]
    return judge_trial(join_outcomes(parts), least)


def _outcomes(older: Study, corpus: Corpus, rows: Ints) -> Outcomes:
    limit, ids = fit_articles(len(older.table.keys)), corpus.ids
    rows = np.array([row for row in rows.tolist() if sampled(ids[row], len(rows), limit)], np.int64)
    column_of = {key: column for column, key in enumerate(corpus.keys)}
    columns = np.array([column_of[key] for key in older.corpus.keys], np.int64)
    parts = []
    for at_once in (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)):
        probabilities = older.probabilities(at_once)
        best = best_columns(probabilities, PROPOSED)
        carried = corpus.carriers[at_once][:, columns].toarray() > 0
        parts.append(
            Outcomes(
                np.take_along_axis(probabilities, best, 1).ravel(),
                np.take_along_axis(carried, best, 1).ravel(),
                len(at_once),
            )
        )
    return join_outcomes(parts)
