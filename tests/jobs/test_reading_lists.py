"""What to read next, and what is like what, asked of real output folders."""

import io
import json
import os
import shutil
import subprocess
import sys
import time

import numpy as np
import pyarrow.parquet as pq
import pytest

from jobs import next as next_job
from jobs import similar
from tests.jobs.report.test_readings import write_logs
from tests.jobs.results import BLOG, ROOT, postkin, seal, write_posts


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    return postkin(BLOG, folder / "out", "--readings", str(write_logs(folder / "logs")))


@pytest.fixture
def copy(read, tmp_path):
    shutil.copytree(read.folder, tmp_path / "run")
    return tmp_path / "run"


def history(tmp_path, *lines):
    path = tmp_path / "history.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def asked(job, capsys, *argv):
    assert job.main([*map(str, argv), "--format", "json"]) == 0
    out, err = capsys.readouterr()
    return json.loads(out), err


def refused(job, capsys, *argv):
    assert job.main([*map(str, argv)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_posts_to_read_next_are_others(read, tmp_path, capsys):
    first, second = read.rows("articles")[:2]
    path = history(tmp_path, f"https://example.org/{first['id']}/?utm=x#top", second["path"], "", first["id"])

    answer, err = asked(next_job, capsys, read.folder, "--history", path, "--count", "5")

    assert err == ""
    assert answer["method"] == read.run["readings"]["next"]["method"]
    assert answer["read"] == 2
    ids = [post["id"] for post in answer["posts"]]
    assert len(ids) == len(set(ids)) == 5
    assert not {*ids} & {first["id"], second["id"]}
    rows = read.by_id("articles")
    for post in answer["posts"]:
        assert (post["title"], post["path"], post["url"]) == tuple(
            rows[post["id"]][key] for key in ("title", "path", "url")
        )


def test_a_read_speaks_for_what_is_read_with_it(read, tmp_path, capsys):
    languages = {row["id"]: row["language"] for row in read.rows("articles")}
    rows = pq.read_table(read.folder / "data/next.parquet").to_pylist()
    together = (row for row in rows if row["ids"] and languages[row["ids"][0]] == languages[row["id"]])
    strongest = max(together, key=lambda row: row["weights"][0])

    answer, _ = asked(next_job, capsys, read.folder, "--history", history(tmp_path, strongest["id"]))

    assert strongest["ids"][0] in [post["id"] for post in answer["posts"][:4]]


def test_the_order_of_what_was_read_matters(read, tmp_path, capsys):
    ids = read.ids[:6]
    one, _ = asked(next_job, capsys, read.folder, "--history", history(tmp_path, *ids))
    other, _ = asked(next_job, capsys, read.folder, "--history", history(tmp_path, *ids[::-1]))

    assert [post["score"] for post in one["posts"]] != [post["score"] for post in other["posts"]]


def test_without_readers_the_texts_tell(blog, tmp_path, capsys):
    answer, _ = asked(next_job, capsys, blog.folder, "--history", history(tmp_path, blog.ids[0]), "--count", "3")

    cosines = blog.near @ blog.near[0]
    cosines[0] = -1
    assert answer["method"] == "content mean, recent"
    expected = [blog.ids[row] for row in np.argsort(-cosines, kind="stable")]
    languages = {row["id"]: row["language"] for row in blog.rows("articles")}
    expected = [id_ for id_ in expected if languages[id_] == languages[blog.ids[0]]]
    assert [post["id"] for post in answer["posts"]] == expected[:3]


def test_what_was_read_may_come_from_the_standard_input(read, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + read.ids[0].encode() + b"\r\n")))

    assert asked(next_job, capsys, read.folder, "--history", "-")[0]["read"] == 1


