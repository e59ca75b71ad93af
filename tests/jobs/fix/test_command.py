"""The fix as a command: what it prints, what it writes and what it leaves."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.fix import command
from jobs.fix.command import main
from tests.jobs.results import ROOT


def post(*tags, line_end="\n"):
    lines = ["---", "title: A post  # yes", "tags:", *(f"  - {tag}" for tag in tags), "---", "Text.", ""]
    return line_end.join(lines).encode()


POSTS = {
    **{f"posts/usual-{number}.md": post("frontend", "kubernetes") for number in range(4)},
    "posts/one.md": post("Front-End", "k8s"),
    "posts/日本 語.md": post("kubernetse", "Frontend", line_end="\r\n"),
    "posts/alias.md": b"---\nx: &x [k8s]\ntags: *x\n---\nText.\n",
    "posts/broken.md": b"---\ntags: [k8s\n---\nText.\n",
    "posts/note.txt": b"k8s",
}


def git(*arguments, given=None):
    done = subprocess.run(["git", *arguments], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture
def blog(tmp_path, monkeypatch):
    """A repository of these posts, all committed; its root is the working folder."""
    for name, value in (("GLOBAL", os.devnull), ("NOSYSTEM", "1")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    for name in ("GITHUB_ACTIONS", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "PRE_COMMIT_FROM_REF"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    for name, content in POSTS.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(content)
    git("init", "-q", "-b", "main")
    commit()
    return tmp_path


def commit():
    git("add", "-A")
    git("-c", "user.name=A", "-c", "user.email=a@blog.example", "commit", "-q", "-m", "Posts")


def changed():
    """The files that are no longer as they were committed."""
    return sorted(git("-c", "core.quotePath=false", "diff", "--name-only").decode().splitlines())


def run(capfdbinary, *flags, code=0):
    assert main([*flags]) == code
    out, err = capfdbinary.readouterr()
    return out.decode(), err.decode()


def test_by_default_it_prints_a_diff_that_git_applies_and_changes_nothing(blog, capfdbinary):
    out, err = run(capfdbinary, "posts")
    assert changed() == []
    assert "-  - Front-End\n+  - frontend\n" in out
    assert "-  - kubernetse\r\n-  - Frontend\r\n+  - kubernetes\r\n+  - frontend\r\n" in out
    git("apply", given=out.encode())
    assert changed() == ["posts/one.md", "posts/日本 語.md"]
    assert Path("posts/日本 語.md").read_bytes() == post("kubernetes", "frontend", line_end="\r\n")
    assert err.splitlines() == [
        "posts/broken.md:3: The post cannot be read: front matter is not valid YAML: did not find expected ',' or ']'.",
        "“Front-End” → “frontend” in 1 post (another spelling)",
        "“Frontend” → “frontend” in 1 post (another spelling)",
        "“kubernetse” → “kubernetes” in 1 post (misspelt)",
        "2 posts to change, 1 post left as it is.",
    ]


def test_what_is_asked_for_is_all_that_is_merged(blog, capfdbinary):
    out, err = run(capfdbinary, "posts", "--merge", "k8s=kubernetes", "--write", code=1)
    assert changed() == ["posts/one.md"]
    assert Path("posts/one.md").read_bytes() == post("Front-End", "kubernetes")
    assert err.startswith("posts/alias.md:3: The tags are those of another key")
    assert out.splitlines()[-1] == "1 post changed, 2 posts left as they are."
    out, err = run(capfdbinary, "posts", "--merge=K8S=kubernetes", "--rules", "tag-misspelt", "--write", code=1)
    assert changed() == ["posts/one.md", "posts/日本 語.md"]


def test_a_tag_that_no_post_has_is_told_with_the_one_that_may_be_meant(blog, capfdbinary):
    _, err = run(capfdbinary, "posts", "--merge", "nosuch=x", "--merge", "Frontent=x")
    assert err.splitlines()[1:-1] == [
        "No post has the tag “nosuch”.",
        "No post has the tag “Frontent”; is “frontend” meant?",
    ]
    _, err = run(capfdbinary, "posts", "--remove", "nosuch", "--changed", "posts/one.md", "--quiet", "--lang", "ja")
    assert err == "タグ「nosuch」の付いた記事はありません。\n"
    _, err = run(capfdbinary, "posts", "--merge", "k8=k8s")  # which may have been done before
    assert err.splitlines()[1] == "No post has the tag “k8”."


def test_check_changes_nothing_and_fails_where_there_is_something_to_do(blog, capfdbinary):
    out, _ = run(capfdbinary, "posts", "--check", code=1)
    assert out.endswith("2 posts to change, 1 post left as it is.\n")
    assert changed() == []
    run(capfdbinary, "posts", "--write")
    out, _ = run(capfdbinary, "posts", "--check")
    assert out == "0 posts to change, 1 post left as it is.\n"
    assert run(capfdbinary, "posts/one.md", "posts/usual-0.md", "--check", "--quiet") == ("", "")


def test_only_changed_files_are_changed_but_all_tell_what_is_usual(blog, capfdbinary):
    files = ["posts/one.md", "posts/note.txt", "posts/gone.md", "README"]
    _, err = run(capfdbinary, "posts", "--write", "--changed", *files)
    assert changed() == ["posts/one.md"]
    assert err == ""
    Path("posts/new.md").write_bytes(post("front end"))
    run(capfdbinary, "posts", "--write", "--base", "HEAD")
    assert Path("posts/new.md").read_bytes() == post("frontend")
    assert changed() == ["posts/one.md"]


def test_tags_that_somebody_chose_are_added_and_removed_in_the_named_posts_alone(blog, capfdbinary):
    flags = ["--changed", "posts/one.md", "--add", "kubernetes", "--add", "K8S", "--remove", "front-end", "--write"]
    out, _ = run(capfdbinary, "posts", *flags)
    assert out == "“kubernetes” added to 1 post\n“Front-End” removed from 1 post\n1 post changed.\n"
    assert changed() == ["posts/one.md"]
    assert Path("posts/one.md").read_bytes() == post("k8s", "kubernetes")
    assert run(capfdbinary, "posts", *flags)[0] == "0 posts changed.\n"


def test_a_chosen_tag_is_written_as_the_blog_has_tags(blog, capfdbinary):
    Path("posts/new.md").write_bytes(b"---\ntitle: New\n---\nText.\n")
    run(capfdbinary, "posts", "--changed", "posts/new.md", "--add", "kubernetes", "--write")
    assert Path("posts/new.md").read_bytes() == b"---\ntitle: New\ntags:\n  - kubernetes\n---\nText.\n"


def test_a_post_may_be_named_like_a_flag_and_none_may_change(blog, capfdbinary):
    Path("-x.md").write_bytes(post("Front-End"))
    run(capfdbinary, "posts", ".", "--write", "--changed", "-x.md")
    assert Path("-x.md").read_bytes() == post("frontend")
    assert run(capfdbinary, "posts", "--write", "--changed") == ("0 posts changed.\n", "")


def test_the_config_has_posts_synonyms_and_rules(blog, capfdbinary):
    config = 'posts = ["posts"]\n[tags.synonyms]\nk8s = "kubernetes"\n[check.rules]\ntag-variant = "off"\n'
    Path("postkin.toml").write_text(config, encoding="utf-8")
    out, _ = run(capfdbinary, "--write", code=1)
    assert "“k8s” → “kubernetes” in 1 post (a synonym in postkin.toml)\n" in out
    assert Path("posts/one.md").read_bytes() == post("Front-End", "kubernetes")
    assert Path("posts/日本 語.md").read_bytes() == post("kubernetes", "Frontend", line_end="\r\n")


def test_what_the_config_or_a_comment_ignores_is_left_by_rules(blog, capfdbinary):
    Path("blog.toml").write_text('[check.ignore]\n"posts/日本*" = ["tag-misspelt"]\n', encoding="utf-8")
    Path("posts/two.md").write_bytes(post("Front-End  # postkin: ignore tag-variant", "k8s"))
    run(capfdbinary, "posts", "--write", "--config", "blog.toml")
    assert changed() == ["posts/one.md", "posts/日本 語.md"]
    assert Path("posts/日本 語.md").read_bytes() == post("kubernetse", "frontend", line_end="\r\n")
    run(capfdbinary, "posts", "--write", "--config", "blog.toml", "--merge", "front-end=frontend")
    assert Path("posts/two.md").read_bytes() == post("frontend  # postkin: ignore tag-variant", "k8s")


def test_files_keep_their_mode_and_links_are_not_followed(blog, capfdbinary):
    Path("posts/one.md").chmod(0o640)
    Path("posts/link.md").symlink_to("one.md")
    Path("posts/.hidden.md").write_bytes(post("Front-End"))
    Path("posts/other.md").symlink_to(".hidden.md")
    Path("outside.md").write_bytes(post("Front-End"))
    Path("posts/out.md").symlink_to("../outside.md")
    _, err = run(capfdbinary, "posts", "--write", code=1)
    assert stat.S_IMODE(Path("posts/one.md").stat().st_mode) == 0o640
    assert Path("posts/link.md").is_symlink()
    assert "posts/other.md: This is a link to a file that is no post" in err
    assert "posts/out.md: The post cannot be read: a link that leads out of the folder." in err
    assert Path("outside.md").read_bytes() == Path("posts/.hidden.md").read_bytes() == post("Front-End")
    assert not list(blog.rglob("*.new"))


def test_a_file_that_cannot_be_written_fails_the_run(blog, capfdbinary, monkeypatch):
    def fail(path, old, new):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(command, "replace_content", fail)
    out, err = run(capfdbinary, "posts", "--write", code=3)
    assert "posts/one.md: The file cannot be written: Permission denied.\n" in err
    assert out.splitlines()[-1] == "0 posts changed, 3 posts left as they are."


def test_without_git_paths_are_of_the_working_folder(tmp_path, monkeypatch, capfdbinary):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    Path("posts").mkdir()
    Path("posts/one.md").write_bytes(post("k8s"))
    out, _ = run(capfdbinary, "posts", "--merge", "k8s=kubernetes")
    assert out.startswith("diff --git a/posts/one.md b/posts/one.md\n")
    assert "--- a/posts/one.md\n" in run(capfdbinary, "posts/one.md", "--merge", "k8s=kubernetes")[0]


def test_a_misspelt_field_is_renamed_and_its_tags_mended_later(blog, capfdbinary):
    many = {f"posts/many-{number}.md": post("frontend") for number in range(9)}
    slip = post("frontend").replace(b"tags:", b"tgas:")
    for name, data in {
        **many,
        "posts/slip.md": slip,
        "posts/kept.md": slip.replace(b"tgas:", b"tgas: # postkin: ignore field-misspelt"),
    }.items():
        Path(name).write_bytes(data)
    _, err = run(capfdbinary, "posts", "--rules", "field-misspelt", "--changed", "posts/slip.md", "posts/kept.md")
    assert "“tgas” → “tags” in 1 post (a misspelt field)\n" in err
    run(capfdbinary, "posts", "--rules", "field-misspelt", "--write", "--changed", "posts/slip.md", "posts/kept.md")
    assert Path("posts/slip.md").read_bytes() == post("frontend")
    assert b"tgas:" in Path("posts/kept.md").read_bytes()
    assert "field" not in run(capfdbinary, "posts", "--rules", "field-misspelt", "--changed", "posts/slip.md")[1]


def test_strings_of_tags_are_parted_as_the_generator_does(blog, capfdbinary):
    Path("_config.yml").write_text("title: A\nbaseurl: ''\n", encoding="utf-8")
    Path("_posts").mkdir()
    Path("_posts/2024-01-02-a.md").write_bytes(b"---\ntags: a k8s\n---\nText.\n")
    run(capfdbinary, "_posts", "--merge", "k8s=kubernetes", "--write", "--site-generator", "jekyll")
    assert Path("_posts/2024-01-02-a.md").read_bytes() == b"---\ntags: a kubernetes\n---\nText.\n"


def test_it_speaks_japanese(blog, capfdbinary):
    _, err = run(capfdbinary, "posts", "--merge", "k8s=kubernetes", "--lang", "ja")
    assert "「k8s」→「kubernetes」: 1件の記事（指定）\n" in err
    assert err.endswith("変更の対象は1件の記事、そのまま残したのは2件。\n")


def test_a_config_may_leave_the_language_to_the_posts(blog, capfdbinary):
    Path("postkin.toml").write_text('posts = ["posts"]\nlang = "auto"\n', encoding="utf-8")
    _, err = run(capfdbinary, "--merge", "k8s=kubernetes")
    assert err.splitlines()[-1] == "1 post to change, 2 posts left as they are."
    for path in Path("posts").glob("*.md"):
        path.write_bytes(path.read_bytes() + "これは日本語で書いた記事です。\n".encode())
    _, err = run(capfdbinary, "--merge", "k8s=kubernetes")
    assert err.endswith("変更の対象は1件の記事、そのまま残したのは2件。\n")
    assert run(capfdbinary, "--merge", "k8s=kubernetes", "--lang", "en")[1].endswith("left as they are.\n")


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        ([], "no posts are named; give a folder"),
        (["posts", "--merge", "k8s"], "--merge 'k8s' is not a tag and the one to use"),
        (["posts", "--merge", "k8s="], "is not a tag and the one to use"),
        (["posts", "--merge", "a=b=c"], "is not a tag and the one to use"),
        (["posts", "--merge", "a=b", "--merge", "a=c"], "'a' is to be 'b' already"),
        (["posts", "--merge", "a=b", "--merge", "b=c"], "--merge a=b: 'b' is itself replaced; give the tag to use"),
        (["posts", "--merge", "a=\ufeffb"], "has a sign that no tag can have"),
        (["posts", "--add", "a"], "--add 'a' is of single posts; name them with --changed"),
        (["posts", "--remove", "a", "--base", "HEAD"], "--remove 'a' is of single posts; name them with --changed"),
        (["posts", "--changed", "posts/one.md", "--add", "a\ufeffb"], "has a sign that no tag can have"),
        (["posts", "--changed", "posts/one.md", "--add", "A", "--remove", "a"], "both to be added and to be removed"),
        (["posts", "--rules", "tag-new"], "--rules 'tag-new' is unknown; give any of tag-synonym"),
        (["posts", "--rules", ","], "--rules names no rule, and nothing else is asked for"),
        (["posts", "--lang", "fr"], "--lang 'fr' is unknown; give any of auto, en, ja"),
        (["posts", "--write", "--check"], "not allowed with argument"),
        (["posts", "--changed", "a.md", "--base", "HEAD"], "not allowed with argument"),
        (["posts", "--base", "nowhere"], "--base 'nowhere' is no commit here"),
        (["nowhere"], "'nowhere' is not there: give a folder"),
        (["empty"], "holds no post"),
        (["posts", "--field", "tags"], "is not a field and its names"),
        (["gs://bucket/posts"], "is not on this machine"),
        ([".."], "is not below"),
        (["posts", "--wrong"], "--wrong"),
    ],
)
def test_what_cannot_be_met_is_refused_in_one_line(blog, capfdbinary, flags, why):
    Path("empty").mkdir()
    out, err = run(capfdbinary, *flags, code=2)
    assert out == ""
    assert err.startswith("postkin fix: ")
    assert why in err
    assert err.count("\n") == 1


def test_it_starts_without_what_it_does_not_need(blog):
    script = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from jobs.cli import main
assert main(["fix", "posts"]) == 0
heavy = "apache_beam", "faiss", "pandas", "pyarrow", "sklearn", "babel", "jinja2"
loaded = [name for name in heavy if name in sys.modules]
sys.exit(', '.join(loaded) or 0)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
