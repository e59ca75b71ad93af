import apache_beam as beam
import numpy as np
from apache_beam.testing.util import assert_that

from tests.transforms.records_by_hand import articles, block, called, random_unit, unit
from transforms.output.extract import Extract
from transforms.output.split import ADDED_UP, CountPosts
from transforms.output.totals import Totals
from transforms.themes.clusters import ClusterModel

MODEL = ClusterModel(unit(np.eye(2, 4)), (1, 4), called("a", "b"))


def test_posts_are_counted_in_parts_as_the_whole():
    posts, vectors = articles(*([f"post-{number}"] for number in range(60))), random_unit(60, 4)
    blocks = [block(posts[row : row + 1], vectors[row : row + 1]) for row in range(60)]
    clusters, _ = MODEL.assign([post.id for post in posts], vectors)
    whole = Totals()
    whole.add_articles(posts, {post.id: MODEL.numbers[of] for post, of in zip(posts, clusters.tolist(), strict=True)})

    def counted(packed):
        assert 1 <= len(packed) <= ADDED_UP
        found = Extract()
        for extract in packed:
            found.merge(Extract.unpack(extract))
        assert found.totals == whole

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        names = beam.pvalue.AsSingleton(pipeline | "Names" >> beam.Create([{}]))
        model = beam.pvalue.AsSingleton(pipeline | "Model" >> beam.Create([MODEL]))
        assert_that(pipeline | beam.Create(blocks) | CountPosts(names, model), counted)
