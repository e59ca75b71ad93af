"""A run's data for a site: the command, what it writes and what it refuses."""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from jobs import export
from reports.site.next_script import next_script
from tests.jobs.results import BLOG, ROOT, Results, seal
from transforms.numerics.arrays import unit_rows
from transforms.output.layout import table_file

FILE = "assets/postkin.json"


def change_config(run, **values):
    path = run / "run.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    for name, value in values.items():
        content["site" if name in content["site"] else "config"][name] = value
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def site(blog, tmp_path, monkeypatch):
    """A Hugo site of the blog's posts, and a run of it in `run`; it is the working folder."""
    root = tmp_path / "site"
    shutil.copytree(blog.folder, root / "run")
    shutil.copytree(BLOG, root / "content")
    (root / "hugo.toml").write_text("title = 'Lanterns'\n", encoding="utf-8")
    change_config(root / "run", input=["content"])
    monkeypatch.chdir(root)
    return root


def exported(file=FILE):
    content = Path(file).read_bytes()
    found = json.loads(content)
    assert yaml.safe_load(content.decode()) == found
    return found


def refused(capsys, *flags, code=2):
    before = sorted(path for path in Path().rglob("*") if not path.is_relative_to("run"))
    assert export.main(["run", *flags]) == code
    assert sorted(path for path in Path().rglob("*") if not path.is_relative_to("run")) == before
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("postkin export: ")
    assert err.count("\n") == 1
    return err


def test_the_file_says_what_the_table_says(site, blog, capsys):
    assert export.main(["run/"]) == 0
    assert capsys.readouterr().out == f"postkin: 64 posts for hugo: {FILE}\n"
    paths = {row["id"]: row["path"] for row in blog.rows("articles")}
    similar = {
        paths[row["id"]]: [paths[other["id"]] for other in row["related"] if other["kind"] == "similar"]
        for row in blog.rows("related")
    }
    assert exported() == {"version": 1, "related": similar}
    assert len(similar) == 64
    assert sum(map(len, similar.values())) > 200
    assert [*Path("assets").iterdir()] == [Path(FILE)]


def test_the_same_run_gives_the_same_bytes(site):
    assert export.main(["run", "--quiet", "--with", "themes,tags,why,translations,new,next"]) == 0
    first = Path(FILE).read_bytes()
    shutil.rmtree("content")  # what posts are called does not depend on the files
    assert export.main(["run", "--quiet", "--with", "next,new,why,tags,themes,translations"]) == 0
    assert Path(FILE).read_bytes() == first


def test_more_is_written_on_request(site, blog):
    assert export.main(["run", "--with", "themes,tags,why,translations,new,next", "--quiet"]) == 0
    found = exported()
    assert [*found] == ["version", "related", "theme", "themes", "tags", "why", "translations", "new", "next"]
    paths = {row["id"]: row["path"] for row in blog.rows("articles")}
    titles = {row["path"]: row["title"] for row in blog.rows("articles")}
    assert found["theme"] == {paths[row["id"]]: row["cluster"] for row in blog.rows("members")}
    clusters = blog.clusters
    assert found["themes"] == [{"number": c["number"], "name": c["name"], "posts": c["size"]} for c in clusters]
    least = blog.run["tag_trial"]["least"]
    carried = Counter(tag for row in blog.rows("articles") for tag in row["tags"])
    proposed = {
        paths[row["id"]]: [
            tag["tag"]
            for tag in row["recommended"]
            if not tag["present"] and tag["score"] >= max(least, carried[tag["tag"]] / len(paths))
        ]
        for row in blog.rows("tags")
    }
    assert found["tags"] == {path: tags for path, tags in proposed.items() if tags}
    assert 0 < sum(map(len, proposed.values())) < 640
    newest = {}
    for row in blog.rows("related"):
        key = paths[row["id"]]
        similar = [other for other in row["related"] if other["kind"] == "similar"]
        newest.update((key, paths[other["id"]]) for other in row["related"] if other["kind"] == "newest_in_cluster")
        assert [why["key"] for why in found["why"].get(key, [])] == found["related"][key]
        for why, other in zip(found["why"].get(key, []), similar, strict=True):
            assert (why["score"], why["confidence"]) == (other["score"], other["confidence"])
            assert why["title"] == titles[why["key"]]
            assert why["why"] == {name: other["why"][name] for name in ("counted", "shared_tags", "shared_words")}
    assert found["new"] == newest
    assert newest


