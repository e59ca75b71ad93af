"""A corpus whose related articles are ranked without Beam, by shards and as a whole."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from tests.transforms.records_by_hand import table_of
from tests.transforms.search_by_hand import blocks_of, calendar_of, searched
from transforms.corpus.tag_table import TagTable
from transforms.evaluation.corpus import search_corpus
from transforms.related.ranker import Profiles, Ranker, rarity
from transforms.related.shards import RankingShard, block_ids, merge_best, rank_candidates, rank_queries
from transforms.results import PARTS, RECENT
from transforms.search.shards import Candidates
from transforms.tags.evidence import collect_evidence, join_evidence
from transforms.tags.expected import Expected, expect_tags
from transforms.tags.model import fit_tag_model
from transforms.tags.statistics import tag_statistics

ALL_PARTS = frozenset({*PARTS, RECENT})


@dataclass(frozen=True)
class Blog:
    """What is ranked of a corpus, block by block, its table, and each row's share of later articles."""

    table: TagTable
    expected: list[Expected]
    candidates: list[Candidates]
    later: list[float]


def blog_of(corpus, count=1, shards=1):
    """Search a corpus, in so many blocks of interleaved rows and so many shards, and expect tags of its articles."""
    blocks, table = blocks_of(corpus, count), table_of(corpus.articles, corpus.vectors)
    answers, calendar = searched(blocks, table.keys, shards), calendar_of(corpus)
    found = [
        collect_evidence(*of, calendar, table) for of in zip(blocks, (votes for _, votes, _ in answers), strict=True)
    ]
    everyone = join_evidence([part.evidence for part in found])
    model = fit_tag_model(everyone.part(np.flatnonzero(np.diff(everyone.carriers.indptr))), tag_statistics(table))
    later = {article.id: late for of in found for article, late in zip(of.articles, of.evidence.later, strict=True)}
    return Blog(
        table,
        [expect_tags(part, model)[0] for part in found],
        [candidates for candidates, _, _ in answers],
        [later[id_] for id_ in corpus.ids],
    )


def ranked_by(blog, parts, count, in_sample=None, without_tags=None):
    """What the shards rank, merged block by block.

    `in_sample` and `without_tags` say, by the numbers in the articles' ids, which are learned from and which are ranked
    as if they had no tags: all of them by default.
    """
    everybody = np.ones(len(blog.later), np.bool_)
    in_sample, without_tags = (everybody if of is None else of for of in (in_sample, without_tags))
    queries, looked_for, best = defaultdict(list), defaultdict(list), defaultdict(list)
    rows = [[int(article.id[1:]) for article in expected.found.articles] for expected in blog.expected]
    for expected, candidates, of_block in zip(blog.expected, blog.candidates, rows, strict=True):
        for shard, part in rank_queries(expected, without_tags[of_block]):
            queries[shard].append(part)
        for shard, part in rank_candidates(candidates):
            looked_for[shard].append(part)
    for number, of_shard in queries.items():
        shard = RankingShard(of_shard, blog.table, frozenset(parts), count)
        for part in looked_for[number]:
            best[part.block].append(shard.best(part))
    return [
        merge_best(
            expected.found.block,
            block_ids(expected),
            best[expected.found.block],
            count,
            in_sample[of_block],
        )
        for expected, of_block in zip(blog.expected, rows, strict=True)
    ]


def whole_of(blog, corpus, parts):
    """The rankings of all rows among all rows, with their own tags and as if they had none."""
    count, step = len(corpus), len(blog.expected)
    order = np.argsort([row for part in range(step) for row in range(part, count, step)])
    expected = sparse.vstack([part.tags for part in blog.expected], format="csr")[order]
    profiles = Profiles(corpus.ids, corpus.words, corpus.carriers, expected, corpus.age)
    ranker = Ranker(profiles, rarity(blog.table.counts, blog.table.posts), frozenset(parts))
    candidates = search_corpus(corpus)
    return ranker.rank(profiles, *candidates), ranker.rank(profiles, *candidates, without_tags=True)
