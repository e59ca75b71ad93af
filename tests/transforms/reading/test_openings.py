import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.reading.errors import ParseError
from transforms.reading.front_matter import split_front_matter
from transforms.reading.parse import parse_article

VALUES = {"title": "Night ride", "tags": ["lamps", "wheels"]}
OPENINGS = {
    "yaml": "---\ntitle: Night ride\ntags: [lamps, wheels]\n---\n",
    "yaml by name": "---yaml\ntitle: Night ride\ntags: [lamps, wheels]\n---\n",
    "yaml by name, with spaces": "--- yml \ntitle: Night ride\ntags: [lamps, wheels]\n---  \n",
    "yaml that is only closed": "title: Night ride\ntags:\n- lamps\n- wheels\n---\n",
    "yaml with a blank line that is only closed": "title: Night ride\n# both\n\ntags:\n  - lamps\n  - wheels\n\n---\n",
    "yaml with tabs": "---\ntitle: Night ride\ntags:\n\t- lamps\n\t- wheels\n---\n",
    "toml": "+++\ntitle = 'Night ride'\ntags = ['lamps', 'wheels']\n+++\n",
    "toml by name": "---toml\ntitle = 'Night ride'\ntags = ['lamps', 'wheels']\n---\n",
    "json": '{"title": "Night ride", "tags": ["lamps", "wheels"]}\n',
    "json by name": '---json\n{"title": "Night ride", "tags": ["lamps", "wheels"]}\n---\n',
    "json between semicolons": ';;;\n{"title": "Night ride", "tags": ["lamps", "wheels"]}\n;;;\n',
    "json without braces": ';;;\n"title": "Night ride",\n"tags": ["lamps", "wheels"],\n;;;\n',
    "json that is only closed": '"title": "Night ride",\n"tags": ["lamps", "wheels"]\n;;;\n',
    "json with braces that is only closed": '{\n"title": "Night ride",\n"tags": ["lamps", "wheels"]\n}\n;;;\n',
    "metadata": "Title: Night ride\nTags: lamps\nTags: wheels\n",
    "metadata with semicolons": "TITLE:   Night ride\nTags: lamps;wheels\n",
    "metadata over two lines": "Title: Night\n    ride\nTags: lamps;wheels\n",
    "metadata in a comment": "<!--\ntitle: Night ride\ntags: lamps;wheels\n-->\n",
    "dots in a comment": "<!--\n.. title: Night ride\n.. tags: lamps;wheels\n-->\n",
    "dots in a comment with space": "<!-- \n.. title: Night ride\n\n.. tags: lamps;wheels\n-->",
    "dots": ".. title: Night ride\n.. tags: lamps;wheels\n",
}


@pytest.mark.parametrize("above", ["", "\n", " \n\n"])
@pytest.mark.parametrize("opening", OPENINGS)
def test_every_way_to_write_front_matter(opening, above):
    text = f"{above}{OPENINGS[opening]}\nText.\n\n---\n\nMore.\n"
    matter = split_front_matter(text, "a.md")
    assert matter.values == VALUES
    assert matter.body.strip() == "Text.\n\n---\n\nMore."
    assert matter.line_of("Night ride" if "two" not in opening else "lamps;wheels") == 1 + next(
        place for place, line in enumerate(text.split("\n")) if ("wheels" if "two" in opening else "Night") in line
    )


@pytest.mark.parametrize(
    "text",
    [
        "Note: a word\n\nText",
        "Note: a word\nSource: https://a.example\n---\nText",
        "Note: a word\n\nTitle: Night ride\nDate: 2020-01-02\n\nText",
        "Date: 2020-01-02 was cold\nand wet.\n\nText",
        "- title: in a list\n---\nText",
        "A title: and\n\nText\n\n---\n\nmore",
        "Words.\n\ntitle: Night ride\n---\nText",
        "<!-- title: Night ride\nmore words -->\nText",
        "<!-- a comment -->\nText",
        "<!--\ntitle: never closed\n\nText",
        ".. note:: a directive\n\nText",
        ".. title: Night ride\nand words\n\nText",
        ";;;\n\nText\n;;;\nmore",
        '"title": he said\n\nText',
        "{{ title: x }}\n\nText",
    ],
)
def test_text_that_looks_like_front_matter_is_text(text):
    assert split_front_matter(text, "a.md").values == {}
    assert split_front_matter(text, "a.md").body == text


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("title: x\ntags: [a\n---\nText", 3, "front matter is not valid YAML: did not find expected ',' or ']'"),
        ("---toml\ntitle = \n---\nText", 2, "front matter is not valid TOML: Invalid value"),
        ('\n;;;\n"title": x\n;;;\nText', 3, "front matter is not valid JSON: Expecting value"),
        ("---json\n{}\n", 1, "front matter opens with --- and never closes"),
        ("---yaml\na", 1, "front matter opens with --- and never closes"),
        ("---toml\na", 1, "front matter opens with --- and never closes"),
        ("---js\n{ title: 'x' }\n---\nText", 1, "front matter is a script, which is not run"),
    ],
)
def test_a_fault_has_its_line(text, line, reason):
    with pytest.raises(ParseError) as caught:
        split_front_matter(text, "a.md")
    assert (caught.value.line, caught.value.reason) == (line, reason)


PELICAN = """\
Title: Night ride: a story
Date: 2012-08-18 08:01
Modified: 2013-01-02
Category: Rides
Tags: lamps, wheels
Slug: night
Lang: en
Status: published
Summary: What was seen
    from the saddle.

Text.
"""


def test_the_keys_of_pelican():
    post = parse_article(PELICAN, "a.md", as_of="2030-01-01")
    assert (post.title, post.date, post.tags) == ("Night ride: a story", "2012-08-18T08:01:00", ("lamps", "wheels"))
    assert (post.categories, post.lede, post.language) == (("Rides",), "What was seen from the saddle.", "en")
    assert (post.address_fields, post.body) == ((("slug", "night"),), "Text.")


LINES = st.lists(
    st.sampled_from(
        ["title: x", "Note: y", ".. date: z", "- a", "    b", "", "---", ";;;", "<!--", "-->", "Words.", "#"]
    )
)


@given(LINES)
def test_the_body_is_what_the_text_ends_with(lines):
    text = "\n".join(lines)
    try:
        matter = split_front_matter(text, "a.md")
    except ParseError:
        return
    assert text.endswith(matter.body)


@pytest.mark.parametrize(
    "piece", ["title: x\n", "title: \n\n", ".. title: x\n", "title:" + " " * 99, "\n ", "<!--\n", "- \n", "a", "#\n \n"]
)
def test_openings_are_recognized_in_linear_time(piece):
    start = time.process_time()
    for opening in ("title: x\n", ".. title: x\n", "<!--\ntitle: x\n", '{"title": ', "---\ntitle: x\n"):
        try:
            split_front_matter(opening + piece * (2**20 // len(piece)), "a.md")
        except ParseError:
            continue
    assert time.process_time() - start < 5
