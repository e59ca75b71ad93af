"""What a run cost is read from what its runner counted, committed or not."""

import pytest
from apache_beam.metrics.cells import DistributionData, DistributionResult
from apache_beam.metrics.execution import MetricKey, MetricResult
from apache_beam.metrics.metric import MetricName, MetricResults

from jobs.options.source import Source
from jobs.report import run
from jobs.report.config import Config
from jobs.running.costs import costs_of
from transforms.plumbing.metrics import NAMESPACE

STAGE = {"items": 3, "seconds": 2.5, "peak_mb": 70}


class Result:
    """A finished run on a runner that fills in one of the two values of each metric."""

    def __init__(self, *, committed):
        self.committed = committed

    def metrics(self):
        return self

    def query(self, _):
        return {
            MetricResults.COUNTERS: [
                self.metric("encode.items", 3),
                self.metric("encode.items", 0),
                self.metric("drafts", 2),
            ],
            MetricResults.DISTRIBUTIONS: [
                self.metric("encode.microseconds", distribution(2_500_000, 2, 1_000_000, 1_500_000)),
                self.metric("encode.peak_mb", distribution(130, 2, 60, 70)),
                self.metric("words", distribution(12, 3, 2, 6)),
            ],
        }

    def metric(self, name, value):
        values = (value, None) if self.committed else (None, value)
        return MetricResult(MetricKey("step", MetricName(NAMESPACE, name)), *values)


def distribution(total, count, least, most):
    return DistributionResult(DistributionData(total, count, least, most))


@pytest.mark.parametrize("committed", [True, False])
def test_what_was_counted(committed):
    assert costs_of(Result(committed=committed)) == {
        "stages": {"encode": STAGE},
        "counters": {"drafts": 2},
        "distributions": {"words": {"count": 3, "sum": 12, "min": 2, "max": 6}},
    }


def test_a_runner_without_metrics_is_told_of_and_the_report_stays(tmp_path, capsys):
    def costs():
        raise LookupError("Found no metrics container\nfor job 1")

    (tmp_path / "run.json").write_text("{}")
    assert run.close(Config(Source(("posts",)), str(tmp_path)), costs, 1.0) == 1
    printed, said = capsys.readouterr()
    assert printed == ""
    assert said == (
        f"postkin report: the report is at {tmp_path}/report.html, but what it cost cannot be added to run.json:"
        " Found no metrics container for job 1\n"
    )
    assert (tmp_path / "run.json").read_text() == "{}"
