"""What a check keeps in git's own folder: the next one says the same, sooner, and nothing else holds it."""

import os

import pytest

from jobs.check import knowledge
from jobs.check.command import main
from jobs.check.remembered import FOLDER, KEPT, keep
from tests.jobs.check.repositories import commit, git, write
from tests.transforms.checks.by_hand import post, texts
from transforms.output.layout import STATE

NEW = post(31, body="See [a post](post-1.md) and [none](nowhere.md).").replace("[gardening]", "[gardenning]")
FLAGS = ("--remember", "--as-of", "2024-06-01", "--fail-on", "never", "--format", "json", "--changed", "posts/new.md")


@pytest.fixture
def blog(tmp_path, monkeypatch):
    """A checkout of a blog with a new post; the working folder is its root."""
    for name in ("GITHUB_ACTIONS", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "PRE_COMMIT_FROM_REF"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "blog"
    folder.mkdir()
    git(folder, "init", "-q", ".")
    commit(folder, {**texts(40), "postkin.toml": 'posts = ["posts"]\n'})
    write(folder, {"posts/new.md": NEW})
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def learned(monkeypatch):
    """How many posts each check has learned from."""
    times = []
    fit = knowledge.fit_blog
    monkeypatch.setattr(knowledge, "fit_blog", lambda posts, how: times.append(len(posts)) or fit(posts, how))
    return times


@pytest.fixture
def told(capfd):
    def run(*flags):
        assert main([*FLAGS, *flags]) == 0
        return capfd.readouterr()

    return run


def kept(blog):
    return sorted((blog / ".git" / FOLDER).iterdir())


def test_the_next_check_says_the_same_and_learns_nothing(blog, told, learned):
    first, second = told(), told()
    assert first == second
    assert first.err == ""
    assert learned == [40]
    assert '"fitted": "base"' in first.out


def test_posts_that_are_edited_and_not_checked_are_learned_from_as_they_are(blog, told, learned):
    write(blog, {f"posts/post-{number}.md": post(number, body=f"Edited, {number} times.") for number in range(10)})
    first, second = told(), told()
    assert first == second
    assert learned == [40]


def test_nothing_is_kept_in_the_working_tree_or_unless_it_is_asked_for(blog, capfd):
    before = sorted(blog.rglob("*"))
    main([*FLAGS[1:]])
    assert sorted(blog.rglob("*")) == before
    main([*FLAGS])
    git_own = {path for path in blog.rglob("*") if path.is_relative_to(blog / ".git" / FOLDER)}
    assert set(blog.rglob("*")) - git_own == set(before)


def test_posts_are_learned_from_again_when_many_have_changed(blog, told, learned):
    told()
    commit(blog, {"posts/post-1.md": post(1, body="Other words."), "posts/post-2.md": post(2, body="And others.")})
    told()
    assert learned == [40]  # new.md is one of them now, and is asked about
    commit(blog, {"posts/post-3.md": post(3, body="Other words.")})
    told()
    told()
    assert learned == [40, 40]


def test_posts_read_in_another_way_are_others(blog, told, learned):
    told()
    told("--field", "tags=topics")
    told("--field", "tags=topics")
    told()
    assert learned == [40, 40]
    assert len(kept(blog)) == 2


@pytest.mark.parametrize("file", ["state/state.json", "state/arrays.npz", "model/model.json", "model/model.npz"])
@pytest.mark.parametrize("content", [b"", b"{}", None])
def test_what_is_broken_is_learned_again(blog, told, learned, file, content):
    first = told()
    (place,) = kept(blog)
    if content is None:
        (place / file).unlink()
        (place / file).symlink_to("/dev/zero")
    else:
        (place / file).write_bytes(content)
    assert told() == first
    assert told() == first
    assert learned == [40, 40]
    assert not (place / file).is_symlink()


def test_all_working_trees_have_it_in_common(blog, told, learned, monkeypatch):
    told()
    git(blog, "worktree", "add", "-q", "../other")
    monkeypatch.chdir(blog.parent / "other")
    write(blog.parent / "other", {"posts/new.md": NEW})
    told()
    assert learned == [40]
    assert (blog.parent / "other/.git").is_file()


def test_what_cannot_be_written_is_said_and_does_no_harm(blog, told, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (blog / ".git" / FOLDER).symlink_to(tmp_path / "elsewhere")
    said = told()
    assert said.err.count("\n") == 1
    assert "cannot be written: it is a symbolic link; the next check learns from the posts again" in said.err
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_blog_that_teaches_nothing_leaves_nothing(blog, told):
    git(blog, "rm", "-qr", "posts")
    write(blog, {"posts/new.md": NEW})
    assert told().err == ""
    assert not (blog / ".git" / FOLDER).exists()


def test_outside_of_a_checkout_there_is_no_place_for_it(tmp_path, monkeypatch, capfd):
    write(tmp_path, {**texts(), "posts/new.md": NEW})
    monkeypatch.chdir(tmp_path)
    assert main(["--input", "posts", "--remember", "--changed", "posts/new.md"]) == 2
    assert "--remember keeps things in git's own folder, and the posts are in no checkout" in capfd.readouterr().err


def test_only_the_newest_are_kept(tmp_path):
    for number in range(KEPT + 3):
        place = tmp_path / FOLDER / str(number)
        keep(place, {STATE: b"{}", "model/model.json": b"{}"})
        os.utime(place / STATE, (number, number))
    assert {path.name for path in (tmp_path / FOLDER).iterdir()} == {str(3 + number) for number in range(KEPT)}
