import pytest

from transforms.output.lacking import lacking_tags, tag_rates
from transforms.results import TagScore, TagTrial

SCORED = [TagScore("a", 0.9, True), TagScore("b", 0.6, False), TagScore("c", 0.5, False), TagScore("d", 0.1, False)]
TRIAL = TagTrial(0.0, 1.0, 0.2, 10, 8, 6)


@pytest.mark.parametrize(
    ("trial", "counts", "expected"),
    [
        (None, {"b": 10}, "bcd"),
        (TRIAL, {}, "bc"),
        (TRIAL, {"b": 6, "c": 6, "d": 0}, "b"),
        (TRIAL, {"a": 10, "b": 7, "c": 5}, "c"),
    ],
)
def test_tags_from_a_probability_on_that_another_post_does_not_rather_carry(trial, counts, expected):
    assert "".join(tag.tag for tag in lacking_tags(SCORED, trial, tag_rates(counts, 10))) == expected


def test_rates_are_shares_of_the_posts():
    assert tag_rates({"a": 2, "b": 4}, 4) == {"a": 0.5, "b": 1}
    assert tag_rates({}, 0) == {}
