"""A corpus whose related articles are ranked without Beam, by shards and as a whole."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from tests.transforms.records_by_hand import links_of, table_of
from tests.transforms.search_by_hand import blocks_of, calendar_of, searched
from transforms.corpus.blocks import block_key
from transforms.corpus.languages import ONE_LANGUAGE
from transforms.corpus.tag_table import TagTable
from transforms.evaluation.search import search_corpus
from transforms.readings.neighbors import (
    PostCounts,
    ReadPosts,
    ReadWith,
    count_cosines,
    nearest,
    read_posts,
    strong_cosine,
)
from transforms.related.lessons import join_lessons
from transforms.related.ranker import Profiles, Ranker, rarity
from transforms.related.read_candidates import (
    ReadCandidates,
    add_candidates,
    make_table,
    may_be_related,
    rows_of_block,
)
from transforms.related.shards import RankingShard, block_ids, merge_best, rank_candidates, rank_queries
from transforms.related.weights import fit_rank_weights
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
    candidates: list[Candidates] | list[ReadCandidates]
    later: list[float]


def blog_of(corpus, count=1, shards=1, log=None):
    """Search a corpus, in so many blocks of interleaved rows and so many shards, and expect tags of its articles.

    Where there is a `Log`, what its readers read together are candidates too.
    """
    blocks, table = blocks_of(corpus, count), table_of(corpus.articles, corpus.vectors)
    answers, calendar = [of[:2] for of in searched(blocks, table.keys, shards)], calendar_of(corpus)
    if log is not None:
        answers = with_readers(blocks, answers, log)
    found = [
        collect_evidence(*of, calendar, table, links_of(corpus))
        for of in zip(blocks, (votes for _, votes in answers), strict=True)
    ]
    everyone = join_evidence([part.evidence for part in found])
    model = fit_tag_model(everyone.part(np.flatnonzero(np.diff(everyone.carriers.indptr))), tag_statistics(table))
    later = {article.id: late for of in found for article, late in zip(of.articles, of.evidence.later, strict=True)}
    return Blog(
        table,
        [expect_tags(part, model)[0] for part in found],
        [candidates for candidates, _ in answers],
        [later[id_] for id_ in corpus.ids],
    )


@dataclass(frozen=True)
class Log:
    """What readers tell: a ReadWith of each article that is read with any, what is read, and the strong cosine."""

    pairs: list[ReadWith]
    read: ReadPosts
    strong: float


def made_up_log(corpus, readers=400, seed=0):
    """Who reads articles of a corpus by chance, and those that stand beside each other in it together."""
    rng, count = np.random.default_rng(seed), len(corpus)
    likes = rng.integers(0, count, readers)[:, None] + rng.integers(0, 4, (readers, 3))
    reads = np.zeros((readers, count), np.int64)
    np.put_along_axis(reads, likes * 7 % count, 1, axis=1)
    both = reads.T @ reads
    counts = Counter(dict(enumerate(both.diagonal().tolist())))
    pairs = [
        nearest(row, together, counts, corpus.article_keys, 3)
        for row in range(count)
        if (together := [(other, int(n)) for other, n in enumerate(both[row]) if other != row and n >= 3])
    ]
    return Log(
        pairs, read_posts(PostCounts(counts, counts), corpus.article_keys, 3), strong_cosine(map(count_cosines, pairs))
    )


def with_readers(blocks, answers, log):
    """Add to the Candidates and Votes of blocks what readers tell: ReadCandidates and Votes."""
    homes = {block_key(block): votes.homes for block, (_, votes) in zip(blocks, answers, strict=True)}
    table = make_table([rows_of_block(block, ONE_LANGUAGE) for block in blocks], homes, log.read)
    related = [found for of_one in log.pairs if (found := may_be_related(of_one, table))]
    return [
        add_candidates(*answer, [pairs for key, pairs in related if key == block_key(block)], table, log.strong)
        for block, answer in zip(blocks, answers, strict=True)
    ]


def shards_of(blog, parts, without_tags=None, teaches=None):
    """The shards of a blog by number, and what is looked for in each.

    `without_tags` and `teaches` say, by the numbers in the articles' ids, which are ranked as if they had no tags, and
    which the ranking is learned from: all by default.
    """
    everybody = np.ones(len(blog.later), np.bool_)
    without_tags, teaches = (everybody if of is None else of for of in (without_tags, teaches))
    queries, looked_for = defaultdict(list), defaultdict(list)
    for expected, candidates, of_block in zip(blog.expected, blog.candidates, rows_of(blog), strict=True):
        for shard, part in rank_queries(expected, without_tags[of_block], teaches[of_block]):
            queries[shard].append(part)
        for shard, part in rank_candidates(candidates):
            looked_for[shard].append(part)
    return {
        number: (RankingShard(of_shard, blog.table, frozenset(parts)), looked_for[number])
        for number, of_shard in queries.items()
    }


def rows_of(blog):
    """The numbers in the ids of each block's articles."""
    return [[int(article.id[1:]) for article in expected.found.articles] for expected in blog.expected]


def lessons_of(blog, parts, teaches=None):
    """What the shards have to learn from."""
    shards = shards_of(blog, parts, teaches=teaches).values()
    return join_lessons([shard.lessons(part) for shard, looked_for in shards for part in looked_for])


def ranked_by(blog, parts, count, in_sample=None, without_tags=None, teaches=None):
    """What the shards rank, merged block by block.

    `in_sample` says, by the numbers in the articles' ids, which the confidence is learned from: all by default.
    """
    in_sample = np.ones(len(blog.later), np.bool_) if in_sample is None else in_sample
    best, weights = defaultdict(list), fit_rank_weights(lessons_of(blog, parts, teaches), frozenset(parts))
    for shard, looked_for in shards_of(blog, parts, without_tags).values():
        for part in looked_for:
            best[part.block].append(shard.best(part, weights, count))
    return [
        merge_best(
            expected.found.block,
            block_ids(expected),
            best[expected.found.block],
            count,
            in_sample[of_block],
            read=any(isinstance(candidates, ReadCandidates) for candidates in blog.candidates),
        )
        for expected, of_block in zip(blog.expected, rows_of(blog), strict=True)
    ]


def profiles_of(corpus, expected):
    """The Profiles of a corpus, of whose articles these tags are expected."""
    return Profiles(
        ids=corpus.ids,
        words=corpus.words,
        keys=corpus.article_keys,
        vectors=corpus.vectors,
        carriers=corpus.carriers,
        expected=expected,
        title=corpus.title,
        named=corpus.named,
        age=corpus.age,
        links=corpus.links,
    )


def whole_of(blog, corpus, parts):
    """The rankings of all rows among all rows, with their own tags and as if they had none."""
    count, step = len(corpus), len(blog.expected)
    order = np.argsort([row for part in range(step) for row in range(part, count, step)])
    expected = sparse.vstack([part.tags for part in blog.expected], format="csr")[order]
    profiles = profiles_of(corpus, expected)
    ranker = Ranker(profiles, rarity(blog.table.counts, blog.table.posts), frozenset(parts))
    candidates = search_corpus(corpus)
    weights = fit_rank_weights(join_lessons([ranker.lessons(profiles, *candidates)]), frozenset(parts))
    without_tags = ranker.rank(profiles, *candidates, weights, without_tags=True)
    return ranker.rank(profiles, *candidates, weights), without_tags
