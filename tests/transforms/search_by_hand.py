"""A corpus searched without Beam, and what is found of it by comparing all pairs."""

import random
import re
from collections import defaultdict

import apache_beam as beam
import numpy as np

from tests.transforms.records_by_hand import (
    block,
    corpus_of,
    links_among,
    links_of,
    made_up_blog,
    made_up_titles,
    table_of,
    unit,
)
from transforms.corpus.blocks import block_key
from transforms.corpus.chronology import date_keys, latest, ordinals
from transforms.corpus.languages import ONE_LANGUAGE, are_translations
from transforms.corpus.runs import sketches
from transforms.records import Notes
from transforms.results import Duplicate
from transforms.sampling import key_of
from transforms.search.candidates import CANDIDATES
from transforms.search.overlap import NEAR_DUPLICATE, OF_A_SERIES
from transforms.search.plan import plan_exact
from transforms.search.shards import Shard, merge_hits, shard_queries
from transforms.tags.calendar import CONTEMPORARIES, make_calendar
from transforms.tags.evidence import collect_evidence


def crowded_blog(count, seed=0, untagged=0.3, near=None):
    """A corpus with ties, copies, near-duplicates, links and zero vectors, searched by `near` dimensions."""
    rng = np.random.default_rng(seed)
    posts, vectors = made_up_blog(count, seed=seed, untagged=untagged)
    places = rng.integers(0, count, count)
    again = rng.random(count) < 0.3
    vectors[again] = unit(vectors[places[again]] + 0.03 * rng.standard_normal((again.sum(), vectors.shape[1])))
    digests = [f"text {row}" for row in range(count)]
    for row in np.flatnonzero(rng.random(count) < 0.2):
        vectors[row], digests[row] = vectors[places[row]], digests[places[row]]
    vectors[rng.random(count) < 0.1] = 0
    ties = rng.random(count) < 0.2
    vectors[ties] = np.round(vectors[ties])
    links = links_among([post.id for post in posts], 3 / count, seed)
    return corpus_of(posts, unit(vectors), digests, near, links, **made_up_titles(count, seed=seed))


def runs_by_hand(digest):
    """The runs of a text of a number: those of three numbers that follow each other share some, others none."""
    number = digest.removeprefix("text ")
    if not number.isdecimal():
        return set()
    group, place = divmod(int(number), 3)
    of_group = {100 * group + run * 10**6 for run in range(200 - 2 * place)}
    return of_group | {100 * group + 1 + place + run * 10**6 for run in range(3)}


def sketches_by_hand(digests):
    """The sketches of texts of some digests."""
    none = np.zeros(0, np.int32)
    return sketches([np.array(sorted(runs_by_hand(digest)), np.int32) for digest in digests], none, none)


def near_duplicates_by_hand(corpus, **settings):
    """All pairs of candidates that share so much text, from all pairs."""
    pairs = set()
    for row in range(len(corpus)):
        for other, _ in candidates_by_hand(corpus, row, **settings):
            one, two = (runs_by_hand(corpus.digests[of]) for of in (row, other))
            titles = {corpus.articles[of].title for of in (row, other)}
            series = len(titles) == 2 and len({re.sub("[0-9]", "", title) for title in titles}) == 1
            share, of_longer = (round(len(one & two) / max(of(len(one), len(two)), 1), 4) for of in (min, max))
            is_near = of_longer >= OF_A_SERIES if series else share >= NEAR_DUPLICATE
            if is_near and corpus.digests[row] != corpus.digests[other]:
                pairs.add(Duplicate(*sorted((corpus.ids[row], corpus.ids[other])), share, exact=False))
    return pairs


def blocks_of(corpus, count=1):
    """The corpus in so many blocks of interleaved rows."""
    made = []
    for rows in (np.arange(part, len(corpus), count) for part in range(count)):
        part = corpus.part(rows)
        of_titles, runs = (part.title, part.named), sketches_by_hand(part.digests)
        noted = Notes(part.in_title, part.in_text, tuple(part.words), *of_titles, runs)
        made.append(block(part.articles, part.vectors, part.digests, part.near.shape[1], noted))
    return made


def searched(blocks, keys, shards=1, *, exact_duplicates=False, languages=ONE_LANGUAGE, plan=None):
    """The Candidates, Votes and Duplicates of each block."""
    plan = plan or plan_exact(shards)
    homes_of_block, sent, hits = [], defaultdict(list), defaultdict(list)
    for of_block in blocks:
        homes, parts = shard_queries(of_block, plan, keys, languages)
        homes_of_block.append(homes)
        for number, query in parts:
            sent[number].append(query)
    for number, queries_of_shard in sent.items():
        shard = Shard(number, queries_of_shard, plan, exact_duplicates=exact_duplicates)
        for key, of_shard in shard.hits(queries_of_shard):
            hits[key].append(of_shard)
    return [
        merge_hits(key, homes, plan.shard_count, len(keys), hits[key])
        for key, homes in zip(map(block_key, blocks), homes_of_block, strict=True)
    ]


def scattered(elements, seed):
    """The elements in another order, in bundles of their own."""
    return beam.Create(random.Random(seed).sample(elements, len(elements)), reshuffle=bool(seed))


def calendar_of(corpus):
    """The Calendar of a corpus."""
    tagged = np.flatnonzero(corpus.tagged)
    keys = date_keys(corpus.articles[row] for row in tagged)
    return make_calendar(keys, corpus.carriers[tagged], latest(ordinals(corpus.articles)))


def found_of(corpus, count=1, shards=1):
    """What is BlockEvidence of a corpus in so many blocks and shards, block by block."""
    blocks, table = blocks_of(corpus, count), table_of(corpus.articles, corpus.vectors)
    answers = searched(blocks, table.keys, shards)
    return [
        collect_evidence(of_block, votes, calendar_of(corpus), table, links_of(corpus))
        for of_block, (_, votes, _) in zip(blocks, answers, strict=True)
    ]


def evidence_of(corpus):
    """The evidence of all articles of a corpus, in the order of their ids."""
    return found_of(corpus)[0].evidence


def candidates_by_hand(corpus, row, *, exact_duplicates=False, languages=ONE_LANGUAGE):
    """The rows that are an article's candidates and their cosines, ties by key, from all pairs."""
    article = corpus.articles[row]
    near = corpus.near.astype(np.float64)
    cosines = np.round(near @ near[row], 4)
    others = [
        (-cosine, key_of(corpus.ids[other]), other)
        for other, cosine in enumerate(cosines.tolist())
        if cosine > 0 and other != row and (exact_duplicates or corpus.digests[other] != corpus.digests[row])
        if languages.group(corpus.articles[other].language) == languages.group(article.language)
        if not are_translations(corpus.articles[other], article)
    ]
    return [(other, -cosine) for cosine, _, other in sorted(others)][:CANDIDATES]


def contemporaries_by_hand(carried, order, query):
    """The tagged rows around a query, and the share of all tagged rows that come later."""
    tagged = [row for row in order if carried[row].any()]
    place = order.index(query)
    before = [row for row in order[:place] if carried[row].any()]
    after = [row for row in order[place + 1 :] if carried[row].any()]
    return before[-CONTEMPORARIES:] + after[:CONTEMPORARIES], len(after) / max(1, len(tagged))
