import json
import math

import numpy as np
import pytest
from scipy import sparse

from transforms.encoders.base import EncoderError
from transforms.encoders.lsa import SINGLES_BELOW, fit_lsa, load_lsa, smooth_idf, tfidf
from transforms.encoders.registry import EncoderSpec, make_encoder
from transforms.numerics.arrays import leading, unit_rows

TEXTS = [
    "Pods and clusters\nkubernetes schedules pods",
    "Kubernetes clusters on spot machines",
    "Solder the lamp board\nsolder joints",
    "A lamp for night rides\nthe board is soldered",
    "機械学習のモデル",
    "機械学習と埋め込みモデル",
]


def test_similar_texts_are_near():
    vectors = fit_lsa(TEXTS).encode(TEXTS)
    similar = vectors @ vectors.T
    assert [int(row.argsort()[-2]) for row in similar] == [1, 0, 3, 2, 5, 4]


def test_rows_are_unit_or_zero_and_an_unknown_text_is_zero():
    model = fit_lsa(TEXTS)
    vectors = model.encode([*TEXTS, "", "unheard"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1] * len(TEXTS) + [0, 0], atol=1e-6)
    assert vectors.dtype == np.float32


def test_tfidf_against_a_hand_computed_table():
    counts = sparse.csr_matrix(np.array([[1, 4], [2, 0]], np.float32))
    idf = smooth_idf(counts)
    np.testing.assert_allclose(idf, [1, math.log(3 / 2) + 1], rtol=1e-6)
    b = (1 + math.log(4)) * (math.log(1.5) + 1)
    norm = math.hypot(1, b)
    np.testing.assert_allclose(tfidf(counts, idf).toarray(), [[1 / norm, b / norm], [1, 0]], rtol=1e-5)


def test_terms_of_one_text_are_kept_only_in_small_corpora():
    assert "alone" in fit_lsa(["alone", "x", "x"]).vocabulary.terms
    assert "alone" not in fit_lsa(["alone", *["x"] * SINGLES_BELOW]).vocabulary.terms


def test_a_saved_model_gives_the_same_vectors(tmp_path):
    model = fit_lsa(TEXTS)
    model.save(str(tmp_path))
    loaded = make_encoder(EncoderSpec("lsa", "1"), str(tmp_path))
    assert loaded.info == model.info
    assert loaded.encode(TEXTS).tobytes() == model.encode(TEXTS).tobytes()


def test_fitting_twice_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        fit_lsa(TEXTS).save(str(tmp_path / name))
    assert (tmp_path / "one/model.npz").read_bytes() == (tmp_path / "two/model.npz").read_bytes()


def test_a_changed_model_is_refused(tmp_path):
    fit_lsa(TEXTS).save(str(tmp_path))
    about = json.loads((tmp_path / "model.json").read_text())
    about["terms"][0] = "changed"
    (tmp_path / "model.json").write_text(json.dumps(about))
    with pytest.raises(EncoderError, match="was changed since it was fitted; fit it again with postkin report"):
        load_lsa(str(tmp_path))


@pytest.mark.parametrize("version", ["0", "2", 1, None, "x\ny", ["1"]])
def test_a_model_of_another_version_is_refused_whatever_it_holds(tmp_path, version):
    (tmp_path / "model.json").write_text(json.dumps({"encoder": "lsa", "version": version, "rotation": []}))
    with pytest.raises(EncoderError, match="no lsa model of version 1; fit it again with postkin report"):
        load_lsa(str(tmp_path))


def test_a_model_of_another_encoder_is_refused(tmp_path):
    fit_lsa(TEXTS).save(str(tmp_path))
    with pytest.raises(EncoderError, match=r"no lsa\+contrastive model of version 1; fit it again"):
        load_lsa(str(tmp_path), "lsa+contrastive")


@pytest.mark.parametrize("content", [None, "{}", "not json", "[]", "[" * 100_000])
def test_a_folder_without_a_model_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "model.json").write_text(content)
    with pytest.raises(EncoderError, match="no readable lsa model"):
        load_lsa(str(tmp_path))


def test_a_pickled_model_is_never_loaded(tmp_path):
    fit_lsa(TEXTS).save(str(tmp_path))
    np.savez(tmp_path / "model.npz", idf=np.array([{}], object), components=np.zeros((1, 1), np.float32))
    with pytest.raises(EncoderError, match="no readable lsa model"):
        load_lsa(str(tmp_path))


@pytest.mark.parametrize("texts", [["one text alone"], ["", ""], ["same words", "same words"]])
def test_tiny_corpora_fit(texts):
    vectors = fit_lsa(texts).encode(texts)
    assert vectors.shape[0] == len(texts)
    assert np.isfinite(vectors).all()


def test_leading_dimensions_are_unit_rows_again():
    vectors = unit_rows(np.array([[3.0, 4.0, 5.0], [0, 0, 0]]))
    np.testing.assert_allclose(leading(vectors, 2), [[0.6, 0.8], [0, 0]], atol=1e-6)
    assert leading(vectors, 3) is vectors
