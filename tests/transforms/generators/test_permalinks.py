import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.generators.permalinks import MAX_PATTERN, expand, is_pattern, slugify

VALUES = {"year": "2024", "month": "05", "day": "06", "name": "lamp", "file": "2024-05-06-lamp", "title": "a-lamp"}
VALUES |= {"categories": "", "nothing": "", "abbrlink": "7f3a"}


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("/:year/:month/:day/:title/", "/2024/05/06/lamp/"),
        ("/:categories/:year/:title:output_ext", "//2024/lamp"),
        ("posts/:abbrlink.html", "posts/7f3a.html"),
        ("/:filename", "/2024-05-06-lamp"),
        ("/:post_title", "/a-lamp"),
        ("/fixed/", "/fixed/"),
        ("/:unknown/:title", None),
        ("/blog/{{ title | slugify }}/", None),
        ("/:year[2:]/x", None),
        ("/" + "a" * MAX_PATTERN, None),
    ],
)
def test_expand(pattern, address):
    assert expand(pattern, VALUES, {}) == address


def test_a_generators_own_meaning_of_a_token():
    assert expand("/:title", VALUES, {"title": "title"}) == "/a-lamp"


@pytest.mark.parametrize(
    ("address", "pattern"),
    [
        ("/blog/{{ title }}/", True),
        ("/blog/{% x %}/", True),
        ("/:year/:title/", True),
        (":title.html", True),
        ("https://blog.example:8080/a", False),
        ("/a/b:c/", False),
        ("/2024/05/lamp", False),
    ],
)
def test_is_pattern(address, pattern):
    assert is_pattern(address) is pattern


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Oil and Wicks", "oil-and-wicks"),
        ("Burp's - Part 4: A/B", "burps-part-4-a/b"),
        ("C++ & 月の灯り!", "c++-月の灯り"),
        (" -- ", ""),
        ("हिन्दी में तेल", "हिन्दी-में-तेल"),
        ("น้ำมัน ตะเกียง", "น้ำมัน-ตะเกียง"),
    ],
)
def test_slugify(text, slug):
    assert slugify(text) == slug


@given(st.text(alphabet=":ab/{}%<[ _-é", max_size=40))
def test_patterns_of_any_text_are_filled_in_or_refused(pattern):
    filled = expand(pattern, VALUES, {})
    assert filled is None or isinstance(filled, str)


def test_long_texts_take_no_time():
    start = time.process_time()
    for text in (":" * 100_000, ":a" * 50_000, "{" * 100_000, "- " * 50_000):
        is_pattern(text)
        slugify(text)
        expand(text, VALUES, {})
    assert time.process_time() - start < 10
