from hypothesis import given
from hypothesis import strategies as st

from transforms.readings.packed import GROUPS, pack_readers, unpack_readers
from transforms.readings.visits import MOST_POSTS, put_together

HASHES = st.integers(0, 1).flatmap(lambda low: st.sampled_from([bytes([0, low]) + b"some", bytes([3, low]) + b"other"]))
READS = st.tuples(st.integers(1_700_000_000, 1_700_040_000), st.integers(0, 70_000), st.integers(0, 2**56))


@given(st.lists(st.tuples(HASHES, READS), max_size=60), st.data())
def test_each_reader_has_all_reads_however_they_come_and_are_parted(story, data):
    shuffled = data.draw(st.permutations(story))
    ends = sorted(data.draw(st.lists(st.integers(0, len(story)), max_size=4)))
    groups = {}
    for start, end in zip([0, *ends], [*ends, len(story)], strict=True):
        for group, packed in pack_readers(by_reader(shuffled[start:end])):
            groups.setdefault(group, []).append(packed)

    found = [reads for parts in groups.values() for reads in unpack_readers(parts)]

    assert sorted(found) == sorted(map(put_together, by_reader(story).values()))


def by_reader(story):
    readers = {}
    for reader, read in story:
        readers.setdefault(reader, []).append(read)
    return readers


def test_readers_are_spread_over_the_groups():
    readers = {number.to_bytes(2) + b"rest": [(0, number, 0)] for number in range(1 << 16)}

    packed = list(pack_readers(readers))

    assert sorted(group for group, _ in packed) == list(range(GROUPS))
    assert {len(list(unpack_readers([part]))) for _, part in packed} == {(1 << 16) // GROUPS}


def test_a_crawler_travels_as_a_number():
    reads = [(second, second, 0) for second in range(MOST_POSTS + 1)]
    ((_, packed),) = pack_readers({b"crawler": reads})

    assert len(packed) < 20
    assert list(unpack_readers([packed, packed])) == [(2 * len(reads), None)]
