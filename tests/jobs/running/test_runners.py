"""What is filled in of Beam's options for the runner that was asked for."""

import pytest
from apache_beam.options.pipeline_options import DebugOptions

from jobs.running.runners import make_options


def experiments(*flags):
    return make_options(flags).view_as(DebugOptions).experiments or []


@pytest.mark.parametrize(
    "runner", ["FlinkRunner", "flinkrunner", "apache_beam.runners.portability.flink_runner.FlinkRunner"]
)
def test_a_graph_for_flink_is_fused_before_it_is_sent(runner):
    assert experiments("--runner", runner) == ["pre_optimize=all"]


def test_how_a_graph_for_flink_is_fused_may_be_said():
    assert experiments("--runner=FlinkRunner", "--experiments=pre_optimize=none") == ["pre_optimize=none"]
    assert experiments("--runner=FlinkRunner", "--experiments=x") == ["x", "pre_optimize=all"]


@pytest.mark.parametrize("flags", [(), ("--runner=PortableRunner", "--job_endpoint=localhost:1")])
def test_other_graphs_are_sent_as_they_are(flags):
    assert experiments(*flags) == []
