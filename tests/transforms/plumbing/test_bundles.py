import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that

from transforms.plumbing import bundles
from transforms.plumbing.bundles import JoinFn


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
