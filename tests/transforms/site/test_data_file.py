"""Where a site's generator finds data, and what it calls a post there."""

import os
from pathlib import Path

import pytest

from transforms.site.data_file import DataFileError, find_data_file


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The working folder, the root of a git repository."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def make(*files, **texts):
    for name in files:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(texts.get(name, ""), encoding="utf-8")


def put(name, text):
    make(name)
    Path(name).write_text(text, encoding="utf-8")


def placed(patterns, path, *args):
    found = find_data_file(patterns, *args)
    return found.generator, os.path.relpath(found.file), found.key(path)


HUGO_LANGUAGES = (
    '{"baseURL": "/", "languages": {"de": {"contentDir": "content/de"}, "en": {"contentdir": "content/en"}}}'
)


@pytest.mark.parametrize(
    ("config", "text", "posts", "expected"),
    [
        ("hugo.toml", "title = 'x'", "content/posts", ("hugo", "assets/postkin.json", "posts/a b.md")),
        ("hugo.toml", "contentDir = 'src'\nassetDir='a/b'", "src", ("hugo", "a/b/postkin.json", "a b.md")),
        ("hugo.json", HUGO_LANGUAGES, "content/de/posts", ("hugo", "assets/postkin.json", "posts/a b.md")),
        ("_config.yml", "title: x", "_posts", ("jekyll", "_data/postkin.json", "_posts/a b.md")),
        ("_config.yml", "source: docs", "docs/_posts", ("jekyll", "docs/_data/postkin.json", "_posts/a b.md")),
        ("_config.yml", "data_dir: d\ncollections_dir: c", "c/_posts", ("jekyll", "d/postkin.json", "_posts/a b.md")),
        ("_config.yml", "source_dir: s", "s/_posts", ("hexo", "s/_data/postkin.json", "_posts/a b.md")),
        ("_config.yml", "public_dir: p", "source/_posts", ("hexo", "source/_data/postkin.json", "_posts/a b.md")),
        (".eleventy.js", "", "posts", ("eleventy", "_data/postkin.json", "./posts/a b.md")),
        (
            "eleventy.config.js",
            "module.exports = () => ({\n  dir: {\n    input: 'src',\n  },\n});",
            "src/posts",
            ("eleventy", "src/_data/postkin.json", "./src/posts/a b.md"),
        ),
        ("astro.config.mjs", "", "src/content/blog", ("astro", "src/data/postkin.json", "src/content/blog/a b.md")),
        (".vitepress/config.mts", "", "posts", ("vitepress", ".vitepress/postkin.json", "posts/a b.md")),
        (
            ".vitepress/config.mts",
            "export default {\n  srcDir: './src',\n}",
            "src/posts",
            ("vitepress", ".vitepress/postkin.json", "posts/a b.md"),
        ),
        ("docusaurus.config.ts", "", "blog", ("json", "postkin.json", "blog/a b.md")),
        ("README.md", "", "posts", ("json", "postkin.json", "posts/a b.md")),
    ],
)
def test_each_generator(config, text, posts, expected):
    put(config, text)
    make(f"{posts}/a b.md")
    assert placed([posts], "a b.md") == expected
    assert placed([f"{posts}/*.md"], "a b.md") == expected
    assert placed([f"{posts}/a b.md"], "a b.md") == expected
    assert placed([str(Path(posts).resolve())], "a b.md") == expected


def test_what_is_said_goes_before_what_is_found():
    put("hugo.toml", "")
    make("content/posts/a.md")
    assert placed(["content/posts"], "a.md", "json") == ("json", "postkin.json", "content/posts/a.md")
    assert placed(["content/posts"], "a.md", "eleventy") == ("eleventy", "_data/postkin.json", "./content/posts/a.md")
    assert placed(["content"], "posts/a.md", None, "content/posts/") == ("hugo", "assets/postkin.json", "a.md")
    assert placed(["content"], "posts/a.md", None, None, "x/y.json") == ("hugo", "x/y.json", "posts/a.md")


def test_the_site_is_where_its_config_is(monkeypatch):
    put("site/hugo.toml", "")
    make("site/content/a.md", "tools/x")
    assert placed(["site/content"], "a.md") == ("hugo", "site/assets/postkin.json", "a.md")
    monkeypatch.chdir("tools")
    assert placed(["../site/content"], "a.md") == ("hugo", "../site/assets/postkin.json", "a.md")