def test_the_script_comes_with_what_it_needs(site, blog, capsys):
    said = f"postkin: 64 posts for hugo: {FILE}, static/next.js"
    assert export.main(["run", "--script", "static/next.js"]) == 0
    assert capsys.readouterr().out == f"{said}\n"
    assert Path("static/next.js").read_bytes() == next_script()
    found = exported()
    assert [*found] == ["version", "related", "next"]
    rows = {row["id"]: row for row in blog.rows("articles")}
    table = pq.read_table("run/data/vectors.parquet").to_pydict()
    near = unit_rows(np.array(table["vector"], np.float32)[:, : blog.run["encoder"]["neighbor_dim"]])
    small = unit_rows(
        np.array([np.frombuffer(base64.b64decode(found["next"][rows[id_]["path"]][1]), np.int8) for id_ in table["id"]])
    )
    assert small.shape[1] <= 64
    assert np.abs(small @ small.T - near @ near.T).max() < 0.02
    japanese = {row["path"] for row in rows.values() if row["language"] == "ja"}
    assert {path for path, (language, _) in found["next"].items() if language == "ja"} == japanese
    assert {language for language, _ in found["next"].values()} == {"en", "ja"}
    assert export.main(["run", "--script", "static/next.js", "--check"]) == 0
    assert capsys.readouterr().out == f"{said} is up to date\n"
    with Path("static/next.js").open("a", encoding="utf-8") as script:
        script.write("more")
    assert "static/next.js is not up to date" in refused(capsys, "--script", "static/next.js", "--check", code=1)
    assert export.main(["run", "--script", "static/next.js", "--quiet"]) == 0
    assert Path("static/next.js").read_bytes() == next_script()


def test_a_link_in_place_of_the_script_is_not_followed(site, capsys):
    Path("next.js").symlink_to("hugo.toml")
    assert "'next.js' is a link, which may lead anywhere: delete it, or give --script" in refused(
        capsys, "--script", "next.js"
    )


def test_fewer_and_surer_posts(site, blog):
    assert export.main(["run", "--related", "2", "--min-confidence", "0.6", "--quiet"]) == 0
    found = exported()
    paths = {row["id"]: row["path"] for row in blog.rows("articles")}
    for row in blog.rows("related"):
        sure = [o for o in row["related"] if o["kind"] == "similar" and (o["confidence"] or 1) >= 0.6]
        assert found["related"][paths[row["id"]]] == [paths[other["id"]] for other in sure[:2]]
    assert 0 < sum(map(len, found["related"].values())) < 128


def test_posts_in_other_languages_are_left_out(site, blog):
    language = {row["path"]: row["language"] for row in blog.rows("articles")}
    english = next(row for row in blog.rows("articles") if row["language"] in (None, "en"))
    japanese = next(row for row in blog.rows("articles") if row["language"] == "ja")
    rows = blog.rows("related")
    row = next(row for row in rows if row["id"] == english["id"])
    row["related"][0]["id"] = japanese["id"]
    write_table("run", "related", rows)
    change_config(Path("run"), any_language=True)
    assert export.main(["run", "--any-language", "--quiet"]) == 0
    with_others = exported()["related"]
    assert japanese["path"] in with_others[english["path"]]
    assert export.main(["run", "--quiet"]) == 0
    found = exported()["related"]
    assert found[english["path"]] == with_others[english["path"]][1:]
    assert all((language[path] == "ja") == (language[other] == "ja") for path in found for other in found[path])


def write_table(run, table, rows):
    """Put rows in a table of a run, whose digest is made anew."""
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    Path(run, table_file(table)).write_text(content, encoding="utf-8")
    seal(Path(run), table_file(table))


