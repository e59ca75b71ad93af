import base64
import gzip
import json

import pytest

from reports.data import build_report
from reports.payload import Numbered, pack


def unpack(text):
    return json.loads(gzip.decompress(base64.b64decode(text)))


def test_the_scripts_know_what_the_table_shows(tables):
    report = build_report(tables)
    data = unpack(report.payload)
    assert data["id"] == ["a", "b", "c", "d", "e"]
    assert data["title"][4] == "e", "an empty title is shown by its id"
    assert data["url"] == [0, "https://blog.example/b", 0, 0, 0], "only web addresses"
    for row in report.articles.shown:
        at = data["id"].index(row.id)
        assert row.anchor == f"article-{at + 1}"
        assert (data["title"][at], data["path"][at], data["day"][at]) == (row.title, row.path, row.day)
        assert tuple(data["tagNames"][tag] for tag in data["tags"][at]) == row.tags
        assert data["themes"][data["theme"][at]] == [row.theme.name, row.theme.anchor, row.theme.color, row.theme.round]
        assert [(data["title"][other], score, why) for other, score, why, *_ in data["related"][at]] == [
            (other.article.title, other.score, other.why) for other in row.related
        ]
        assert [(data["tagNames"][tag], score) for tag, score in data["suggestions"][at]] == [
            (suggestion.tag, suggestion.score) for suggestion in row.suggestions
        ]


def test_themes_are_numbered_as_they_stand_on_the_page(tables):
    report = build_report(tables)
    assert [theme[1] for theme in unpack(report.payload)["themes"]] == [card.link.anchor for card in report.themes]


def test_maps_are_in_the_units_of_the_picture(tables):
    (layout,) = unpack(build_report(tables).payload)["maps"]
    assert layout["method"] == "tsne"
    assert layout["places"][0] == [0, 24, 24]


def test_no_articles(bare):
    data = unpack(build_report(bare).payload)
    assert data["id"] == data["maps"] == data["views"] == []


@pytest.mark.parametrize("value", [{"a": "</script>"}, ["灯り", 1.5, None]])
def test_packed_values_come_back_and_hold_no_markup(value):
    assert unpack(pack(value)) == value
    assert pack(value) == pack(value)
    assert "<" not in pack(value)


def test_values_are_numbered_once():
    numbered = Numbered()
    assert [numbered.number(value) for value in "abab"] == [0, 1, 0, 1]
    assert numbered.values == ["a", "b"]
