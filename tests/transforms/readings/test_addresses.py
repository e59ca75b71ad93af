import pytest

from transforms.generators.registry import GENERATORS
from transforms.readings import addresses
from transforms.readings.addresses import NO_POST, PostFinder, post_addresses
from transforms.records import Article
from transforms.site.places import place_of
from transforms.site.site_model import PLAIN_SITE, Permalink, Site


def finder(articles, site=PLAIN_SITE):
    found = post_addresses([place_of(article, site) for article in articles], site.base)

    def find(address):
        number = PostFinder(found).find(address)
        return None if number == NO_POST else found.ids[number]

    return find


JEKYLL = Site(
    GENERATORS["jekyll"], "https://blog.example/notes", "en", ("en", "ja"), (Permalink("/:year/:month/:day/:title/"),)
)
POSTS = [
    Article("2024-01-02-tea", "2024-01-02-tea.md", "Tea", "2024-01-02"),
    Article(
        "2024-01-09-coffee",
        "2024-01-09-coffee.md",
        "Coffee",
        "2024-01-09",
        address_fields=(("redirect_from", "/old/coffee.php"), ("permalink", "/drinks/coffee/")),
    ),
]
FOUND = finder(POSTS, JEKYLL)


@pytest.mark.parametrize(
    "address",
    [
        "/2024/01/02/tea/",
        "/2024/01/02/tea",
        "/2024/01/02/tea.html",
        "/2024/01/02/tea/index.html",
        "/2024/01/02//tea/",
        "/notes/2024/01/02/tea/",
        "https://blog.example/notes/2024/01/02/tea/?utm_source=x#top",
        "//blog.example/2024/01/02/tea/",
        "/2024/01/02/te%61/",
        "/2024/01/02/tea/amp/",
        "/amp/2024/01/02/tea/",
        "/2024/01/02/tea.amp.html",
        "2024/01/02/tea",
    ],
)
def test_what_tells_no_posts_apart_does_not_matter(address):
    assert FOUND(address) == "2024-01-02-tea"


@pytest.mark.parametrize(
    "address", ["/drinks/coffee/", "/old/coffee.php", "/old/coffee.php?x=1", "/notes/old/coffee.php"]
)
def test_earlier_and_given_addresses_lead_to_a_post(address):
    assert FOUND(address) == "2024-01-09-coffee"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/",
        "https://blog.example/",
        "/about/",
        "/tags/tea/",
        "/2024/",
        "/2024/01/02/tea.png",
        "/feed.xml",
        "/../../etc/passwd",
        "/amp/",
        "/2024/01/02/tea/" + "x" * 3000,
        "/a" * 500,
        "\0",
    ],
)
def test_what_is_no_post_is_none(address):
    assert FOUND(address) is None


def test_posts_in_several_languages_are_told_apart():
    hugo = Site(GENERATORS["hugo"], "https://blog.example", "en", ("en", "ja"), (Permalink("/posts/:slug/"),))
    articles = [
        Article("posts/tea", "posts/tea.md", "Tea", "2024-01-02", language="en"),
        Article("posts/tea.ja", "posts/tea.ja.md", "お茶", "2024-01-02", language="ja"),
    ]
    find = finder(articles, hugo)

    assert find("/posts/tea/") == "posts/tea"
    assert find("/ja/posts/tea/") == "posts/tea.ja"


def test_an_address_of_two_posts_is_of_neither():
    find = finder([Article("a/tea", "a/tea.md", "Tea"), Article("b/tea", "b/tea.md", "Tea")])

    assert find("/a/tea/") == "a/tea"
    assert find("/posts/tea/") is None


def test_a_post_that_is_named_amp_is_found():
    assert (
        finder([Article("guides/amp", "guides/amp.md", "AMP"), Article("guides", "guides.md", "All")])("/guides/amp/")
        == "guides/amp"
    )


def test_no_more_is_remembered_than_so_many(monkeypatch):
    monkeypatch.setattr(addresses, "REMEMBERED", 3)
    found = PostFinder(post_addresses([place_of(POSTS[0], JEKYLL)]))

    assert [found.find(f"/drinks/{number}-teas/") for number in range(10)] == [NO_POST] * 10
    assert max(len(found._found), len(found._of_paths)) <= 3
    assert found.find("/2024/01/02/tea") == 0
