import contextlib
import io
import json
import math
import os
from zipfile import ZipFile

import numpy as np
import pytest
from scipy import sparse

from transforms.corpus.tokens import tokenize
from transforms.encoders.base import EncoderError
from transforms.encoders.lsa import MAX_DIM, SINGLES_BELOW, Lsa, fit_lsa, load_lsa, smooth_idf, tfidf
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


HINDI = [
    "दाल पकाने का तरीका\nदाल को धोकर मसाले के साथ उबालें",
    "मसाले वाली दाल\nदाल में हल्दी और जीरा डालें",
    "साइकिल की मरम्मत\nसाइकिल का टायर और ब्रेक बदलें",
    "साइकिल का ब्रेक\nब्रेक के तार को कसें और टायर देखें",
    "पौधों को पानी देना\nबगीचे के पौधों को सुबह पानी दें",
    "बगीचे की मिट्टी\nपौधों की मिट्टी में पानी रुकना नहीं चाहिए",
]
THAI = [
    "วิธีทำแกงเขียวหวาน\nใส่กะทิและพริกแกงในหม้อ",
    "แกงกะทิอย่างง่าย\nตั้งหม้อแล้วผัดพริกแกงกับกะทิ",
    "ซ่อมจักรยานเอง\nเปลี่ยนยางและเบรกของจักรยาน",
    "เบรกจักรยานไม่อยู่\nตั้งสายเบรกและดูยางจักรยาน",
    "รดน้ำต้นไม้\nต้นไม้ในสวนต้องรดน้ำตอนเช้า",
    "ดินในสวน\nดินของต้นไม้ไม่ควรมีน้ำขัง",
]


@pytest.mark.parametrize("texts", [HINDI, THAI], ids=["hi", "th"])
def test_texts_of_every_script_are_near_by_subject_and_no_copies(texts):
    vectors = fit_lsa(texts).encode(texts)
    similar = vectors @ vectors.T - np.eye(len(texts))
    assert similar.argmax(axis=1).tolist() == [1, 0, 3, 2, 5, 4]
    assert similar.max() < 0.98


def test_words_that_differ_in_vowel_signs_are_two():
    alike = fit_lsa(texts := ["कल काला किला", "कली कालू कोली"]).encode(texts)
    assert alike[0] @ alike[1] < 0.5


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


def changed(folder, terms=None, **arrays):
    """Save a model with other terms or arrays, under a digest that is right."""
    model = fit_lsa(TEXTS)
    model.idf, model.components = (arrays.pop(name, getattr(model, name)) for name in ("idf", "components"))
    model.vocabulary.terms = model.vocabulary.terms if terms is None else terms
    with contextlib.suppress(Exception):
        model = Lsa(model.vocabulary, model.idf, model.components)
    model.save(str(folder))
    return folder


FITTED = fit_lsa(TEXTS)
TERMS, DIM = FITTED.components.shape


def with_one(array, value):
    array = array.copy()
    array.flat[0] = value
    return array


@pytest.mark.parametrize(
    "content",
    [
        {"components": with_one(FITTED.components, np.nan)},
        {"components": with_one(FITTED.components, -np.inf)},
        {"components": with_one(FITTED.components, 3e38)},
        {"components": FITTED.components.astype(np.float64)},
        {"components": FITTED.components.astype(">f4")},
        {"components": FITTED.components.astype(object)},
        {"components": FITTED.components[:, :0]},
        {"components": FITTED.components[1:]},
        {"components": FITTED.components[:, 0]},
        {"components": FITTED.components[None]},
        {"components": np.float32(1)},
        {"components": np.zeros((TERMS, MAX_DIM + 1), np.float32)},
        {"components": np.zeros((TERMS, DIM), np.dtype([("x", np.float32)]))},
        {"idf": with_one(FITTED.idf, np.nan)},
        {"idf": with_one(FITTED.idf, np.inf)},
        {"idf": FITTED.idf * 0},
        {"idf": -FITTED.idf},
        {"idf": FITTED.idf[1:]},
        {"idf": FITTED.idf[:, None]},
        {"terms": FITTED.vocabulary.terms[1:]},
        {"terms": (1, *FITTED.vocabulary.terms[1:])},
        {"terms": ([], *FITTED.vocabulary.terms[1:])},
        {"terms": ("a b c", *FITTED.vocabulary.terms[1:])},
        {"terms": "terms"},
        {"terms": {}},
        {"terms": (), "idf": np.zeros(0, np.float32), "components": np.zeros((0, 10**12), np.float32)},
    ],
    ids=lambda content: " ".join(content),
)
def test_a_model_of_other_numbers_or_shapes_is_refused(tmp_path, content):
    with pytest.raises(EncoderError, match="fit it again with postkin report") as error:
        load_lsa(str(changed(tmp_path, **content)))
    assert "\n" not in str(error.value)


def write_npz(folder, **members):
    fit_lsa(TEXTS).save(str(folder))
    with ZipFile(folder / "model.npz", "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)


def header(shape, descr="<f4"):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"shape": shape, "fortran_order": False, "descr": descr})
    return file.getvalue()


