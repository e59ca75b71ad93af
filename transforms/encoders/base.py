"""What every encoder is: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from transforms.numerics.arrays import Vectors
from transforms.records import EncoderInfo


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
