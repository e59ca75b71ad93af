import time

import pytest

from tests.transforms.checks.by_hand import read
from transforms.checks.findings import Unused
from transforms.checks.ignoring import MOST, comments, ignored_rules, sift
from transforms.checks.posts import ReadPost, finding
from transforms.reading.front_matter import FrontMatter

FRONT = "---\ntitle: New # postkin: ignore tag-new, date-future\n---\n\n"


def sifted(text, *found, ignored=(), **others):
    post = read(text)
    return sift(post, [finding(rule, post, line) for rule, line in found], dict(ignored), **others)


def rules(findings):
    return [one.rule for one in findings]


def test_a_comment_in_front_matter_holds_for_the_whole_post():
    sieve = sifted(f"{FRONT}Text.\n", ("tag-new", 1), ("tag-new", 9), ("date-future", 2), ("tag-variant", 2))
    assert (rules(sieve.shown), rules(sieve.ignored)) == (["tag-variant"], ["tag-new", "tag-new", "date-future"])


@pytest.mark.parametrize("comment", ["<!-- postkin: ignore link-broken -->", "{/* postkin: ignore link-broken */}"])
def test_a_comment_in_the_body_holds_for_its_line_and_the_next(comment):
    text = f"---\ntitle: New\n---\n\n{comment}\n[x](y.md)\n[z](z.md)\n"
    sieve = sifted(text, ("link-broken", 5), ("link-broken", 6), ("link-broken", 7))
    assert [one.line for one in sieve.shown] == [7]
    assert [one.line for one in sieve.ignored] == [5, 6]


def test_a_comment_that_does_nothing_is_a_finding():
    text = "---\n# postkin: ignore tag-nwe tag-new\n# postkin: ignore\ntitle: New\n---\n\nText.\n"
    shown = sifted(text).shown
    assert [(one.rule, one.line, one.subject, one.details) for one in shown] == [
        ("ignore-unused", 2, "tag-nwe", Unused("unknown")),
        ("ignore-unused", 2, "tag-new", Unused("finds-nothing")),
        ("ignore-unused", 3, "", Unused("names-none")),
    ]
    assert sifted(text, unused=False).shown == []


def test_a_value_that_says_so_is_no_comment():
    assert comments(read('---\ntitle: "x#postkin: ignore tag-new"\n---\n\nText.\n')) == []


def test_globs_ignore_rules_below_folders():
    globs = {"posts/2014/**": ("*",), "posts/*.md": ("tag-new",), "other/**": ("link-broken",)}
    assert ignored_rules("posts/2014/a/b.md", globs) == {"*"}
    assert ignored_rules("posts/a.md", globs) == {"tag-new"}
    sieve = sifted("Text.\n", ("tag-new", 1), ("tag-variant", 1), ignored=globs.items())
    assert (rules(sieve.shown), rules(sieve.ignored)) == (["tag-variant"], ["tag-new"])


def test_many_comments_in_a_large_post_take_little_time():
    text = "---\ntitle: New\n---\n\n" + "<!-- postkin: ignore link-broken -->\n" * 20_000
    post = ReadPost("a.md", text, FrontMatter({}, text))
    start = time.process_time()
    found = comments(post)
    assert time.process_time() - start < 2
    assert (len(found), found[0].line, found[-1].line) == (MOST, 5, MOST + 4)
