import dataclasses

import numpy as np
import pytest

from tests.transforms.readings.test_next_post import DAY, START, made_up
from transforms.readings import learned, next_model
from transforms.readings.learned import Post, learn, learned_posts
from transforms.readings.next_model import BLEND, CHOSEN_FROM, CONTENT, EASE_VECTORS
from transforms.readings.visits import History

IDS = tuple(f"post-{number:02}" for number in range(48))


def known(posts):
    return [
        (id_, Post(vector.astype(np.float32), int(born)))
        for id_, vector, born in zip(IDS, posts.vectors, posts.born, strict=True)
    ]


def learn_of(histories, posts, least=3, published=True):
    return learn(histories, IDS, known(posts), least, published=published)


@pytest.fixture(scope="module")
def taught():
    histories, posts = made_up(400, texts_tell=False)
    return learn_of(histories, posts)


def same(one, other):
    """Whether all that would be published is the same."""
    assert one.choice == other.choice
    np.testing.assert_array_equal(one.vectors, other.vectors)
    np.testing.assert_array_equal(one.model.counted.readers, other.model.counted.readers)
    np.testing.assert_array_equal(one.model.counted.recent.readers, other.model.counted.recent.readers)
    np.testing.assert_array_equal(one.model.counted.weights.toarray(), other.model.counted.weights.toarray())
    np.testing.assert_array_equal(one.model.of_text, other.model.of_text)
    np.testing.assert_array_equal(one.model.of_all, other.model.of_all)


def test_readers_teach_a_method_its_model_and_vectors(taught):
    assert taught.ids == IDS
    assert taught.published
    assert taught.choice.method == taught.model.method != CONTENT
    assert len(taught.reads) > 400
    lengths = np.linalg.norm(taught.vectors, axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-6)
    groups = np.arange(48) % 6
    cosines = taught.vectors @ taught.vectors.T
    same_group = groups[:, None] == groups[None, :]
    assert cosines[same_group].min() > 0.5 > cosines[~same_group].max()


def test_neither_the_order_of_readers_nor_of_posts_matters(taught):
    histories, posts = made_up(400, texts_tell=False)

    same(learn(histories[::-1], IDS, known(posts)[::-1], 3, published=True), taught)


def test_where_too_few_read_nothing_is_made_of_reads():
    histories, posts = made_up(30)

    found = learn_of(histories, posts, published=False)

    assert found.choice.method == found.model.method == CONTENT
    assert not found.vectors.any()
    assert not found.model.counted.readers.any()
    assert found.model.counted.weights.nnz == 0
    assert learn_of([], posts, published=False).ids == IDS
    assert learn([], (), [], 3, published=False).ids == ()


def test_a_model_tells_nothing_of_pairs_of_few_readers():
    """Whether one or two readers read two posts, or none did, makes no difference to any weight or vector."""
    histories, posts = made_up(300, texts_tell=False)
    few = [(0, 7), (0, 7), (1, 20)]
    reads_of_few = [History((((left, START), (right, START + 60)),)) for left, right in few]
    apart = [History((((post, START + 60 * place),),)) for pair in few for place, post in enumerate(pair)]

    everyone = (histories + reads_of_few, histories + apart)
    one, other = (next_model.Learner(learned.reads_of(some, 48), posts, 3) for some in everyone)

    pairs = one.counts.pairs.toarray()
    assert pairs[0, 7] == 0
    for method in CHOSEN_FROM:
        weights = [learner.model(method, 100.0).counted.weights.toarray() for learner in (one, other)]
        np.testing.assert_array_equal(*weights)
        assert method == EASE_VECTORS or not np.any((weights[0] > 0) & (pairs < 3))
    np.testing.assert_array_equal(learned.reader_vectors(one.counts), learned.reader_vectors(other.counts))


def test_posts_of_few_readers_have_no_vector():
    histories = [History((tuple((post, START + post) for post in (0, 1, 2)),))] * 6
    histories += [History((((3, START), (0, START + 9)),))] * 4

    found = learn_of(histories, made_up(1)[1])

    assert np.flatnonzero(np.linalg.norm(found.vectors, axis=1)).tolist() == [0, 1, 2]


def test_of_many_posts_those_are_learned_of_that_were_read(monkeypatch):
    monkeypatch.setattr(learned, "DENSE_POSTS", 40)
    histories = [History((((5, START), (7, START + 60)),)), History((((7, START),),))]

    assert learned_posts(histories, 40) == list(range(40))
    assert learned_posts(histories, 48) == [5, 7]
    monkeypatch.setattr(learned, "LEARNED_POSTS", 1)
    assert learned_posts(histories, 48) == [7]


def test_many_posts_are_judged_without_ease(monkeypatch):
    monkeypatch.setattr(learned, "DENSE_POSTS", 40)
    monkeypatch.setattr("transforms.readings.next_post.DENSE_POSTS", 40)
    histories, posts = made_up(400, texts_tell=False)

    found = learn_of(histories, posts)

    assert [*found.choice.tried] == [CONTENT, BLEND]
    assert found.choice.method == BLEND


def test_readers_are_a_sample_by_what_they_read(monkeypatch):
    monkeypatch.setattr(learned, "SAMPLED_READERS", 60)
    histories, posts = made_up(400)

    one, other = learn_of(histories, posts), learn_of(histories[::-1], posts)

    assert one.reads.readers.max() == 59
    same(one, other)


def test_recent_readers_are_those_of_the_end_of_the_log():
    histories = [History((((0, START),),))] * 5 + [History((((1, START + 70 * DAY),),))] * 6
    histories += [History((((2, START), (3, START + 60)),))] * 50

    found = learn_of(histories, dataclasses.replace(made_up(1)[1], born=np.zeros(48, np.int64)))

    assert found.model.counted.recent.readers[:4].tolist() == [0, 5, 0, 0]
    assert found.model.counted.readers[:4].tolist() == [5, 5, 50, 50]
