import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.checks.by_hand import HOW, read, texts
from transforms.checks.fitting import fit_blog
from transforms.checks.models import Models, among


@pytest.fixture(scope="module")
def models():
    return fit_blog({path: text.encode() for path, text in texts(45).items()}, HOW).models


def test_a_post_is_judged_as_if_it_were_none_of_the_blogs(models):
    article = read(texts(45)["posts/post-3.md"], "posts/post-3.md").article
    [own] = models.judge([article], {}, 5)
    assert models.row_of[article.id] not in {row for row, *_ in own.related}
    [without] = models.judge([dataclasses.replace(article, tags=())], {}, 5)
    baking = models.learned.table.rows["baking"]
    assert own.probabilities[baking] == pytest.approx(without.probabilities[baking], abs=0.2)


def test_nothing_is_related_in_another_language(models):
    article = read("---\ntitle: パン\n---\n\nパンは冷たい台所で一晩発酵させるとゆっくり膨らみます。\n").article
    assert article.language == "ja"
    [judged] = models.judge([article], {}, 5)
    assert judged.related == ()
    assert not models.judge([], {})


def test_tags_are_near_to_the_names_of_what_their_posts_say(models):
    assert models.nearest_tags("telescope")[0] == "astronomy"
    assert models.nearest_tags("nothing known") == []
    assert isinstance(Models(models.learned).nearest_tags("dough"), list)


HASHES = st.lists(st.integers(0, 3).flatmap(lambda low: st.integers(0, 9).map(lambda high: (high << 16) + low)))


@given(HASHES, st.lists(HASHES))
def test_hashes_are_told_from_others_with_the_same_lowest_bits(hashes, runs):
    found = among(np.array(hashes, np.int32), [np.array(of_one, np.int32) for of_one in runs])
    assert found.tolist() == [hash_ in set().union(*runs) for hash_ in hashes]
