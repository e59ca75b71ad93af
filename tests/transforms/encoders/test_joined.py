"""Encoders side by side: the cosines, the order of the dimensions, the identity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.savedmodels import CountingEncoder
from transforms.encoders.blocks import encode_block, fit_encoder
from transforms.encoders.cache import CachingEncoder
from transforms.encoders.joined import Joined
from transforms.encoders.lsa import fit_lsa
from transforms.encoders.registry import (
    ENCODERS,
    EncoderSpec,
    kind_of,
    kinds_in,
    make_encoder,
    spec_without_files,
    split_name,
    weights_of,
)
from transforms.encoders.use import PACKAGED, Use
from transforms.numerics.arrays import leading, unit_rows
from transforms.records import EncoderInfo, TextBlock

TEXTS = ["a lamp on a board", "the lamp of a road", "go on the road", "a board for go", "学習"]


class Fixed:
    """An encoder of given vectors, of which neighbours compare the first."""

    def __init__(self, vectors, near, max_characters=None):
        self.vectors = unit_rows(np.asarray(vectors, np.float32))
        self.max_characters = max_characters
        self.info = EncoderInfo("fixed", "1", "0" * 64, self.vectors.shape[1], near)

    def encode(self, texts):
        return self.vectors[: len(texts)]


@given(st.integers(1, 6), st.integers(1, 6), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_cosines_are_weighted_means(left_dim, right_dim, weight, seed):
    draw = np.random.default_rng(seed)
    left, right = (Fixed(draw.normal(size=(4, dim)), 1) for dim in (left_dim, right_dim))
    vectors = Joined("a+b", [left, right], [weight, 1 - weight]).encode(["x"] * 4)
    wanted = weight * left.vectors @ left.vectors.T + (1 - weight) * right.vectors @ right.vectors.T
    np.testing.assert_allclose(vectors @ vectors.T, wanted, atol=1e-5)
    assert vectors.dtype == np.float32


def test_what_neighbours_compare_comes_first():
    left, right = Fixed([[3, 4, 0], [0, 3, 4]], 2), Fixed([[1, 0], [0, 1]], 1)
    joined = Joined("a+b", [left, right], [0.75, 0.25])
    vectors = joined.encode(["x", "y"])
    a, b = np.sqrt(0.75), np.sqrt(0.25)
    np.testing.assert_allclose(vectors, [[0.6 * a, 0.8 * a, b, 0, 0], [0, 0.6 * a, 0, 0.8 * a, b]], atol=1e-6)
    assert (joined.info.dim, joined.info.neighbor_dim) == (5, 3)
    np.testing.assert_allclose(leading(vectors, 3)[0], unit_rows(vectors[:1, :3])[0])


def test_where_one_has_nothing_to_say_the_other_speaks_alone():
    left, right = Fixed([[0, 0], [0, 0]], 2), Fixed([[1, 0], [0, 0]], 2)
    np.testing.assert_allclose(Joined("a+b", [left, right], [0.7, 0.3]).encode(["x", "y"]), [[0, 0, 1, 0], [0] * 4])


def test_it_is_named_by_its_parts_and_weights():
    def info(weights=(0.7, 0.3), *, digest="0" * 64):
        return Joined("lsa+fake", [fit_lsa(TEXTS), CountingEncoder(digest=digest)], weights).info

    assert info().id == f"lsa+fake-70+30-{info().digest[:12]}"
    assert info() == info()
    assert len({info().digest, info((0.6, 0.4)).digest, info(digest="1" * 64).digest}) == 3


def test_dimensions_are_not_known_before_those_of_all_parts():
    joined = Joined("lsa+fake", [fit_lsa(TEXTS), CountingEncoder(dim=8)], [0.7, 0.3])
    assert (joined.info.dim, joined.info.neighbor_dim) == (0, 0)
    width = joined.encode(TEXTS).shape[1]
    assert joined.info.dim == width == fit_lsa(TEXTS).info.dim + 8


def test_texts_are_cut_and_cached_as_by_its_parts(tmp_path):
    inner = CountingEncoder()
    joined = Joined("lsa+fake", [fit_lsa(TEXTS), CachingEncoder(inner, str(tmp_path))], [0.7, 0.3])
    block = TextBlock("articles", ("a", "b"), (TEXTS[0], "x" * (inner.max_characters + 1)))
    assert (encode_block(joined, block).cut, joined.max_characters) == (1, inner.max_characters)
    again = encode_block(joined, block)
    assert (again.cached, len(inner.asked)) == (2, 2)
    assert encode_block(Joined("a", [fit_lsa(TEXTS)], [1.0]), block).cached == 0


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("lsa", ("lsa",)),
        ("lsa+use", ("lsa", "use")),
        ("lsa+contrastive", ("lsa+contrastive",)),
        ("lsa+contrastive+use", ("lsa+contrastive", "use")),
        ("use+use-large+labse", ("use", "use-large", "labse")),
        *((name, ()) for name in ("", "+", "lsa+", "+use", "lsa++use", "lsa+word2vec", "models/lsa+use")),
    ],
)
def test_names_are_split_where_encoders_are_joined(name, names):
    assert split_name(name) == names


def test_a_joined_kind_reads_what_a_fitted_one_needs():
    assert kind_of("lsa+use").trained_on_corpus
    assert kind_of("lsa+use").parts == ENCODERS["lsa"].parts
    assert kind_of("use+labse").parts == ENCODERS["use"].parts
    assert [kind.name for kind in kinds_in("lsa+use")] == ["lsa", "use"]
    assert kinds_in("models/mine") == (kind_of("models/mine"),)


@pytest.mark.parametrize(
    ("name", "weights"),
    [("lsa+use", [0.7, 0.3]), ("lsa+use+labse", [0.7, 0.15, 0.15]), ("use+labse", [0.5, 0.5]), ("lsa", [0.7])],
)
def test_weights(name, weights):
    assert weights_of(kinds_in(name)) == pytest.approx(weights)


def test_it_is_made_of_a_spec(tmp_path):
    model = fit_encoder("lsa", TEXTS, TEXTS)
    model.save(str(tmp_path))
    wanted = np.hstack(
        [np.sqrt(0.7) * model.encode(TEXTS), np.sqrt(0.3) * Use().encode(TEXTS)]
    )  # too few dimensions for the order to matter
    spec = EncoderSpec(
        "lsa+use", "1", joins=((EncoderSpec("lsa", "1"), str(tmp_path)), (EncoderSpec("use", "3"), PACKAGED))
    )
    loaded = make_encoder(spec, "gone")
    np.testing.assert_allclose(loaded.encode(TEXTS), unit_rows(wanted), atol=1e-6)
    fitted = make_encoder(spec_without_files("lsa+use"), PACKAGED, model)
    assert fitted.info == loaded.info
    assert fitted.encode(TEXTS).tobytes() == loaded.encode(TEXTS).tobytes()
    assert spec_without_files("lsa+labse") is None
