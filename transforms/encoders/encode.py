"""From articles to texts, and from texts to vectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.ml.inference.base import ModelHandler, ModelMetadata, RunInference
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.corpus.blocks import BLOCK_ROWS
from transforms.corpus.tag_spelling import tag_blocks
from transforms.corpus.text_parts import HEAD, article_text
from transforms.encoders.base import Encoder
from transforms.encoders.blocks import encode_block, fit_encoder
from transforms.encoders.registry import EncoderSpec, fitted_name, make_encoder
from transforms.plumbing.composite import Composite
from transforms.plumbing.gather import Gather
from transforms.plumbing.metrics import count, measured, record
from transforms.records import Block, TextBlock
from transforms.sampling import FIT_ARTICLES, sampled

_fitted: dict[str, Encoder] = {}
"""The model that this process fitted last, by its folder, which spares it reading the model again."""


class EncoderHandler(ModelHandler[TextBlock, Block, Encoder]):
    """Encodes whole blocks, so that a batch never depends on timing; the model's folder comes as a side input."""

    def __init__(self, spec: EncoderSpec) -> None:
        super().__init__()
        self.spec = spec
        self.folder = ""

    def update_model_path(self, model_path: str | None = None) -> None:
        """Take the folder that the side input names."""
        self.folder = model_path or self.folder

    def load_model(self) -> Encoder:
        """Load the encoder, once a process."""
        with measured("load encoder"):
            return make_encoder(self.spec, self.folder, _fitted.get(self.folder))

    def run_inference(
        self,
        batch: TextBlock,
        model: Encoder,
        inference_args: dict[str, Any] | None = None,  # noqa: ARG002  Beam passes it
    ) -> Iterable[Block]:
        """Encode one block, which is a batch by itself."""
        with measured("encode", len(batch), batch.articles[0].id):
            block = encode_block(model, batch)
        count("texts_encoded", len(block) - block.cached)
        count("texts_cut", block.cut)
        count("cache_hits", block.cached)
        record("batch_texts", len(block))
        return [block]

    def should_skip_batching(self) -> bool:
        """Blocks are batches already."""
        return True

    def get_num_bytes(self, batch: TextBlock) -> int:
        """Return the texts' characters, which costs less than Beam's way of pickling the batch."""
        return sum(map(len, batch.texts))

    def get_metrics_namespace(self) -> str:
        """Count under the encoder's name."""
        return f"postkin.{self.spec.name}"


@dataclass(eq=False, repr=False)
class FitEncoder(Composite):
    """TextBlocks -> the ModelMetadata of an encoder fitted to them (a sample of a large corpus), saved in a folder.

    Of several encoders that are joined the one is fitted that can be.
    """

    spec: EncoderSpec
    folder: str
    corpus_size: AsSingleton

    def expand(self, blocks: PCollection[TextBlock]) -> PCollection[ModelMetadata]:
        """Sample the texts, gather them, fit."""
        return (
            blocks
            | "SampleTexts" >> beam.FlatMap(_sample_texts, self.corpus_size)
            | "Fit" >> Gather(partial(_fit, name=fitted_name(self.spec.name), folder=self.folder))
        )


@dataclass(eq=False, repr=False)
class EncodeArticles(Composite):
    """TextBlocks -> Blocks, by the encoder of a spec, from the folder that `model` names."""

    spec: EncoderSpec
    model: PCollection[ModelMetadata]

    def expand(self, blocks: PCollection[TextBlock]) -> PCollection[Block]:
        """Infer."""
        return blocks | RunInference(
            EncoderHandler(self.spec), model_metadata_pcoll=self.model, model_identifier=self.spec.name
        )


def model_in(folder: str) -> ModelMetadata:
    """Name a model's folder as RunInference wants it."""
    return ModelMetadata(model_id=folder, model_name="encoder")


def _sample_texts(block: TextBlock, corpus_size: int) -> Iterator[tuple[str, str, str]]:
    for article, text in zip(block.articles, block.texts, strict=True):
        if sampled(article.id, corpus_size, FIT_ARTICLES):
            yield article.id, text, article_text(article, HEAD)


def _fit(gathered: list[tuple[str, str, str]], name: str, folder: str) -> ModelMetadata:
    _, texts, heads = zip(*sorted(gathered), strict=True)
    with measured("fit encoder", len(texts)):
        model = fit_encoder(name, texts, heads)
        model.save(folder)
    _fitted.clear()
    _fitted[folder] = model
    return model_in(folder)


def encode(
    texts: PCollection[TextBlock], names: PCollection[dict[str, str]], encode_blocks: EncodeArticles
) -> PCollection[Block]:
    """Encode the articles, and the names of their tags, with one model."""
    tag_texts = names | "TagNames" >> beam.FlatMap(tag_blocks, BLOCK_ROWS)
    return (texts, tag_texts) | "Texts" >> beam.Flatten() | "Encode" >> encode_blocks


def is_of_articles(block: Block, _: int) -> int:
    """Part the blocks of articles (1) from those of tags' names (0)."""
    return int(block.kind == "articles")
