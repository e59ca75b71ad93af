import dataclasses
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.site.test_resolve import resolved_in_parts
from transforms.generators.registry import COMMON, GENERATORS
from transforms.records import Article
from transforms.results import Skipped
from transforms.site.addresses import whole_addresses
from transforms.site.hyperlinks import resolve_links, unresolved_links
from transforms.site.page_views import with_views
from transforms.site.places import MAX_ADDRESSES, live_address, on_site, place_of
from transforms.site.site_model import PLAIN_SITE, Permalink, Site


def post(file, *hrefs, date=None, language=None, title="A title", **fields):
    id_ = file.removesuffix(".md")
    return Article(id_, file, title, date, language=language, hrefs=hrefs, address_fields=tuple(fields.items()))


def site_of(name, **known):
    return Site(GENERATORS.get(name, COMMON), **known)


def links_of(site, *posts):
    return {row.id: row.links for row in resolve_links([on_site(article, site) for article in posts], site)}


@pytest.mark.parametrize(
    ("site", "article", "address"),
    [
        (site_of("hugo"), post("content/blog/2024-1-2-x.md", slug="nice-name"), "content/blog/nice-name"),
        (site_of("hugo"), post("content/blog/My-Post.md"), "content/blog/my-post"),
        (site_of("hugo"), post("content/blog/x.ja.md"), "ja/content/blog/x"),
        (site_of("hugo", language="ja"), post("content/blog/x.ja.md"), "content/blog/x"),
        (site_of("hugo"), post("content/blog/x.md", aliases="old"), "content/blog/old"),
        (site_of("hugo"), post("content/blog/x.md", aliases="/very/old"), "very/old"),
        (site_of("zola"), post("content/x.md", path="2026/03/26/x"), "2026/03/26/x"),
        (site_of("hexo"), post("x.md", permalink="here"), "here"),
        (site_of("hexo"), post("x.md", permalink="p/:abbrlink.html", abbrlink="7f"), "p/7f"),
        (site_of("unknown"), post("x/y.md", slug="z"), "x/z"),
        (site_of("qiita", permalinks=(Permalink("/items/:id"),)), post("x.md", id="abc"), "items/abc"),
    ],
)
def test_an_address_by_the_sites_rules(site, article, address):
    assert address in whole_addresses(place_of(article, site))
    assert address not in whole_addresses(place_of(article))


LIVE = {"url": "https://a.example/b"}


@pytest.mark.parametrize(
    ("site", "article", "address"),
    [
        (site_of("unknown", **LIVE), post("x.md"), None),
        (site_of("unknown", **LIVE), dataclasses.replace(post("x.md"), url="/entry/7"), "https://a.example/b/entry/7"),
        (site_of("unknown", **LIVE), dataclasses.replace(post("x.md"), url="/b/7/"), "https://a.example/b/7/"),
        (site_of("unknown"), dataclasses.replace(post("x.md"), url="/entry/7"), None),
        (site_of("unknown"), dataclasses.replace(post("x.md"), url="https://c.example/"), "https://c.example/"),
        (site_of("zola", **LIVE), post("content/x.md", path="2026/x"), "https://a.example/b/2026/x"),
        (
            site_of("jekyll", permalinks=(Permalink("/:year/:month/:day/:title/"),), url="https://a.example"),
            post("2024-12-05-nice-name.md", date="2024-12-05"),
            "https://a.example/2024/12/05/nice-name/",
        ),
        (
            site_of("hugo", home="/w", roots=("/w/content/blog",), **LIVE),
            post("My-Post.md"),
            "https://a.example/b/blog/my-post/",
        ),
        (
            site_of("hugo", home="/w", roots=("/w/content",), **LIVE),
            post("blog/x.md", slug="y"),
            "https://a.example/b/blog/y/",
        ),
        (site_of("hugo", home="/w", roots=("/elsewhere",), **LIVE), post("x.md"), None),
        (site_of("astro", home="/w", roots=("/w/content",), **LIVE), post("x.md"), None),
    ],
)
def test_a_live_page_is_named_only_where_it_is_sure(site, article, address):
    assert live_address(article, site) == address == on_site(article, site).address