def test_check_tells_whether_the_file_would_change(site, capsys):
    assert refused(capsys, "--check", code=1) == f"postkin export: {FILE} is missing; run it without --check\n"
    assert export.main(["run", "--quiet"]) == 0
    content = Path(FILE).read_bytes()
    assert export.main(["run", "--check"]) == 0
    assert capsys.readouterr().out == f"postkin: 64 posts for hugo: {FILE} is up to date\n"
    changed = json.loads(content)
    changed["related"].pop("2020/same.md")
    changed["related"]["2020/same.markdown"] = []
    Path(FILE).write_text(json.dumps(changed), encoding="utf-8")
    said = refused(capsys, "--check", code=1)
    assert said == (
        f"postkin export: {FILE} is not up to date: 1 post more, 1 post with other related posts;"
        " run it without --check\n"
    )
    assert json.loads(Path(FILE).read_bytes()) == changed
    assert export.main(["run", "--quiet"]) == 0
    assert Path(FILE).read_bytes() == content


def test_a_post_that_no_template_can_name_is_left_out(site, blog, capsys):
    rows = blog.rows("articles")
    long = rows[0]["path"] = f"{'x' * 200}/" * 5 + "a.md"
    write_table("run", "articles", rows)
    assert export.main(["run"]) == 0
    assert "63 posts (1 left out: their paths are too long for a key) for hugo" in capsys.readouterr().out
    assert long not in Path(FILE).read_text(encoding="utf-8")


def test_the_generator_that_the_run_found_is_taken(site):
    Path("hugo.toml").unlink()
    change_config(Path("run"), generator="hexo")
    Path("content").rename("source")
    change_config(Path("run"), input=["source"])
    assert export.main(["run", "--quiet"]) == 0
    assert Path("source/_data/postkin.json").is_file()


def test_plain_json_where_no_generator_is_known(site, capsys):
    Path("hugo.toml").unlink()
    assert export.main(["run"]) == 0
    assert capsys.readouterr().out == "postkin: 64 posts as plain JSON: postkin.json\n"
    assert all(key.startswith("content/") for key in exported("postkin.json")["related"])


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--with", "themes,stars"), "--with 'stars' is unknown; give any of themes,tags,why,translations,new,next"),
        (("--related", "0"), "argument --related: '0' is not a whole number from 1 up"),
        (("--related", "5"), "--related 5: the run has 4 for each post; run postkin report with --related 5"),
        (("--min-confidence", "2"), "'2' is not a number from 0 to 1"),
        (("--min-confidence", "0.05"), "--min-confidence 0.05: the run has left out what is below 0.1;"),
        (("--any-language",), "--any-language: the run relates posts in one language"),
        (("--site-generator", "zola"), "argument --site-generator: invalid choice: 'zola'"),
        (("--root", ""), "--root is empty"),
        (("--root", "content/2020"), "content/2020', where the hugo site has its posts; give its folder with --root"),
        (("--output", ""), "--output '' is no file on this machine"),
        (("--output", "run"), "--output 'run' is no file on this machine"),
        (("--output", "gs://bucket/x.json"), "--output 'gs://bucket/x.json' is no file on this machine"),
        (("--script", ""), "--script '' is no file on this machine"),
        (("--script", "run"), "--script 'run' is no file on this machine"),
        (("--script", "hugo.toml"), "'hugo.toml' is there and no file of postkin export; give another --script"),
        (("--script", FILE), f"--script '{FILE}' is the file of data; give the script a file of its own"),
        (("--output", "hugo.toml"), "'hugo.toml' is there and no file of postkin export; give another --output"),
        (("--output", "hugo.toml/x.json"), "'hugo.toml/x.json' cannot be written"),
        (("--stars",), "unknown flag --stars; see postkin export --help"),
    ],
)
def test_flags_that_cannot_be_met(site, capsys, flags, said):
    assert said in refused(capsys, *flags)


def test_a_folder_without_a_run(site, capsys):
    assert export.main(["content"]) == 2
    assert "holds no run.json" in capsys.readouterr().err


def test_a_run_that_was_changed(site, capsys):
    with Path("run/data/related.jsonl").open("a", encoding="utf-8") as table:
        table.write("\n")
    assert "is not the file that run.json describes" in refused(capsys)


def test_related_posts_that_are_not_there(site, blog, capsys):
    rows = blog.rows("related")
    rows[0]["related"][0]["id"] = "nowhere"
    write_table("run", "related", rows)
    assert "'nowhere' is in a table, and no post is" in refused(capsys)


