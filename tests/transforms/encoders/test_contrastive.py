import numpy as np
import pytest
from scipy import sparse

from transforms.encoders.base import EncoderError
from transforms.encoders.contrastive import (
    NAME,
    body_of,
    drop_tokens,
    fit_contrastive,
    fit_projection,
    info_nce,
    views,
)
from transforms.encoders.lsa import NEIGHBOR_DIM, fit_lsa, load_lsa
from transforms.numerics.arrays import unit_rows


def made_up_posts(count=120, topics=12):
    """Posts whose heads and bodies have few words in common: a topic's head words stand in one body of four."""
    rng = np.random.default_rng(5)
    heads, texts = [], []
    for number in range(count):
        topic = number % topics
        head = " ".join(f"head{topic}x{word}" for word in rng.integers(8, size=3))
        words = [f"body{topic}x{word}" for word in rng.integers(20, size=12)]
        words += [f"common{word}" for word in rng.integers(30, size=8)]
        heads.append(head)
        texts.append("\n".join([head] * 4 + [" ".join(words + [head] * (number % 4 == 0))]))
    return texts, heads


@pytest.mark.parametrize("temperature", [0.1, 1.0])
def test_the_gradients_are_those_of_finite_differences(temperature):
    rng = np.random.default_rng(0)
    pair = rng.standard_normal((2, 5, 3))
    _, *gradients = info_nce(*pair, temperature)
    numeric = np.zeros_like(pair)
    for index in np.ndindex(pair.shape):
        nudge = np.zeros_like(pair)
        nudge[index] = 1e-6
        up, down = info_nce(*(pair + nudge), temperature)[0], info_nce(*(pair - nudge), temperature)[0]
        numeric[index] = (up - down) / 2e-6
    np.testing.assert_allclose(gradients, numeric, atol=1e-7)


def test_the_loss_of_a_hand_computed_pair():
    a, b = np.eye(2), np.array([[2.0, 0.0], [0.0, 3.0]])
    assert info_nce(a, b, 1.0)[0] == pytest.approx(np.log(1 + np.exp(-1)))
    assert info_nce(a, b[::-1], 1.0)[0] == pytest.approx(np.log(1 + np.exp(1)))
    assert info_nce(a, np.ones((2, 2)), 0.1)[0] == pytest.approx(np.log(2))


def test_a_low_temperature_stays_finite():
    loss, da, db = info_nce(np.eye(2), np.eye(2)[::-1], 0.005)
    assert loss == pytest.approx(200)
    assert np.isfinite([da, db]).all()


def test_dropped_tokens_are_about_the_rate_and_the_counts_stay():
    counts = sparse.csr_matrix(np.full((20, 50), 10, np.float32))
    kept = drop_tokens(counts, 0.3, np.random.default_rng(0))
    assert kept.sum() / counts.sum() == pytest.approx(0.7, abs=0.02)
    assert counts.sum() == 10_000
    assert drop_tokens(counts, 1.0, np.random.default_rng(0)).nnz == 0
    assert (drop_tokens(counts, 0.0, np.random.default_rng(0)) != counts).nnz == 0


def test_a_body_is_what_its_head_does_not_say():
    assert body_of("Title\nTitle\nLede\nLede\nLede\nthe rest\n", "Title\nLede") == "the rest\n"
    assert body_of("Title\nTitle", "Title") == ""
    assert body_of("a body alone", "") == "a body alone"


def test_views_of_a_post_come_nearer_than_in_lsa():
    texts, heads = made_up_posts()
    bodies = [body_of(text, head) for text, head in zip(texts, heads, strict=True)]

    def loss(model):
        a, b = (model.encode(part)[:, 1:NEIGHBOR_DIM].astype(np.float64) for part in (heads, bodies))
        return info_nce(a, b, 0.3)[0]

    assert loss(fit_contrastive(texts, heads)) < loss(fit_lsa(texts)) - 0.05


def test_the_first_dimension_and_those_past_the_neighbours_stay():
    texts, heads = made_up_posts()
    before, after = fit_lsa(sorted(texts)).components, fit_contrastive(texts, heads).components
    assert before.shape == after.shape
    np.testing.assert_array_equal(after[:, NEIGHBOR_DIM:], before[:, NEIGHBOR_DIM:])
    np.testing.assert_allclose(after[:, 0], before[:, 0], atol=1e-6)
    assert np.abs(after[:, 1:NEIGHBOR_DIM] - before[:, 1:NEIGHBOR_DIM]).max() > 0.01