def test_wrong_lines_are_counted_and_not_quoted(read, tmp_path, capsys):
    path = history(tmp_path, "/secret-page/", read.ids[0], "", "/another-secret/")

    answer, err = asked(next_job, capsys, read.folder, "--history", path)

    assert answer["read"] == 1
    assert err == "postkin next: 2 of 3 lines are of no post: line 1, 4\n"
    many = next_job.say_wrong(next_job.Read((0,), tuple(range(1, 31)), 40))
    assert many == f"30 of 40 lines are of no post: line {', '.join(map(str, range(1, 21)))} and 10 more"


def test_nothing_of_what_was_read_is_written(copy, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    path = history(tmp_path, "posts/secret-page", first_id(copy))
    before = {file: file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file()}

    asked(next_job, capsys, copy, "--history", path)

    assert {file: file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file()} == before


@pytest.mark.parametrize(
    ("lines", "why"), [(["/nowhere/"], "names no post"), ([], "names no post"), (["\0\n\x1b[31m"], "names no post")]
)
def test_a_history_without_posts_is_refused(read, tmp_path, capsys, lines, why):
    err = refused(next_job, capsys, read.folder, "--history", history(tmp_path, *lines))
    assert why in err
    assert "nowhere" not in err


def test_what_cannot_be_read_is_refused(read, tmp_path, capsys, monkeypatch):
    assert "No such file" in refused(next_job, capsys, read.folder, "--history", tmp_path / "none")
    assert "holds no run.json" in refused(next_job, capsys, tmp_path, "--history", history(tmp_path, read.ids[0]))
    assert "is not a whole number" in refused(next_job, capsys, read.folder, "--history", "-", "--count", "0")
    assert "--history" in refused(next_job, capsys, read.folder)
    monkeypatch.setattr(next_job, "MAX_BYTES", 3)
    assert "larger" in refused(next_job, capsys, read.folder, "--history", history(tmp_path, read.ids[0]))


def test_translations_of_what_was_read_are_left_out(tmp_path, capsys):
    text = "Gardens need water and much sun, {} and roses need both of them each day.\n"
    posts = {
        f"{language}/{name}.md": f"---\ntitle: {name} {language}\nlang: {language}\ndate: 2024-01-02\n---\n"
        + text.format(name) * 3
        for name in ("apples", "pears", "plums", "figs")
        for language in ("en", "de")
    }
    write_posts(tmp_path / "posts", posts)
    results = postkin(tmp_path / "posts", tmp_path / "out", "--site-generator", "hugo", "--any-language")
    assert results.by_id("translations")["en/apples"]["translations"]

    answer, _ = asked(next_job, capsys, results.folder, "--history", history(tmp_path, "en/apples"))

    ids = [post["id"] for post in answer["posts"]]
    assert len(ids) == 6
    assert "de/apples" not in ids


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda row: row | {"method": "magic"}, "unknown"),
        (lambda row: row | {"method": "learned blend", "weights": {}}, "lacks a weight"),
        (lambda row: row | {"weights": {"text": {"text": "much"}}}, "next.json"),
        (lambda row: [row], "next.json"),
    ],
)
def test_a_method_that_is_none_of_ours_is_refused(copy, tmp_path, capsys, change, why):
    path = copy / "data/next.json"
    path.write_text(json.dumps(change(json.loads(path.read_text()))), encoding="utf-8")
    seal(copy, "data/next.json")

    assert why in refused(next_job, capsys, copy, "--history", history(tmp_path, first_id(copy)))


@pytest.mark.parametrize("file", ["data/next.parquet", "data/vectors.parquet"])
def test_damaged_arrays_are_refused(copy, tmp_path, capsys, file):
    (copy / file).write_bytes(b"PAR1 no such thing PAR1")
    assert "is not the file that run.json describes" in refused(
        next_job, capsys, copy, "--history", history(tmp_path, first_id(copy))
    )
    seal(copy, file)
    assert "holds no run of this version" in refused(
        next_job, capsys, copy, "--history", history(tmp_path, first_id(copy))
    )


def first_id(folder):
    return json.loads((folder / "data/articles.jsonl").read_text(encoding="utf-8").splitlines()[0])["id"]


