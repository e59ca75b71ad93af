"""Reports of posts and of who read them: what is published, and that nothing of a reader is anywhere."""

import datetime as dt
import json
import random
import re
import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest

from jobs import export
from jobs.report import command
from jobs.report.run import reading_lines
from tests.jobs.results import BLOG, CONTRACT, FILES_OF_READINGS, USUAL, check_sound, fits, postkin
from tests.transforms.readings import logs
from transforms.output.frames import load_run

PATHS = [f"/{path.relative_to(BLOG).with_suffix('').as_posix()}/" for path in sorted(BLOG.rglob("*.md"))]
MODES = ["multi_threading", pytest.param("multi_processing", marks=pytest.mark.slow)]
DAY_AFTER_NEXT = int(dt.datetime(2026, 1, 3, tzinfo=dt.UTC).timestamp())
"""After AS_OF."""
MARK = "Zanzibar"
"""Stands in every name, and in nothing else."""


def story(seed=1):
    chance = random.Random(seed)
    found = []
    for number in range(240):
        second, likes = logs.START + chance.randrange(10**7), chance.randrange(len(PATHS))
        for _ in range(chance.choice((1, 2, 2, 4, 6))):
            found.append((f"{MARK}-{number}", second, PATHS[(likes + chance.randrange(4)) % len(PATHS)]))
            second += chance.choice((30, 300, 5000))
    return found


def write_logs(folder, parts=1, seed=1):
    folder.mkdir(parents=True)
    told = story()
    random.Random(seed).shuffle(told)
    for part in range(parts):
        content = logs.combined(told[part::parts]).replace(b"Mozilla/5.0", f"{MARK}/5.0".encode())
        late = logs.access_line(f"{MARK}-1", DAY_AFTER_NEXT, PATHS[0]).encode()
        (folder / f"access-{seed}-{part}.log").write_bytes(content + b"broken Zanzibar line\n" + late)
    return folder


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readings")
    return postkin(BLOG, folder / "out", "--readings", str(write_logs(folder / "logs")))


def test_a_run_with_logs_is_sound_and_has_nothing_else_more(read, blog):
    check_sound(read)
    assert set(read.files()) - set(blog.files()) == {*FILES_OF_READINGS}
    assert set(read.run) - set(blog.run) == {"readings"}
    config = read.run["config"]
    assert {*config} - {*blog.run["config"]} == {
        "readings",
        "readings_format",
        "readings_field",
        *("least_readers", "reader_themes"),
    }
    assert config["related_by"] == [*blog.run["config"]["related_by"], "readers"]
    assert blog.run["config"] | {"related_by": config["related_by"]} == {
        name: config[name] for name in blog.run["config"]
    }
    for table, described in blog.run["tables"].items():
        assert table in ("articles", "map", "related", "metrics") or read.run["tables"][table] == described, table


def test_related_posts_are_told_by_readers_too(read, blog):
    pairs = {(row["id"], other["id"]): other["readers"] for row in read.rows("also_read") for other in row["also"]}
    whys = {(row["id"], other["id"]): other["why"] for row in read.similar() for other in row["related"]}
    told = {pair: why for pair, why in whys.items() if "readers" in why}
    assert len(told) > 10
    for pair, why in told.items():
        assert 0 < why["readers"] <= 1
        assert why["read_together"] in (3, 5, 10, 20, 50, 100)
        assert pairs.get(pair, why["read_together"]) == why["read_together"]
    assert any(why["counted"][0] == "readers" for why in told.values())
    assert not any("readers" in why["counted"] for pair, why in whys.items() if pair not in told)
    assert not any({"readers", "read_together"} & {*other["why"]} for row in blog.similar() for other in row["related"])
    assert "read by the same readers" in read.text("report.html")


