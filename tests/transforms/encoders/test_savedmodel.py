"""SavedModels as encoders, on models made by tests/savedmodels.py."""

import itertools
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.savedmodels import LABSE_DIM, USE_DIM, copy_tree, import_tensorflow
from transforms.encoders.base import EncoderError
from transforms.encoders.blocks import encode_block
from transforms.encoders.registry import EncoderSpec, make_encoder
from transforms.encoders.savedmodel import (
    BATCH_CHARACTERS,
    BATCH_TEXTS,
    MAX_CHARACTERS,
    SavedModel,
    batches,
    folder_digest,
)
from transforms.records import TextBlock

TEXTS = [
    "Pods and clusters",
    "",
    "Solder the lamp board",
    "機械学習のモデル",
    "Kubernetes schedules pods " * 30,
    "x",
    "Ein Abend mit Lötkolben, Lampe & Tee",
]
ROUNDING = 2e-6


@pytest.fixture(scope="module")
def encoder(models):
    return SavedModel("use", "3", models("use"))


def one_by_one(folder, texts):
    """Call a model directly, one text at a time."""
    tf, _ = import_tensorflow()
    model = tf.saved_model.load(folder)
    return np.concatenate([model(tf.constant([text])).numpy() for text in texts])


def test_vectors_are_those_of_the_model(encoder, models):
    wanted = one_by_one(models("use"), TEXTS)
    wanted[TEXTS.index("")] = 0
    np.testing.assert_allclose(encoder.encode(TEXTS), wanted, atol=ROUNDING)


def test_rows_are_unit_and_zero_for_an_empty_text(encoder):
    vectors = encoder.encode([*TEXTS, " \n\t", "\N{IDEOGRAPHIC SPACE}"])
    lengths = np.linalg.norm(vectors, axis=1)
    np.testing.assert_allclose(lengths, [0.0 if not text.strip() else 1.0 for text in TEXTS] + [0, 0], atol=1e-6)
    assert (vectors.dtype, vectors.shape[1]) == (np.float32, USE_DIM)
    assert (encoder.info.name, encoder.info.version, encoder.info.dim) == ("use", "3", USE_DIM)
    assert encoder.info.neighbor_dim == USE_DIM


def test_similar_texts_are_near(encoder):
    lamp, same, pods = encoder.encode(["Solder the lamp board", "the lamp board is soldered", "Pods on spot machines"])
    assert lamp @ same > lamp @ pods


def test_batching_changes_nothing_but_rounding(encoder):
    texts = [f"{TEXTS[number % len(TEXTS)]} number {number}" for number in range(3 * BATCH_TEXTS + 5)]
    together = encoder.encode(texts)
    np.testing.assert_allclose(together[::-1], encoder.encode(texts[::-1]), atol=ROUNDING)
    np.testing.assert_allclose(together[100:110], encoder.encode(texts[100:110]), atol=ROUNDING)
    assert encoder.encode(texts).tobytes() == together.tobytes()


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud7ff\ue000\U0001f600", "\N{ZERO WIDTH SPACE}", "a" * 100_000])
def test_strange_texts(encoder, text):
    assert np.isfinite(encoder.encode([text, "x"])).all()


@given(st.lists(st.integers(0, MAX_CHARACTERS), max_size=400))
def test_batches(lengths):
    texts = [str(number % 10) * length for number, length in enumerate(lengths)]
    cut = list(batches(texts))
    assert list(itertools.chain(*cut)) == texts
    for batch, following in itertools.pairwise(cut):
        padded = (len(batch) + 1) * max(map(len, [*batch, following[0]]))
        assert len(batch) == BATCH_TEXTS or padded > BATCH_CHARACTERS, "cut too early"
    for batch in cut:
        assert 1 <= len(batch) <= BATCH_TEXTS
        assert len(batch) == 1 or len(batch) * max(map(len, batch)) <= BATCH_CHARACTERS


def test_a_text_beyond_the_bound_is_a_batch_by_itself():
    texts = ["a", "b" * (BATCH_CHARACTERS + 1), "c"]
    assert list(batches(texts)) == [[text] for text in texts]
    assert list(batches([])) == []


def test_long_texts_are_cut_and_counted(encoder):
    long = "lamp and board " * MAX_CHARACTERS
    left, right = encoder.encode([long, long[:MAX_CHARACTERS]])
    assert left.tobytes() == right.tobytes()
    texts = (long, long[:MAX_CHARACTERS], long[: MAX_CHARACTERS + 1], "short")
    block = encode_block(encoder, TextBlock("articles", ("a", "b", "c", "d"), texts))
    assert (block.cut, block.cached) == (2, 0)
    assert block.encoder == encoder.info


