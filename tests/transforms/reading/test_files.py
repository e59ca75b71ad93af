import io
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.limits import POST_BYTES
from transforms.reading.errors import ParseError
from transforms.reading.files import list_all, list_files, list_posts, matches_glob, read_post
from transforms.records import PostFile


def write(root, *paths, text="text"):
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def paths(pattern):
    return [file.path for file in list_posts(str(pattern))]


@pytest.fixture
def blog(tmp_path):
    root = tmp_path / "blog"
    write(root, "b.md", "a.MD", "2020/c.markdown", "2020/deep/d.mdx", "2020/notes.txt", "[slug].md", "e.qmd")
    write(root, ".draft.md", ".git/x.md", "node_modules/pkg/README.md", "2020/.obsidian/y.md")
    return root


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("", ["2020/c.markdown", "2020/deep/d.mdx", "[slug].md", "a.MD", "b.md", "e.qmd"]),
        ("**", ["2020/c.markdown", "2020/deep/d.mdx", "[slug].md", "a.MD", "b.md", "e.qmd"]),
        ("**/*.md", ["[slug].md", "b.md"]),
        ("**/*.m*", ["2020/c.markdown", "2020/deep/d.mdx", "[slug].md", "b.md"]),
        ("*", ["[slug].md", "a.MD", "b.md", "e.qmd"]),
        ("?.md", ["b.md"]),
        ("[a-c].md", ["b.md"]),
        ("[!b]*", ["[slug].md", "a.MD", "e.qmd"]),
        ("*/**/d.mdx", ["2020/deep/d.mdx"]),
        ("[slug].md", ["[slug].md"]),
        ("b.md", ["b.md"]),
        ("*.txt", []),
    ],
)
def test_folders_globs_and_files_are_listed_in_order(blog, glob, expected):
    assert paths(f"{blog}/{glob}") == expected


def test_the_root_is_the_longest_folder_without_wildcards(blog):
    assert {(file.root, file.path) for file in list_posts(f"{blog}/2020/*/*.mdx")} == {(f"{blog}/2020", "deep/d.mdx")}
    assert list(list_posts(f"{blog}/2020/c.markdown")) == [PostFile(f"{blog}/2020", "c.markdown", 4)]


def test_a_folder_that_exists_is_no_glob(tmp_path):
    write(tmp_path, "[lang]/a.md", "l/b.md")
    assert paths(tmp_path / "[lang]/*.md") == ["a.md"]


def test_relative_patterns_are_below_the_working_folder(blog, monkeypatch):
    monkeypatch.chdir(blog)
    assert paths("2020/*") == ["c.markdown"]
    assert paths("**/*.mdx") == ["2020/deep/d.mdx"]
    assert paths(".") == paths(blog)


def test_overlapping_patterns_name_each_file_once(blog, monkeypatch):
    monkeypatch.chdir(blog)
    found = list_all(["2020", f"{blog}/**/*.markdown", ".", "b.md"])
    assert [file.path for file in found] == ["c.markdown", "deep/d.mdx", "[slug].md", "a.MD", "b.md", "e.qmd"]


