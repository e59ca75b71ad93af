"""Themes and maps that go on from an earlier run of the same blog, which has grown since."""

import shutil

import numpy as np
import pytest

from jobs.report import command
from tests.jobs.results import AS_OF, BLOG, Results, check_sound, postkin


@pytest.fixture(scope="module")
def younger(tmp_path_factory):
    """The blog when it lacked its newest posts, and a run on it."""
    folder = tmp_path_factory.mktemp("younger")
    shutil.copytree(BLOG, folder / "posts", ignore=shutil.ignore_patterns("2025"))
    return postkin(folder / "posts", folder / "out", "--map", "pca,tsne")


@pytest.fixture(scope="module")
def grown(younger, tmp_path_factory):
    return follow(younger, tmp_path_factory.mktemp("grown") / "out")


def follow(earlier, output, *flags):
    return postkin(BLOG, output, "--map", "pca,tsne", "--previous", str(earlier.folder), *flags)


def tables(results):
    return {file: content for file, content in results.files().items() if file.startswith("data/")}


def themes_of(results):
    return {row["id"]: row["cluster"] for row in results.rows("members")}


def places_of(results, method):
    return {row["id"]: (row["x"], row["y"]) for row in results.rows("map") if row["method"] == method}


def test_themes_keep_their_posts_numbers_and_names(younger, grown):
    check_sound(grown)
    before, after = themes_of(younger), themes_of(grown)
    assert len(after) - len(before) == 4
    assert np.mean([after[id_] == theme for id_, theme in before.items()]) >= 0.97
    assert grown.run["config"]["previous"] == {"digest": younger.run["digest"]}
    assert grown.run["themes"]["followed"]
    assert grown.run["themes"]["objective"] > 0.97 * grown.run["themes"]["objective_anew"]
    names = {theme["number"]: theme["name"] for theme in younger.clusters}
    for theme in grown.clusters:
        shared = sum(before.get(id_) == number == theme["number"] for id_, number in after.items())
        assert theme["previous"] == {"number": theme["number"], "shared": shared, "was": names[theme["number"]]}
    assert sum(theme["name"] == theme["previous"]["was"] for theme in grown.clusters) >= len(names) - 1


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_posts_keep_their_places_on_the_map(younger, grown, method):
    before, after = places_of(younger, method), places_of(grown, method)
    moved = [np.hypot(*np.subtract(after[id_], place)) for id_, place in before.items()]
    assert np.median(moved) <= 0.15
    assert len(after) > len(before)


def test_the_same_earlier_run_gives_the_same_results(younger, grown, tmp_path):
    assert tables(follow(younger, tmp_path / "out")) == tables(grown)


def test_two_workers_follow_it_likewise(younger, grown, tmp_path):
    workers = ("--direct_running_mode", "multi_threading", "--direct_num_workers", "2")
    assert tables(follow(younger, tmp_path / "out", *workers)) == tables(grown)


def test_a_blog_that_did_not_change_keeps_everything_in_its_own_folder(grown, tmp_path):
    shutil.copytree(grown.folder, tmp_path / "out")
    again = follow(Results(tmp_path / "out"), tmp_path / "out")
    assert themes_of(again) == themes_of(grown)
    assert [theme["name"] for theme in again.clusters] == [theme["name"] for theme in grown.clusters]
    assert again.run["config"]["previous"] == {"digest": grown.run["digest"]}
    check_sound(again)


def test_themes_are_found_anew_where_that_is_asked_for(grown, tmp_path, capsys):
    next_, before = grown.run["themes"]["next"], len(grown.clusters)
    refitted = follow(grown, tmp_path / "refitted", "--map", "none", "--refit-themes")
    assert [theme["number"] for theme in refitted.clusters] == list(range(next_, next_ + before))
    assert not refitted.run["themes"]["followed"]
    assert [warning["code"] for warning in refitted.run["warnings"] if "theme" in warning["code"]] == []
    check_sound(refitted)
    capsys.readouterr()
    flags = ["--as-of", AS_OF, "--map", "none", "--themes", "7", "--previous", str(refitted.folder)]
    assert command.main(["--input", str(BLOG), "--output", str(tmp_path / "seven"), *flags]) == 0
    said = "--themes asks for 7 themes, and the earlier run has 4. They are found anew, with new numbers and names."
    assert f"postkin: warning: {said}" in capsys.readouterr().out
    seven = Results(tmp_path / "seven")
    assert seven.clusters[0]["number"] == refitted.run["themes"]["next"]


def test_themes_of_an_earlier_run_are_needed_to_refit_them(tmp_path, capsys):
    assert command.main(["--input", str(BLOG), "--output", str(tmp_path / "out"), "--refit-themes"]) == 2
    assert "give --previous too, or neither" in capsys.readouterr().err
