import dataclasses
import itertools

import pytest

from transforms.corpus.languages import are_translations
from transforms.generators.registry import COMMON, GENERATORS, PLAIN
from transforms.records import Article
from transforms.site.places import on_site
from transforms.site.site_model import Site
from transforms.site.translations import bare_path


def post(path, language=None, *hrefs, headings=(), url=None, **fields):
    stem = path.rpartition(".")[0]
    given = tuple(fields.items())
    return Article(stem, path, "T", language=language, hrefs=hrefs, headings=headings, url=url, address_fields=given)


def related(one, other, generator="unknown", languages=()):
    site = Site(GENERATORS.get(generator, COMMON), language=next(iter(languages), None), languages=languages)
    return are_translations(on_site(one, site), on_site(other, site))


@pytest.mark.parametrize(
    ("path", "language", "bare"),
    [
        ("en/x.md", "en", "x"),
        ("content/ja/blog/x/index.md", "ja", "content/blog/x"),
        ("x.ja.md", "ja", "x"),
        ("a/index.pt-BR.md", "pt-BR", "a"),
        ("a/x-fr.md", "fr", "a/x"),
        ("a/x_zh-tw.md", "zh-TW", "a/x"),
        ("a/x/en.md", "en", "a/x"),
        ("a/x-it.md", "en", "a/x-it"),
        ("release.io.md", "en", "release.io"),
        ("i18n/fr/docusaurus-plugin-content-blog/2024/x.md", "fr", "blog/2024/x"),
        ("site/i18n/fr/docusaurus-plugin-content-docs/current/x.md", "fr", "site/docs/x"),
        ("x.md", None, "x"),
        ("ja.md", "ja", ""),
    ],
)
def test_a_path_without_its_language(path, language, bare):
    assert bare_path(path, language) == bare


@pytest.mark.parametrize(
    ("one", "other", "generator", "languages"),
    [
        (post("en/x.md"), post("ja/x.md"), "unknown", ()),
        (post("posts/x.md", "en"), post("ja/posts/x.md"), "vitepress", ("en", "ja")),
        (post("x.md"), post("x.ja.md"), "hugo", ("en", "ja")),
        (post("a/index.en.md"), post("a/index.ja.md"), "hugo", ("en", "ja")),
        (post("x.md", "en"), post("x.ja.md", "ja"), "unknown", ()),
        (post("blog/x.md", "en"), post("i18n/fr/docusaurus-plugin-content-blog/x.md"), "docusaurus", ("en", "fr")),
        (post("a.md", "en", translationkey="k"), post("b.md", "de", translationkey="k"), "hugo", ()),
        (post("a.md", "en", ref="k"), post("b.md", "de", ref="k"), "jekyll", ()),
        (
            post("_posts/2024-01-02-a.md", "en", page_id="k"),
            post("_posts/2024-01-02-b.md", "fr", page_id="k"),
            "jekyll",
            (),
        ),
        (post("one.md", "en", slug="s"), post("two.md", "fr", slug="s"), "pelican", ()),
        (post("a/one.md", "en", slug="s"), post("b/two.md", "fr", slug="s"), "pelican", ()),
        (post("en/moon.md", slug="m"), post("ja/tsuki.md", slug="m"), "unknown", ()),
        (post("en/moon.md"), post("ja/tsuki.md", translation_of="moon"), "unknown", ()),
        (post("posts/moon.md", "en"), post("posts/tsuki.md", "ja", translation_of="posts/moon"), "unknown", ()),
        (post("a.md", "en", url="/en/moon/"), post("b.md", "ja", url="/ja/moon/"), "jekyll", ()),
        (post("_posts/en/2024-01-02-moon.md"), post("_posts/ja/2024-02-03-moon.md"), "jekyll", ()),
        (post("zh-cn/x.md"), post("zh-tw/x.md"), "unknown", ()),
    ],
)
def test_translations_are_known(one, other, generator, languages):
    assert related(one, other, generator, languages)
    assert related(other, one, generator, languages)


HREFS = tuple(f"https://elsewhere.example/{name}" for name in "abcd")


def test_translations_are_known_by_their_shape():
    one = post("notes/moon.md", "en", *HREFS, "/here", headings=("A", "B"))
    other = post("texte/mond.md", "de", *HREFS[::-1], headings=("C", "D"))
    assert related(one, other)
    for less in (
        dataclasses.replace(other, hrefs=HREFS[1:]),
        dataclasses.replace(other, headings=("C",)),
        dataclasses.replace(other, hrefs=()),
        dataclasses.replace(other, language="en"),
    ):
        assert not related(one, less)


@pytest.mark.parametrize(
    ("one", "other", "generator"),
    [
        (post("en/x.md"), post("en/y.md"), "unknown"),
        (post("en/x.md"), post("ja/y.md"), "unknown"),
        (post("en/a/x.md"), post("ja/b/x.md"), "unknown"),
        (post("a/x.md", "en"), post("b/x.md", "en"), "hugo"),
        (post("x.md", "en", slug="s"), post("y.md", "en", slug="s"), "pelican"),
        (post("x.md", "en", ref="a"), post("y.md", "de", ref="b"), "jekyll"),
        (post("en/x.md", "en"), post("ja/x.md", "en"), "unknown"),
        (post("en/x.md"), post("ja/x.md"), PLAIN.name),
    ],
)
def test_others_are_not(one, other, generator):
    site = Site(GENERATORS.get(generator, PLAIN if generator == PLAIN.name else COMMON))
    assert not are_translations(on_site(one, site), on_site(other, site))


TEXT = "We walked down to the river and the boats that were there had been painted by hand for it. "


@pytest.mark.parametrize(
    ("path", "languages", "language"),
    [
        ("it/x.md", (), "en"),
        ("ts/x.md", (), "en"),
        ("it/x.md", ("en", "it"), "it"),
        ("en-us/x.md", (), "en-us"),
        ("x.md", (), "en"),
        ("cn/x.md", ("en", "cn"), "zh-CN"),
    ],
)
def test_a_folder_is_believed_where_the_site_has_that_language_or_the_text_is_in_it(path, languages, language):
    article = dataclasses.replace(post(path, "en"), body=TEXT)
    assert on_site(article, Site(COMMON, language="en", languages=languages)).language == language


@pytest.mark.parametrize(("path", "language"), [("x.ja.md", "ja"), ("socket.io.md", "en"), ("x.md", "en")])
def test_a_suffix_is_believed_where_it_is_a_language_that_blogs_are_in(path, language):
    article = dataclasses.replace(post(path, "en"), body=TEXT)
    assert on_site(article, Site(GENERATORS["hugo"], language="fr")).language == language


def test_keys_of_all_pairs_agree_whatever_the_order():
    site = Site(COMMON)
    posts = [on_site(post(f"{code}/{name}.md"), site) for code in ("en", "ja", "fr") for name in ("a", "b")]
    for one, other in itertools.permutations(posts, 2):
        same = one.path.partition("/")[2] == other.path.partition("/")[2]
        assert are_translations(one, other) == same == are_translations(other, one)
