"""Tags that are added: those of posts like the new one, written as the blog has them."""

import shutil
from pathlib import Path

import pytest

from jobs.fix.command import main
from tests.jobs.results import BLOG
from transforms.reading.fields import FIELDS, clean_tags, first_clean
from transforms.reading.front_matter import split_front_matter


def tags_of(path):
    text = Path(path).read_text(encoding="utf-8")
    return first_clean(split_front_matter(text, str(path)).values, FIELDS["tags"], clean_tags) or ()


@pytest.fixture
def blog(tmp_path, monkeypatch):
    """The blog of the tests and a new post, whose text is of a tagged one, in a folder of the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    shutil.copytree(BLOG, "posts")
    old = next(path for path in sorted(Path("posts").rglob("*.md")) if len(tags_of(path)) > 1)
    body = split_front_matter(old.read_text(encoding="utf-8"), "").body
    Path("posts/new.md").write_text(f"---\ntitle: New\ndate: 2021-01-02  # a day\n---\n{body}", encoding="utf-8")
    return old


FLAGS = ("posts", "--changed", "posts/new.md", "--add-tags", "--min-confidence", "0.2")


def test_a_new_post_gets_the_tags_of_posts_like_it(blog, capsys):
    before = Path("posts/new.md").read_text(encoding="utf-8")
    assert main([*FLAGS, "--most", "2", "--write"]) == 0
    added = tags_of("posts/new.md")
    assert 0 < len(added) <= 2
    assert set(added) & set(tags_of(blog))
    lines = Path("posts/new.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line not in before.splitlines()]
    assert set(before.splitlines()) <= set(lines)
    said = capsys.readouterr().out.splitlines()
    assert said == [*(f"“{tag}” added to 1 post" for tag in sorted(added)), "1 post changed."]
    assert main([*FLAGS, "--most", "2", "--check"]) in (0, 1)


def test_none_is_added_without_being_asked_for_or_where_it_is_ignored(blog, capsys):
    assert main(["posts", "--changed", "posts/new.md", "--check"]) == 0
    text = Path("posts/new.md").read_text(encoding="utf-8")
    Path("posts/new.md").write_text(text.replace("# a day", "# postkin: ignore tag-suggest"), encoding="utf-8")
    assert main([*FLAGS, "--check"]) == 0


def test_a_state_that_cannot_be_used_is_named(blog, capsys):
    assert main([*FLAGS, "--state", "nowhere"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("diff --git a/posts/new.md b/posts/new.md\n")
    assert "it learns from the posts instead" in err
    assert err.startswith("postkin fix: ")


@pytest.mark.parametrize("flags", [["--min-confidence", "0.5"], ["--most", "1"]])
def test_flags_of_additions_need_the_one_that_asks_for_them(blog, capsys, flags):
    assert main(["posts", *flags]) == 2
    assert capsys.readouterr().err == f"postkin fix: {flags[0]} is of tags to add; give --add-tags too\n"