def test_a_post_that_is_there_twice(site, blog, capsys):
    rows = blog.rows("articles")
    write_table("run", "articles", [*rows, rows[0]])
    assert "twice" in refused(capsys)
    rows[1]["path"] = rows[0]["path"]
    write_table("run", "articles", rows)
    assert "the run has two posts of one path" in refused(capsys)


@pytest.mark.parametrize("path", ["../a.md", "/etc/passwd"])
def test_a_path_that_leads_out(site, blog, capsys, path):
    rows = blog.rows("articles")
    rows[0]["path"] = path
    write_table("run", "articles", rows)
    assert "is not below an --input" in refused(capsys)


def test_posts_that_the_site_does_not_show(site, capsys):
    change_config(Path("run"), include=["pages", "drafts"])
    assert "has posts that the site does not show (--include drafts)" in refused(capsys)
    change_config(Path("run"), include=["pages"])
    assert export.main(["run", "--quiet"]) == 0


def test_a_run_of_vectors(site, capsys):
    change_config(Path("run"), input=[], vectors=["x.parquet"])
    assert "was made of --vectors" in refused(capsys)


def test_a_run_does_not_lead_to_another_site(site, tmp_path, capsys):
    other = tmp_path / "other"
    (other / "content").mkdir(parents=True)
    (other / "hugo.toml").touch()
    change_config(Path("run"), input=[str(other / "content")])
    assert "which is neither below nor above the working folder" in refused(capsys)
    assert sorted(path.name for path in other.iterdir()) == ["content", "hugo.toml"]


@pytest.mark.parametrize("link", ["assets", FILE])
def test_links_are_refused(site, tmp_path, capsys, link):
    target = tmp_path / "target"
    target.mkdir()
    Path(link).parent.mkdir(exist_ok=True)
    Path(link).symlink_to(target if link == "assets" else target / "x.json")
    assert "is a link, which may lead anywhere" in refused(capsys)
    assert [*target.iterdir()] == []
    if link == FILE:
        assert "is a link" in refused(capsys, "--output", FILE)


def test_what_is_in_the_way_is_refused(site, capsys):
    Path("assets").touch()
    assert "is in the way" in refused(capsys)
    Path("assets").unlink()
    Path(FILE).mkdir(parents=True)
    assert "is in the way" in refused(capsys)
    Path(FILE).rmdir()
    os.mkfifo(FILE)
    assert "is in the way" in refused(capsys, "--check")
    assert "is in the way" in refused(capsys, "--output", FILE)


def test_a_file_of_somebody_else_stays(site, capsys):
    Path("assets").mkdir()
    Path(FILE).write_text("{}", encoding="utf-8")
    assert "is there and no file of postkin export" in refused(capsys)
    assert Path(FILE).read_text(encoding="utf-8") == "{}"


def test_nothing_heavy_is_imported(site):
    heavy = "{'apache_beam', 'faiss', 'pandas', 'pyarrow', 'sklearn', 'tensorflow'}"
    code = f"import sys; from jobs.cli import main; code = main(sys.argv[1:]); print({heavy} & {{*sys.modules}}, code)"
    asked = [sys.executable, "-c", code, "export", "--quiet", str(site / "run")]
    environment = {"PYTHONPATH": str(ROOT)}
    answer = subprocess.run(asked, cwd=site, env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout == "set() 0\n"


def test_results_are_not_touched(site, blog):
    change_config(Path("run"))
    before = Results(Path("run")).files()
    assert export.main(["run", "--quiet"]) == 0
    assert Results(Path("run")).files() == before


@pytest.mark.parametrize("generator", ["none", "zola", "docusaurus"])
def test_a_generator_without_templates_of_its_own_gets_plain_json(site, generator):
    change_config(Path("run"), site_generator=generator)
    assert export.main(["run", "--quiet"]) == 0
    assert all(key.startswith("content/") for key in exported("postkin.json")["related"])


def test_tags_whose_scores_are_no_probabilities_are_all_written(site, blog):
    change_config(Path("run"), tags="means")
    assert export.main(["run", "--with", "tags", "--quiet"]) == 0
    lacking = sum(not tag["present"] for row in blog.rows("tags") for tag in row["recommended"])
    assert sum(map(len, exported()["tags"].values())) == lacking
