import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.generators.registry import COMMON
from transforms.records import Article
from transforms.results import Links
from transforms.site.hyperlinks import Hosts, Tally, judge_hosts, own_hosts, resolve_links
from transforms.site.site_model import Site


def post(path, *hrefs, url=None, date=None):
    return Article(path.removesuffix(".md"), path, "Title", date, url=url, hrefs=hrefs)


def links_of(*posts):
    return {row.id: row.links for row in resolve_links(posts)}


TARGETS = [post("posts/other.md", date="2020-01-02"), post("posts/2021-03-04-night-ride.md"), post("notes/deep/x-y.md")]


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("other.md", "posts/other"),
        ("./other.md?x=1#part", "posts/other"),
        ("../posts/other/", "posts/other"),
        ("/posts/other.html", "posts/other"),
        ("posts/other.md", "posts/other"),
        ("../notes/deep/x-y.md", "notes/deep/x-y"),
        ("/2020/01/02/other/", "posts/other"),
        ("/2021/03/04/night-ride/", "posts/2021-03-04-night-ride"),
        ("2021-03-04-night-ride", "posts/2021-03-04-night-ride"),
        ("night-ride", "posts/2021-03-04-night-ride"),
        ("_posts/2021-03-04-night-ride.md", None),
        ("%6Eight-ride", "posts/2021-03-04-night-ride"),
        ("./nothing.md", None),
        ("../../posts/other.md", None),
        ("../../../etc/passwd", None),
        ("https://foreign.example/posts/other/", None),
        ("#other", None),
        ("?other", None),
        ("from.md", None),
        ("/posts/from/", None),
        ("http://[", None),
        ("\x00", None),
    ],
)
def test_where_an_href_leads(href, target):
    assert links_of(post("posts/from.md", href), *TARGETS)["posts/from"] == ((target,) if target else ())


def test_each_article_has_a_row_with_its_links_in_order_each_once():
    posts = [post("c.md", "/b", "b.md", "a.md", "c.md"), post("a.md", "b"), post("b.md"), post("d.md", "none")]
    assert resolve_links(posts) == [
        Links("a", ("b",), 1),
        Links("b", (), 2),
        Links("c", ("a", "b"), 0),
        Links("d", (), 0),
    ]
    assert resolve_links([]) == []


def test_links_from_a_folders_index_start_in_its_folder():
    posts = [Article("posts/1", "posts/1/index.md", "T", hrefs=("../2/", "./2.md")), post("posts/2.md")]
    assert links_of(*posts)["posts/1"] == ("posts/2",)


def test_the_hosts_of_the_articles_urls_are_the_blogs():
    posts = [
        post("a.md", "http://www.blog.example/b-b/", "https://other.example/c-c/", "//blog.example/c-c"),
        post("b.md", url="https://blog.example/b-b"),
        post("c.md", url="https://blog.example/c-c"),
    ]
    assert links_of(*posts)["a"] == ("b", "c")


def blog_linking_to(hosts):
    """Posts that link to other hosts: `hosts` says to how many posts, and to how many other pages there."""
    hrefs = [
        f"https://{host}{page}"
        for host, (posts, others) in hosts.items()
        for page in [f"/entry/{n}" for n in range(posts)] + [f"/other/{n}" for n in range(others)]
    ]
    return [post("from.md", *hrefs), *(post(f"p{n}.md", url=f"/entry/{n}") for n in range(9))]


@pytest.mark.parametrize(
    ("posts", "others", "own"),
    [(3, 0, True), (2, 0, False), (3, 27, True), (3, 28, False), (0, 9, False)],
)
def test_a_host_that_leads_to_posts_time_and_again_is_the_blogs(posts, others, own):
    links = links_of(*blog_linking_to({"blog.example": (posts, others), "foreign.example": (1, 5)}))
    assert links["from"] == tuple(f"p{n}" for n in range(posts) if own)


def by_names(*hrefs):
    """Posts of which one has these links, and the others are named by them."""
    return [post("posts/a.md", *hrefs), *(post(f"posts/2024-01-02-{name}-x.md") for name in "bcdefghij")]


@pytest.mark.parametrize(
    ("posts", "others", "own"), [(3, 3, True), (3, 4, False), (2, 0, False), (9, 90, False), (3, 0, True)]
)
def test_a_host_that_leads_to_posts_by_their_names_alone_is_the_blogs_if_most_of_its_links_do(posts, others, own):
    found = [f"https://x.example/{name}-x/" for name in "bcdefghij"[:posts]]
    hrefs = [*found, *(f"https://x.example/other-{n}" for n in range(others))]
    assert bool(links_of(*by_names(*hrefs))["posts/a"]) is own