def test_tensorflow_waits_for_the_first_text(models, monkeypatch):
    for module in ("tensorflow", "tensorflow_text"):
        monkeypatch.setitem(sys.modules, module, None)
    encoder = SavedModel("use", "3", models("use"))
    assert encoder.info.id.startswith("use-3-")
    with pytest.raises(EncoderError, match=r"needs TensorFlow .*: pip install 'postkin\[tensorflow\]'$"):
        encoder.encode(["text"])


def test_the_digest_tells_models_apart(models, tmp_path):
    def digest(folder, **settings):
        return SavedModel("use", "3", str(folder), **settings).info.digest

    original = digest(models("use"))
    copy_tree(models("use"), tmp_path / "copy")
    assert digest(tmp_path / "copy") == original
    digests = {original, digest(models("other")), digest(models("use"), output_key="default")}
    digests.add(digest(models("use"), preprocessor=models("other")))
    files = sorted(path for path in (tmp_path / "copy").rglob("*") if path.is_file())
    for file in files:
        content = file.read_bytes()
        file.write_bytes(content + b"\0")
        digests.add(digest(tmp_path / "copy"))
        file.write_bytes(content)
    (tmp_path / "copy" / "assets").mkdir(exist_ok=True)
    (tmp_path / "copy" / "assets" / "more.txt").write_text("")
    digests.add(digest(tmp_path / "copy"))
    assert len(digests) == len(files) + 5
    assert len(files) >= 3


def test_labse_is_a_pair(models):
    folder = models("labse")
    spec = EncoderSpec("labse", "2", f"{folder}/preprocessor", "default")
    encoder = make_encoder(spec, f"{folder}/encoder")
    tf, _ = import_tensorflow()
    prepare, encode = (tf.saved_model.load(f"{folder}/{part}") for part in ("preprocessor", "encoder"))
    wanted = np.concatenate([encode(prepare(tf.constant([text])))["default"].numpy() for text in TEXTS])
    wanted[TEXTS.index("")] = 0
    vectors = encoder.encode(TEXTS)
    np.testing.assert_allclose(vectors, wanted, atol=ROUNDING)
    assert vectors.shape == (len(TEXTS), LABSE_DIM)


def test_a_signature_serves_as_well(models):
    vectors = SavedModel("mine", "1", models("v1")).encode(TEXTS)
    np.testing.assert_allclose(vectors, SavedModel("use", "3", models("use")).encode(TEXTS), atol=ROUNDING)


def test_output_key_chooses(models):
    left, right = (SavedModel("mine", "1", models("two_outputs"), output_key=key) for key in ("left", "right"))
    np.testing.assert_allclose(left.encode(TEXTS), -right.encode(TEXTS), atol=ROUNDING)
    assert left.info.id != right.info.id


def test_an_empty_text_may_give_nan(models):
    vectors = SavedModel("mine", "1", models("empty_not_finite")).encode(["", "text"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [0, 1], atol=1e-6)


WRONG = {
    "one_column": r"gives an output of shape \[2\] for 2 texts; a text encoder gives \[2, dim\] \(--output-key",
    "two_outputs": r"^\S+ has the outputs left, right; name one with --output-key$",
    "not_finite": "gives vectors that are not finite; give another model",
    "floats": "cannot encode texts, give a model that takes a 1-D tensor of them",
    "two_inputs": "takes 2 inputs; give a model that takes texts alone",
    "neither": "can neither be called nor has it a default signature; give a model of texts",
    "corrupt": "cannot be loaded, give a complete copy",
    "incomplete": "cannot be loaded, give a complete copy",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_model_says_so_in_one_line(models, name):
    with pytest.raises(EncoderError, match=WRONG[name]) as refused:
        SavedModel("mine", "1", models(name)).encode(["one text", "another"])
    message = str(refused.value)
    assert message.startswith(models(name))
    assert "\n" not in message
    assert len(message) < 600


def test_an_output_that_is_not_there(models):
    with pytest.raises(EncoderError, match="has the outputs left, right; name one with --output-key"):
        SavedModel("mine", "1", models("two_outputs"), output_key="default").encode(["text"])


@pytest.mark.parametrize("file", [None, "variables/variables.index", "below/saved_model.pb"])
def test_a_folder_without_a_model(tmp_path, file):
    if file:
        Path(tmp_path, file).parent.mkdir()
        Path(tmp_path, file).write_bytes(b"")
    with pytest.raises(EncoderError, match="holds no SavedModel; give the folder in which"):
        folder_digest(str(tmp_path))
