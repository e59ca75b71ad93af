"""A run that follows an earlier one."""

import json
import shutil

import pytest

from jobs import render
from jobs.report import command
from tests.jobs.results import AS_OF, BLOG, Results, check_sound
from transforms.state.files import load_state

EDITED, REMOVED = "2019/css-grid-dashboard", "2020/contrast"
MISSING = "The folder of --previous holds no earlier run. This run starts anew, and the next one can follow it."


def run(posts, output, *flags):
    assert command.main(["--input", str(posts), "--output", str(output), "--as-of", AS_OF, *flags]) == 0
    return Results(output)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return run(BLOG, tmp_path_factory.mktemp("first") / "out", "--map", "pca", "--quiet")


def tables(results):
    return {file: content for file, content in results.files().items() if file.startswith("data/")}


def test_a_first_run_says_that_there_is_none_before_it(first, tmp_path, capsys):
    results = run(BLOG, tmp_path / "out", "--map", "pca", "--previous", str(tmp_path / "out"))
    warnings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("postkin: warning: ")]
    assert warnings[-1] == f"postkin: warning: {MISSING}"
    assert results.run["warnings"][-1] == {"code": "previous_missing", "count": 0, "of": 0, "names": []}
    assert results.run["config"]["previous"] is None
    assert MISSING in results.text("report.html")
    assert tables(results) == tables(first)
    check_sound(results)


@pytest.mark.parametrize("change", [{"format": 1}, {"tables": {}}])
def test_a_run_that_cannot_be_read_is_not_followed(first, tmp_path, change):
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    (earlier / "run.json").write_text(json.dumps(first.run | change))
    results = run(BLOG, tmp_path / "out", "--map", "pca", "--quiet", "--previous", str(earlier))
    assert results.run["warnings"][-1]["code"] == ("previous_format" if "format" in change else "previous_damaged")
    assert tables(results) == tables(first)


@pytest.fixture(scope="module")
def second(first, tmp_path_factory):
    """A run on the same blog with a post more, one fewer, and one that was edited."""
    posts = tmp_path_factory.mktemp("second") / "posts"
    shutil.copytree(BLOG, posts)
    (posts / "new.md").write_text("---\ntitle: A new post\ntags: [quite-new]\n---\nIt goes [nowhere](gone.md).\n")
    (posts / f"{EDITED}.md").write_text((posts / f"{EDITED}.md").read_text() + "\nA last word.\n")
    (posts / f"{REMOVED}.md").unlink()
    return run(posts, posts.parent / "out", "--map", "pca", "--quiet", "--previous", str(first.folder))


def test_changes_are_told(first, second):
    changes = second.rows("changes")
    told = {(row["kind"], row["id"]) for row in changes if row["kind"].startswith("post-")}
    assert told == {("post-added", "new"), ("post-removed", REMOVED), ("post-changed", EDITED)}
    assert {row["id"] for row in changes if row["kind"] == "tag-added"} == {"quite-new"}
    broken = [row for row in changes if row["kind"] == "link-broken" and row["id"] == "new"]
    assert [row["after"] for row in broken] == [["gone.md"]]
    before, after = first.similar_by_id(), second.similar_by_id()
    others = {
        id_
        for id_ in before.keys() & after.keys()
        if {row["id"] for row in before[id_]["related"]} != {row["id"] for row in after[id_]["related"]}
    }
    assert {row["id"] for row in changes if row["kind"] == "related-changed"} == others
    check_sound(second)


def test_the_summary_and_the_report_say_what_changed(first, second):
    posts = first.run["counts"]["parsed"]
    assert second.run["since"]["posts"] == posts
    for file in ("summary.md", "report.html"):
        assert "Since the last run" in second.text(file)
        assert "Posts: 1 new, 1 gone, 1 changed." in second.text(file)
        assert "Since the last run" not in first.text(file)
    assert first.rows("changes") == []
    assert first.run["since"] is None


def test_a_report_that_is_made_again_says_it_too(second, tmp_path):
    folder = tmp_path / "again"
    shutil.copytree(second.folder, folder)
    assert render.main([str(folder), "--quiet"]) == 0
    assert Results(folder).text("summary.md") == second.text("summary.md")


def test_the_same_blog_has_not_changed(first, tmp_path):
    results = run(BLOG, tmp_path / "out", "--map", "pca", "--quiet", "--previous", str(first.folder))
    assert results.rows("changes") == []
    again = run(BLOG, tmp_path / "out", "--map", "pca", "--quiet", "--previous", str(first.folder))
    assert again.run["digest"] == results.run["digest"]
    assert tables(again) == tables(results)


def test_the_summary_of_an_earlier_run_among_the_posts_is_no_post(first, tmp_path):
    posts = tmp_path / "posts"
    shutil.copytree(BLOG, posts)
    shutil.copytree(first.folder, posts / "earlier")
    results = run(posts, tmp_path / "out", "--map", "pca", "--quiet", "--previous", str(posts / "earlier"))
    assert results.run["counts"] == first.run["counts"]
    assert results.run["config"]["previous"] == {"digest": first.run["digest"]}


def test_the_posts_are_no_earlier_run(tmp_path, capsys):
    flags = ["--input", str(BLOG), "--output", str(tmp_path / "out"), "--previous", str(BLOG)]
    assert command.main(flags) == 2
    assert "holds the posts; give an output folder of postkin report" in capsys.readouterr().err


def test_the_folder_must_be_named(tmp_path, capsys):
    assert command.main(["--input", str(BLOG), "--output", str(tmp_path / "out"), "--previous", ""]) == 2
    assert "--previous is empty; give an output folder of postkin report" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_related_posts_of_the_same_blog_stay(first, tmp_path):
    results = run(BLOG, tmp_path / "out", "--map", "pca", "--quiet", "--previous", str(first.folder))
    assert results.rows("related") == first.rows("related")


def test_with_its_model_what_the_earlier_run_had_learned_stays(first, second, tmp_path):
    posts = second.folder.parent / "posts"
    flags = ("--map", "pca", "--quiet", "--model", str(first.folder / "model"))
    earlier = load_state(str(first.folder))
    kept = run(posts, tmp_path / "kept", *flags, "--previous", str(first.folder))
    anew = run(posts, tmp_path / "anew", *flags)
    for name, of in (("kept", kept), ("anew", anew)):
        state = load_state(str(of.folder))
        told = [
            (state.tag_weights.weights == earlier.tag_weights.weights).all(),
            (state.ranking.by_fold == earlier.ranking.by_fold).all(),
            (state.confidence.by_fold == earlier.confidence.by_fold).all(),
        ]
        assert told == [name == "kept"] * 3
    (earlier_folder := tmp_path / "damaged").mkdir()
    shutil.copytree(first.folder, earlier_folder, dirs_exist_ok=True)
    (earlier_folder / "state/arrays.npz").write_bytes(b"")
    damaged = run(posts, tmp_path / "out", *flags, "--previous", str(earlier_folder))
    assert "previous_state" in [row["code"] for row in damaged.run["warnings"]]
    assert "previous_state" not in [row["code"] for row in kept.run["warnings"]]
    assert damaged.run["config"]["previous"] == {"digest": first.run["digest"]}
    assert (load_state(str(damaged.folder)).tag_weights.weights != earlier.tag_weights.weights).any()
