"""Searches of a blog in several languages, by shards and by cells."""

import dataclasses
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles, corpus_of, random_unit
from tests.transforms.search_by_hand import blocks_of, candidates_by_hand, crowded_blog, searched
from transforms.corpus.blocks import text_numbers
from transforms.corpus.languages import are_translations, blog_languages
from transforms.evaluation.search import search_corpus
from transforms.numerics.arrays import NOBODY
from transforms.numerics.kmeans import QUICK, fit_spherical_kmeans
from transforms.sampling import key_of
from transforms.search.cells import cell_depths
from transforms.search.copies import Copy, pair_copies
from transforms.search.plan import depths_to_beat, plan_cells
from transforms.search.shards import CELL_CANDIDATES


def in_languages(corpus, seed, codes=("en", "ja", "fr", None)):
    """The corpus with articles in several languages, some of which are translations of others."""
    rng = np.random.default_rng(seed)
    spoken = rng.choice(len(codes), len(corpus), p=[0.5, 0.25, 0.15, 0.1])
    keys = rng.integers(0, len(corpus) // 2, len(corpus))
    given = [
        dataclasses.replace(article, language=codes[code], translation_keys=("", f"path:{key}"))
        for article, code, key in zip(corpus.articles, spoken, keys, strict=True)
    ]
    return dataclasses.replace(corpus, articles=given)


def languages_of(corpus, **settings):
    return blog_languages(Counter(article.language for article in corpus.articles), **settings)


def found_of(corpus, blocks, answers, count):
    row_of = {key_of(id_): row for row, id_ in enumerate(corpus.ids)}
    found = {}
    for candidates, _, _ in answers:
        for key, near in zip(candidates.keys, candidates.found, strict=True):
            assert not (near[np.count_nonzero(near != NOBODY) :] != NOBODY).any()
            found[row_of[key]] = [row_of[other] for other in near.tolist() if other != NOBODY][:count]
    return [found[row] for row in range(len(corpus))]


@given(st.integers(8, 60), st.integers(1, 3), st.integers(1, 3), st.booleans(), st.booleans(), st.integers(0, 10**6))
@example(8, 1, 3, False, False, 490)
@settings(max_examples=40, deadline=None)
def test_candidates_are_those_of_ones_own_language_that_are_no_translations(total, parts, shards, lone, mixed, seed):
    corpus = in_languages(crowded_blog(total, seed=seed), seed)
    languages = languages_of(corpus, any_language=mixed)
    blocks = blocks_of(corpus, parts)
    answers = searched(blocks, corpus.keys, shards, exact_duplicates=lone, languages=languages)
    expected = [
        [other for other, _ in candidates_by_hand(corpus, row, exact_duplicates=lone, languages=languages)]
        for row in range(total)
    ]
    assert found_of(corpus, blocks, answers, 100) == expected
    row_of = {id_: row for row, id_ in enumerate(corpus.ids)}
    for _, _, duplicates in answers:
        for pair in duplicates:
            left, right = (corpus.articles[row_of[id_]] for id_ in (pair.left, pair.right))
            assert languages.group(left.language) == languages.group(right.language)
            assert not are_translations(left, right)
    if not lone:
        found, _ = search_corpus(corpus, any_language=mixed)
        assert [[row for row in of if row != NOBODY] for of in found.tolist()] == expected


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("mixed", [False, True])
def test_a_search_of_all_cells_finds_the_same(shards, mixed):
    corpus = in_languages(crowded_blog(200, seed=4), 4)
    languages = languages_of(corpus, any_language=mixed)
    centroids = fit_spherical_kmeans(corpus.near[np.any(corpus.near, axis=1)], 6, QUICK)
    plan = plan_cells(centroids, np.full(len(centroids), 40), shards, 30, len(centroids))
    plan = dataclasses.replace(plan, nprobe=10**6)
    blocks = blocks_of(corpus, 3)
    found = found_of(corpus, blocks, searched(blocks, corpus.keys, languages=languages, plan=plan), 10)
    for row, near in enumerate(found):
        by_hand = candidates_by_hand(corpus, row, languages=languages)[: CELL_CANDIDATES - 5]
        assert near == [other for other, _ in by_hand][:10]


def test_depths_are_of_neighbours_in_ones_own_group():
    vectors = random_unit(40, 4)
    texts, groups = np.arange(40), np.arange(40) % 2
    centroids = fit_spherical_kmeans(vectors, 5, QUICK)
    scores, _ = depths_to_beat(
        None, vectors, texts, vectors, texts, centroids, cell_depths(vectors, centroids), 3, (groups, groups)
    )
    cosines = np.round(vectors.astype(float) @ vectors.astype(float).T, 4)
    cosines[(groups[:, None] != groups) | np.eye(40, dtype=bool)] = 0
    np.testing.assert_array_equal(scores, np.maximum(-np.sort(-cosines, axis=1)[:, :3], 0))


def test_copies_in_other_languages_are_no_duplicates_of_their_originals():
    copies = [
        Copy("d", "en/x", "en", ("path:x",)),
        Copy("d", "ja/x", "ja", ("path:x",)),
        Copy("d", "ja/y", "ja", ("path:y",)),
    ]
    assert [(pair.left, pair.right) for pair in pair_copies(copies[::-1])] == [("en/x", "ja/y")]


def test_one_language_changes_nothing():
    corpus = crowded_blog(90, seed=2)
    spoken = dataclasses.replace(
        corpus, articles=[dataclasses.replace(article, language="en") for article in corpus.articles]
    )
    for one, other in zip(search_corpus(corpus), search_corpus(spoken), strict=True):
        np.testing.assert_array_equal(one, other)
    assert text_numbers(blocks_of(corpus)[0]).tolist() == text_numbers(blocks_of(spoken)[0]).tolist()
    assert not languages_of(spoken).several


def test_a_language_of_hardly_any_posts_keeps_none_apart():
    posts = articles(*[()] * 12)
    spoken = [dataclasses.replace(post, language="fr" if row < 2 else "en") for row, post in enumerate(posts)]
    corpus = corpus_of(spoken, np.abs(random_unit(12, 3)))
    assert any(row >= 2 for row in search_corpus(corpus)[0][0].tolist())
