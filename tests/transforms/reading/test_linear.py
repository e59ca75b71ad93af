from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination

from transforms.reading.linear import LINEAR_HELPERS, hr, parse_link_destination

TEXT = st.text(st.sampled_from('ab()<>\\ \t\n\x7f\0é字&;#1"')) | st.text()


@given(TEXT, st.integers(0, 5), st.integers(0, 5))
@example("a\\", 0, 0)
@example("(" * 32 + ")" * 32, 0, 0)
@example("(" * 33 + ")" * 33, 0, 0)
def test_an_address_is_what_it_is_to_markdown_it(text, start, left_out):
    maximum = max(0, len(text) - left_out)
    expected, found = parseLinkDestination(text, start, maximum), parse_link_destination(text, start, maximum)
    assert (found.ok, found.pos, found.str) == (expected.ok, expected.pos, expected.str)


@given(st.text(st.sampled_from("ab()<>[]\\ \n*-_!\"'#")))
def test_markdown_is_parsed_the_same(text):
    parser = MarkdownIt("commonmark")
    parser.helpers = LINEAR_HELPERS
    parser.block.ruler.at("hr", hr, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    assert parser.render(text) == MarkdownIt("commonmark").render(text)
