"""Tables and names, as a Markdown parser reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reports.words.markdown import escape_markdown, escape_name, markdown_table

PARSER = MarkdownIt("commonmark").enable("table")


def test_a_table():
    table = markdown_table(("one", "two"), [("a", "1"), ("b", "2")], ("---", "--:"))
    assert table == "| one | two |\n| --- | --: |\n| a | 1 |\n| b | 2 |\n"


@pytest.mark.parametrize("escape", [escape_name, escape_markdown])
@given(names=st.lists(st.text(st.characters(), max_size=40) | st.text("a|\\`*[]<>\n\r\x1b", max_size=20), min_size=1))
def test_a_cell_stays_in_its_cell(escape, names):
    table = markdown_table(("head", "number"), [(escape(name), "1") for name in names], ("---", "--:"))
    assert len(table.splitlines()) == 2 + len(names)
    kinds = [token.type for token in PARSER.parse(table)]
    assert kinds.count("table_open") == 1
    assert kinds.count("td_open") == 2 * len(names)
    inside = {kind.type for token in PARSER.parse(table) for kind in token.children or ()}
    assert inside.isdisjoint({"html_inline", "link_open", "code_inline", "image"})


def test_a_name_stays_whole():
    assert escape_name("gs://blogs/out_of_2026-" + "x" * 100) == "gs://blogs/out_of_2026-" + "x" * 100
    assert escape_name("a|b\n<c>\\") == "a\\|b\N{REPLACEMENT CHARACTER}\\<c\\>\\\\"