@pytest.mark.parametrize(
    "fields", [{"permalink": "/blog/{{ title | slugify }}/"}, {"permalink": "false"}, {"aliases": "/{{ x }}/"}]
)
def test_what_is_no_address(fields):
    site = site_of("eleventy")
    assert whole_addresses(place_of(post("x.md", **fields), site)) == ["x"]


def test_the_permalinks_of_a_section_are_those_of_its_posts():
    site = site_of("hugo", permalinks=(Permalink("/:year/:slug/", "blog"), Permalink("/n/:title/", "notes")))
    found = whole_addresses(place_of(post("content/notes/x.md", date="2024-05-06", title="Oil & Wick"), site))
    assert "n/oil-wick" in found
    assert "2024/oil-wick" not in found


@pytest.mark.parametrize(
    ("path", "id_", "language"),
    [
        ("a/x.en.md", "a/x", "en"),
        ("a/x.ja.md", "a/x.ja", "ja"),
        ("a/b/index.en.md", "a/b", "en"),
        ("a/b/index.ja.md", "a/b.ja", "ja"),
        ("ja/x.md", "ja/x", "ja"),
        ("a/x.md", "a/x", "en"),
        ("a/release.io.md", "a/release.io", "en"),
    ],
)
def test_id_and_language_by_the_path(path, id_, language):
    site = site_of("hugo", language="en", languages=("en", "ja"))
    article = on_site(post(path), site)
    assert (article.id, article.language) == (id_, language)
    assert on_site(post(path), PLAIN_SITE) == post(path)


def test_a_language_that_a_post_states_stays():
    assert on_site(post("ja/x.md", language="en"), site_of("unknown")).language == "en"


def test_the_same_language_comes_first():
    posts = [post(f"{code}/{name}.md", "/blog/b", "a") for code in ("en", "ja") for name in ("a", "b")]
    links = links_of(site_of("unknown"), *posts)
    assert links == {"en/a": ("en/b",), "en/b": ("en/a",), "ja/a": ("ja/b",), "ja/b": ("ja/a",)}
    assert not any(row.links for row in resolve_links([post("en/a.md", "/blog/b"), *posts[1:]], PLAIN_SITE)[:1])


def test_a_language_in_the_address_goes_before_that_of_the_post():
    posts = [post("en/a.md", "/ja/blog/b-c"), post("en/b-c.md"), post("ja/b-c.md")]
    assert links_of(site_of("unknown"), *posts)["en/a"] == ("ja/b-c",)


def test_a_post_in_no_language_links_to_those_in_none():
    posts = [post("blog/a.md", "/blog/b-c"), post("blog/b-c.md"), post("i18n/fr/blog/b-c.md")]
    assert links_of(site_of("docusaurus", language="en"), *posts)["blog/a"] == ("blog/b-c",)


def test_folders_before_a_usual_one_may_be_the_sites_own():
    posts = [post("a.md", "/someone/articles/b-c", "/tags/b-c", "/someone/b-c"), post("b-c.md")]
    assert links_of(site_of("unknown"), *posts)["a"] == ("b-c",)
    assert links_of(PLAIN_SITE, *posts)["a"] == ()
    twins = [post("a.md", "/someone/articles/b-c"), post("x/b-c.md"), post("y/b-c.md")]
    assert links_of(site_of("unknown"), *twins)["a"] == ()


def test_one_link_to_a_known_host_is_enough():
    posts = [post("a.md", "https://blog.example/base/b/"), post("b.md")]
    assert links_of(site_of("unknown", url="https://www.blog.example/base"), *posts)["a"] == ("b",)
    assert links_of(site_of("unknown"), *posts)["a"] == ()


