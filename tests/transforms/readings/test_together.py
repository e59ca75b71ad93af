import math

from hypothesis import given
from hypothesis import strategies as st

from transforms.readings.together import LISTED, also_read, rounded_down, shrunk_cosine


def test_the_cosine_of_readers_is_shrunk():
    assert shrunk_cosine(4, 4, 9) == 4 / 16
    assert shrunk_cosine(400, 400, 400) == 400 / 410


@given(st.integers(3, 10**7))
def test_readers_are_rounded_down(readers):
    steps = sorted({3, *(unit * 10**power for power in range(8) for unit in (1, 2, 5))} - {1, 2})

    assert rounded_down(readers) == max(step for step in steps if step <= readers)


def test_fewer_than_three_are_nobody():
    assert [rounded_down(readers) for readers in (0, 1, 2, 3, 4, 5, 9, 10, 19, 20, 49, 50)] == [
        *(0, 0, 0, 3, 3, 5, 5, 10, 10, 20, 20, 50)
    ]


@given(st.dictionaries(st.integers(1, 40), st.integers(3, 60), min_size=1))
def test_the_strongest_are_listed_first(together):
    readers = {0: 100, **{post: both + post for post, both in together.items()}}

    row = also_read(0, together.items(), readers, "post {:03}".format)

    expected = sorted(
        (-round(both / (math.sqrt(100 * readers[post]) + 10), 4), f"post {post:03}", rounded_down(both))
        for post, both in together.items()
    )
    assert [(other.score, other.id, other.readers) for other in row.also] == [
        (round(-score, 2), id_, readers) for score, id_, readers in expected[:LISTED]
    ]
    assert (row.id, row.readers) == ("post 000", 100)
