"""The same posts give the same bytes, whatever the order, the threads, the processes and the place."""

import os
import random
import shutil

import pytest

from tests.jobs.results import BLOG, postkin

MODES = [
    ("multi_threading", 2),
    pytest.param("multi_processing", 1, marks=pytest.mark.slow),
    pytest.param("multi_processing", 2, marks=pytest.mark.slow),
]


def same(results, other, *more):
    """Assert that two runs differ in nothing but run.json's configuration and costs, and `more` distributions there."""
    files, others = results.files(), other.files()
    assert [file for file in files if files[file] != others.get(file)] == ["run.json"]
    assert files.keys() == others.keys()
    described, other_described = results.run, other.run
    for run in (described, other_described):
        del run["config"], run["stages"]
        for distribution in more:
            del run["distributions"][distribution]
    assert described == other_described


def test_twice_with_all_maps(mapped, tmp_path):
    same(postkin(BLOG, tmp_path, "--map", "tsne,pca"), mapped)


def test_twice_with_more_than_a_block(generated, generated_folder, tmp_path):
    same(postkin(generated_folder, tmp_path), generated)


def test_another_post_gives_another_digest(blog, tmp_path):
    posts = shutil.copytree(BLOG, tmp_path / "posts")
    (posts / "new.md").write_text("A lamp.")
    assert postkin(posts, tmp_path / "out").run["digest"] != blog.run["digest"]


def test_posts_copied_and_listed_in_another_order(generated, generated_folder, tmp_path, monkeypatch):
    shuffle = random.Random(1).shuffle
    posts = sorted(path.relative_to(generated_folder) for path in generated_folder.rglob("*.md"))
    shuffle(posts)
    for post in posts:
        (tmp_path / "posts" / post).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(generated_folder / post, tmp_path / "posts" / post)
    walk = os.walk

    def shuffled_walk(*args, **kwargs):
        for folder, folders, files in walk(*args, **kwargs):
            shuffle(folders)
            shuffle(files)
            yield folder, folders, files

    monkeypatch.setattr(os, "walk", shuffled_walk)
    same(postkin(tmp_path / "posts", tmp_path / "out"), generated)


@pytest.mark.parametrize(("mode", "workers"), MODES)
def test_other_modes(generated, generated_folder, tmp_path, outside, mode, workers):
    flags = ["--direct_running_mode", mode, "--direct_num_workers", str(workers)]
    same(postkin(generated_folder, tmp_path, *flags), generated)
    assert outside == []


def test_without_a_network(blog, tmp_path, outside):
    same(postkin(BLOG, tmp_path), blog)
    assert outside == []
