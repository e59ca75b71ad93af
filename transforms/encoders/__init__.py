"""The encoders: one module each, made by name with `make_encoder`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from transforms.encoders.base import Encoder, leading, unit_rows

__all__ = ["ENCODERS", "Encoder", "EncoderKind", "leading", "make_encoder", "unit_rows"]


def _load_lsa(folder: str) -> Encoder:
    from transforms.encoders.lsa import load_lsa

    return load_lsa(folder)


@dataclass(frozen=True)
class EncoderKind:
    """What is known of an encoder before it is loaded.

    `parts` says what of an article it reads and how many times each part counts; `trained_on_corpus` that a model is
    fitted in the run unless one is given; `load` reads a model's folder.
    """

    name: str
    parts: Mapping[str, int]
    trained_on_corpus: bool
    load: Callable[[str], Encoder]


ENCODERS: Mapping[str, EncoderKind] = {
    "lsa": EncoderKind(
        "lsa", {"title": 4, "lede": 2, "headings": 2, "body": 1}, trained_on_corpus=True, load=_load_lsa
    ),
}


def make_encoder(name: str, folder: str) -> Encoder:
    """Load the encoder of that name from its model's folder.

    Raises ValueError for an unknown name, or a folder that holds no such model.
    """
    if name not in ENCODERS:
        raise ValueError(f"unknown encoder {name!r}; give one of {', '.join(ENCODERS)}")
    return ENCODERS[name].load(folder)
