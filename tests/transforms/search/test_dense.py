import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.numerics.arrays import unit_rows
from transforms.search.dense import DenseIndex
from transforms.search.exact import Index


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 8), st.integers(0, 70), st.integers(0, 2**32 - 1))
def test_it_finds_what_the_other_index_finds(posts, dim, count, seed):
    vectors = unit_rows(np.random.default_rng(seed).integers(-2, 3, (posts, dim)).astype(float))
    queries = vectors[: max(1, posts // 2)]
    for mine, theirs in zip(
        DenseIndex(vectors).search(queries, count), Index(vectors).search(queries, count), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)
