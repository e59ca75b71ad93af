import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that

from tests.transforms.records_by_hand import assert_same, table_of
from tests.transforms.search_by_hand import blocks_of, crowded_blog, scattered, searched
from transforms.corpus.languages import ONE_LANGUAGE
from transforms.search.find import FindCandidates
from transforms.search.plan import plan_exact


@pytest.mark.parametrize(("shards", "seed", "exact_duplicates"), [(1, 0, False), (1, 1, True), (3, 2, False)])
def test_the_transform_finds_what_the_functions_find(tmp_path, shards, seed, exact_duplicates):
    corpus = crowded_blog(50)
    blocks, table = blocks_of(corpus, 5), table_of(corpus.articles, corpus.vectors)
    answers = searched(blocks, table.keys, shards, exact_duplicates=exact_duplicates)
    expected = {candidates.block: (candidates, votes) for candidates, votes, _ in answers}

    def same_candidates(results):
        assert sorted(candidates.block for candidates in results) == sorted(expected)
        for candidates in results:
            assert_same(candidates, expected[candidates.block][0])

    def same_votes(results):
        assert sorted(key for key, _ in results) == sorted(expected)
        for key, votes in results:
            assert_same(votes, expected[key][1])

    def same_duplicates(results):
        assert sorted(results, key=repr) == sorted((pair for _, _, pairs in answers for pair in pairs), key=repr)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        given = {"Plan": plan_exact(shards), "Table": table, "Languages": ONE_LANGUAGE}
        sides = [beam.pvalue.AsSingleton(pipeline | name >> beam.Create([of])) for name, of in given.items()]
        search = FindCandidates(*sides, exact_duplicates=exact_duplicates)
        finds = pipeline | scattered(blocks, seed) | search
        assert_that(finds.candidates, same_candidates, label="candidates")
        assert_that(finds.votes, same_votes, label="votes")
        assert_that(finds.duplicates, same_duplicates, label="duplicates")
