import time

import pytest

from transforms.generators.registry import COMMON
from transforms.site import site_model
from transforms.site.site_model import MAX_BYTES, MAX_UP, PLAIN_SITE, Permalink, clean_site_url, find_site


@pytest.fixture
def blog(tmp_path):
    """A repository with posts in content/posts; made with the files given by name."""

    def make(posts="content/posts", git=True, **_):
        (tmp_path / posts).mkdir(parents=True, exist_ok=True)
        if git:
            (tmp_path / ".git").mkdir(exist_ok=True)
        return tmp_path, str(tmp_path / posts)

    return make


def found(blog, name, text, posts="content/posts", **flags):
    root, folder = blog(posts)
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return find_site([folder], **flags)


@pytest.mark.parametrize(
    ("name", "text", "row"),
    [
        ("hugo.toml", 'baseURL = "https://a.example/x/"', ("hugo", "https://a.example/x", "en")),
        ("config.yaml", "baseurl: //a.example\nlanguageCode: fr", ("hugo", None, "en")),
        ("config/_default/hugo.toml", 'defaultContentLanguage = "ja"', ("hugo", None, "ja")),
        ("config.json", '{"baseURL": "https://a.example"}', ("hugo", "https://a.example", "en")),
        ("config.toml", 'base_url = "https://a.example"\ndefault_language = "fr"', ("zola", "https://a.example", "fr")),
        ("config.toml", "[server]\nport = 1", (None, None, None)),
        ("_config.yml", "url: https://a.example\nbaseurl: /b\nlang: de", ("jekyll", "https://a.example/b", "de")),
        (
            "_config.yml",
            "url: https://a.example\nsource_dir: source\nlanguage: ja",
            ("hexo", "https://a.example", "ja"),
        ),
        ("_config.yml", "- a\n- b", ("jekyll", None, None)),
        (
            "mkdocs.yml",
            "site_url: https://a.example/\nx: !!python/name:os.system",
            ("mkdocs", "https://a.example", None),
        ),
        ("mkdocs.yml", "site_url: https://a.example/\nx: !ENV A", ("mkdocs", "https://a.example", None)),
        ("mkdocs.yml", "x: !!python/object/apply:os.system ['touch /tmp/x']", ("mkdocs", None, None)),
        ("astro.config.mjs", "  site: 'https://a.example',\n base: \"/b/\"", ("astro", "https://a.example/b", None)),
        ("astro.config.ts", "  site: process.env.SITE,", ("astro", None, None)),
        ("astro.config.ts", "  // site: 'https://a.example',", ("astro", None, None)),
        ("docusaurus.config.js", "url: `https://a.example`,", ("docusaurus", "https://a.example", None)),
        ("docusaurus.config.js", "url: `https://${host}`,", ("docusaurus", None, None)),
        ("gatsby-config.js", "siteUrl: 'https://a.example/'", ("gatsby", "https://a.example", None)),
        ("pelicanconf.py", "SITEURL = 'https://a.example'", ("pelican", "https://a.example", None)),
        (".eleventy.js", "module.exports = {}", ("eleventy", None, None)),
        (".vitepress/config.ts", "export default {}", ("vitepress", None, None)),
        ("qiita.config.json", "{}", ("qiita", None, None)),
        ("hugo.toml", "not toml at all", ("hugo", None, None)),
        ("config.toml", "not toml at all", (None, None, None)),
    ],
)
def test_what_a_config_tells(blog, name, text, row):
    site = found(blog, name, text).as_row()
    assert (site["generator"], site["url"], site["language"]) == row


def test_permalinks_and_languages(blog):
    site = found(
        blog, "hugo.yaml", "permalinks:\n  page:\n    posts: /:year/:slug/\nlanguages:\n  en: {}\n  pt-br: {}\n"
    )
    assert site.permalinks == (Permalink("/:year/:slug/", "posts"),)
    assert site.languages == ("en", "pt-br")
    assert found(blog, "hugo.yaml", "permalinks:\n  posts: [1]\n").permalinks == ()


def test_jekylls_words_for_permalinks(blog):
    assert found(blog, "_config.yml", "permalink: none").permalinks == (Permalink("/:categories/:title"),)
    site = found(blog, "_config.yml", "title: A")
    assert site.permalinks == (Permalink("/:categories/:year/:month/:day/:title"),)


def test_zenn_is_told_by_its_folders(blog):
    root, _ = blog()
    for name in ("articles", "books", "notes"):
        (root / name).mkdir()
    assert find_site([str(root / "articles")]).generator.name == "zenn"
    assert find_site([str(root / "articles" / "*.md")]).generator.name == "zenn"
    assert find_site([str(root)]).generator.name == "zenn"
    assert find_site([str(root / "notes")]).generator is COMMON


def test_the_nearest_config_counts_and_none_above_the_repository(blog, tmp_path):
    (tmp_path / "hugo.toml").write_text('baseURL = "https://outer.example"')
    inner = tmp_path / "blog" / "content" / "posts"
    inner.mkdir(parents=True)
    assert find_site([str(inner)]).url == "https://outer.example"
    (tmp_path / "blog" / ".git").write_text("gitdir: elsewhere")
    assert find_site([str(inner)]).generator is COMMON
    (tmp_path / "blog" / "_config.yml").write_text("url: https://inner.example")
    assert find_site([str(inner)]).url == "https://inner.example"


