"""What every encoder is: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from transforms.numerics.arrays import Vectors
from transforms.records import EncoderInfo

MAX_CHARACTERS = 4_000
"""A pre-trained encoder reads no more of a text: such models were trained on sentences, and some are quadratic."""


class EncoderError(ValueError):
    """An encoder cannot be had or cannot encode; its message says in one line what to do."""


class Encoder(Protocol):
    """Turns texts into vectors; texts are cut at `max_characters`, None where they are read whole."""

    max_characters: int | None

    @property
    def info(self) -> EncoderInfo:
        """Who it is; its dimensions may be 0 until it has encoded a text."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts into float32 [len(texts), dim], rows of unit length; a text without content gives zeros."""
        ...


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says, or its kind where it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
