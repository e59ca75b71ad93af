"""The encoders by name, and how one is made from a spec."""

from __future__ import annotations

from collections.abc import Mapping
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
    is downloaded, and `output_key` the output that counts.
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


@dataclass(frozen=True)
class EncoderSpec:
    """What a worker needs, besides the model's folder, to make an encoder; `cache` is the folder of known vectors."""

    name: str
    version: str
    preprocessor: str | None = None
    output_key: str | None = None
    cache: str | None = None


def kind_of(name: str) -> EncoderKind:
    """Return the kind of a named encoder, or that of a SavedModel of one's own, given by path or handle."""
    return ENCODERS.get(name) or EncoderKind("savedmodel", "1", HEAD, handle=name)


def make_encoder(spec: EncoderSpec, folder: str) -> Encoder:
    """Load an encoder from its model's folder, behind its cache if it has one.

    Raises EncoderError when the folder holds no such model.
    """
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
