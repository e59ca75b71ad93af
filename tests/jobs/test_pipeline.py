import apache_beam as beam
from apache_beam.pipeline import PipelineVisitor

from jobs.pipeline import build_pipeline
from jobs.report import Config


class _Inputs(PipelineVisitor):
    def __init__(self):
        self.main = {}
        self.side = {}

    def visit_transform(self, node):
        for value in node.main_inputs.values():
            self.main.setdefault(value, []).append(node.full_label)
        for side in node.side_inputs:
            self.side.setdefault(side.pvalue, []).append(node.full_label)


def test_what_serves_as_side_input_is_no_main_input():
    # The FnApiRunner may hand out such a side input empty; see transforms/side_inputs.py.
    pipeline = beam.Pipeline(runner="FnApiRunner")
    build_pipeline(pipeline, Config(input=("posts",), output="out"), "out/.staging")
    inputs = _Inputs()
    pipeline.visit(inputs)
    assert inputs.side
    assert {tuple(inputs.side[value]): inputs.main[value] for value in inputs.side if value in inputs.main} == {}
