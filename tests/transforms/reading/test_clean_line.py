"""A line of text: what is clean stays as it is, whatever was taken out."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.reading.clean_line import clean_line


@given(st.text())
@example("a \x80 b")
@example("\x80 a\n\x00\n")
def test_a_clean_line_is_clean(text):
    assert clean_line(clean_line(text)) == clean_line(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a \x00 b", "a b"), ("a\x00b", "ab"), ("a\x85\x85b", "a b"), ("\x07 a", "a"), ("a\u202e b", "a b")],
)
def test_spaces_stand_alone_where_signs_between_them_are_taken_out(text, line):
    assert clean_line(text) == line
