import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.plumbing.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2020/ガイド 日記.md", "2020/ガイド 日記.md"),
        ("全角\u3000空白 नमस्\u200dते 👩\u200d💻.md", "全角\u3000空白 नमस्\u200dते 👩\u200d💻.md"),
        ("a\n::error file=x::b.md", r"a\n::error file=x::b.md"),
        ("\x1b[31m\r\t\x9b", r"\x1b[31m\r\t\x9b"),
        ("\u202egnp.exe \u2066\u200e", r"\u202egnp.exe \u2066\u200e"),
        ("a\u2028b\u2029\x85", r"a\u2028b\u2029\x85"),
        ("\udc80", r"\udc80"),
    ],
)
def test_what_is_shown(text, shown):
    assert printable(text) == shown


@given(st.text())
def test_it_is_one_line_that_can_be_written(text):
    assert len(printable(text).splitlines()) <= 1
    assert printable(printable(text)) == printable(text)
    printable(text).encode()
