"""An encoder fitted to texts, and the texts of a block encoded."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.encoders.base import Encoder
from transforms.encoders.cache import CachingEncoder, text_key
from transforms.encoders.coverage import encode_covered, encode_posts
from transforms.encoders.joined import Joined
from transforms.encoders.lsa import NAME, Lsa, fit_lsa
from transforms.records import Block, TextBlock


def fit_encoder(name: str, texts: Sequence[str], heads: Sequence[str]) -> Lsa:
    """Fit the named encoder to texts; `heads` are what each says first: title, lede and headings."""
    if name == NAME:
        return fit_lsa(texts)
    from transforms.encoders.contrastive import fit_contrastive

    return fit_contrastive(texts, heads)


def encode_block(encoder: Encoder, block: TextBlock) -> Block:
    """Encode a block's texts; each row keeps a digest of its text, by which equal texts are known.

    Posts that a model was not fitted to are shorter, as `encode_posts` tells; names of tags are not.
    """
    limit = encoder.max_characters
    cut = sum(limit is not None and len(text) > limit for text in block.texts)
    cached = encoder.count_known(block.texts) if isinstance(encoder, CachingEncoder | Joined) else 0
    encode = encode_posts if block.kind == "articles" else encode_covered
    vectors, coverage = encode(encoder, block.texts)
    digests = tuple(map(text_key, block.texts))
    return Block(block.kind, encoder.info, block.articles, vectors, digests, cut, cached, block.notes, coverage)
