import dataclasses

import pytest

from reports.data import build_report
from reports.pages.html import render_html
from reports.sections.reasons import say_below
from reports.words.language import load_language
from transforms.results import Related, RelatedArticle, Why


def other(id_="b", sure_of=None, text=None, **why):
    return RelatedArticle(id_, 0.8, 0.54 if sure_of else None, Why(text, **why), sure_of=sure_of)


@pytest.mark.parametrize(
    ("sure_of", "english", "japanese"),
    [
        ("link", "how likely it is that an author would link the two", "書き手が両者の間にリンクを張る確率"),
        ("tags", "how sure it is that both belong under a common tag", "両方に同じタグが付くことの確度"),
        (None, "Below it stands what they share.", "その下は、共通する点です。"),
    ],
)
def test_the_caption_says_what_the_confidence_is_of(tables, sure_of, english, japanese):
    featured = dataclasses.replace(other("c"), kind="newest_in_cluster")
    related = [Related("c", (featured,)), Related("a", (other(sure_of=sure_of),))]
    page = render_html(build_report(dataclasses.replace(tables, related=related)))
    (caption,) = [line for line in page.splitlines() if "<caption>A related post has a score" in line]
    assert english in caption
    assert ("author would link" in caption, "common tag" in caption) == (sure_of == "link", sure_of == "tags")
    assert japanese in say_below(related, load_language("ja"))