@pytest.mark.parametrize(
    "idf",
    [
        b"",
        b"\x93NUMPY\x01\x00",
        b"\x93NUMPY\x03\x00" + header((3,))[8:],
        header((10**12,)),
        header((10**6, 10**6, 10**6)),
        header((-1, -4)),
        header((3,)),
        header((3,), "|O") + bytes(24),
        b"\x93NUMPY\x01\x00" + (5000).to_bytes(2, "little") + b"(" * 5000,
    ],
    ids=["empty", "cut", "version", "huge", "very huge", "negative", "without numbers", "objects", "deep"],
)
def test_an_array_that_is_not_there_is_not_read(tmp_path, idf):
    write_npz(tmp_path, idf=idf, components=header((1, 1)) + bytes(4))
    with pytest.raises(EncoderError, match="no readable lsa model"):
        load_lsa(str(tmp_path))


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    fit_lsa(TEXTS).save(str(tmp_path))
    np.savez_compressed(tmp_path / "model.npz", idf=FITTED.idf, components=np.zeros((10**7, 1), np.float32))
    assert (tmp_path / "model.npz").stat().st_size < 10**5
    with pytest.raises(EncoderError, match="no readable lsa model: idf is compressed"):
        load_lsa(str(tmp_path))


@pytest.mark.parametrize("name", ["model.json", "model.npz"])
def test_a_file_without_an_end_is_not_read_whole(tmp_path, name):
    fit_lsa(TEXTS).save(str(tmp_path))
    with (tmp_path / name).open("r+b") as file:
        file.truncate(1 << 40)
    with pytest.raises(EncoderError, match=f"{name} is larger than 64 MiB"):
        load_lsa(str(tmp_path))


@pytest.mark.parametrize("name", ["model.json", "model.npz", ""])
def test_links_are_not_followed(tmp_path, name):
    fit_lsa(TEXTS).save(str(tmp_path / "model"))
    (tmp_path / "model" / name).rename(tmp_path / "moved")
    (tmp_path / "model" / name).symlink_to(tmp_path / "moved")
    with pytest.raises(EncoderError, match="it is a symbolic link; fit it again"):
        load_lsa(str(tmp_path / "model"))


def test_a_pipe_is_not_waited_for(tmp_path):
    fit_lsa(TEXTS).save(str(tmp_path))
    (tmp_path / "model.npz").unlink()
    os.mkfifo(tmp_path / "model.npz")
    with pytest.raises(EncoderError, match=r"model\.npz is not a file"):
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


def test_shorter_rows_are_unit_rows_even_if_all_dimensions_lead():
    unit = unit_rows(np.array([[3.0, 4.0, 5.0], [1, 2, 2], [0, 0, 0]]))
    shorter = unit * np.array([[1], [0.4], [1]], np.float32)
    near = leading(shorter, 3)
    np.testing.assert_allclose(near, unit, atol=1e-6)
    np.testing.assert_array_equal(near[0], unit[0])
    np.testing.assert_allclose(np.linalg.norm(shorter, axis=1), [1, 0.4, 0], atol=1e-6)


def test_a_text_is_covered_as_far_as_the_dimensions_hold_it():
    texts = [f"word{number} common word{number + 1} thing{number}" for number in range(40)]
    model = fit_lsa(texts, dim=10)
    whole = tfidf(model.vocabulary.count([tokenize(text) for text in texts]), model.idf) @ model.components
    vectors, coverage = model.encode_covered(texts)
    np.testing.assert_array_equal(vectors, model.encode(texts))
    np.testing.assert_allclose(coverage, np.linalg.norm(whole, axis=1), rtol=1e-5)
    assert np.all(coverage <= 1 + 1e-5)
    assert model.encode_covered(["nothing known"])[1].tolist() == [0.0]
    assert fit_lsa(texts).encode_covered(texts)[1] == pytest.approx(1.0, abs=1e-3)


def test_a_model_keeps_how_much_it_covers_of_what_it_was_fitted_to(tmp_path):
    texts = [f"word{number} common word{number + 1} thing{number}" for number in range(40)]
    model = fit_lsa([*texts, ""], dim=10)
    coverage = model.encode_covered(texts)[1]
    assert model.covered == pytest.approx((np.median(coverage), coverage.min()))
    model.save(str(tmp_path))
    assert load_lsa(str(tmp_path)).covered == model.covered
    assert fit_lsa(["", ""]).covered is None


@pytest.mark.parametrize(
    "covered",
    [
        {"usual": 0.0, "least": 0.0},
        {"usual": 0.5, "least": 0.6},
        {"usual": 1.5, "least": 0.5},
        {"usual": 0.5, "least": -1.0},
        {"usual": float("nan"), "least": 0.5},
        {"usual": 1, "least": "x"},
        {"usual": True, "least": True},
        {"usual": 0.5},
        [0.5, 0.5],
        "0.5",
    ],
)
def test_how_much_a_model_covers_is_not_believed_if_it_cannot_be(tmp_path, covered):
    fit_lsa(TEXTS).save(str(tmp_path))
    about = json.loads((tmp_path / "model.json").read_text())
    (tmp_path / "model.json").write_text(json.dumps(about | {"covered": covered}))
    with pytest.raises(EncoderError, match="no readable lsa model"):
        load_lsa(str(tmp_path))


def test_a_model_need_not_say_how_much_it_covers(tmp_path):
    fit_lsa(TEXTS).save(str(tmp_path))
    about = json.loads((tmp_path / "model.json").read_text())
    del about["covered"]
    (tmp_path / "model.json").write_text(json.dumps(about))
    assert load_lsa(str(tmp_path)).covered is None
