import time

import pytest

from tests.transforms.site.test_places import post, site_of
from transforms.reading.parse import parse_article
from transforms.results import Skipped, UnresolvedLink
from transforms.site.broken import NO_REDIRECTS, Name, settle_broken
from transforms.site.hyperlinks import unresolved_links
from transforms.site.redirects import read_redirects
from transforms.site.site_model import PLAIN_SITE, Site, find_site


def settled(href, *names, site=PLAIN_SITE, of="a"):
    row = UnresolvedLink(of, href, "broken", 3)
    (found,) = settle_broken([row], [Name("a", "walks/a.md", ("walks/a",)), *names], site)
    assert (found.id, found.href, found.line) == (row.id, row.href, row.line)
    return found.nearest if found.kind == "broken" else found.kind


def named(*addresses):
    return [Name(address, f"{address}.md", (address,)) for address in addresses]


@pytest.mark.parametrize(
    ("href", "nearest"),
    [
        ("/2024/05/06/the-wier/", "2024/05/06/the-weir"),
        ("/2024/05/06/the-weir-and-the-mil/", "2024/05/07/the-weir-and-the-mill"),
        ("https://walks.example/2023/01/01/the-weir-and-a-mill/", "2024/05/07/the-weir-and-the-mill"),
        ("the-weirs.md", "2024/05/06/the-weir"),
        ("[[The Weir]]", "2024/05/06/the-weir"),
        ("/2024/05/06/something-else/", None),
        ("/", None),
    ],
)
def test_the_nearest_post_of_a_broken_link(href, nearest):
    names = named("2024/05/07/the-weir-and-the-mill", "2024/05/06/the-weir", "2024/05/06/the-lock", "the-ford")
    assert settled(href, *names) == nearest
    assert settled(href, *reversed(names)) == nearest


def test_the_nearest_of_equals_is_that_of_the_likest_address_then_the_first():
    names = named("2023/the-weir", "2024/the-weir", "2024/a/the-weir")
    assert settled("/2024/the-wier", *names) == "2024/the-weir"
    assert settled("/the-wier", *named("y/the-weir", "x/the-weir")) == "x/the-weir"