def test_many_links_by_names_alone_make_a_host_the_blogs():
    hrefs = [f"https://x.example/{name}-x/" for name in "bcdefghij"]
    others = [f"https://x.example/other-{n}" for n in range(40)]
    posts = [*by_names(*hrefs, *others), *(post(f"posts/k{n}.md", *hrefs) for n in range(2))]
    assert links_of(*posts)["posts/a"]


def test_where_a_host_is_known_no_other_is_the_blogs_by_names_alone():
    hrefs = [f"https://x.example/{name}-x/" for name in "bcdefghij"]
    dated = [f"https://y.example/2024/01/02/{name}-x/" for name in "bcd"]
    site = Site(COMMON, "https://blog.example")
    rows = {row.id: row.links for row in resolve_links(by_names(*hrefs, *dated), site)}
    assert rows["posts/a"] == tuple(f"posts/2024-01-02-{name}-x" for name in "bcd")


def test_pages_of_one_word_say_nothing_of_a_host():
    names = ("about", "privacy", "donate")
    posts = [post("a-b.md", *(f"https://x.example/{name}/" for name in names)), *(post(f"{name}.md") for name in names)]
    rows = {row.id: row.links for row in resolve_links(posts, Site(COMMON, "https://blog.example"))}
    assert not rows["a-b"]


def test_front_pages_do_not_speak_against_a_host():
    posts = [
        *blog_linking_to({"blog.example": (3, 0)}),
        *(post(f"q{n}.md", "https://blog.example/") for n in range(99)),
    ]
    assert len(links_of(*posts)["from"]) == 3


def test_hosts_of_a_few_urls_are_not_the_blogs():
    posts = [
        post("a.md", "https://blog.example/b-b", "https://elsewhere.example/c-c"),
        *(post(f"{row}.md", url=f"https://www.blog.example/{row}") for row in range(18)),
        post("b.md", url="https://blog.example/b-b"),
        post("c.md", url="https://elsewhere.example/c-c"),
        post("d.md", url="/d-d"),
    ]
    assert links_of(*posts)["a"] == ("b",)


def test_hosts_judged_in_parts_are_those_judged_at_once():
    tallies = [
        {"a": Tally(9, 2, frozenset("xy"), 2), "b": Tally(3, 3, frozenset("xyz"), 3)},
        {"a": Tally(1, 1, frozenset("z"), 1)},
    ]
    urls = [{"c": 5, "d": 1}, {"c": 5, "e": 2}, {"f": 7}]
    at_once = judge_hosts(tallies, urls)
    assert at_once == Hosts(frozenset("ab"), {"c": 10, "e": 2, "f": 7}, 20, frozenset("b"))
    parts = [
        judge_hosts(
            ({host: tally for host, tally in of.items() if host in part} for of in tallies),
            ({host: count for host, count in of.items() if host in part} for of in urls),
        )
        for part in ("ad", "bce", "f")
    ]
    assert parts[0].usual == {"d": 1}, "usual among the hosts of its part alone"
    assert own_hosts(parts) == own_hosts([at_once]) == {"", "a", "b", "c", "e", "f"}


WORDS = st.sampled_from(
    ["a", "b", "c-d", "..", ".", "index.md", "a.md", "/a", "/b/", "//h.example/a", "2020", "%2e%2e"]
)
HREFS = st.lists(WORDS, min_size=1, max_size=4).map("/".join)
POSTS = st.dictionaries(
    st.sampled_from(["a.md", "b.md", "a/c-d.md", "b/a.md", "b/2020-01-01-c-d.md"]), st.lists(HREFS, max_size=4)
).map(lambda posts: [post(path, *hrefs) for path, hrefs in posts.items()])


@given(POSTS, st.randoms())
def test_links_are_between_articles_and_counted_whatever_the_order(posts, chance):
    rows = resolve_links(posts)
    ids = {article.id for article in posts}
    assert [row.id for row in rows] == sorted(ids)
    for row in rows:
        assert set(row.links) <= ids - {row.id}
        assert list(row.links) == sorted(set(row.links))
        assert row.linked_by == sum(row.id in other.links for other in rows)
    assert resolve_links(chance.sample(posts, len(posts))) == rows


@pytest.mark.parametrize("href", ["../mast/", "../mast", "/mast/", "../mast/README.md"])
def test_a_readme_is_found_by_its_folder(href):
    assert links_of(post("keel/README.md", href), post("mast/README.md"))["keel/README"] == ("mast/README",)
