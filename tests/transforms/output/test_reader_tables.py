import numpy as np
import pyarrow as pa
import pytest

from tests.transforms.readings.test_learned import IDS, learn_of
from tests.transforms.readings.test_next_post import made_up
from transforms.output.reader_tables import (
    next_choice,
    next_kinds,
    next_method,
    next_parquet,
    read_next_parquet,
    read_vectors_parquet,
    vectors_parquet,
)
from transforms.plumbing.parquet import pack_columns
from transforms.readings.next_model import BLEND, CONTENT, EASE, FEATURES, OF_TEXT, NextModel
from transforms.readings.reads import hold_back

HISTORIES, POSTS = made_up(400, texts_tell=False)
NUMBERS = {id_: number for number, id_ in enumerate(IDS)}
ROW = {"id": ["post-01"], "ids": [["post-02"]], "weights": [[0.5]], "readers": [5], "recent": [0]}


@pytest.fixture(scope="module")
def taught():
    return learn_of(HISTORIES, POSTS)


def test_the_tables_tell_what_the_model_does(taught):
    rows, content = next_parquet(taught)
    counted, model = read_next_parquet(content, NUMBERS), taught.model
    read = NextModel(model.method, model.posts, counted, model.of_text, model.of_all)
    _, queries = hold_back(taught.reads)

    assert rows == 48
    np.testing.assert_array_equal(read(queries), model(queries))
    np.testing.assert_array_equal(counted.weights.toarray(), model.counted.weights.toarray())


def test_vectors_are_those_of_posts_with_enough_readers(taught):
    rows, content = vectors_parquet(taught)
    ids, vectors, readers = read_vectors_parquet(content)

    assert rows == len(ids) == 48
    assert ids == [*IDS]
    np.testing.assert_array_equal(vectors, taught.vectors)
    np.testing.assert_array_equal(readers, taught.model.counted.readers)


def test_weights_are_those_of_the_method(taught):
    weights = {}
    for method in (CONTENT, EASE, BLEND):
        model = NextModel(method, POSTS, taught.model.counted, taught.model.of_text, taught.model.of_all)
        object.__setattr__(taught, "model", model)
        weights[method] = next_method(taught).weights
    assert weights[CONTENT] == {}
    assert [*weights[EASE]] == ["text"]
    assert [*weights[BLEND]["text"]] == [*OF_TEXT]
    assert [*weights[BLEND]["blend"]] == [*FEATURES]


def test_nothing_is_written_where_few_have_read():
    few = learn_of(HISTORIES[:20], POSTS, published=False)

    assert next_choice(few) is None
    assert next_parquet(few)[0] == vectors_parquet(few)[0] == 0
    assert read_next_parquet(next_parquet(few)[1], NUMBERS).weights.nnz == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ["post-99"]},
        {"ids": [["post-99"]]},
        {"weights": [[0.5, 0.25]]},
        {"weights": [[float("nan")]]},
        {"readers": [-1]},
    ],
)
def test_a_table_that_fits_no_posts_is_refused(wrong):
    content = pack_columns({**ROW, **wrong}, next_kinds())

    with pytest.raises(ValueError, match=r"post|fit|negative"):
        read_next_parquet(content, NUMBERS)


def test_vectors_of_another_length_are_refused():
    kinds = {"id": pa.string(), "vector": pa.list_(pa.float32()), "readers": pa.int64()}
    for vector in ([0.5], [float("inf")] * 64):
        content = pack_columns({"id": ["a"], "vector": [vector], "readers": [5]}, kinds)
        with pytest.raises(ValueError, match="64 dimensions"):
            read_vectors_parquet(content)