def test_several_inputs():
    put("hugo.toml", "")
    make("content/posts/a.md", "content/notes/b.md", "content/notes/a b/c.md")
    found = find_data_file(["content/posts", "content/notes"])
    assert [found.key(path) for path in ("a.md", "b.md", "a b/c.md")] == ["posts/a.md", "notes/b.md", "notes/a b/c.md"]
    make("content/notes/a.md")
    with pytest.raises(DataFileError, match=r"'a\.md' is in several of the run's inputs"):
        found.key("a.md")
    with pytest.raises(DataFileError, match=r"'d\.md' is in none of the run's inputs any more"):
        found.key("d.md")


def test_posts_need_not_be_there_any_more():
    put("hugo.toml", "")
    assert placed(["content/posts"], "gone.md") == ("hugo", "assets/postkin.json", "posts/gone.md")


def test_names_with_the_characters_of_globs():
    put("hugo.toml", "")
    make("content/[2020]/a.md", "content/[x].md")
    assert placed(["content/[2020]"], "a.md")[-1] == "[2020]/a.md"
    assert placed(["content/[2020]/*.md"], "a.md")[-1] == "[2020]/a.md"
    assert placed(["content/[x].md"], "[x].md")[-1] == "[x].md"


def test_posts_of_a_bucket():
    found = find_data_file(["gs://bucket/blog/content/**/*.md"], "hugo", "gs://bucket/blog/content/")
    assert found.key("posts/a.md") == "posts/a.md"
    assert os.path.relpath(found.file) == "assets/postkin.json"


@pytest.mark.parametrize("path", ["../a.md", "/a.md", "x/../../a.md", "./a.md", "", "x//a.md"])
def test_no_post_is_out_of_the_inputs(path):
    put("hugo.toml", "")
    with pytest.raises(DataFileError, match="is not below an --input"):
        find_data_file(["content"]).key(path)


def test_posts_out_of_the_root_are_refused():
    put("hugo.toml", "")
    make("content/a.md", "README.md", "content-old/a.md")
    with pytest.raises(
        DataFileError, match=r"README\.md' is not below '.*/content', where the hugo site has its posts"
    ):
        find_data_file(["."]).key("README.md")
    with pytest.raises(DataFileError, match="is not below"):
        find_data_file(["."]).key("content-old/a.md")
    assert find_data_file(["."]).key("content/a.md") == "a.md"


@pytest.mark.parametrize(
    ("config", "text", "flag"),
    [
        ("hugo.toml", "assetDir = '../x'", "--output"),
        ("hugo.toml", "contentDir = '../x'", "--root"),
        ("hugo.toml", "[languages.de]\ncontentDir = '../../etc'", "--root"),
        ("_config.yml", "source: ../docs", "--output"),
    ],
)
def test_a_config_does_not_lead_out_of_the_site(config, text, flag):
    put(f"site/{config}", text)
    make("site/content/a.md")
    with pytest.raises(DataFileError, match=f"names '.*', which is not below it; say with {flag} what to use"):
        find_data_file(["site/content"])


def test_folders_are_below_the_site_whatever_they_are_called(folder):
    put("site/hugo.toml", "contentDir = '/etc'\nassetDir = '{contentDir}'")
    make("site/content/a.md")
    found = find_data_file(["site/content"])
    assert (found.root, found.file) == (f"{folder}/site/etc", f"{folder}/site/{{contentDir}}/postkin.json")


def test_values_that_are_no_folders_are_passed_over():
    put("hugo.yaml", f"contentDir: [x]\nassetDir: {'x' * 300}\nlanguages:\n  de: 1\n  en: {{contentDir: 2}}\n")
    make("content/a.md")
    assert placed(["content"], "a.md") == ("hugo", "assets/postkin.json", "a.md")


def test_a_language_without_a_folder_has_that_of_all():
    put("hugo.json", '{"baseURL": "/", "languages": {"de": {"contentDir": "inhalt"}, "en": {}}}')
    make("content/a.md", "inhalt/a.md")
    assert placed(["content"], "a.md") == ("hugo", "assets/postkin.json", "a.md")
    assert placed(["inhalt"], "a.md") == ("hugo", "assets/postkin.json", "a.md")


def test_a_folder_for_each_language_is_one_at_a_time():
    put("hugo.json", HUGO_LANGUAGES)
    make("content/de/a.md", "content/en/a.md")
    with pytest.raises(DataFileError, match=r"has a folder of posts for each language \(content/de, content/en\)"):
        find_data_file(["content"])
    assert placed(["content"], "de/a.md", None, "content") == ("hugo", "assets/postkin.json", "de/a.md")
