"""The encoders by name, and how one is made from a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.corpus.text_parts import HEAD, WHOLE_TEXT
from transforms.encoders.base import Encoder
from transforms.encoders.use import PACKAGED, Use

_HUB = "https://tfhub.dev/google"


@dataclass(frozen=True)
class EncoderKind:
    """What is known of an encoder before it is loaded.

    `parts` says what of an article it reads and how many times each part counts. An encoder `trained_on_corpus` is
    fitted in the run unless a model is given. The weights of a `packaged` one come with a package, unless a copy is
    given. The others are SavedModels, of which `handle` and `preprocessor` are TensorFlow Hub's, `megabytes` about what
    is downloaded, and `output_key` the output that counts. One that `joins` others has their names, in their order.
    """

    name: str
    version: str
    parts: Mapping[str, int]
    trained_on_corpus: bool = False
    packaged: bool = False
    handle: str | None = None
    preprocessor: str | None = None
    output_key: str | None = None
    megabytes: int | None = None
    joins: tuple[str, ...] = ()


ENCODERS: Mapping[str, EncoderKind] = {
    kind.name: kind
    for kind in (
        EncoderKind("lsa", "1", WHOLE_TEXT, trained_on_corpus=True),
        EncoderKind("lsa+contrastive", "1", WHOLE_TEXT, trained_on_corpus=True),
        EncoderKind("use", "3", HEAD, packaged=True),
        EncoderKind(
            "use-large",
            "3",
            HEAD,
            handle=f"{_HUB}/universal-sentence-encoder-multilingual-large/3",
            megabytes=300,
        ),
        EncoderKind(
            "labse",
            "2",
            HEAD,
            handle=f"{_HUB}/LaBSE/2",
            preprocessor=f"{_HUB}/universal-sentence-encoder-cmlm/multilingual-preprocess/2",
            output_key="default",
            megabytes=1650,
        ),
    )
}


FITTED_WEIGHT = 0.7
"""What a fitted encoder weighs beside the others, since alone it is the better one (docs/encoders.md)."""


@dataclass(frozen=True)
class EncoderSpec:
    """What a worker needs, besides the model's folder, to make an encoder; `cache` is the folder of known vectors.

    One that joins others has their specs and their models' folders, None for the one that is fitted in the run.
    """

    name: str
    version: str
    preprocessor: str | None = None
    output_key: str | None = None
    cache: str | None = None
    joins: tuple[tuple[EncoderSpec, str | None], ...] = ()


def kind_of(name: str) -> EncoderKind:
    """Return the kind of a named encoder, of several joined by `+`, or of a SavedModel, given by path or handle."""
    if name in ENCODERS:
        return ENCODERS[name]
    if not (joined := split_name(name)):
        return EncoderKind("savedmodel", "1", HEAD, handle=name)
    fitted = any(ENCODERS[part].trained_on_corpus for part in joined)
    return EncoderKind(name, "1", WHOLE_TEXT if fitted else HEAD, trained_on_corpus=fitted, joins=joined)


def split_name(name: str) -> tuple[str, ...]:
    """Split a name at each `+` that joins two encoders; nothing unless all that is joined are encoders' names."""
    if name in ENCODERS:
        return (name,)
    for place in (place for place, letter in enumerate(name) if letter == "+"):
        if name[:place] in ENCODERS and (tail := split_name(name[place + 1 :])):
            return (name[:place], *tail)
    return ()


def kinds_in(name: str) -> tuple[EncoderKind, ...]:
    """Return the kinds of all encoders that a name joins, or the one that it names."""
    kind = kind_of(name)
    return tuple(ENCODERS[part] for part in kind.joins) or (kind,)


def fitted_name(name: str) -> str:
    """Return the name of the one encoder in a name that is fitted to a corpus."""
    return next(kind.name for kind in kinds_in(name) if kind.trained_on_corpus)


def weights_of(kinds: Sequence[EncoderKind]) -> list[float]:
    """Return what encoders weigh side by side; the sum is 1."""
    fitted = sum(kind.trained_on_corpus for kind in kinds)
    left = 1 - FITTED_WEIGHT if fitted else 1.0
    return [FITTED_WEIGHT / fitted if kind.trained_on_corpus else left / (len(kinds) - fitted) for kind in kinds]


def spec_without_files(name: str) -> EncoderSpec | None:
    """Return the spec of an encoder that is fitted, packaged, or joins such; None for one that needs a model's files.

    It is made with `PACKAGED` as its folder.
    """
    kinds = kinds_in(name)
    if not all(kind.trained_on_corpus or kind.packaged for kind in kinds):
        return None
    specs = [EncoderSpec(kind.name, kind.version) for kind in kinds]
    return specs[0] if len(specs) == 1 else EncoderSpec(name, "1", joins=tuple((spec, None) for spec in specs))


def make_encoder(spec: EncoderSpec, folder: str, fitted: Encoder | None = None) -> Encoder:
    """Load an encoder from its model's folder, behind its cache if it has one; what is `fitted` already is taken.

    Raises EncoderError when the folder holds no such model.
    """
    if spec.joins:
        from transforms.encoders.joined import Joined

        encoders = [make_encoder(part, place or folder, fitted) for part, place in spec.joins]
        return Joined(spec.name, encoders, weights_of(kinds_in(spec.name)))
    if fitted is not None and kind_of(spec.name).trained_on_corpus:
        return fitted
    encoder = load_encoder(spec, folder)
    if spec.cache is None:
        return encoder
    from transforms.encoders.cache import CachingEncoder

    return CachingEncoder(encoder, spec.cache)


def load_encoder(spec: EncoderSpec, folder: str) -> Encoder:
    """Load an encoder from its model's folder, without a cache; raises EncoderError when no such model is there."""
    if ENCODERS.get(spec.name, kind_of(spec.name)).trained_on_corpus:
        from transforms.encoders.lsa import load_lsa

        return load_lsa(folder, spec.name)
    if folder == PACKAGED:
        return Use()
    from transforms.encoders.downloads import fetch_model
    from transforms.encoders.savedmodel import SavedModel

    preprocessor = fetch_model(spec.preprocessor) if spec.preprocessor else None
    return SavedModel(
        spec.name, spec.version, fetch_model(folder), preprocessor=preprocessor, output_key=spec.output_key
    )
