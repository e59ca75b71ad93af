"""Samples of a corpus that depend on ids alone."""

from __future__ import annotations

import hashlib
import re

FIT_ARTICLES = 50_000
"""Models are fitted on about so many articles of a larger corpus."""
LARGE = 50_000
"""Above so many articles a corpus is large: what would grow with it is sampled, parted by key or written in shards."""

EVALUATED_ARTICLES = 10_000
"""A larger corpus is judged by about so many of its articles, as if they were all."""
REPORTED = 20_000
"""The report of a large corpus lists about so many articles."""

BUCKET_ROWS = 200
"""The mean size of a bucket; ids fall into buckets by hash, so that most buckets fit one block."""


def hash64(text: str) -> int:
    """Hash a text to 64 bits, the same on every machine and in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def key_of(id_: str) -> int:
    """Turn an id into the whole number from 0 below 2**63 that stands for the article in arrays."""
    return hash64(id_) >> 1


def map_hash(id_: str) -> int:
    """Hash an id to 64 bits; of a large corpus the lowest are shown on the map."""
    return hash64(f"map:{id_}")


def sampled(id_: str, total: int, limit: int) -> bool:
    """Tell whether an id belongs to the sample of about `limit` out of `total`: all of them when they are no more."""
    return total <= limit or hash64(f"sample:{id_}") * total < limit << 64


def is_large(corpus_size: int) -> bool:
    """Tell whether a corpus of so many articles is large."""
    return corpus_size > LARGE


def hash_parts(corpus_size: int) -> int:
    """Tell into how many parts, by hash, what grows with a corpus of that size is parted: one for each `LARGE`."""
    return max(1, -(-corpus_size // LARGE))


def count_buckets(files: int) -> int:
    """Tell how many buckets there are in a corpus read from so many files."""
    return max(1, -(-files // BUCKET_ROWS))


def bucket_of(id_: str, files: int) -> int:
    """Return the bucket that an id falls into in a corpus read from so many files; a block has articles of one."""
    return hash64(id_) % count_buckets(files)


def wanted_id(id_: str) -> str:
    """Return the id that an article had before it was told apart from others of the same."""
    return re.sub(r"//[1-9][0-9]*$", "", id_)


def region_of(id_: str, files: int) -> int:
    """Return the region that an article's block falls into, of as many as there are parts by hash."""
    regions = hash_parts(files)
    return bucket_of(wanted_id(id_), files) % regions if regions > 1 else 0


def reported(id_: str, corpus_size: int) -> bool:
    """Tell whether the report lists an article of a corpus of so many articles: all of them unless it is large.

    Those of a large corpus are chosen as those on its map are, so that the report knows what is on the map.
    """
    return not is_large(corpus_size) or map_hash(id_) * corpus_size < REPORTED << 64