@pytest.mark.parametrize("pattern", ["nowhere", "nowhere.md", "nowhere/**/*.md", "blog/2020/notes.txt", "blog/b.md/*"])
def test_a_pattern_that_names_nothing_is_refused_in_one_line(blog, pattern):
    with pytest.raises(FileNotFoundError, match=pattern.split("/")[0]) as caught:
        list_posts(str(blog.parent / pattern))
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_listed_stops_the_run(blog, monkeypatch):
    def refuse(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(PermissionError):
        list_posts(str(blog))


def test_links_to_files_are_followed_and_links_to_folders_are_refused(tmp_path):
    write(tmp_path, "blog/a.md", "blog/in/b.md", "other/c.md")
    blog = tmp_path / "blog"
    (blog / "file.md").symlink_to("a.md")
    (blog / "gone.md").symlink_to("nowhere.md")
    (blog / "loop").symlink_to(".")
    (blog / "out").symlink_to("../other")
    assert paths(blog) == ["a.md", "file.md", "gone.md", "in/b.md", "loop", "out"]
    for name in ("loop", "out"):
        with pytest.raises(ParseError, match="a link to a folder is not followed"):
            read_post(PostFile(str(blog), name, 0))


NAMES = ["a", "b", "ab"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    root = tmp_path_factory.mktemp("tree")
    for depth in (1, 2, 3):
        for names in itertools.product(NAMES, repeat=depth):
            write(root, "/".join(names) + ".md")
    return root


GLOBS = st.lists(st.sampled_from(["**", "*", "a", "?", "[ab]", "a*", "[!a]*"]), max_size=3)


@given(GLOBS, st.sampled_from(["*.md", "a.md", "?.md", "[!b].md", "*b.*", "*"]))
def test_globs_match_what_pathlib_matches(tree, folders, name):
    files = [path.relative_to(tree) for path in tree.rglob("*.md")]
    globs = [*folders, name]
    expected = {path.relative_to(tree) for path in tree.glob("/".join(globs)) if path.is_file()}
    assert {path for path in files if matches_glob(path.parts, globs)} == expected


def test_remote_folders_are_listed_like_local_ones(blog, remote):
    for file in blog.rglob("*.*"):
        if file.is_file():
            remote[f"memory://bucket/blog/{file.relative_to(blog).as_posix()}"] = file.read_bytes()
    for glob in ("", "**/*.md", "*", "2020/**", "2020/*/*.mdx", "[slug].md", "b.md"):
        local, far = (list(list_posts(f"{root}/{glob}")) for root in (blog, "memory://bucket/blog"))
        assert [file.path for file in far] == [file.path for file in local], glob
        assert [file.root.removeprefix("memory://bucket/blog") for file in far] == [
            file.root.removeprefix(str(blog)) for file in local
        ]
    assert [read_post(file) for file in list_posts("memory://bucket/blog/2020/")] == ["text", "text"]
    with pytest.raises(FileNotFoundError, match="memory://bucket/empty"):
        list_posts("memory://bucket/empty")


@pytest.fixture
def remote():
    """A filesystem that Beam finds by its scheme, as a dict of contents."""
    from apache_beam.io.filesystem import FileMetadata, FileSystem

    contents = {}

    class MemoryFileSystem(FileSystem):
        @classmethod
        def scheme(cls):
            return "memory"

        def has_dirs(self):
            return False

        def exists(self, path):
            return path in contents

        def open(self, path, *args, **kwargs):  # noqa: ARG002
            return io.BytesIO(contents[path])

        def _list(self, prefix):
            return [FileMetadata(path, len(data), 0) for path, data in contents.items() if path.startswith(prefix)]

    MemoryFileSystem.__abstractmethods__ = frozenset()  # nothing is written
    return contents


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"\xef\xbb\xbfa\r\nb\rc\n", "a\nb\nc\n"), (b"", ""), ("かな".encode(), "かな")],
)
def test_text_is_normalised(tmp_path, data, text):
    (tmp_path / "a.md").write_bytes(data)
    assert read_post(PostFile(str(tmp_path), "a.md", len(data))) == text


def refusal(root, path="a.md", size=0):
    with pytest.raises(ParseError) as caught:
        read_post(PostFile(str(root), path, size))
    assert caught.value.path == path
    assert str(root) not in caught.value.reason
    return caught.value.line, caught.value.reason


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_what_is_not_utf8_is_refused_with_its_line(tmp_path, end):
    (tmp_path / "a.md").write_bytes(b"one" + end + b"two" + end + b"x\xff")
    at = 6 + 2 * len(end) + 1
    assert refusal(tmp_path) == (3, f"not UTF-8 at byte {at}: save it as UTF-8")


def test_what_is_too_large_is_refused_by_its_size_and_when_read(tmp_path):
    assert refusal(tmp_path, size=POST_BYTES + 1) == (None, "larger than 10 MiB")
    (tmp_path / "a.md").write_bytes(b"a" * (POST_BYTES + 1))
    assert refusal(tmp_path) == (None, "larger than 10 MiB")


