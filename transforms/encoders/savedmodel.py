"""Encoders that are TensorFlow SavedModels: the Universal Sentence Encoder, LaBSE, or one of your own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from transforms.encoders.base import MAX_CHARACTERS, EncoderError, first_line
from transforms.numerics.arrays import Vectors, unit_rows
from transforms.records import EncoderInfo

BATCH_TEXTS = 64
BATCH_CHARACTERS = 32_000
INSTALL = "pip install 'postkin[tensorflow]'"

Model = Callable[[Any], Any]


class SavedModel:
    """A SavedModel that maps a 1-D string tensor to [n, dim], loaded when its first text must be encoded.

    `folder` holds the model, and `preprocessor`, if any, one whose output it takes, as LaBSE does. Of a dict the
    output named `output_key` is taken. TensorFlow is imported by the first `encode`, not before.
    """

    def __init__(
        self, name: str, version: str, folder: str, *, preprocessor: str | None = None, output_key: str | None = None
    ) -> None:
        self.max_characters: int | None = MAX_CHARACTERS
        self.folder = folder
        self.preprocessor = preprocessor
        self.output_key = output_key
        folders = [folder] if preprocessor is None else [folder, preprocessor]
        digest = hashlib.sha256(f"{output_key} {MAX_CHARACTERS}".encode())
        for each in folders:
            digest.update(folder_digest(each).encode())
        self.info = EncoderInfo(name, version, digest.hexdigest(), 0, 0)
        self._model: Model | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts into float32 [len(texts), dim], unit rows, zeros for an empty text.

        Texts are cut at `MAX_CHARACTERS` and encoded in batches that depend on them alone. Raises EncoderError when
        the model cannot be loaded, or does not give one finite vector a text.
        """
        if self._model is None:
            self._model = load(self.folder, self.preprocessor, self.output_key)
        cut = [text[:MAX_CHARACTERS] for text in texts]
        vectors = np.concatenate([self._encode_batch(self._model, batch) for batch in batches(cut)])
        self.info = EncoderInfo(self.info.name, self.info.version, self.info.digest, vectors.shape[1], vectors.shape[1])
        return unit_rows(vectors)

    def _encode_batch(self, model: Model, texts: Sequence[str]) -> Vectors:
        try:
            vectors = np.asarray(model(list(texts)), np.float32)
        except EncoderError:
            raise
        except Exception as error:
            raise EncoderError(
                f"{self.folder} cannot encode texts, give a model that takes a 1-D tensor of them: {first_line(error)}"
            ) from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not vectors.shape[1]:
            raise EncoderError(
                f"{self.folder} gives an output of shape {list(vectors.shape)} for {len(texts)} texts; a text encoder"
                f" gives [{len(texts)}, dim] (--output-key names another output)"
            )
        if empty := [row for row, text in enumerate(texts) if not text.strip()]:
            vectors = np.array(vectors)
            vectors[empty] = 0  # some models divide by the number of words
        if not np.isfinite(vectors).all():
            raise EncoderError(f"{self.folder} gives vectors that are not finite; give another model")
        return vectors


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Cut texts, in their order, into batches of at most `BATCH_TEXTS` and `BATCH_CHARACTERS`, one text at least.

    Each text counts as many characters as the longest of its batch, since models pad.
    """
    batch: list[str] = []
    longest = 0
    for text in texts:
        longest = max(longest, len(text))
        if batch and (len(batch) == BATCH_TEXTS or (len(batch) + 1) * longest > BATCH_CHARACTERS):
            yield batch
            batch, longest = [], len(text)
        batch.append(text)
    if batch:
        yield batch


def check_folder(folder: str) -> None:
    """Raise EncoderError when a local folder holds no SavedModel."""
    if not any(Path(folder, name).is_file() for name in ("saved_model.pb", "saved_model.pbtxt")):
        raise EncoderError(f"{folder} holds no SavedModel; give the folder in which saved_model.pb is")


def folder_digest(folder: str) -> str:
    """Digest a folder's files: their paths below it and their bytes, in the order of the paths.

    Raises EncoderError when it holds no SavedModel.
    """
    check_folder(folder)
    root = Path(folder)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def load(folder: str, preprocessor: str | None = None, output_key: str | None = None) -> Model:
    """Load a SavedModel as a function from texts to an array [n, dim].

    Raises EncoderError when TensorFlow is missing, or what is loaded takes no texts.
    """
    tensorflow = import_tensorflow()
    encode = _texts_to_output(_load_folder(tensorflow, folder), folder, output_key)
    if preprocessor is None:
        return lambda texts: encode(tensorflow.constant(texts))
    prepare = _load_folder(tensorflow, preprocessor)
    return lambda texts: encode(prepare(tensorflow.constant(texts)))


def import_tensorflow() -> Any:
    """Import TensorFlow, after the text operations that the multilingual models need."""
    try:
        import tensorflow
        import tensorflow_text  # noqa: F401  registers the operations
    except ImportError as error:
        raise EncoderError(f"this encoder needs TensorFlow ({first_line(error)}): {INSTALL}") from error
    return tensorflow


def _load_folder(tensorflow: Any, folder: str) -> Any:
    try:
        return tensorflow.saved_model.load(folder)
    except Exception as error:
        raise EncoderError(f"{folder} cannot be loaded, give a complete copy: {first_line(error)}") from error


def _texts_to_output(model: Any, folder: str, output_key: str | None) -> Model:
    """Return the model as a function: itself when it can be called, else its default signature."""
    call = model if callable(model) else _signature(model, folder)

    def encode(inputs: Any) -> Any:
        output = call(inputs)
        if isinstance(output, Mapping):
            return _pick(output, folder, output_key)
        if output_key is not None:
            raise EncoderError(f"{folder} has one output without a name; leave --output-key out")
        return output

    return encode


def _signature(model: Any, folder: str) -> Model:
    signatures = model.signatures
    for name in ("serving_default", "default"):
        if name in signatures:
            call = signatures[name]
            arguments = list(call.structured_input_signature[1])
            if len(arguments) != 1:
                raise EncoderError(f"{folder} takes {len(arguments)} inputs; give a model that takes texts alone")
            return lambda inputs: call(**{arguments[0]: inputs})
    raise EncoderError(f"{folder} can neither be called nor has it a default signature; give a model of texts")


def _pick(output: Mapping[str, Any], folder: str, output_key: str | None) -> Any:
    key = next(iter(output)) if output_key is None and len(output) == 1 else output_key
    if key is None or key not in output:
        raise EncoderError(f"{folder} has the outputs {', '.join(sorted(output))}; name one with --output-key")
    return output[key]
