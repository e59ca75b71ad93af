import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.site.addresses import (
    DEEPEST,
    DEFAULT,
    Place,
    count_url_hosts,
    enter,
    entries_of,
    find,
    keys_of,
    keys_to,
    make_directory,
    parts_of,
    split_address,
)


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://www.Blog.example/a/?q=/x#y", ("blog.example", "/a/")),
        ("HTTP://user@blog.example:80/a", ("blog.example:80", "/a")),
        ("//blog.example", ("blog.example", "")),
        ("//2020/01/01/a", ("", "/2020/01/01/a")),
        ("http://localhost:4000/a", ("localhost:4000", "/a")),
        ("http://[::1", ("[::1", "")),
        ("../a.md?x#y", ("", "../a.md")),
        ("#part", ("", "")),
        ("", ("", "")),
    ],
)
def test_split_address(href, address):
    assert split_address(href) == address


@pytest.mark.parametrize(
    ("path", "folder", "parts"),
    [
        ("/a/b/", (), ("a", "b")),
        ("/a//./b.HTML", (), ("a", "b")),
        ("/a/b/index.md", (), ("a", "b")),
        ("/index.html", (), ("index",)),
        ("/%E9%AC%BC%20x.md", (), ("鬼 x",)),
        ("./b.md", ("a",), ("a", "b")),
        ("../b.md", ("a",), ("b",)),
        ("../../b.md", ("a",), None),
        ("%2e%2e/%2e%2e/b.md", ("a",), None),
        ("a/../../../b", ("c",), None),
        ("b.tar.gz", (), ("b.tar.gz",)),
        ("/x" * DEEPEST, (), ("x",) * DEEPEST),
        ("/x" * (DEEPEST + 1), (), None),
        ("", (), ()),
    ],
)
def test_parts_of(path, folder, parts):
    assert parts_of(path, folder) == parts


@given(st.text(alphabet="ab./%2e\\\x00"), st.lists(st.sampled_from("ab"), max_size=3))
def test_no_path_leaves_the_root_or_keeps_a_step_up(path, folder):
    parts = parts_of(path, tuple(folder))
    assert parts is None or not {"..", ".", ""} & set(parts[:-1])


def found(places, path):
    return find(make_directory(places), keys_to(parts_of(path)))


HEXO = Place("source/_posts/night-ride", "source/_posts/night-ride.md", None, "2020-01-02T23:00:00+09:00")
JEKYLL = Place("_posts/2021-03-04-lamps", "_posts/2021-03-04-lamps.md", None, "2021-03-05")
HUGO = Place("content/posts/wheels", "content/posts/wheels/index.md", None, None)
NUMBERED = Place("posts/0042", "posts/0042.md", "/entry/42", None)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/2020/01/02/night-ride/", HEXO),
        ("/2020/01/night-ride.html", HEXO),
        ("/site/2020/01/02/night-ride", HEXO),
        ("/_posts/night-ride", HEXO),
        ("/night-ride/", HEXO),
        ("/1999/1/1/night-ride", HEXO),
        ("/2021/03/04/lamps/", JEKYLL),
        ("/2021/03/05/lamps/", JEKYLL),
        ("/2021-03-04-lamps", JEKYLL),
        ("/blog/lamps", JEKYLL),
        ("/posts/wheels/", HUGO),
        ("/content/posts/wheels", HUGO),
        ("/blog/posts/wheels", HUGO),
        ("/entry/42/", NUMBERED),
        ("/blog/entry/42", NUMBERED),
        ("/posts/0042", NUMBERED),
        ("/Night-Ride/", None),
        ("/lamps/", None),
        ("/wheels", None),
        ("/tags/wheels", None),
        ("/images/night-ride.png", None),
        ("/2018/09/42/", None),
        ("/42", None),
        ("/0042", None),
        ("/posts", None),
        ("/", None),
    ],
)
def test_what_an_address_leads_to(path, place):
    for places in itertools.permutations([HEXO, JEKYLL, HUGO, NUMBERED]):
        assert found(places, path) == (place and place.id)


def test_an_address_of_two_posts_is_no_ones():
    places = [Place(id_, f"{id_}.md", None, None) for id_ in ("a/x/same-slug", "b/x/same-slug")]
    assert [found(places, path) for path in ("/same-slug", "/x/same-slug", "/a/x/same-slug")] == [
        None,
        None,
        "a/x/same-slug",
    ]
    twins = [Place("a", "a.md", "/same/", None), Place("b", "b.md", "/same", None)]
    assert [found(twins, path) for path in ("/same", "/a", "/b")] == [None, "a", "b"]


def test_hosts_of_urls_are_counted_where_they_name_any():
    urls = ["https://www.blog.example/a", "//blog.example/b", "https://elsewhere.example/b", "/c", None, ""]
    places = [Place(str(row), f"{row}.md", url, None) for row, url in enumerate(urls)]
    assert count_url_hosts(places) == {"blog.example": 2, "elsewhere.example": 1}


PLACES = [HEXO, JEKYLL, HUGO, NUMBERED, Place("x", "x/night-ride.md", "/posts/wheels", None)]


@given(st.permutations([entry for place in PLACES for entry in entries_of(place)]), st.integers(0, 40))
def test_directories_are_joined_whatever_the_order(entries, cut):
    parts = [enter(entries[:cut]), enter(entries[cut:])]
    assert enter(entry for part in parts for entry in part.items()) == make_directory(PLACES)


PARTS = st.lists(st.sampled_from(["a", "b", "posts", "2020", "c-d", "2020-01-01-c-d", "x"]), max_size=4).map(tuple)


@given(st.lists(PARTS.filter(bool).map("/".join), unique=True, max_size=6), PARTS)
def test_the_keys_of_a_path_are_enough_to_find_it(paths, parts):
    directory = make_directory([Place(path, f"{path}.md", None, None) for path in paths])
    keys = {DEFAULT, *keys_of(keys_to(parts))}
    assert find({key: directory[key] for key in keys & directory.keys()}, keys_to(parts)) == find(
        directory, keys_to(parts)
    )
