import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that

from tests.transforms.records_by_hand import articles, notes
from transforms.encoders.blocks import encode_block, fit_encoder
from transforms.encoders.contrastive import fit_contrastive
from transforms.encoders.encode import FitEncoder
from transforms.encoders.lsa import fit_lsa
from transforms.encoders.registry import EncoderSpec, make_encoder
from transforms.records import TextBlock

TEXTS = ("a lamp on a board", "the lamp of a road", "go on the road", "a board for go")


def test_a_block_keeps_its_notes_and_digests_equal_texts_alike():
    noted = notes(3, ["a"], words=[("x",), (), ("y",)])
    block = encode_block(
        fit_lsa(TEXTS), TextBlock("articles", tuple(articles((), (), ())), (*TEXTS[:2], TEXTS[0]), (), noted)
    )
    assert block.notes is noted
    assert block.digests[0] == block.digests[2] != block.digests[1]
    assert (len(block), block.cut, block.cached) == (3, 0, 0)
    np.testing.assert_array_equal(block.vectors, fit_lsa(TEXTS).encode([*TEXTS[:2], TEXTS[0]]))


def test_posts_that_a_model_was_not_fitted_to_are_shorter_and_names_of_tags_are_not():
    model, (post,) = fit_lsa(TEXTS), articles(())
    new = "the lamp of a comet passes one board on its long road, and many planets"
    lengths = {
        kind: float(np.linalg.norm(encode_block(model, TextBlock(kind, (post,), (new,))).vectors))
        for kind in ("articles", "tags")
    }
    assert lengths["articles"] < 0.9
    assert lengths["tags"] == pytest.approx(1)


@pytest.mark.parametrize("name", ["lsa", "lsa+contrastive"])
def test_the_transform_fits_and_saves_what_the_function_fits(tmp_path, name):
    posts = articles(*[()] * 4)
    titles = [post.title for post in posts]
    expected = fit_encoder(name, TEXTS, titles)
    assert (
        expected.info.digest
        == {"lsa": fit_lsa(TEXTS), "lsa+contrastive": fit_contrastive(TEXTS, titles)}[name].info.digest
    )
    blocks = [TextBlock("articles", tuple(posts[rows]), TEXTS[rows]) for rows in (slice(2, 4), slice(2))]

    def saved(models):
        (model,) = models
        assert make_encoder(EncoderSpec(name, "1"), model.model_id).info == expected.info

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([4]))
        fitted = pipeline | beam.Create(blocks) | FitEncoder(EncoderSpec(name, "1"), str(tmp_path), files)
        assert_that(fitted, saved)