def test_what_is_most_read_is_told_by_logs_where_page_views_are_not_given(read, blog, tmp_path):
    views = {row["id"]: row["views"] for row in read.rows("articles")}
    readers = {row["id"]: row["readers"] for row in read.rows("also_read")}
    assert {*readers} <= {id_ for id_, of in views.items() if of}
    assert all(views[id_] >= of for id_, of in readers.items())
    assert {*views.values()} <= {None, 3, 5, 10, 20, 50, 100}
    assert [row | {"views": None} for row in read.rows("articles")] == blog.rows("articles")
    features = {
        (row["id"], other["id"])
        for row in read.rows("related")
        for other in row["related"]
        if other["kind"] == "popular_in_cluster"
    }
    theme = {row["id"]: row["cluster"] for row in read.rows("members")}
    assert features
    for id_, other in features:
        assert theme[id_] == theme[other]
        assert views[other]
    assert "reads in the logs of readers, rounded down" in read.text("report.html")

    (tmp_path / "views.csv").write_text("path,views\n/no-such-post/,7\n", encoding="utf-8")
    given = ("--popularity", str(tmp_path / "views.csv"), "--readings", str(write_logs(tmp_path / "logs")))
    assert postkin(BLOG, tmp_path / "out", *given).rows("articles") == blog.rows("articles")


def test_the_frame_of_related_posts_has_what_readers_tell(read):
    frame = load_run(read.folder).frame("related").set_index(["id", "other"])
    for row in read.similar():
        for other in row["related"]:
            found = frame.loc[[(row["id"], other["id"])]].query("kind == 'similar'").iloc[0]
            for name in ("readers", "read_together"):
                told = other["why"].get(name)
                assert np.isnan(found[f"why_{name}"]) if told is None else found[f"why_{name}"] == told


