import base64
import dataclasses
import gzip
import json

import pytest

from reports.data import build_report
from reports.pages.html import render_html
from reports.sections.articles import Mentions
from reports.sections.reasons import plain_reasons, reasons, related_links, say_below
from reports.views import RelatedLink
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
    (caption,) = [line for line in page.splitlines() if "<p>A related post has a score" in line]
    assert english in caption
    assert ("author would link" in caption, "common tag" in caption) == (sure_of == "link", sure_of == "tags")
    assert japanese in say_below(related, load_language("ja"))


def test_a_post_that_the_theme_features_is_listed_once_and_without_a_cosine(tables):
    newest = dataclasses.replace(other("b", text=0.7, shared_tags=("beam",)), kind="newest_in_cluster")
    also_read = dataclasses.replace(other("e", text=0.6, shared_tags=("python",)), kind="popular_in_cluster")
    both = (other("b", text=0.9), newest, also_read)
    assert related_links(both, Mentions()) == (
        RelatedLink(Mentions()["b"], "0.80", "text 0.90"),
        RelatedLink(Mentions()["e"], "", "most read other post of the theme · tags: python"),
    )
    report = build_report(dataclasses.replace(tables, related=[Related("a", both), Related("e", (newest,))]))
    payload = json.loads(gzip.decompress(base64.b64decode(report.payload)))
    assert [row[:2] for row in payload["related"][0]] == [[1, "0.80"], [4, ""]]
    assert payload["related"][4] == [[1, "", "newest other post of the theme · tags: beam", 1]]
    assert "<b></b>" not in render_html(report)


@pytest.mark.parametrize(
    ("titles", "said"),
    [
        (1.0, "names its title"),
        (0.5, "names its title"),
        (0.499, "shares words of its title"),
        (0.05, "shares words of its title"),
    ],
)
def test_a_title_is_named_by_half_of_it(titles, said):
    assert reasons(other(titles=titles, counted=("titles",))) == said
    assert reasons(other(titles=titles)) == "", "it did not count"


def test_readers_are_named_where_they_counted():
    read = other(text=0.1, counted=("readers",), readers=0.7, read_together=5)
    assert reasons(read) == "text 0.10 · read by the same readers"
    assert plain_reasons(read) == "The same readers read both."
    assert load_language("ja")("read by the same readers") == "同じ読者が閲覧"