def test_what_is_no_file_is_refused(tmp_path):
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "gone.md").symlink_to("nowhere")
    (tmp_path / "loop.md").symlink_to("loop.md")
    os.mkfifo(tmp_path / "pipe.md")
    assert refusal(tmp_path, "folder.md") == (None, "not a file")
    assert refusal(tmp_path, "pipe.md") == (None, "not a file")
    assert refusal(tmp_path, "gone.md") == (None, "cannot be read: No such file or directory")
    assert refusal(tmp_path, "loop.md")[1].startswith("cannot be read: Too many levels")


def test_a_link_must_not_leave_its_root(tmp_path):
    write(tmp_path, "secret.md", "blog/a.md")
    blog = tmp_path / "blog"
    (blog / "out.md").symlink_to("../secret.md")
    (blog / "in.md").symlink_to("a.md")
    assert refusal(blog, "out.md") == (None, "a link that leads out of the folder")
    assert read_post(PostFile(str(blog), "in.md", 0)) == "text"


def test_a_name_that_is_not_utf8_is_refused(tmp_path):
    with pytest.raises(ParseError, match="file name is not UTF-8") as caught:
        read_post(PostFile(str(tmp_path), "a\udcff.md", 0))
    assert caught.value.path.encode()


def test_reading_does_not_import_beam(tmp_path):
    write(tmp_path, "a.md")
    code = (
        "import sys; from transforms.reading.files import *; from transforms.reading.parse import *;"
        f"parse_article(read_post(next(list_posts({str(tmp_path)!r}))), 'a.md', as_of='2020-01-01');"
        "sys.exit('apache_beam' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


def others(*patterns):
    return dict(list_files([str(pattern) for pattern in patterns]).others)


def test_files_of_other_kinds_that_are_probably_posts_are_counted(tmp_path):
    write(tmp_path, "posts/a.md", "posts/b.rst", "posts/c.RST", "posts/d.ipynb", "posts/e.txt", "posts/f.html")
    write(tmp_path, "org/g.org", "org/h.adoc", "posts/i.Rmd", "posts/j.mdoc", "posts/picture.png", "posts/data.csv")
    assert others(tmp_path) == {
        ".adoc": 1, ".html": 1, ".ipynb": 1, ".mdoc": 1, ".org": 1, ".rmd": 1, ".rst": 2, ".txt": 1,
    }  # fmt: skip
    assert others(tmp_path / "posts/*.md") == others(tmp_path / "posts/a.md") == {}
    assert others(tmp_path / "posts/*.rst", tmp_path / "posts", tmp_path) == others(tmp_path)
    assert dict(list_files([str(tmp_path)], [str(tmp_path / "org")]).others) == others(tmp_path / "posts")
    assert [file.path for file in list_all([str(tmp_path)])] == ["posts/a.md"]


def test_files_of_the_site_are_no_posts(tmp_path):
    write(tmp_path, "README.md", "README.rst", "LICENSE.txt", "requirements.txt", "about.html", "theme/page.html")
    write(tmp_path, "posts/a.md", "posts/index.html", "posts/robots.txt", "posts/_draft.rst", ".git/x.rst")
    write(tmp_path, "node_modules/pkg/README.rst", "node_modules/pkg/docs.rst")
    assert others(tmp_path) == {}


def test_what_was_made_of_a_post_counts_with_it(tmp_path):
    write(tmp_path, "a/index.md", "a/index.Rmd", "a/index.html", "b.qmd", "b.html", "b.ipynb", "c.Rmd", "c.html")
    assert others(tmp_path) == {".html": 1, ".rmd": 1}


def test_a_file_of_quarto_beside_what_it_is_made_into_is_passed_over(tmp_path):
    write(tmp_path, "a.qmd", "a.md", "b.qmd", "b.markdown", "c.qmd", "d/c.md", "e.qmd", "e.mdx")
    assert paths(tmp_path) == ["a.md", "b.markdown", "c.qmd", "d/c.md", "e.mdx", "e.qmd"]


def test_a_glob_of_many_folders_costs_no_time():
    start = time.process_time()
    assert not matches_glob(["a"] * 200, ["**"] * 400 + ["b"])
    assert matches_glob(["a"] * 200, ["**", "a"] * 200)
    assert time.process_time() - start < 1