def test_without_a_repository_only_some_folders_above_are_looked_into(tmp_path):
    (tmp_path / "hugo.toml").write_text('baseURL = "https://a.example"')
    folders = [f"f{depth}" for depth in range(MAX_UP + 1)]
    deep = tmp_path.joinpath(*folders)
    deep.mkdir(parents=True)
    assert find_site([str(deep.parent)]).url == "https://a.example"
    assert find_site([str(deep)]).generator is COMMON


def test_links_out_of_the_folder_are_not_followed(blog, tmp_path):
    root, folder = blog("in/content")
    (tmp_path / "secret.toml").write_text('baseURL = "https://a.example"')
    (root / "in" / "hugo.toml").symlink_to(tmp_path / "secret.toml")
    assert find_site([folder]).generator is COMMON
    (root / "in" / "hugo.yaml").mkdir()
    (root / "in" / "_config.yml").symlink_to("_config.yml")
    assert find_site([folder]).generator is COMMON


def test_flags_go_before_what_is_found(blog):
    site = found(blog, "hugo.toml", 'baseURL = "https://a.example"', generator="zola", url="https://b.example")
    assert (site.generator.name, site.url) == ("zola", "https://b.example")
    site = found(blog, "hugo.toml", 'baseURL = "https://a.example"', generator="hugo")
    assert (site.generator.name, site.url, site.hosts, site.base) == ("hugo", "https://a.example", ("a.example",), ())
    assert found(blog, "hugo.toml", "", generator="none") == PLAIN_SITE
    assert find_site(["gs://bucket/posts"], url="https://b.example").hosts == ("b.example",)


def test_patterns_of_several_sites_are_of_none(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name / "posts").mkdir(parents=True)
        (tmp_path / name / "hugo.toml").write_text(f'baseURL = "https://{name}.example"')
    folders = [str(tmp_path / name / "posts") for name in ("a", "b")]
    assert find_site(folders).generator is COMMON
    assert find_site(folders[:1]).url == "https://a.example"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hugo.toml", "a." * 50_000 + "b = 1"),
        ("hugo.toml", "".join(f"b{n}.{'a.' * 90}b = 1\n" for n in range(600))),
        ("hugo.toml", "a = " + "[" * 50_000),
        ("hugo.json", "[" * 100_000),
        ("_config.yml", "[" * 100_000),
        ("_config.yml", "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9_000))),
        ("mkdocs.yml", "- a\n" * 60_000),
        ("astro.config.mjs", "site: '" * 30_000),
        ("astro.config.mjs", "site:" + " " * 200_000),
        ("docusaurus.config.js", "locales: [" * 20_000),
        ("docusaurus.config.js", "{locales:   [" + "'en'," * 40_000),
        ("hugo.toml", "#" * (MAX_BYTES + 1)),
    ],
)
def test_hostile_configs_take_little_time_and_fail_no_run(blog, name, text):
    start = time.process_time()
    found(blog, name, text)
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://a.example/", "https://a.example"),
        (" http://a.example:8080/b/ ", "http://a.example:8080/b"),
        ("https://ブログ.example", "https://ブログ.example"),
        ("a.example", None),
        ("https://", None),
        ("https://user@a.example", None),
        ("https://a.example/<b>", None),
        ("javascript:alert(1)", None),
        ("", None),
        (3, None),
        (None, None),
    ],
)
def test_clean_site_url(text, url):
    assert clean_site_url(text) == url


def test_the_loader_makes_no_objects(blog):
    loaded = site_model._load_yaml("a: !!python/object/new:os.system [x]\nb: !c {d: e}\nf: 1")
    assert loaded == {"a": None, "b": None, "f": 1}


def test_hugos_languages_may_have_files_of_their_own(tmp_path):
    folder = tmp_path / "config" / "_default"
    folder.mkdir(parents=True)
    (folder / "hugo.toml").write_text('baseURL = "https://a.example"\n')
    (folder / "languages.toml").write_text("[en]\nweight = 1\n[pt-br]\nweight = 2\n")
    for name in ("languages.ja.toml", "languages.xyz!.toml", "menus.fr.toml", "languages.ja.md"):
        (folder / name).write_text("")
    assert find_site([str(tmp_path)]).languages == ("en", "pt-br", "ja")


def test_jekylls_languages_are_a_list(blog):
    site = found(blog, "_config.yml", "languages: [en, ja, 3, de]\ndefault_lang: ja\n")
    assert (site.language, site.languages) == ("ja", ("en", "ja", "de"))


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("_config.yml", "title: 'A  blog\n\n  of mine'\nurl: https://a.example", "A blog of mine"),
        ("hugo.toml", 'title = "A blog"', "A blog"),
        ("hugo.toml", '[languages.ja]\ntitle = "ブログ"\n[languages.en]\ntitle = "Blog"', "ブログ"),
        ("mkdocs.yml", "site_name: Notes", "Notes"),
        ("pelicanconf.py", "SITENAME = 'Notes'", "Notes"),
        ("docusaurus.config.js", "  title: 'My site',", "My site"),
        ("_config.yml", "title: 7", None),
        ("_config.yml", "title: ' \u202e '", None),
        ("_config.yml", f"title: {'x' * 5000}", "x" * site_model.MAX_TITLE),
    ],
)
def test_a_site_is_called_what_its_config_says(blog, name, text, title):
    assert found(blog, name, text).title == title
