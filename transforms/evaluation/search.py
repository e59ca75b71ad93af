"""The candidates of all articles of a corpus."""

from __future__ import annotations

from transforms.evaluation.corpus import Corpus, candidates_of
from transforms.numerics.arrays import Floats, Ints
from transforms.search.candidates import CANDIDATES
from transforms.search.exact import Index


def search_corpus(corpus: Corpus, count: int = CANDIDATES, *, any_language: bool = False) -> tuple[Ints, Floats]:
    """Find every article's candidates, as rows of the corpus, and their cosines: both [n, count]."""
    return candidates_of(corpus, Index, count, any_language=any_language)
