"""Which posts a check is of, in the checkouts that continuous integration makes."""

import os
import sys
from pathlib import Path

import pytest

from jobs.check.changes import Compared, compare
from jobs.check.git import Change, find_repository
from jobs.options.errors import UsageError
from tests.jobs.check.repositories import ODD, Host, commit, git, long_text, post, write

BEFORE = {f"posts/{name}.md": post(name, text=long_text(name)) for name in ("old", "moved", "gone", "edited", "still")}
BRANCH = {
    "posts/edited.md": post("edited anew", text=long_text("edited")),
    "posts/moved.md": None,
    "posts/deeper/moved.md": BEFORE["posts/moved.md"],
    "posts/gone.md": None,
    "posts/picture.png": "no post",
    ODD[0]: post("new"),
}
MAIN = {"posts/old.md": post("old anew"), "posts/of-main.md": post("of main")}
CHANGES = (
    Change("posts/deeper/moved.md", "renamed", "posts/moved.md"),
    Change("posts/edited.md", "modified"),
    Change("posts/gone.md", "deleted"),
    Change(ODD[0], "added"),
)


@pytest.fixture(autouse=True)
def no_config_of_the_machine(monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    host = Host(tmp_path_factory.mktemp("host"))
    host.publish(BEFORE, MAIN, BRANCH)
    return host


def of_github(host, **others):
    return {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": host.merge, **others}


@pytest.mark.parametrize("depth", [1, 2, None])
def test_a_pull_request_is_what_its_merge_commit_adds_to_its_first_parent(host, tmp_path, depth):
    checkout = host.check_out(tmp_path / "checkout", depth=depth)
    compared = compare(find_repository(checkout), environment=of_github(host))
    assert compared == Compared(CHANGES, host.main)


def test_a_fork_is_compared_without_any_word_of_github(host, tmp_path):
    checkout = host.check_out(tmp_path / "checkout")
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request"}
    assert compare(find_repository(checkout), environment=environment).changes == CHANGES


def test_a_first_parent_that_cannot_be_fetched_is_asked_for(host, tmp_path):
    checkout = host.check_out(tmp_path / "checkout")
    git(checkout, "remote", "set-url", "origin", str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match=r"is not here .*fetch more history: `fetch-depth: 2` for pull requests"):
        compare(find_repository(checkout), environment=of_github(host))


def test_the_head_of_a_pull_request_is_compared_with_the_branch_that_it_left(host, tmp_path):
    checkout = host.check_out(tmp_path / "checkout", "refs/pull/1/head", depth=None)
    git(checkout, "fetch", "-q", "origin", "main:refs/remotes/origin/main")
    environment = of_github(host, GITHUB_BASE_REF="main")
    assert compare(find_repository(checkout), environment=environment) == Compared(CHANGES, host.start)


def test_a_head_with_too_little_history_is_refused(host, tmp_path):
    checkout = host.check_out(tmp_path / "checkout", "refs/pull/1/head")
    with pytest.raises(UsageError, match="HEAD is not the merge commit of the pull request and origin/main is not"):
        compare(find_repository(checkout), environment=of_github(host))


def test_a_push_in_github_is_no_pull_request(host, tmp_path):
    checkout = host.check_out(tmp_path / "checkout", "main")
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push"}
    assert compare(find_repository(checkout), environment=environment) == Compared(everything=True)


def test_a_queued_merge_is_compared_with_what_it_is_put_on(host, tmp_path):
    checkout = host.check_out(tmp_path / "checkout")
    environment = of_github(host, GITHUB_EVENT_NAME="merge_group")
    assert compare(find_repository(checkout), environment=environment).base == host.main


def test_gitlab_names_the_base(host, tmp_path):
    checkout = host.check_out(tmp_path / "checkout", "refs/pull/1/head")
    compared = compare(find_repository(checkout), environment={"CI_MERGE_REQUEST_DIFF_BASE_SHA": host.start})
    assert compared == Compared(CHANGES, host.start)


def test_a_merged_result_of_gitlab_is_compared_with_the_target(host, tmp_path):
    checkout = host.check_out(tmp_path / "checkout")
    environment = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": host.start, "CI_MERGE_REQUEST_EVENT_TYPE": "merged_result"}
    assert compare(find_repository(checkout), environment=environment) == Compared(CHANGES, host.main)


@pytest.mark.parametrize("base", ["refs/remotes/origin/main", "main~1"])
def test_a_base_is_where_head_left_it(host, tmp_path, base):
    checkout = host.check_out(tmp_path / "checkout", "refs/pull/1/head", depth=None)
    git(checkout, "fetch", "-q", "origin", "main:refs/remotes/origin/main", "main:main")
    assert compare(find_repository(checkout), base, environment={}) == Compared(CHANGES, host.start)


def test_a_base_without_a_common_commit_is_taken_where_it_is_a_parent(host, tmp_path):
    checkout = host.check_out(tmp_path / "checkout", depth=1)
    git(checkout, "fetch", "-q", "--depth=1", "origin", host.main)
    assert compare(find_repository(checkout), host.main, environment={}) == Compared(CHANGES, host.main)


@pytest.mark.parametrize("base", ["no-such-branch", "--output=/tmp/x", "", "a\nb", "a..b"])
def test_a_base_that_is_no_commit_is_refused_by_name(host, tmp_path, base):
    checkout = host.check_out(tmp_path / "checkout")
    with pytest.raises(UsageError, match="is no commit here"):
        compare(find_repository(checkout), base, environment={})


def test_a_base_that_only_the_origin_has_is_named_as_it_is_there(host, tmp_path):
    checkout = host.check_out(tmp_path / "checkout", "refs/pull/1/head")
    git(checkout, "fetch", "-q", "origin", "main:refs/remotes/origin/main")
    with pytest.raises(UsageError, match=r"--base 'main' is no commit here; is 'origin/main' meant\?"):
        compare(find_repository(checkout), "main", environment={})


def test_a_base_that_is_no_relative_is_refused(host, tmp_path):
    checkout = host.check_out(tmp_path / "checkout", "refs/pull/1/head")
    git(checkout, "fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
    with pytest.raises(UsageError, match=r"have no commit in common here; fetch more history"):
        compare(find_repository(checkout), "origin/main", environment={})


@pytest.fixture
def blog(tmp_path):
    """A repository of one commit on main, and the folder that it is in."""
    git(tmp_path, "init", "-q", ".")
    commit(tmp_path, BEFORE)
    return tmp_path


def test_a_branch_is_compared_with_main(blog):
    start = git(blog, "rev-parse", "HEAD")
    git(blog, "checkout", "-q", "-b", "topic")
    commit(blog, {"posts/new.md": post()})
    assert compare(find_repository(blog), environment={}) == Compared((Change("posts/new.md", "added"),), start)


def test_main_itself_is_checked_whole(blog):
    assert compare(find_repository(blog), environment={}) == Compared(everything=True)


def test_on_main_itself_what_is_not_committed_is_checked(blog):
    write(blog, {"posts/new.md": post()})
    compared = compare(find_repository(blog), environment={})
    assert compared == Compared((Change("posts/new.md", "added"),), git(blog, "rev-parse", "HEAD"))


def test_what_is_not_committed_and_what_git_does_not_know_counts(blog):
    write(blog, {"posts/draft.md": post(), "posts/old.md": "changed", "ignored/x.md": post(), ".gitignore": "ignored"})
    (blog / "posts/gone.md").unlink()
    git(blog, "rm", "-q", "--cached", "posts/edited.md")
    changes = compare(find_repository(blog), "HEAD", environment={}).changes
    assert changes == (
        Change("posts/draft.md", "added"),
        Change("posts/edited.md", "modified"),
        Change("posts/gone.md", "deleted"),
        Change("posts/old.md", "modified"),
    )


@pytest.mark.skipif(sys.platform == "darwin", reason="names are changed there")
def test_odd_names_are_told_whole(blog):
    commit(blog, dict.fromkeys(ODD, post()))
    (blog / os.fsdecode(b"posts/latin-\xe9.md")).write_text("x")
    changes = compare(find_repository(blog), "HEAD~1", environment={}).changes
    assert {change.path for change in changes} == {*ODD, os.fsdecode(b"posts/latin-\xe9.md")}
    assert {change.status for change in changes} == {"added"}


def test_changed_files_are_named_from_the_working_folder(blog, monkeypatch):
    write(blog, {"posts/old.md": "changed", "posts/-n.md": post()})
    monkeypatch.chdir(blog / "posts")
    files = ["old.md", "./-n.md", str(blog / "posts/gone.md"), "missing.md", "picture.png", "../README.txt"]
    (blog / "posts/gone.md").unlink()
    compared = compare(find_repository(Path.cwd()), changed=files, environment={})
    assert compared.changes == (
        Change("posts/-n.md", "added"),
        Change("posts/gone.md", "deleted"),
        Change("posts/missing.md", "deleted"),
        Change("posts/old.md", "modified"),
    )
    assert compared.base == git(blog, "rev-parse", "HEAD")


def test_a_renamed_file_is_known_by_its_old_name(blog):
    git(blog, "mv", "posts/old.md", "posts/new.md")
    changes = compare(find_repository(blog), changed=[str(blog / "posts/new.md")], environment={}).changes
    assert changes == (Change("posts/new.md", "renamed", "posts/old.md"),)


def test_a_hook_on_a_range_of_commits_compares_with_its_start(blog):
    start = git(blog, "rev-parse", "HEAD")
    commit(blog, {"posts/old.md": "changed"})
    files, environment = [str(blog / "posts/old.md")], {"PRE_COMMIT_FROM_REF": start}
    assert compare(find_repository(blog), changed=files, environment=environment).base == start


def test_a_file_outside_of_the_checkout_is_refused(blog, tmp_path_factory):
    outside = tmp_path_factory.mktemp("elsewhere") / "a.md"
    with pytest.raises(UsageError, match="is not below"):
        compare(find_repository(blog), changed=[str(outside)], environment={})


def test_without_git_all_posts_and_named_ones_are_checked(tmp_path, monkeypatch):
    write(tmp_path, {"a.md": post()})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert find_repository(tmp_path) is None
    assert compare(None, environment={}) == Compared(everything=True)
    assert compare(None, changed=["a.md"], environment={}) == Compared((Change("a.md", "added"),))
    with pytest.raises(UsageError, match="is in no checkout; give --all"):
        compare(None, "main", environment={})


def test_no_program_of_git_is_needed_for_that(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / ".git").mkdir()
    assert find_repository(tmp_path) is None


def test_a_repository_without_a_commit_is_checked_whole(tmp_path):
    git(tmp_path, "init", "-q", ".")
    write(tmp_path, {"a.md": post()})
    assert compare(find_repository(tmp_path), environment={}) == Compared(everything=True)
    with pytest.raises(UsageError, match="--base 'main' is no commit here"):
        compare(find_repository(tmp_path), "main", environment={})
    changed = [str(tmp_path / "a.md")]
    assert compare(find_repository(tmp_path), changed=changed, environment={}).changes == (Change("a.md", "added"),)