def test_a_projection_keeps_the_squared_length():
    rng = np.random.default_rng(1)
    left = rng.standard_normal((2, 30, 6)).astype(np.float32)
    right = left + 0.5 * rng.standard_normal((2, 30, 6)).astype(np.float32)
    projection = fit_projection(left, right, rng)
    both = np.concatenate([left, right]).reshape(-1, 6)
    np.testing.assert_allclose(np.linalg.norm(both @ projection), np.linalg.norm(both), rtol=1e-5)
    assert projection.dtype == np.float32


@pytest.mark.parametrize("shape", [(2, 0, 5), (2, 1, 5), (2, 4, 1)])
def test_without_anything_to_learn_a_projection_is_the_identity(shape):
    rng = np.random.default_rng(2)
    left, right = rng.standard_normal((2, *shape)).astype(np.float32)
    np.testing.assert_array_equal(fit_projection(left, right, rng), np.eye(shape[2]))


def test_a_post_without_one_of_its_views_teaches_nothing():
    left, right = np.random.default_rng(3).standard_normal((2, 2, 8, 4)).astype(np.float32)
    right[1, 5:] = 0
    whole = fit_projection(left[:, :5], right[:, :5], np.random.default_rng(0))
    np.testing.assert_array_equal(fit_projection(left, right, np.random.default_rng(0)), whole)


def test_fitting_twice_and_in_another_order_gives_the_same_bytes():
    texts, heads = made_up_posts()
    order = np.random.default_rng(4).permutation(len(texts))
    models = [
        fit_contrastive(texts, heads),
        fit_contrastive(texts, heads),
        fit_contrastive([texts[row] for row in order], [heads[row] for row in order]),
    ]
    assert len({model.info.digest for model in models}) == 1


def test_more_posts_than_are_trained_on(monkeypatch):
    monkeypatch.setattr("transforms.encoders.contrastive.MAX_POSTS", 50)
    texts, heads = made_up_posts()
    assert np.isfinite(fit_contrastive(texts, heads).components).all()


@pytest.mark.parametrize(
    ("texts", "heads"),
    [
        ([], []),
        (["one\npost alone"], ["one"]),
        (["a\nfirst body", "b\nsecond body"], ["a", "b"]),
        (["the same\nwords", "the same\nwords"], ["the same", "the same"]),
        (["", ""], ["", ""]),
        (["a body", "another text"], ["", ""]),
        (["a head", "another title"], ["a head", "another title"]),
        (["a head\nand body", "", "no head", "no body"], ["a head", "", "", "no body"]),
    ],
)
def test_tiny_corpora_fit(texts, heads):
    model = fit_contrastive(texts, heads)
    vectors = model.encode(texts)
    assert vectors.shape[0] == len(texts)
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(vectors, unit_rows(vectors), atol=1e-6)


@pytest.mark.parametrize("heads", [["", "", ""], ["one post", "two posts", "three posts"]])
def test_lsa_remains_where_posts_lack_heads_or_bodies(heads):
    texts = ["one post", "three posts", "two posts"]
    np.testing.assert_array_equal(fit_contrastive(texts, heads).components, fit_lsa(texts).components)


def test_views_have_the_leading_dimensions():
    texts, heads = made_up_posts()
    model = fit_lsa(texts)
    assert views(model, heads, np.random.default_rng(0)).shape == (4, len(heads), NEIGHBOR_DIM)
    assert not views(model, ["", "unheard"], np.random.default_rng(0)).any()


def test_a_saved_model_gives_the_same_vectors_under_its_own_name(tmp_path):
    texts, heads = made_up_posts()
    model = fit_contrastive(texts, heads)
    model.save(str(tmp_path))
    loaded = load_lsa(str(tmp_path), NAME)
    assert loaded.info == model.info
    assert loaded.info.name == "lsa+contrastive"
    assert loaded.encode(texts).tobytes() == model.encode(texts).tobytes()
    with pytest.raises(EncoderError, match="no lsa model"):
        load_lsa(str(tmp_path))
