"""A post that holds more than anybody writes costs little, and is rejected with the line and the reason."""

import time

import pytest

from transforms import limits
from transforms.reading.dates import clean_date
from transforms.reading.fields import clean_tags
from transforms.reading.front_matter import split_front_matter
from transforms.reading.notebook import GIVEN_CHARACTERS
from transforms.reading.parse import parse_article, read_article
from transforms.records import Article, PostFile
from transforms.results import Rejected


def yaml(lines, body="Words.\n"):
    return f"---\n{lines}\n---\n{body}"


def toml(lines):
    return f"+++\n{lines}\n+++\nWords.\n"


QUADRATIC = 10
"""Seconds of work that what is linear stays far below on any machine, and what is quadratic exceeds."""


@pytest.fixture
def read(tmp_path):
    """Read a post as a run does, without work that grows with the square of its size."""

    def read(text, name="a.md"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        start = time.process_time()
        post = read_article(PostFile(str(tmp_path), name, len(text.encode())), as_of="2026-01-01")
        assert time.process_time() - start < QUADRATIC
        return post

    return read


LARGE = "front matter is larger than 64 KiB"
BLOCKS = "more than 100,000 blocks of text"
SIGNS = "more than 50,000 signs of markup"
TOO_MUCH = {
    "a list in YAML": (yaml("tags:\n" + "- a\n" * 1_000_000), 1, LARGE),
    "a comment in YAML": (yaml("title: a\n#" + " " * 2**20), 1, LARGE),
    "wide characters in YAML": (yaml("title: " + "字" * 2**15), 1, LARGE),
    "a key in TOML": (toml(".".join("a" * 100_000) + " = 1"), 1, LARGE),
    "a list in JSON": ('\n{"a": [' + "1," * 1_000_000 + "1]}\nWords.", 2, LARGE),
    "a string in JSON": ('{"a": "' + "b" * 2**20 + '"}\nWords.', 1, LARGE),
    "a deep key in TOML": (toml(".".join("a" * 30_000) + " = 1"), None, "nested too deeply"),
    "a deep table in TOML": (toml("[" + "'a' . " * 5_000 + "b]\nc = 1"), None, "nested too deeply"),
    "a deep list in JSON": ('{"a": ' + "[" * 30_000, None, "nested too deeply"),
    "items": ("# a\n\n" + "- a\n" * 45_000, 20_002, BLOCKS),
    "cells": (yaml("title: a", "|" + "a|" * 999 + "\n|" + "-|" * 999 + "\n" + "|a\n" * 99), 38, BLOCKS),
    "lines": (yaml("title: a", "a\n" * 200_000), 50_003, "more than 50,000 lines"),
    "signs": ("Words.\n\n" + "[" * 2**20, 3, SIGNS),
    "addresses": ("Words.\n\n" + "https://a.b " * 30_000, 3, "more than 20,000 addresses"),
    "tags": (yaml(f"tags: [{','.join(f't{number}' for number in range(9_000))}]"), None, "more than 100 tags"),
    "categories": (yaml(f"categories: {','.join(map(str, range(101)))}"), None, "more than 100 tags"),
    "letters": (yaml("tags: [" + "a" * 60_000 + "]"), None, f"a tag of more than 200 characters: '{'a' * 20}'"),
    "words": (yaml("tags: [" + "a " * 1_600 + "]"), None, f"a tag of more than 200 characters: '{'a ' * 10}'"),
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_a_post_with_too_much_is_rejected(read, case):
    text, line, reason = TOO_MUCH[case]
    assert read(text) == Rejected("a.md", line, reason)


def test_what_may_be_is_read(read):
    tags = ",".join(f"{number:0{limits.TAG_CHARACTERS}}" for number in range(limits.TAGS))
    body = "- a\n" * 5_000 + "\n" * 40_000
    post = read(yaml(f"tags: {tags}\n" + "#" * 40_000, body))
    assert isinstance(post, Article)
    assert len(post.tags) == limits.TAGS


CUT = {
    "a title in front matter": (yaml("title: " + "a" * 60_000), "title", 2),
    "a title in a heading": ("# " + "a" * 5_000_000 + "\n\nWords.", "title", None),
    "a first paragraph": (yaml("title: a", "a " * 2_000_000), "lede", None),
    "a lede in front matter": (yaml("title: a\ndescription: " + "b" * 60_000), "lede", 3),
    "a text before the mark": (yaml("title: a", "words\n\n" * 5_000 + "<!-- more -->\n\nand on"), "lede", None),
    "a heading": (yaml("title: a", "# " + "b" * 1_000), "headings", None),
    "headings": (yaml("title: a", "# b\n\n" * 1_001), "headings", None),
    "a body": (yaml("title: a", "words of a paragraph\n\n" * 20_000 + "c" * 2**20), "body", None),
    "a body of one line": (yaml("title: a", "words " * 2**20), "body", None),
}


@pytest.mark.parametrize("case", CUT)
def test_what_is_too_long_to_be_shown_is_cut_and_noted(tmp_path, case):
    text, field, line = CUT[case]
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    notes = []
    post = read_article(PostFile(str(tmp_path), "a.md", len(text)), as_of="2026-01-01", notes=notes)
    assert len(post.title) <= limits.TITLE_CHARACTERS
    assert len(post.lede) <= limits.LEDE_CHARACTERS
    assert len(post.headings) <= limits.HEADINGS
    assert max(map(len, post.headings), default=0) <= limits.HEADING_CHARACTERS
    assert len(post.body) <= limits.BODY_CHARACTERS
    assert (field, line, "cut") in [(note.field, note.line, note.done) for note in notes]
    assert all(len(note.given) <= GIVEN_CHARACTERS for note in notes)


def test_whole_lines_of_a_body_are_cut_off_and_the_first_is_told():
    """As many lines stay as fit, and of the paragraphs those that are among them."""
    line = "x" * 2**18
    notes = []
    post = parse_article(
        yaml("title: a", "\n\n".join([line] * 3 + ["kept", "- y" + line, "last"])),
        "a.md",
        as_of="2026-01-01",
        notes=notes,
    )
    assert post.body == "\n".join([line] * 3 + ["kept"])
    assert [number for number, _ in post.prose] == [0, 1, 2, 3]
    assert [(note.field, note.given[:2]) for note in notes if note.done == "cut"] == [("body", "yx"), ("lede", "xx")]


def test_what_is_as_long_as_may_be_is_not_cut(tmp_path):
    title, lede, headings = "a" * 500, "b" * 10_000, ("c" * 500,) * 1_000
    body = "d" * (2**20 - 2) + "\n\ne"
    text = yaml(f"title: {title}\ndescription: {lede}", "".join(f"# {heading}\n" for heading in headings) + body)
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    notes = []
    post = read_article(PostFile(str(tmp_path), "a.md", len(text)), as_of="2026-01-01", notes=notes)
    assert (post.title, post.lede, post.headings) == (title, lede, headings)
    assert len(post.body) == limits.BODY_CHARACTERS
    assert [note for note in notes if note.done == "cut"] == []


SPACES = " " * 200_000
SLOW = {
    "spaces in a date": yaml(f"date: '2022-05-06 10:00{SPACES[:60_000]}x'"),
    "many spaces in a date": yaml(f"date: '2022-05-06 10:00{SPACES}x'"),
    "colons in a date": yaml('date: "\\x3a' + ":" * 60_000 + '"'),
    "many colons in a date": yaml('date: "\\x3a' + ":" * 400_000 + '"'),
    "lines in a date": yaml('date: "2022-05-06 ' + "\\n" * 20_000 + 'x"'),
    "figures in a date": yaml("date: " + "9" * 60_000),
    "spaces in a key": f"---\na{SPACES}",
    "spaces in a quoted key": f"---\n'a b{SPACES}'{SPACES}x",
    "spaces in a comment": f"Words <!--{SPACES}",
    "spaces in a tag": f"Words {{%{SPACES}x {{{{{SPACES}y <a{SPACES}href{SPACES}",
    "a run of stars": "*" * 2**21,
    "a run of spaces": SPACES * 9 + "a",
    "runs of spaces": f"```{SPACES[:999]}{{x}}\n" * 3_000,
    "a picture in the text": f"![a](data:image/png;base64,{'A' * 2**22})\n\nWords.",
    "brackets": "[" * 10_000,
    "openings of links": "[a](" * 5_000,
    "emphasis": "*a_ " * 5_000,
    "processing instructions": "a <?" * 10_000,
    "data": "a <![CDATA[" * 3_000,
    "definitions": '[a]: b "\n' * 10_000,
    "quotes": "> " * 200_000,
    "lists": "- " * 200_000,
    "templates": "{{ {% " * 100_000,
    "an open template": "{{ " + "a " * 2**20,
    "anchors": "<a to=" * 20_000,
    "addresses in addresses": ("[a](" + "b" * 300) * 3_000,
    "parentheses in addresses": ("[a](" + "()" * 10_000) * 32,
    "items of items": "- " * 10_000 + "a",
    "components": "<A {" * 20_000,
}


@pytest.mark.parametrize("name", ["a.md", "a.mdx"])
@pytest.mark.parametrize("case", SLOW)
def test_no_post_takes_long(read, case, name):
    read(SLOW[case], name)


@pytest.mark.parametrize("date", ["2022-05-06 10:00" + SPACES + "x", "\x3a" + ":" * 400_000, "May 2020" + SPACES + "1"])
def test_a_date_is_short(date):
    start = time.process_time()
    with pytest.raises(ValueError, match="is not a date"):
        clean_date(date)
    assert time.process_time() - start < QUADRATIC


def test_an_opening_is_recognized_at_once():
    start = time.process_time()
    assert split_front_matter(f"---\na{SPACES}", "a.md").values == {}
    assert time.process_time() - start < QUADRATIC


def test_a_list_is_given_up_when_it_is_too_long():
    start = time.process_time()
    with pytest.raises(ValueError, match="more than 100 tags"):
        clean_tags([str(number) for number in range(1_000_000)])
    assert time.process_time() - start < QUADRATIC
