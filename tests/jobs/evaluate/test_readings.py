"""What an evaluation measures by reading logs."""

import json

import pytest

from jobs.evaluate import command
from tests.jobs.evaluate.test_evaluate import by_name, run
from tests.jobs.report.test_readings import MARK, write_logs
from tests.jobs.results import AS_OF, BLOG

WHOLE = "title,lede,headings,body"


@pytest.fixture(scope="module")
def measures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluation")
    return run(BLOG, folder / "out", "--text", WHOLE, "--readings", str(write_logs(folder / "logs")))


def test_what_is_read_next_is_measured_beside_all_else(measures):
    found = by_name(measures)
    assert {measure for measure, _ in found} > {"related dice@4", "next post recall@10", "next post mrr"}
    rows = [row for (measure, _), row in found.items() if measure == "next post ndcg@10"]
    assert len(rows) == 13
    assert len({row["judged"] for row in rows}) == 1
    assert rows[0]["judged"] > 30
    assert [row["in_use"] for row in rows].count(True) == 1


def test_readers_who_follow_a_path_are_told_by_what_they_read_together(measures):
    found = by_name(measures)
    assert found["next post recall@10", "item-kNN"]["value"] > 2 * found["next post recall@10", "random"]["value"]


def test_the_order_of_rows_does_not_matter_and_no_reader_is_written(measures, tmp_path):
    again = run(BLOG, tmp_path / "out", "--text", WHOLE, "--readings", str(write_logs(tmp_path / "logs", 3, seed=5)))

    assert again == measures
    assert MARK not in json.dumps(again)


def test_what_is_no_log_is_refused(tmp_path, capsys):
    argv = ["--input", str(BLOG), "--output", str(tmp_path), "--as-of", AS_OF, "--readings", "gone.log"]
    assert command.main(argv) == 2
    assert "'gone.log' names no file" in capsys.readouterr().err
