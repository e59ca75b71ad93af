import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from transforms.plumbing import bundles
from transforms.plumbing.bundles import JoinFn, PackFn


@pytest.mark.parametrize("count", [0, 1, 5, 40])
def test_nothing_of_a_bundle_is_lost(count, monkeypatch):
    monkeypatch.setattr(bundles, "AT_ONCE", 4)
    numbers = list(range(1, count + 1))

    def all_there(joined):
        assert len(joined) <= count
        assert sum(joined) == sum(numbers)

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        assert_that(pipeline | beam.Create(numbers) | beam.ParDo(JoinFn(sum)), all_there)


def test_no_more_is_held_than_is_joined_at_once(monkeypatch):
    monkeypatch.setattr(bundles, "AT_ONCE", 4)
    join = JoinFn(sum)
    for _ in range(2):
        join.start_bundle()
        for number in range(1, 11):
            assert list(join.process(number) or ()) == []
            assert len(join.parts) < 4
        assert [joined.value for joined in join.finish_bundle()] == [55]


def test_what_is_joined_is_passed_on_when_it_is_large(monkeypatch):
    monkeypatch.setattr(bundles, "AT_ONCE", 4)
    monkeypatch.setattr(bundles, "JOINED", 5)
    join = JoinFn("".join, len)
    join.start_bundle()
    found = [list(join.process(part)) for part in ("", "", "", "", "", "", "aaa", "b", "", "cc", "dddddddd", "", "")]
    assert [joined for several in found for joined in several] == ["aaabcc", "dddddddd"]
    assert [joined.value for joined in join.finish_bundle()] == [""]


def test_items_of_a_bundle_are_packed_by_key(monkeypatch):
    monkeypatch.setattr(bundles, "PACKED", 4)
    monkeypatch.setattr(bundles, "HELD", 6)
    pack = PackFn()
    pack.start_bundle()
    items = [("a", "x"), ("b", "yyyy"), ("a", "x"), ("c", "zzz"), ("d", "w"), ("a", "x")]
    packed = [list(pack.process(item)) for item in items]
    full = [("a", ["x", "x"]), ("c", ["zzz"]), ("d", ["w"])]
    assert packed == [[], [("b", ["yyyy"])], [], [], full, []]
    assert [rest.value for rest in pack.finish_bundle()] == [("a", ["x"])]
    assert list(pack.finish_bundle()) == []


def test_nothing_that_is_packed_is_lost():
    keyed = [(number % 7, "x" * (number % 5)) for number in range(1_000)]
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        packed = pipeline | beam.Create(keyed) | beam.ParDo(PackFn())
        assert_that(packed | beam.FlatMap(lambda group: [(group[0], item) for item in group[1]]), equal_to(keyed))
