import pytest

from reports.charts.axis import at, round_steps


@pytest.mark.parametrize(
    ("limit", "labels"),
    [
        (1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0.03, ["0.00", "0.01", "0.02", "0.03"]),
        (2.1, ["0.0", "0.5", "1.0", "1.5", "2.0"]),
        (12.0, ["0", "5", "10"]),
    ],
)
def test_steps_are_round(limit, labels):
    steps = round_steps(limit, 5)
    assert [label for _, label in steps] == labels
    assert [value for value, _ in steps] == pytest.approx([float(label) for label in labels])


@pytest.mark.parametrize("most", [3, 4, 5])
@pytest.mark.parametrize("limit", [0.1, 0.427, 0.999, 1.0, 7.3, 99.0, 1_000.0])
def test_there_are_few_steps_and_none_beyond_the_limit(limit, most):
    values = [value for value, _ in round_steps(limit, most)]
    assert 1 < len(values) <= most + 1
    assert values[0] == 0
    assert limit / 10 < values[-1] <= limit * (1 + 1e-9)


def test_a_share_is_given_in_percent():
    assert (at(0.0), at(1 / 3), at(1.0)) == ("0.0", "33.3", "100.0")
