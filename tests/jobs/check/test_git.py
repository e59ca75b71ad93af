"""Git is asked without anything of a repository being run, and tells contents byte for byte."""

import os

import pytest

from jobs.check import git as asked
from jobs.check.git import GitError, Repository, find_repository
from tests.jobs.check.repositories import ODD, commit, git, post, write


@pytest.fixture
def blog(tmp_path):
    git(tmp_path, "init", "-q", ".")
    commit(tmp_path, {"a.md": "one\r\n", "b.md": "", "text.txt": "no post", **dict.fromkeys(ODD, "odd\n")})
    return tmp_path


def test_contents_are_those_of_the_commit(blog):
    write(blog, {"a.md": "changed"})
    repository = find_repository(blog)
    blobs = repository.blobs(repository.head)
    assert set(blobs) == {"a.md", "b.md", *ODD}
    assert repository.read([blobs["a.md"], blobs["b.md"], blobs["a.md"]]) == {
        blobs["a.md"]: b"one\r\n",
        blobs["b.md"]: b"",
    }
    assert repository.read([]) == {}


def test_what_is_missing_or_too_large_has_no_content(blog, monkeypatch):
    repository = find_repository(blog)
    blobs = repository.blobs(repository.head)
    monkeypatch.setattr(asked, "POST_BYTES", 4)
    found = repository.read(["0" * 40, blobs["a.md"], blobs[ODD[0]], repository.head])
    assert found == {"0" * 40: None, blobs["a.md"]: None, blobs[ODD[0]]: b"odd\n", repository.head: None}


def test_a_file_that_is_moved_without_gits_being_told_is_renamed(blog):
    write(blog, {"deep/moved.md": "x"})
    (blog / "a.md").rename(blog / "deep/moved.md")
    (blog / ODD[0]).unlink()
    write(blog, {"new.md": "something else\n", "link.md": "x"})
    (blog / "link.md").unlink()
    (blog / "link.md").symlink_to(blog / ODD[1])
    assert [(change.path, change.status, change.was) for change in find_repository(blog).changes("HEAD")] == [
        ("deep/moved.md", "renamed", "a.md"),
        ("link.md", "added", None),
        ("new.md", "added", None),
        (ODD[0], "deleted", None),
    ]


def test_nothing_that_a_repository_names_is_run(blog):
    ran = blog / "ran"
    program = blog / "program"
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\ncat\n")
    program.chmod(0o755)
    git(blog, "config", "core.fsmonitor", str(program))
    git(blog, "config", "diff.external", str(program))
    git(blog, "config", "diff.x.textconv", str(program))
    git(blog, "config", "core.pager", str(program))
    git(blog, "config", "core.hooksPath", str(blog))
    write(blog, {".gitattributes": "*.md diff=x", "a.md": "changed"})
    repository = find_repository(blog)
    repository.changes(repository.head)
    repository.read(list(repository.blobs(repository.head).values()))
    assert not ran.exists()


def test_settings_of_a_repository_do_not_change_what_is_told(blog):
    write(blog, {"a.md": "changed"})
    for name, value in (("diff.relative", "true"), ("diff.noprefix", "true"), ("status.relativePaths", "true")):
        git(blog, "config", name, value)
    git(blog, "config", "color.ui", "always")
    assert [change.path for change in find_repository(blog).changes("HEAD")] == ["a.md"]


def test_the_repository_of_a_hook_is_not_taken_for_that_of_the_folder(blog, tmp_path_factory, monkeypatch):
    other = tmp_path_factory.mktemp("other")
    git(other, "init", "-q", ".")
    commit(other, {"c.md": post()})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    assert find_repository(blog).root.samefile(blog)
    assert "c.md" not in find_repository(blog).blobs("HEAD")


def test_the_root_is_found_from_below_and_not_from_within_git(blog):
    (blog / "deep/folder").mkdir(parents=True)
    assert find_repository(blog / "deep/folder").root.samefile(blog)
    assert find_repository(blog / ".git") is None


def test_a_repository_of_somebody_else_is_named(blog, monkeypatch):
    if os.geteuid():
        pytest.skip("only root can give files away")
    for path in (blog, blog / ".git"):
        os.chown(path, 12345, 12345)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("SUDO_UID", raising=False)
    with pytest.raises(GitError, match="dubious ownership"):
        find_repository(blog)


def test_a_program_beside_the_posts_is_not_git(blog, monkeypatch):
    (blog / "git").write_text("#!/bin/sh\ntouch ran\n")
    (blog / "git").chmod(0o755)
    monkeypatch.chdir(blog)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(GitError, match="cannot be run"):
        Repository(blog).ask("version")
    assert not (blog / "ran").exists()
