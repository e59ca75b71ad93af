"""Several encoders as one: what each makes of a text, side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from transforms.encoders.base import Encoder
from transforms.encoders.cache import CachingEncoder
from transforms.numerics.arrays import Vectors, unit_rows
from transforms.records import EncoderInfo


class Joined:
    """Encoders and their weights, which add up to 1: the cosine of two texts is the weighted mean of the encoders'.

    The dimensions that neighbours compare come first, those of every encoder, and the others follow. Where an encoder
    has nothing to say of a text, the others speak alone.
    """

    def __init__(self, name: str, encoders: Sequence[Encoder], weights: Sequence[float]) -> None:
        self.name = name
        self.encoders = encoders
        self.weights = weights
        limits = [encoder.max_characters for encoder in encoders if encoder.max_characters is not None]
        self.max_characters: int | None = min(limits, default=None)

    @property
    def info(self) -> EncoderInfo:
        """Its identity, with the weights as version; its dimensions are 0 until those of all encoders are known."""
        infos = [encoder.info for encoder in self.encoders]
        version = "+".join(f"{100 * weight:.0f}" for weight in self.weights)
        digest = hashlib.sha256(" ".join([version, *(info.id + info.digest for info in infos)]).encode()).hexdigest()
        dims, near = [info.dim for info in infos], [info.neighbor_dim for info in infos]
        known = all(dims)
        return EncoderInfo(self.name, version, digest, sum(dims) if known else 0, sum(near) if known else 0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts into float32 [len(texts), dim], unit rows, zeros where every encoder gives zeros."""
        weighted = [
            vectors * np.float32(np.sqrt(weight))
            for vectors, weight in zip((encoder.encode(texts) for encoder in self.encoders), self.weights, strict=True)
        ]
        near = [encoder.info.neighbor_dim for encoder in self.encoders]
        pairs = list(zip(weighted, near, strict=True))
        return unit_rows(np.hstack([vectors[:, :n] for vectors, n in pairs] + [vectors[:, n:] for vectors, n in pairs]))

    def count_known(self, texts: Sequence[str]) -> int:
        """Count the texts that the encoders with a cache find there, the fewest where several have one."""
        counts = [encoder.count_known(texts) for encoder in self.encoders if isinstance(encoder, CachingEncoder)]
        return min(counts, default=0)
