"""The posts that are checked, and what is read of them and of the others."""

import pytest

from jobs.check.changes import Compared, compare
from jobs.check.git import Change, find_repository
from jobs.check.posts import Version, find_blog, gather, read_all
from jobs.options.errors import UsageError
from tests.jobs.check.repositories import commit, git, post, write

POSTS = {"blog/a.md": post("a"), "blog/b.md": post("b", text="b b b\n" * 20), "notes/c.md": post("c"), "README.md": "x"}


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    git(tmp_path, "init", "-q", ".")
    commit(tmp_path, POSTS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def gathered(checkout, *patterns, base="HEAD"):
    repository = find_repository(checkout)
    blog = find_blog(patterns or ["blog"], repository)
    return gather(blog, repository, compare(repository, base, environment={}))


def test_only_posts_of_the_blog_are_checked_beside_the_others(checkout):
    write(checkout, {"blog/a.md": "new a\r\n", "blog/new.md": "n", "notes/c.md": "new c", "README.md": "y"})
    found = gathered(checkout)
    assert found.checked == (
        Version(Change("blog/a.md", "modified"), b"new a\r\n", POSTS["blog/a.md"].encode()),
        Version(Change("blog/new.md", "added"), b"n"),
    )
    assert found.blobs == {"blog/b.md": git(checkout, "rev-parse", "HEAD:blog/b.md")}
    assert read_all(found.others.items()) == {"blog/b.md": POSTS["blog/b.md"].encode()}


@pytest.mark.parametrize("folder", [".", "blog", "notes"])
def test_paths_are_those_of_the_repository_wherever_it_is_asked(checkout, monkeypatch, folder):
    (checkout / "blog/b.md").write_text("b")
    monkeypatch.chdir(checkout / folder)
    blog = find_blog([str(checkout / "blog"), f"{'' if folder == '.' else '../'}notes"], find_repository(checkout))
    assert set(blog.files) == {"blog/a.md", "blog/b.md", "notes/c.md"}
    assert blog.roots == ("blog", "notes")


def test_a_post_that_is_deleted_or_moved_out_of_the_blog_is_deleted(checkout):
    git(checkout, "mv", "blog/b.md", "notes/b.md")
    (checkout / "blog/a.md").unlink()
    write(checkout, {"blog/new.md": "n"})
    kinds = [(version.change.path, version.change.status, version.new) for version in gathered(checkout).checked]
    assert kinds == [("blog/a.md", "deleted", None), ("blog/new.md", "added", b"n"), ("blog/b.md", "deleted", None)]


def test_a_post_that_is_moved_into_the_blog_is_added(checkout):
    git(checkout, "mv", "blog/b.md", "notes/b.md")
    (version,) = gathered(checkout, "notes").checked
    assert version.change == Change("notes/b.md", "added")


def test_a_renamed_post_is_compared_with_its_old_text(checkout):
    git(checkout, "mv", "blog/b.md", "blog/d.md")
    (version,) = gathered(checkout).checked
    assert version.change == Change("blog/d.md", "renamed", "blog/b.md")
    assert version.base == version.new == POSTS["blog/b.md"].encode()


def test_everything_is_every_post_without_an_earlier_version(checkout):
    repository = find_repository(checkout)
    found = gather(find_blog(["blog", "notes"], repository), repository, Compared(everything=True))
    assert [version.change for version in found.checked] == [
        Change(path, "added") for path in ("blog/a.md", "blog/b.md", "notes/c.md")
    ]
    assert {version.base for version in found.checked} == {None}
    assert found.others == {}


def test_a_post_that_cannot_be_had_says_why(checkout):
    (checkout / "blog/a.md").unlink()
    (checkout / "blog/a.md").symlink_to("/etc/passwd")
    (version,) = gathered(checkout).checked
    assert version.unreadable == "a link that leads out of the folder"
    assert version.new == b""


def test_a_glob_names_posts_too(checkout):
    assert set(find_blog(["b*/*.md"], find_repository(checkout)).files) == {"blog/a.md", "blog/b.md"}


@pytest.mark.parametrize(
    ("pattern", "why"),
    [("nowhere", "'nowhere' is not there"), ("empty", "'empty' holds no post"), ("..", "is not below")],
)
def test_posts_that_cannot_be_are_refused(checkout, pattern, why):
    (checkout / "empty").mkdir()
    write(checkout.parent, {"outside.md": "x"})
    with pytest.raises(UsageError, match=why):
        find_blog([pattern], find_repository(checkout))


def test_without_git_the_working_folder_is_the_root(tmp_path, monkeypatch):
    write(tmp_path, {"blog/a.md": "a"})
    monkeypatch.chdir(tmp_path)
    found = gather(find_blog(["blog"], None), None, Compared(everything=True))
    assert found.checked == (Version(Change("blog/a.md", "added"), b"a"),)
