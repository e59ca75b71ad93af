from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.corpus.tokens import BREAK
from transforms.encoders import vocabulary
from transforms.encoders.vocabulary import Vocabulary, choose_terms


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(vocabulary, "CHUNK_TEXTS", 3)


TEXTS = st.lists(st.lists(st.sampled_from(["a", "b", "c", "ab", BREAK]), max_size=12), max_size=8)


def count_by_hand(tokens):
    counts = Counter(token for token in tokens if token)
    counts.update(f"{left} {right}" for left, right in pairwise(tokens) if left and right)
    return counts


def choose_by_hand(texts, least, most):
    frequency = Counter(term for tokens in texts for term in count_by_hand(tokens))
    kept = [term for term, texts_with in frequency.items() if texts_with >= least]
    return sorted(kept, key=lambda term: (-frequency[term], term))[:most]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.integers(1, 3), st.integers(1, 30))
def test_chooses_what_a_counter_finds(texts, least, most):
    assert choose_terms(texts, least, most) == choose_by_hand(texts, least, most)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.sets(st.sampled_from(["a", "b", "a b", "b a", "ab", "c ab", "unheard"])))
def test_counts_what_a_counter_counts(texts, terms):
    known = Vocabulary(terms)
    assert set(known.terms) == terms
    counted = known.count(texts).toarray()
    assert counted.shape == (len(texts), len(terms))
    for row, tokens in zip(counted, texts, strict=True):
        expected = count_by_hand(tokens)
        assert dict(zip(known.terms, row, strict=True)) == {term: expected[term] for term in terms}


def test_columns_do_not_depend_on_the_order_given():
    assert Vocabulary(["b", "a c", "a"]).terms == Vocabulary(["a", "b", "a c"]).terms == ("a", "a c", "b")


@pytest.mark.parametrize("texts", [[], [[]], [[BREAK]]])
def test_nothing_to_count(texts):
    assert choose_terms(texts, 1, 10) == []
    assert Vocabulary([]).count(texts).shape == (len(texts), 0)
