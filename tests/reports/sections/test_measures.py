import pytest

from reports.sections.measures import MEANINGS, measure_tables
from reports.views import Whisker
from transforms.evaluation import names as measures
from transforms.results import Metric


def test_the_method_in_use_stands_above_alternatives_and_these_above_baselines(tables):
    related, tags, calibration = measure_tables(tables.metrics)
    assert [(row.method, row.role, row.value, row.interval, row.judged) for row in related.methods] == [
        ("all but own tags", "in use", "0.457", "0.400–0.500", "4"),
        ("text", "alternative", "0.250", "0.200–0.300", "4"),
        ("random", "baseline", "0.100", "0.000–0.250", "4"),
    ]
    assert [(row.percent, row.whisker) for row in related.methods] == [
        ("46", Whisker("40", "50")),
        ("25", Whisker("20", "30")),
        ("10", Whisker("0", "25")),
    ]
    assert [(row.role, row.value, row.interval, row.percent) for row in tags.methods] == [("in use", "—", "—", "0")]
    assert calibration.judged == "Tags judged"


def test_an_error_has_no_bar_that_grows_with_it():
    (error,) = measure_tables([Metric(measures.CALIBRATION, "blend", 0.9, 4, in_use=True, low=0.8, high=1.0)])
    assert (error.methods[0].percent, error.methods[0].whisker) == ("0", None)
    assert error.better.startswith("A lower value would mean")


@pytest.mark.parametrize("name", MEANINGS)
def test_every_measure_is_explained_and_what_a_better_value_would_mean(name):
    (measure,) = measure_tables([Metric(name, "x", 0.5, 1)])
    assert measure.meaning
    assert measure.better.endswith(".")
    assert measure.title != measure.name


def test_a_measure_that_nobody_knows_stands_last_and_without_bars():
    known, unknown = measure_tables([Metric("a new one", "x", 0.5, 1), Metric(measures.CHANCE, "k = 2", 0.5, 1)])
    assert (known.name, unknown.name, unknown.meaning) == ("themes agreement by chance", "a new one", "")
    assert (unknown.title, unknown.better) == ("a new one", "")
    assert unknown.methods[0].percent == "0"
