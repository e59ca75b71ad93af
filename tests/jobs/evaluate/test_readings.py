"""What an evaluation measures by reading logs."""

import importlib.util
import json

import pytest

from jobs.evaluate import command, pipeline
from jobs.options.readings import Readings
from tests.jobs.evaluate.test_evaluate import by_name, run
from tests.jobs.report.test_readings import MARK, write_logs
from tests.jobs.results import AS_OF, BLOG
from transforms.readings.word2vec import is_installed

WHOLE = "title,lede,headings,body"


@pytest.fixture(scope="module")
def measures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluation")
    return run(BLOG, folder / "out", "--text", WHOLE, "--readings", str(write_logs(folder / "logs")))


def test_what_is_read_next_is_measured_beside_all_else(measures):
    found = by_name(measures)
    assert {measure for measure, _ in found} > {"related dice@4", "next post recall@10", "next post mrr"}
    rows = [row for (measure, _), row in found.items() if measure == "next post ndcg@10"]
    assert len(rows) == 13 + is_installed()
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


def test_a_line_says_how_to_get_what_is_not_compared(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(pipeline, "run_evaluation", lambda *_: 0)
    flags = ["--input", str(BLOG), "--output", str(tmp_path), "--as-of", AS_OF]
    logs = ["--readings", str(write_logs(tmp_path / "logs"))]
    line = "leaves Word2Vec out of what is compared, which needs gensim: pip install 'postkin[gensim]'"

    def printed(*more, there=None):
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: there if name == "gensim" else find(name))
        assert command.main([*flags, *more]) == 0
        return capsys.readouterr().err

    find = importlib.util.find_spec
    assert printed(*logs) == f"postkin evaluate: {line}\n"
    assert printed(*logs, "--quiet") == printed() == printed(*logs, there=object()) == ""


def test_a_line_says_that_readers_were_too_few():
    judged = "| next post recall@10 | EASE | 0.1 | | 20 |"
    few = "fewer than 20 readers of three posts are in the logs, so nothing is judged by what they read"

    assert pipeline.unjudged_line(Readings(("a.log",)), "| related dice@4 |") == f"postkin: warning: {few}\n"
    assert pipeline.unjudged_line(Readings(("a.log",)), judged) == ""
    assert pipeline.unjudged_line(Readings(), "| related dice@4 |") == ""


def test_what_is_no_log_is_refused(tmp_path, capsys):
    argv = ["--input", str(BLOG), "--output", str(tmp_path), "--as-of", AS_OF, "--readings", "gone.log"]
    assert command.main(argv) == 2
    assert "'gone.log' names no file" in capsys.readouterr().err