@pytest.mark.parametrize("name", ["café", "ガイド"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_are_composed_on_both_sides(name, form):
    other = "NFC" if form == "NFD" else "NFD"
    target = post(unicodedata.normalize(form, f"{name}-x.md"))
    links = links_of(PLAIN_SITE, post("a.md", unicodedata.normalize(other, f"/{name}-x/")), target)
    assert links["a"] == (target.id,)
    assert with_views(target, {unicodedata.normalize("NFC", f"{name}-x"): 7}).views == 7


def test_views_of_an_address_by_the_sites_rules():
    article, site = post("blog/x.md", slug="nice"), site_of("hugo")
    assert with_views(article, {"blog/nice": 3, "blog/x": 2}, site).views == 5
    assert with_views(article, {"blog/nice": 3}).views is None


def test_notes_are_found_in_any_folder_and_case():
    posts = [post("a.md", "[[night ride]]", "[[deep/Lamp]]", "[[lamp]]"), post("x/Night Ride.md"), post("deep/Lamp.md")]
    assert links_of(site_of("unknown"), *posts)["a"] == ("deep/Lamp", "x/Night Ride")
    twins = [post("a.md", "[[lamp]]"), post("x/lamp.md"), post("y/lamp.md")]
    rows = unresolved_links(twins, site_of("unknown"))
    assert [(row.id, row.kind) for row in rows] == [("a", "ambiguous")]


def test_an_earlier_address_gives_way_to_the_post_that_is_there():
    posts = [post("notes/a.md", "/notes/lamp", "[[lamp]]", "/old/lamp"), post("notes/lamp.md")]
    other = Article("b", "notes/b.md", "B", address_fields=(("aliases", "lamp"), ("aliases", "/old/lamp")))
    assert links_of(site_of("unknown"), *posts, other)["notes/a"] == ("b", "notes/lamp")
    assert links_of(site_of("unknown"), *posts[:1], other)["notes/a"] == ("b",)


@pytest.mark.parametrize("before", ["@", "~", "@site"])
def test_what_stands_for_the_sites_root(before):
    posts = [post("blog/a.md", f"{before}/blog/x/b.md"), post("blog/x/b.md")]
    assert links_of(site_of("unknown"), *posts)["blog/a"] == ("blog/x/b",)


def test_the_page_of_a_folder_is_none_of_the_posts_of_other_folders():
    posts = [post("index.md", "/talks/css/", "/talks/grid/"), post("talks/css/float.md"), post("notes/css.md")]
    assert links_of(site_of("unknown"), *posts, post("notes/grid.md"))["index"] == ("notes/grid",)


def test_a_link_to_what_is_skipped_leads_to_no_post_of_that_name():
    posts = [post("index.md", "/talks/css/"), post("talks/float.md"), post("notes/css.md")]
    skipped = [Skipped("talks/css.md", "hidden", "hidden: true")]
    assert unresolved_links(posts, site_of("unknown"), skipped)[0].nearest == "talks/css.md"


def test_languages_are_the_same_in_any_case():
    posts = [post("a.md", "/pt-br/guides/b"), post("pt-BR/guides/b.md"), post("ja/guides/b.md")]
    assert links_of(site_of("unknown"), *posts)["a"] == ("pt-BR/guides/b",)


def test_a_page_that_is_missing_is_not_that_in_another_language():
    posts = [post("guides/a.md", "/rules/b-c"), post("pl/rules/b-c.md")]
    assert links_of(site_of("unknown"), *posts)["guides/a"] == ()
    assert links_of(site_of("unknown"), post("en/a.md", "/rules/b-c"), posts[1])["en/a"] == ("pl/rules/b-c",)


def test_a_post_has_only_so_many_addresses():
    article = Article("a", "a.md", "A", address_fields=tuple(("aliases", f"/old/{n}") for n in range(1000)))
    assert len(place_of(article, site_of("unknown")).aliases) == MAX_ADDRESSES


def unresolved_of(*posts, site=PLAIN_SITE):
    return {(row.href, row.kind) for row in unresolved_links(posts, site)}


def test_links_that_lead_nowhere_are_listed_by_kind():
    posts = [
        post(
            "a.md",
            "/b-c",
            "gone.md",
            "/about/",
            "/x/same-y",
            "/pic.png",
            "/",
            "#x",
            "http://",
            "https://foreign.example/q",
        ),
        post("b-c.md"),
        post("x1/x/same-y.md"),
        post("x2/x/same-y.md"),
    ]
    assert unresolved_of(*posts) == {("gone.md", "broken"), ("/about/", "other"), ("/x/same-y", "ambiguous")}


@pytest.mark.parametrize(("found", "missed", "kind"), [(20, 1, "broken"), (19, 1, "other"), (20, 2, "other")])
def test_a_link_is_broken_where_nearly_all_of_its_shape_lead_somewhere(found, missed, kind):
    hrefs = [f"/2024/05/p-{n}" for n in range(found)] + [f"/2024/06/gone-{n}" for n in range(missed)]
    posts = [post("a.md", *hrefs, "/tags/gone-x"), *(post(f"p-{n}.md", date="2024-05-01") for n in range(found))]
    expected = {(f"/2024/06/gone-{n}", kind) for n in range(missed)} | {("/tags/gone-x", "other")}
    assert unresolved_of(*posts) == expected


@pytest.mark.parametrize(
    ("folder", "count", "kind"),
    [
        ("/docs/rules/", 20, "page"),
        ("/docs/rules/", 19, "other"),
        ("/", 20, "page"),
        ("/blog/", 20, "other"),
        ("/2019/11/", 20, "other"),
    ],
)
def test_many_links_to_a_folder_of_which_none_finds_a_post_are_to_pages(folder, count, kind):
    hrefs = [f"{folder}no-lamp-{'x' * number}" for number in range(count)]
    posts = [post("blog/a.md", "/blog/b-c", *hrefs[:9]), post("blog/b-c.md", *hrefs[9:])]
    assert unresolved_of(*posts) == {(href, kind) for href in hrefs}


def test_others_are_on_a_shared_host_too():
    site = site_of("zenn", permalinks=(Permalink("/articles/:file"),))
    posts = [
        post("articles/a.md", "https://zenn.dev/u/articles/b", "https://zenn.dev/v/articles/c"),
        post("articles/b.md"),
    ]
    assert links_of(site, *posts)["articles/a"] == ("articles/b",)
    assert unresolved_of(*posts, site=site) == set()


NAMES = st.sampled_from(["a", "b-c", "d.ja", "posts", "ja", "en", "2024-1-2-e", "index", "articles"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
HREFS = st.builds("{}{}".format, st.sampled_from(["", "/", "../", "/ja/", "https://h.example/u/", "[["]), PATHS)
FIELDS = st.lists(st.tuples(st.sampled_from(["slug", "aliases", "path", "url", "id"]), PATHS), max_size=2).map(tuple)
POSTS = st.lists(
    st.builds(
        lambda path, hrefs, fields: Article(path, f"{path}.md", "T", hrefs=tuple(hrefs), address_fields=fields),
        PATHS,
        st.lists(HREFS.map(lambda href: f"{href}]]" if href.startswith("[[") else href), max_size=4),
        FIELDS,
    ),
    unique_by=lambda article: article.id,
    min_size=1,
    max_size=8,
)
SITES = st.sampled_from(
    [PLAIN_SITE, site_of("unknown"), site_of("hugo", url="https://h.example/u", language="en"), site_of("zola")]
)


@settings(deadline=None)
@given(POSTS, SITES, st.integers(1, 3), st.integers(1, 4))
def test_in_parts_the_links_of_a_site_are_those_of_the_whole(posts, site, blocks, parts):
    assert resolved_in_parts(posts, blocks, parts, site) == resolve_links(posts, site)


@pytest.mark.parametrize(
    ("href", "kind"),
    [
        ("/blog/gone-x", "broken"),
        ("/blog/gone2", "broken"),
        ("/blog/gone", "other"),
        ("/a-page", "other"),
        ("/a-long-name", "broken"),
        ("/blog/朝", "broken"),
    ],
)
def test_pages_of_a_word_or_two_are_no_broken_links(href, kind):
    names = [f"walk-{n}-x" for n in range(20)]
    posts = [post("a.md", href, *(f"/blog/{name}" for name in names), *(f"/{name}" for name in names))]
    assert unresolved_of(*posts, *(post(f"blog/{name}.md") for name in names)) == {(href, kind)}