def test_a_site_has_what_was_also_read(read, blog, tmp_path, monkeypatch, capsys):
    for name, results in (("run", read), ("without", blog)):
        shutil.copytree(results.folder, tmp_path / name)
        described = results.run
        described["config"]["input"] = ["content"]
        (tmp_path / name / "run.json").write_text(json.dumps(described), encoding="utf-8")
    shutil.copytree(BLOG, tmp_path / "content")
    (tmp_path / "hugo.toml").write_text("title = 'Lanterns'\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert export.main(["run", "--with", "also_read", "--related", "3", "--quiet"]) == 0
    found = json.loads((tmp_path / "assets/postkin.json").read_text(encoding="utf-8"))["also_read"]
    rows = {row["id"]: row for row in read.rows("articles")}
    japanese = {id_ for id_, row in rows.items() if row["language"] == "ja"}
    expected = {
        rows[row["id"]]["path"]: [
            rows[other["id"]]["path"] for other in row["also"] if (other["id"] in japanese) == (row["id"] in japanese)
        ][:3]
        for row in read.rows("also_read")
    }
    assert found == {path: others for path, others in expected.items() if others}
    assert export.main(["without", "--with", "also_read"]) == 2
    assert "--readings" in capsys.readouterr().err


def test_readers_are_left_out_of_related_posts_where_they_are_not_asked_for(read, blog, tmp_path):
    parts = ",".join(blog.run["config"]["related_by"])
    results = postkin(BLOG, tmp_path / "out", "--readings", str(write_logs(tmp_path / "logs")), "--related-by", parts)
    assert results.similar() == blog.similar()
    assert results.files()["data/also_read.jsonl"] == read.files()["data/also_read.jsonl"]


def test_related_by_readers_needs_logs(tmp_path, capsys):
    argv = ["--input", str(BLOG), "--output", str(tmp_path / "out"), "--related-by", "readers"]
    assert command.main(argv) == 2
    assert "--readings" in capsys.readouterr().err


def test_pairs_are_of_posts_and_of_three_readers_at_least(read):
    rows = read.rows("also_read")
    assert len(rows) > 10
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    for row in rows:
        assert 0 < len(row["also"]) <= 10
        assert row["id"] not in [other["id"] for other in row["also"]]
        assert {other["id"] for other in row["also"]} | {row["id"]} <= set(read.ids)
        assert all(3 <= other["readers"] <= row["readers"] for other in row["also"])
        scores = [other["score"] for other in row["also"]]
        assert scores == sorted(scores, reverse=True)
        assert 0 < scores[-1] <= scores[0] < 1


def test_what_readers_taught_is_of_posts_with_readers(read):
    method = read.json("data/next.json")
    choice = read.run["readings"]["next"]
    assert method["method"] == choice["method"]
    assert method["weights"] == choice["weights"]
    assert method["half_life"] == 3
    assert choice["trials"][choice["method"]]["ndcg"] > choice["trials"]["content mean, recent"]["ndcg"]
    rows = pq.read_table(read.folder / "data/next.parquet").to_pylist()
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert {row["id"] for row in rows} <= {*read.ids}
    assert max(len(row["ids"]) for row in rows) >= 3
    for row in rows:
        assert row["weights"] == sorted(row["weights"], reverse=True)
        assert row["id"] not in row["ids"]
        assert {row["readers"], row["recent"]} <= {0, 3, 5, 10, 20, 50, 100}
    vectors = pq.read_table(read.folder / "data/reading_vectors.parquet").to_pylist()
    assert len(vectors) > 5
    assert min(row["readers"] for row in vectors) >= 5
    assert {len(row["vector"]) for row in vectors} == {64}


def test_themes_of_readers_and_gaps_are_of_readers_enough(read):
    found = read.json("data/reader_themes.json")
    assert found["readers"] >= sum(theme["size"] for theme in found["themes"]) > 100
    assert [theme["number"] for theme in found["themes"]] == list(range(1, len(found["themes"]) + 1))
    assert len({theme["name"] for theme in found["themes"]}) == len(found["themes"])
    for theme in found["themes"]:
        assert theme["size"] >= 20
        assert theme["size"] % 5 == 0
        assert 0 < len(theme["articles"]) <= 4
        assert {row["id"] for row in (*theme["articles"], *theme["over_read"])} <= set(read.ids)
        assert all(row["readers"] >= 3 for row in theme["over_read"])
    gaps = read.json("data/reading_gaps.json")
    assert all(pair["readers"] >= 3 for pair in gaps["unexplained"])
    assert all(row["readers"] >= 3 for row in gaps["overlooked"])


def test_the_map_has_a_layer_by_readers(read, blog):
    rows = read.rows("map")
    by_readers = [row for row in rows if row["method"] == "readers"]
    assert len(by_readers) > 10
    assert all(-1 <= row[axis] <= 1 for row in by_readers for axis in "xy")
    assert [row for row in rows if row["method"] != "readers"] == blog.rows("map")
    assert ">by readers</option>" in read.text("report.html")


def test_rows_are_counted_by_what_became_of_them(read):
    counted = read.run["readings"]
    assert fits(counted, CONTRACT["run.json"]["readings"])
    assert counted["published"]
    assert counted["rows"] == counted["reads"] + sum(counted["dropped"].values())
    assert counted["dropped"]["unreadable"] == counted["dropped"]["future"] == 1
    assert "2024-03-05" <= counted["since"] < counted["until"] < "2025"
    assert [fault["reason"] for fault in counted["faults"]] == ["unreadable"]


@pytest.mark.parametrize("mode", MODES)
def test_the_order_of_files_and_rows_and_the_workers_do_not_matter(read, tmp_path, mode):
    workers = ["--direct_running_mode", mode, "--direct_num_workers", "2"]
    parts = write_logs(tmp_path / "logs", 5, seed=2)

    again = postkin(BLOG, tmp_path / "out", "--readings", *map(str, sorted(parts.iterdir())[::-1]), *workers)

    for file in (*FILES_OF_READINGS, "data/related.jsonl"):
        assert again.files()[file] == read.files()[file], file
    assert again.run["readings"]["next"] == read.run["readings"]["next"]
    assert again.run["digest"] == read.run["digest"]


def test_a_later_run_without_logs_leaves_nothing_of_them(read, blog, tmp_path):
    postkin(BLOG, tmp_path / "out", "--readings", str(write_logs(tmp_path / "logs")))

    results = postkin(BLOG, tmp_path / "out")

    assert results.files().keys() == blog.files().keys()
    assert results.run["digest"] == blog.run["digest"]


def test_nothing_of_a_reader_is_in_the_output_logs_or_temporary_files(tmp_path, monkeypatch, capfd, caplog):
    """All that is written stays, so that it can be searched; names are in the logs that are read, and nowhere else."""
    given = write_logs(tmp_path / "logs")
    for kept in ("out", "tmp"):
        (tmp_path / kept).mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    caplog.set_level("DEBUG")

    flags = [flag for flag in USUAL if flag != "--quiet"]
    argv = ["--input", str(BLOG), "--output", str(tmp_path / "out"), "--readings", str(given), "--verbose", *flags]
    assert command.main(argv) == 0

    said = capfd.readouterr()
    written = [path for folder in ("out", "tmp") for path in (tmp_path / folder).rglob("*") if path.is_file()]
    assert any(".staging-" in str(path) for path in written)
    assert "reading log" in said.err + caplog.text
    assert re.search(
        r"postkin: [\d,]+ reads of posts by 2\d\d readers in [\d,]+ rows of logs; \d+ posts have", said.out
    )
    for text in (said.out, said.err, caplog.text):
        assert MARK not in text
    for path in written:
        assert MARK.encode() not in path.read_bytes(), path
        assert MARK not in str(path)


def test_little_is_told_by_few_readers(tmp_path):
    told = [row for row in story() if int(row[0].split("-")[1]) < 40]
    (tmp_path / "access.log").write_bytes(logs.combined(told))

    few = postkin(BLOG, tmp_path / "out", "--readings", str(tmp_path / "access.log"))

    check_sound(few)
    assert not few.run["readings"]["published"]
    assert (few.run["readings"]["readers"], few.run["readings"]["since"]) == (20, None)
    assert few.run["readings"]["next"] is None
    assert few.json("data/next.json") == {"method": "content mean, recent", "half_life": 3, "weights": {}}
    for table in ("also_read", "next_weights", "reading_vectors"):
        assert few.run["tables"][table]["rows"] == 0
    assert pq.read_table(few.folder / "data/next.parquet").num_rows == 0


def test_few_readers_are_told(read):
    few = {**read.run["readings"], "published": False, "readers": 12}
    (line,) = reading_lines({**read.run, "readings": few})
    assert line.endswith("nothing is told by them: fewer than 50 readers have read two posts")
    assert reading_lines({}) == []
    none = {**few, "reads": 0, "rows": 9, "dropped": {"failed": 2, "no_post": 7}}
    assert reading_lines({**read.run, "readings": none}) == [
        "warning: no read of a post in 9 rows of logs: 7 addresses of no post, such as pictures and feeds;"
        " 2 requests that showed no page"
    ]
    empty = {**none, "rows": 0, "dropped": {}}
    assert reading_lines({**read.run, "readings": empty}) == ["warning: no read of a post in 0 rows of logs"]


def test_errors_do_not_quote_a_log(tmp_path, capsys):
    for name, content in {
        "diary.txt": f"dear diary, {MARK} came by",
        "counts.csv": f"page,visitors\n/{MARK}/,3\n",
        "json": f'{{"who": "{MARK}"}}',
        "parquet": f"PAR1{MARK}",
    }.items():
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        argv = ["--input", str(BLOG), "--output", str(tmp_path / "out"), "--readings", str(path)]
        assert command.main(argv) == 2
        said = capsys.readouterr()
        assert said.err.count("\n") == 1
        assert MARK not in said.out + said.err


def test_a_run_with_logs_can_be_rendered_again(read, tmp_path):
    from jobs import render

    page = read.text("report.html")
    assert render.main([str(read.folder)]) == 0
    assert read.text("report.html") == page
