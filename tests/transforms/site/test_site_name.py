"""The name of a site by the data of its templates and by package.json, all of them untrusted."""

import json

import pytest

from transforms.site import site_model
from transforms.site.site_name import site_names


@pytest.fixture
def blog(tmp_path):
    """The folder of a blog's posts, two below the root of its repository, which is below another folder."""
    posts = tmp_path / "repository" / "src" / "posts"
    posts.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    return posts


def write(folder, name, text):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_data/site.json", '{"title": "My  blog"}'),
        ("src/_data/metadata.yaml", "title: My blog\n"),
        ("src/_data/meta.json", '{"site": {"name": "My\\nblog"}}'),
        ("_quarto.yml", "website:\n  title: My blog\n"),
        ("src/consts.ts", "export const SITE_TITLE = 'My blog';\n"),
        ("src/config.ts", 'export const SITE = {\n  siteTitle: "My blog",\n}'),
        ("conf.py", 'BLOG_TITLE = "My blog"\n'),
        ("package.json", '{"name": "@me/My blog"}'),
    ],
)
def test_a_site_is_called_what_its_files_say(blog, name, text):
    write(blog.parent.parent, name, text)
    assert set(site_names([str(blog)])) == {"My blog"}


def test_what_is_nearer_goes_first_and_package_json_last(blog):
    root = blog.parent.parent
    write(blog, "package.json", '{"name": "near-package"}')
    write(root, "package.json", '{"name": "package"}')
    write(root, "_data/site.json", '{"title": "Far"}')
    write(blog.parent, "_data/site.json", '{"title": "Near"}')
    assert list(dict.fromkeys(site_names([str(blog)]))) == ["Near", "Far", "near-package", "package"]


def test_nothing_above_the_repository_or_without_one_is_read(blog):
    write(blog.parent.parent.parent, "package.json", '{"name": "above"}')
    assert list(site_names([str(blog), "gs://bucket/posts"])) == []
    (blog.parent.parent / ".git").rmdir()
    write(blog, "package.json", '{"name": "beside"}')
    assert list(site_names([str(blog)])) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"name": 7}',
        '{"name": "\\u202e "}',
        '["name"]',
        "{",
        "[" * 100_000,
        json.dumps({"name": "x", "more": "y" * site_model.MAX_BYTES}),
    ],
)
def test_what_is_no_name_is_none(blog, text):
    write(blog.parent.parent, "package.json", text)
    assert list(site_names([str(blog)])) == []


def test_a_long_name_is_cut_and_a_link_out_of_the_folder_is_not_followed(blog, tmp_path):
    root = blog.parent.parent
    write(root, "package.json", json.dumps({"name": "x" * 5000}))
    write(tmp_path, "secret.json", '{"title": "secret"}')
    (root / "_data").mkdir()
    (root / "_data" / "site.json").symlink_to(tmp_path / "secret.json")
    assert list(site_names([str(blog)])) == ["x" * site_model.MAX_TITLE]
