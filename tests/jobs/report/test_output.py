"""The output folder is whole at all times: a run that fails changes nothing."""

import json
import shutil
import sys

import pytest

from jobs.report import command
from tests.jobs.results import BLOG, postkin, write_posts
from transforms.corpus import group

POSTS = {
    "lamp.md": "---\ntags: [lamp]\n---\nPaint on the lamp glows.",
    "wheel.md": "---\ntags: [lamp]\n---\nPaint on the wheel dries.",
}
BROKEN = {"a.md": "---\ntags: [\n---\nWords.", "b.md": "---\n- a list\n---\nWords.", "c.md": ""}


@pytest.fixture
def posts(tmp_path):
    return write_posts(tmp_path / "posts", POSTS)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The results of two posts, below folders that were not there."""
    folder = tmp_path_factory.mktemp("small")
    return postkin(write_posts(folder / "posts", POSTS), f"{folder}/a/b/c/", "--map", "none")


def main(posts, output):
    return command.main(["--input", str(posts), "--output", str(output), "--quiet", "--map", "none"])


def everything(folder):
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def fail(*args, **kwargs):
    raise OSError("the disk is full\nat the second line")


@pytest.mark.parametrize(
    "stage",
    [
        "transforms.themes.clustering.fit_clusters",
        "transforms.output.tables.write_vectors",
        "reports.render.write_report",
        "reports.render.publish",
        "jobs.running.launch.submit",
    ],
)
def test_a_failing_run_leaves_the_previous_output_whole(blog, posts, tmp_path, monkeypatch, capfd, stage):
    out = shutil.copytree(blog.folder, tmp_path / "out")
    before = everything(out)
    monkeypatch.setattr(stage, fail)
    assert main(posts, out) == 1
    assert everything(out) == before
    printed, said = capfd.readouterr()
    assert printed == ""
    assert said.count("\n") == 1
    assert "OSError: the disk is full" in said


def test_a_run_that_loses_a_post_fails(blog, posts, tmp_path, monkeypatch, capfd):
    """As a runner may; what a function of the pipeline loses is lost to all that follows."""
    keep = group.make_ids_unique
    monkeypatch.setattr(group, "make_ids_unique", lambda articles: (keep(articles)[0][1:], []))
    out = shutil.copytree(blog.folder, tmp_path / "out")
    before = everything(out)
    assert main(posts, out) == 1
    assert everything(out) == before
    assert "the runner has lost posts" in capfd.readouterr().err


def test_an_interrupted_run_leaves_the_previous_output_whole(blog, posts, tmp_path, monkeypatch, capsys):
    def interrupt(*args):
        raise KeyboardInterrupt

    out = shutil.copytree(blog.folder, tmp_path / "out")
    before = everything(out)
    monkeypatch.setattr("jobs.running.launch.submit", interrupt)
    assert main(posts, out) == 130
    assert everything(out) == before
    assert capsys.readouterr().err == "postkin report: interrupted; the output is as it was\n"


@pytest.mark.parametrize("previous", [True, False])
def test_only_broken_posts_are_an_error_of_the_input(blog, tmp_path, capsys, previous):
    out = tmp_path / "out"
    if previous:
        shutil.copytree(blog.folder, out)
    before = everything(out)
    assert main(write_posts(tmp_path / "broken", BROKEN), out) == 2
    assert everything(out) == before
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "no post could be used: 2 rejected, 1 skipped; first: " in said


def test_a_later_run_replaces_an_earlier_one(blog, small, tmp_path):
    out = shutil.copytree(small.folder, tmp_path / "out")
    files = postkin(BLOG, out).files()
    assert files.keys() == blog.files().keys()
    del files["run.json"]
    assert files.items() <= blog.files().items()


def test_shards_of_earlier_runs_go_and_a_users_files_stay(posts, tmp_path):
    shard, mine = tmp_path / "out/data/related-00001-of-00002.jsonl", tmp_path / "out/data/notes.txt"
    write_posts(tmp_path, {"out/data/related-00001-of-00002.jsonl": "old", "out/data/notes.txt": "mine"})
    postkin(posts, tmp_path / "out")
    assert not shard.exists()
    assert mine.read_text() == "mine"


def test_folders_above_the_output_are_made(small):
    assert len(small.ids) == 2


def test_a_run_never_reads_its_own_output(posts, small):
    shutil.copytree(small.folder, posts / "build")
    again = postkin(posts, posts / "build", "--map", "none")
    assert again.run["counts"] == small.run["counts"]
    assert again.run["digest"] == small.run["digest"]


def test_an_output_that_holds_the_posts_is_refused(posts, capsys):
    assert main(posts, posts) == 2
    assert main(posts, posts.parent) == 2
    assert capsys.readouterr().err.count("holds the posts; give a folder of its own") == 2


@pytest.mark.parametrize("flag", ["--input", "--output"])
def test_a_filesystem_that_beam_does_not_know_is_refused(posts, tmp_path, capsys, flag):
    places = {"--input": str(posts), "--output": str(tmp_path / "out"), flag: "nowhere://place"}
    assert command.main([word for pair in places.items() for word in pair]) == 2
    assert "'nowhere://place' is on a filesystem that Beam does not know here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("place", "package"),
    [
        ("s3://bucket/posts", "postkin[aws]"),
        ("azfs://account/posts", "apache-beam[azure]"),
        ("hdfs://posts", "apache-beam[hadoop]"),
    ],
)
def test_a_filesystem_whose_packages_are_missing_is_refused(posts, tmp_path, capsys, monkeypatch, place, package):
    for module in ("boto3", "azure", "hdfs"):
        monkeypatch.setitem(sys.modules, module, None)
    for places in ((place, str(tmp_path / "out")), (str(posts), place)):
        assert command.main(["--input", places[0], "--output", places[1]]) == 2
    said = f"postkin report: {place!r} needs packages that are not installed; pip install '{package}'\n"
    assert capsys.readouterr().err == 2 * said


@pytest.mark.parametrize("place", ["data", "model", "run.json", ".staging-x", "data/tags.jsonl"])
def test_an_output_with_links_in_it_is_refused(posts, tmp_path, capsys, place):
    link = tmp_path / "out" / place
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path)
    before = everything(tmp_path)
    assert main(posts, tmp_path / "out") == 2
    assert everything(tmp_path) == before
    out = str(tmp_path / "out")
    assert capsys.readouterr().err == (
        f"postkin report: --output {out!r} cannot be written: {place} is a link, which may lead anywhere: delete it\n"
    )


def test_a_journal_of_somebody_else_is_refused(posts, tmp_path, capsys):
    journal = {"aside": ["../../v/keys"], "incoming": ["../../v/del"], "run": "", "signature": ""}
    write_posts(tmp_path, {"out/.staging-x\n::error::/journal.json": json.dumps(journal), "v/keys": "", "v/del": ""})
    before = everything(tmp_path)
    assert main(posts, tmp_path / "out") == 2
    assert everything(tmp_path) == before
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "journal.json was not written by a run on this machine: delete " in said
