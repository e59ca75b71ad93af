import random

import numpy as np
import pytest

from tests.transforms.rank_by_hand import ALL_PARTS, blog_of, lessons_of, shards_of
from tests.transforms.records_by_hand import assert_same
from tests.transforms.search_by_hand import crowded_blog
from transforms.numerics.arrays import NOBODY
from transforms.related.lessons import NO_LESSONS, Lessons, join_lessons


def made_up_lessons(rows, candidates, links=0.1, seed=0, features=6):
    """Lessons whose candidates are linked to by chance."""
    rng = np.random.default_rng(seed)
    found = np.argsort(rng.random((rows, 1000)), axis=1)[:, :candidates]
    linked = rng.random(found.shape) < links
    return Lessons(
        rng.permutation(rows) + 5000,
        np.where(rng.random(found.shape) < 0.1, NOBODY, found),
        rng.random((*found.shape, features)),
        linked,
        rng.random(found.shape) < 0.7,
        tuple(tuple(of_row[here].tolist()) for of_row, here in zip(found, linked, strict=True)),
    )


def test_what_authors_chose_from():
    lessons = made_up_lessons(20, 9, 0.3)
    for place in np.ndindex(lessons.found.shape):
        offered = lessons.older[place] and lessons.found[place] != NOBODY
        assert lessons.offered[place] == offered
        assert lessons.chosen[place] == (offered and lessons.linked[place])
    linking = lessons.linking()
    assert linking.keys.tolist() == lessons.keys[lessons.chosen.any(axis=1)].tolist()
    assert 0 < len(linking) < 20


def test_spreads_by_hand():
    lessons = made_up_lessons(12, 7)
    by_hand = [
        features[found != NOBODY].std(axis=0)
        for features, found in zip(lessons.features, lessons.found, strict=True)
        if (found != NOBODY).sum() > 1
    ]
    np.testing.assert_allclose(lessons.spreads(), np.mean(by_hand, axis=0))
    assert made_up_lessons(3, 1).spreads().tolist() == [0] * 6


@pytest.mark.parametrize("shards", [1, 2, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_what_shards_know_is_joined_in_any_order(shards, seed):
    corpus = crowded_blog(40, near=8)
    parts = [
        shard.lessons(part)
        for shard, looked_for in shards_of(blog_of(corpus, 3, shards), ALL_PARTS).values()
        for part in looked_for
    ]
    joined = join_lessons([*random.Random(seed).sample(parts, len(parts)), NO_LESSONS])
    whole = lessons_of(blog_of(corpus), ALL_PARTS)
    assert_same(joined, whole)
    assert joined.keys.tolist() == sorted(joined.keys.tolist())
    assert (np.diff(np.where(joined.found == NOBODY, 2**63 - 1, joined.found), axis=1) >= 0).all()


def test_nothing_to_learn_from():
    assert_same(join_lessons([NO_LESSONS, NO_LESSONS]), NO_LESSONS)
    assert len(NO_LESSONS) == 0
