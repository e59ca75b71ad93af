"""The sentences of a post's prose."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.corpus.sentences import body_of, free_sentences, sentences_of
from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.reading.parse import parse_article


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("The U.S. Mint strikes coins. It is old.", ["The U.S. Mint strikes coins.", "It is old."]),
        ("Ask Dr. Weir, e.g. by post. Or call.", ["Ask Dr. Weir, e.g. by post.", "Or call."]),
        ("Version 1.10 of node.js is out. 18 bugs are gone.", ["Version 1.10 of node.js is out.", "18 bugs are gone."]),
        ("He said “Go.” Then he left.", ["He said “Go.”", "Then he left."]),
        (
            "水門を開ける。川が増える！「本当か？」と聞く。",
            ["水門を開ける。", "川が増える！", "「本当か？」", "と聞く。"],
        ),
        ("No stop", ["No stop"]),
        ("", []),
    ],
)
def test_sentences_of_a_line(line, sentences):
    assert list(sentences_of(line)) == sentences


@given(st.text(alphabet=st.sampled_from("aB1 .!?。」\"'U")))
def test_sentences_have_all_that_is_not_space_once(line):
    assert "".join("".join(sentences_of(line)).split()) == "".join(line.split())


POST = """---
title: Weirs
description: On weirs
---
A weir is low. See [the lock](/lock) first. Run `make` now. Then ![a map](m.png) helps. It ends.

## A heading. With two parts

- An item. Another.

```text
Code. More code.
```

Last words.
"""


def test_free_sentences_are_of_paragraphs_without_links_pictures_and_code():
    article = parse_article(POST, "weirs.md", as_of="2025-01-01")
    assert list(free_sentences(article, article.body)) == ["A weir is low.", "It ends.", "Last words."]


def test_the_body_of_an_emptied_article_is_what_follows_its_head():
    article = parse_article(POST, "weirs.md", as_of="2025-01-01")
    whole = article_text(article, WHOLE_TEXT)
    assert body_of(dataclasses.replace(article, body=""), whole) == article.body
