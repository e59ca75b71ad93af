"""The same posts give the same bytes, whatever the order, the threads, the processes and the place."""

import os
import random
import shutil

import pytest

from tests.jobs.results import BLOG, postkin

MODES = ["multi_threading", pytest.param("multi_processing", marks=pytest.mark.slow)]


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


def test_twice_with_all_maps_and_without_a_network(mapped, tmp_path, outside):
    same(postkin(BLOG, tmp_path, "--map", "tsne,pca"), mapped)
    assert outside == []


def test_posts_copied_and_listed_in_another_order(generated, generated_folder, tmp_path, monkeypatch):
    shuffle = random.Random(1).shuffle
    posts = sorted(path.relative_to(generated_folder) for path in generated_folder.rglob("*.md"))
    shuffle(posts)
    copy = tmp_path / generated_folder.name  # the report is called as the folder of the posts
    for post in posts:
        (copy / post).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(generated_folder / post, copy / post)
    walk = os.walk

    def shuffled_walk(*args, **kwargs):
        for folder, folders, files in walk(*args, **kwargs):
            shuffle(folders)
            shuffle(files)
            yield folder, folders, files

    monkeypatch.setattr(os, "walk", shuffled_walk)
    same(postkin(copy, tmp_path / "out"), generated)


@pytest.mark.parametrize("mode", MODES)
def test_two_workers(generated, generated_folder, tmp_path, outside, mode):
    flags = ["--direct_running_mode", mode, "--direct_num_workers", "2"]
    same(postkin(generated_folder, tmp_path, *flags), generated)
    assert outside == []