def test_similar_posts_are_the_nearest_by_text(blog, capsys):
    found, err = asked(similar, capsys, blog.folder, "--like", blog.ids[3], "--count", "4")

    cosines = blog.near @ blog.near[3]
    cosines[3] = -1
    assert err == ""
    assert [post["id"] for post in found] == [blog.ids[row] for row in np.argsort(-cosines, kind="stable")[:4]]
    assert [post["cosine"] for post in found] == pytest.approx(np.sort(cosines)[::-1][:4], abs=1e-3)
    assert {post["readers"] for post in found} == {None}


def test_analogies_are_sums_of_vectors(blog, capsys):
    rows = blog.rows("articles")
    like, unlike = [rows[1]["path"], f"/{rows[2]['id']}/"], [rows[5]["id"]]

    found, _ = asked(similar, capsys, blog.folder, "--like", *like, "--unlike", *unlike, "--count", "3")

    towards = blog.near[1] + blog.near[2] - blog.near[5]
    cosines = blog.near @ towards / np.linalg.norm(towards)
    cosines[[1, 2, 5]] = -1
    assert [post["id"] for post in found] == [blog.ids[row] for row in np.argsort(-cosines, kind="stable")[:3]]


def test_by_readers_obscure_posts_are_no_answers(read, capsys):
    known = pq.read_table(read.folder / "data/reading_vectors.parquet").to_pylist()
    asked_for = known[0]["id"]

    for least in (5, 20, 50):
        found, _ = asked(similar, capsys, read.folder, "--like", asked_for, "--by", "readers", "--least", least)
        wanted = {row["id"] for row in known if row["readers"] >= least} - {asked_for}
        assert {post["id"] for post in found} <= wanted
        assert len(found) == min(10, len(wanted))
        vectors = {row["id"]: np.array(row["vector"]) for row in known}
        for post in found:
            assert post["cosine"] == pytest.approx(vectors[post["id"]] @ vectors[asked_for], abs=1e-3)


def test_what_is_no_post_is_refused_with_a_guess(read, blog, capsys):
    id_ = blog.ids[0]
    assert f"did you mean '{id_}'" in refused(similar, capsys, blog.folder, "--like", f"{id_}s")
    assert "give the id" in refused(similar, capsys, blog.folder, "--like", "§§§§")
    assert "same posts" in refused(similar, capsys, blog.folder, "--like", id_, "--unlike", id_)
    assert "knows no readers" in refused(similar, capsys, blog.folder, "--like", id_, "--by", "readers")
    assert "give it with --by readers" in refused(similar, capsys, blog.folder, "--like", id_, "--least", "5")
    few = {*read.ids} - {*pq.read_table(read.folder / "data/reading_vectors.parquet")["id"].to_pylist()}
    if few:
        assert "fewer than 5 readers" in refused(similar, capsys, read.folder, "--like", min(few), "--by", "readers")


def test_tables_have_a_row_for_each_post(read, tmp_path, capsys):
    id_ = read.ids[0]
    assert next_job.main([str(read.folder), "--history", history(tmp_path, id_), "--count", "3"]) == 0
    assert capsys.readouterr().out.count("\n") == 5
    known = pq.read_table(read.folder / "data/reading_vectors.parquet")["id"].to_pylist()
    assert similar.main([str(read.folder), "--like", known[0], "--by", "readers", "--least", "5", "--count", "3"]) == 0
    assert "| readers |" in capsys.readouterr().out


@pytest.mark.parametrize("argv", [["next", "RUN", "--history", "-"], ["similar", "RUN", "--like", "ID"]])
def test_the_commands_start_in_a_moment_without_beam(read, argv):
    code = (
        "import sys, jobs.cli; code = jobs.cli.main(sys.argv[1:]);"
        "sys.exit(code or 9 * any(name in sys.modules for name in ('apache_beam', 'pandas', 'faiss', 'sklearn')))"
    )
    given = [{"RUN": str(read.folder), "ID": read.ids[0]}.get(one, one) for one in argv]
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, *given],
        input=f"{read.ids[0]}\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - start < 20