def test_what_is_there_is_not_broken(tmp_path):
    for file in ("_config.yml", "about/index.html", "map.njk", "static/lists/all-walks", "_posts/a.md", "notes/b.md"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("")
    site = find_site([str(tmp_path / "_posts")], url="https://walks.example/way")
    article = Name("a", "a.md", ("a",))

    def kind(href):
        return settle_broken([UnresolvedLink("a", href, "broken")], [article], site)[0].kind

    there = (
        "/about/",
        "/map/",
        "https://walks.example/way/lists/all-walks",
        "../notes/b.md",
        "/walks/archive",
        "/tags",
    )
    assert {href: kind(href) for href in there} == dict.fromkeys(there, "other")
    gone = ("/about/us/", "/maps", "../../passwd.md", "../notes/c.md", "/a\x00b", "/" + "x" * 5000, "/../../etc")
    assert {href: kind(href) for href in gone} == dict.fromkeys(gone, "broken")


def test_what_is_led_elsewhere_is_not_broken(tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "_redirects").write_text(
        "# old\n/blog/the-wier /blog/the-weir 301\n/old/* /:splat\n/* /404\n"
    )
    (tmp_path / "netlify.toml").write_text('[[redirects]]\nfrom = "/blog/mil/"\nto = "/blog/mill"\n')
    (tmp_path / "vercel.json").write_text('{"redirects": [{"source": "/ford/:name(.*)"}, 1], "a": {}}')
    site = Site(folders=(str(tmp_path),), roots=(str(tmp_path),))
    rows = [UnresolvedLink("a", f"/{path}", "broken") for path in ("blog/the-wier/", "old/x/y", "blog/mil", "ford/x")]
    assert {row.kind for row in settle_broken(rows, [], site)} == {"other"}
    assert settle_broken([UnresolvedLink("a", "/blog/the-wiers", "broken")], [], site)[0].kind == "broken"


@pytest.mark.parametrize(("file", "text"), [("netlify.toml", "a." * 9999 + "b = 1"), ("vercel.json", "[" * 99_999)])
def test_hostile_files_of_redirects_are_passed_over(tmp_path, file, text):
    (tmp_path / file).write_text(text)
    assert read_redirects([str(tmp_path)]) == NO_REDIRECTS


def test_links_to_posts_that_are_left_out_are_told():
    posts = [post("a.md", "b.md", "/2024/05/06/lock/", "/weir", "c.md", "/tour/", "../README.md")]
    skipped = [
        Skipped("b.md", "draft", "draft: true"),
        Skipped("2024-05-06-lock.md", "future", ""),
        Skipped("README.md", "page", ""),
        Skipped("walks/tour.md", "hidden", ""),
    ]
    rows = unresolved_links(posts, site_of("unknown"), skipped)
    assert {row.href: (row.kind, row.nearest) for row in rows} == {
        "/2024/05/06/lock/": ("skipped", "2024-05-06-lock.md"),
        "/tour/": ("other", None),
        "/weir": ("other", None),
        "b.md": ("skipped", "b.md"),
        "c.md": ("broken", None),
        "../README.md": ("other", None),
    }


def test_posts_that_are_left_out_are_known_by_their_front_matter():
    def left_out(lines, path):
        found = parse_article(f"---\n{lines}\n---\nx", path, as_of="2024-01-01")
        assert isinstance(found, Skipped)
        return found

    hrefs = ("/posts/nice-name/", "/old/", "/2022/03/04/dated/", "/about-us/", "gone.md", "posts/index.md")
    skipped = [
        left_out("draft: true\nslug: nice-name", "posts/2024-1-2-file.md"),
        left_out("expiryDate: 2020-01-01\naliases: [/old/]", "posts/new.md"),
        left_out("password: x\ndate: 2022-03-04", "dated.md"),
        left_out("permalink: /about-us/", "posts/_index.md"),
        parse_article("---\ntitle: Posts\n---\nx", "posts/index.md", as_of="2024-01-01", neighbors=3),
    ]
    rows = unresolved_links([post("a.md", *hrefs)], site_of("hugo"), skipped)
    assert {row.href: (row.kind, row.nearest) for row in rows} == {
        "/posts/nice-name/": ("skipped", "posts/2024-1-2-file.md"),
        "/old/": ("skipped", "posts/new.md"),
        "/2022/03/04/dated/": ("skipped", "dated.md"),
        "/about-us/": ("other", None),
        "gone.md": ("broken", None),
        "posts/index.md": ("other", None),
    }


def test_links_to_what_is_left_out_do_not_make_others_less_surely_broken():
    posts = [post(f"walks/{number}-x.md") for number in range(20)]
    rows = unresolved_links(
        [*posts, post("a.md", *(f"/walks/{number}-x/" for number in range(20)), "/walks/y/", "/walks/gone-x/")],
        site_of("unknown"),
        [Skipped("walks/y.md", "expired", "")],
    )
    assert {row.href: row.kind for row in rows} == {"/walks/y/": "skipped", "/walks/gone-x/": "broken"}


def test_many_broken_links_in_a_large_blog_take_little_time():
    rows = [UnresolvedLink(f"of-{n}", f"/2024/introduction-to-walk-{n}-x", "broken") for n in range(30)]
    names = [Name(f"{n}", f"{n}.md", (f"2024/introduction-to-walk-{n}",)) for n in range(1_000)]
    start = time.process_time()
    found = settle_broken(rows, names, Site())
    assert time.process_time() - start < 5
    assert [f"of-{row.nearest}" for row in found] == [row.id for row in found]


def test_no_post_is_taken_for_what_it_links_to_itself():
    broken = [UnresolvedLink("senior-pt2", "senior-pt1.md", "broken")]
    names = [Name("senior-pt2", "senior-pt2.md", ("senior-pt2",)), Name("senior-pt3", "senior-pt3.md", ("senior-pt3",))]
    assert [row.nearest for row in settle_broken(broken, names, PLAIN_SITE)] == ["senior-pt3"]
    assert [row.nearest for row in settle_broken(broken, names[:1], PLAIN_SITE)] == [None]
