import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.limits import PROSE_CHARACTERS
from transforms.reading.errors import LimitError
from transforms.reading.markdown import parse_markdown
from transforms.reading.prose import Paragraph, prose

LONG = "This is what someone else has said about it, in so many words that it is a quotation and no mere name"
ZITAT = "これは他の人が書いた文章をそのまま引いたもので、とても長いので、呼び名ではなく引用であることが分かります。"

KEPT = {
    "One.\nTwo.\n": [(1, 2, "One. Two.")],
    "# Head\n\nOne *and* [two](x.md) `three`.\n": [(3, 3, "One and two three.")],
    "- One\n- Two\n\n  More\n": [(1, 1, "One"), (2, 2, "Two"), (4, 4, "More")],
    "<div>\n<p>One</p>\n</div>\n\nTwo\n": [(1, 3, "One"), (5, 5, "Two")],
    "{% include x.html %}\n\nOne {{ page.title }}.\n": [(3, 3, "One .")],
    "She calls it “the net”.\n": [(1, 1, "She calls it “the net”.")],
    f'He says "yes" {LONG} or "no".\n': [(1, 1, f'He says "yes" {LONG} or "no".')],
}
LEFT_OUT = [
    "> One.\n> Two.\n",
    "> - One\n>   - Two\n",
    "```\nOne.\n```\n",
    "    One.\n",
    "| a | b |\n|---|---|\n| One | Two |\n",
    "<blockquote>\nOne.\n</blockquote>\n",
    "<blockquote>\n\nOne.\n\n*Two.*\n\n</blockquote>\n",
    "<table>\n<tr><td>One</td></tr>\n</table>\n",
    "{% highlight py %}\nOne.\n{% endhighlight %}\n",
    "{% blockquote Someone, somewhere %}\nOne.\n\nTwo.\n{% endblockquote %}\n",
    '{{< quote author="Someone" >}}\nOne.\n{{< /quote >}}\n',
    "- [One](one.md)\n- [Two of them](two.md) by me\n- [[three]]\n- <a href='x'>Four</a>\n",
    f"“{LONG}”\n",
    f'"{LONG}."\n',
    f"„{LONG}“\n",
    f"「{ZITAT}」\n",
]


@pytest.mark.parametrize("text", KEPT)
def test_paragraphs_know_their_lines(text):
    assert prose(text) == [Paragraph(*one) for one in KEPT[text]]


@pytest.mark.parametrize("text", LEFT_OUT)
def test_what_is_quoted_or_set_down_again_is_left_out(text):
    assert prose(text) == []
    assert prose(f"Before.\n\n{text}\nAfter.\n", 7) == [
        Paragraph(7, 7, "Before."),
        Paragraph(10 + text.count("\n"), 10 + text.count("\n"), "After."),
    ]


def test_code_of_mdx_is_left_out():
    text = 'import { A } from "a"\nexport const b = 1\n\n<A title="x" />\n\nOne {/* not this */} here.\n'
    assert prose(text, mdx=True) == [Paragraph(6, 6, "One here.")]


def test_a_quotation_within_a_paragraph_is_taken_out_of_it():
    assert prose(f"She wrote: “{LONG}” and left.\n") == [Paragraph(1, 1, "She wrote: and left.")]


WORDS = st.text("abc äあ-*>#|`\n", max_size=60)


@given(WORDS, st.booleans())
def test_paragraphs_stand_on_lines_of_the_text_in_their_order(text, mdx):
    read = prose(text, 5, mdx=mdx)
    assert [one.first for one in read] == sorted(one.first for one in read)
    assert all(5 <= one.first <= one.last <= 5 + text.count("\n") for one in read)


@given(st.lists(st.text("abcde ", min_size=1, max_size=20).filter(str.strip), min_size=1, max_size=5))
def test_plain_paragraphs_are_what_is_read_of_a_post(paragraphs):
    text = "\n\n".join(paragraph.strip() for paragraph in paragraphs)
    assert "\n".join(one.text for one in prose(text)) == parse_markdown(text).body


def test_of_an_endless_text_only_the_beginning_is_read():
    read = prose("word " * PROSE_CHARACTERS)
    assert sum(len(one.text) for one in read) <= PROSE_CHARACTERS


@pytest.mark.parametrize(
    "sign", ['"a ', "“", "<blockquote>", "{% quote %}", "「", "[a](", "*", "> ", "{{", "<table>\n\n"]
)
def test_hostile_texts_take_time_in_proportion_to_their_length(sign):
    def seconds(count):
        started = time.process_time()
        with contextlib.suppress(LimitError):
            prose(sign * count)
        return time.process_time() - started

    assert seconds(40_000) < 16 * max(seconds(10_000), 0.02)
