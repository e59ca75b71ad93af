import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.reading.dates import clean_date, date_in_name, without_date
from transforms.reading.fields import (
    FIELDS,
    clean_flag,
    clean_lede,
    clean_tags,
    clean_text,
    clean_thumbnail,
    clean_title,
    clean_url,
    find_values,
    first_clean,
    override_fields,
    tag_key,
    with_spaced_tags,
)


def test_names_are_found_as_spelled_then_in_any_case():
    values = {
        "TAGS": "shouted",
        "tags": "spelled",
        "Topics": None,
        "taxonomies": {"tags": ["nested"]},
        None: "x",
        1: "y",
    }
    assert list(find_values(values, ("tags", "topics", "taxonomies.tags")))[:2] == ["spelled", ["nested"]]
    assert list(find_values({"PubDate": "x"}, FIELDS["date"])) == ["x"]
    assert list(find_values({"Taxonomies": {"tags": "x"}}, FIELDS["tags"])) == ["x"]
    assert list(find_values({"taxonomies": ["tags"]}, FIELDS["tags"])) == []


def test_the_first_value_with_something_left_is_taken():
    assert first_clean({"tags": [], "keywords": "a, b"}, FIELDS["tags"], clean_tags) == ("a", "b")
    assert first_clean({"lede": " ", "summary": "x"}, FIELDS["lede"], clean_text) == "x"
    assert first_clean({"slug": "x", "permalink": "/x/"}, FIELDS["url"], clean_url) == "/x/"
    assert first_clean({}, FIELDS["url"], clean_url) is None


def test_overrides_replace_the_names_of_a_field():
    fields = override_fields(["tags = labels , my.tags", "date=when"])
    assert fields["tags"] == ("labels", "my.tags")
    assert fields["date"] == ("when",)
    assert fields["title"] == FIELDS["title"]
    assert override_fields([]) == FIELDS


@pytest.mark.parametrize("option", ["tags", "tags=", "tags=a,,b", "", "=a", "body=text", "Tags=x"])
def test_a_bad_override_is_refused_in_one_line(option):
    with pytest.raises(ValueError, match="give") as caught:
        override_fields([option])
    assert "\n" not in str(caught.value)
    assert repr(option.split("=")[0])[:-1] in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (" a\n  b\t", "a b"),
        ("全角　空白　", "全角　空白"),
        (404, "404"),
        ([1], ""),
        ({}, ""),
        ("\ud800", "?"),
        (dt.date(2022, 5, 6), "2022-05-06"),
        ("\u202eback\u202c to \u2067front\u2069", "back to front"),
    ],
)
def test_clean_text(value, text):
    assert clean_text(value) == text


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        (None, ()),
        ("", ()),
        ("python", ("python",)),
        (" a, b ,,c", ("a", "b", "c")),
        (["a, b", " c ", None, "", 2024, 1.5], ("a, b", "c", "2024", "1.5")),
        (2024, ("2024",)),
        ([["a", ["b"]], "c"], ("a", "b", "c")),
        ([{"name": "x"}, "a"], ("x", "a")),
        ({"a": 1}, ()),
        ([{"label": "A", "permalink": "/a"}, {"slug": "b", "title": "B"}, {"value": 3}, {"x": "y"}], ("A", "B", "3")),
        ({"name": "x", "label": ""}, ("x",)),
        ("旅行、写真，鉄道", ("旅行", "写真", "鉄道")),
        ("سفر، صور؛ قطار", ("سفر", "صور", "قطار")),
        ("walks; rivers;", ("walks", "rivers")),
        ("R&amp;D, Q;A", ("R&amp;D", "Q;A")),
        (["Python", "python", "Ｐｙｔｈｏｎ", "go"], ("Python", "go")),
    ],
)
def test_clean_tags(value, tags):
    assert clean_tags(value) == tags


def test_strings_of_tags_are_split_at_spaces_unless_they_have_commas():
    values = {"tags": " weir mill  ford ", "categories": "river walks, mills", "tag": "old mill", "title": "a b"}
    assert with_spaced_tags(values) == {**values, "tags": ["weir", "mill", "ford"]}
    assert with_spaced_tags({"tags": ["old mill"]}) == {"tags": ["old mill"]}


def test_lists_that_repeat_or_hold_themselves_are_read_once():
    level = ["a"]
    for _ in range(100):
        level = [level, level]
    assert clean_tags(level) == ("a",)
    loop = ["b"]
    loop.append(loop)
    assert clean_tags(loop) == ("b",)


@given(st.text(max_size=60))
def test_tag_keys_are_stable(tag):
    assert tag_key(tag_key(tag)) == tag_key(tag)
    assert clean_tags([tag, tag.upper().lower(), tag]) == clean_tags([tag, tag.upper().lower()])


def test_tag_keys_fold_width_case_and_space():
    assert tag_key(" Ｐｙｔｈｏｎ　") == tag_key("PYTHON") == "python"
    assert tag_key("Straße") == "strasse"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (None, None),
        ("", None),
        ("2022-05-06", "2022-05-06"),
        ("2022-5-6", "2022-05-06"),
        ("20220506", "2022-05-06"),
        ("2022/06/13 00:00:00", "2022-06-13T00:00:00"),
        ("2022.06.13", "2022-06-13"),
        ("2022年5月6日", "2022-05-06"),
        ("2022-05-06T07:08:09+09:00", "2022-05-06T07:08:09+09:00"),
        ("2022-05-06 07:08:09 +0900", "2022-05-06T07:08:09+09:00"),
        ("2022-05-06 07:08:09 -4", "2022-05-06T07:08:09-04:00"),
        ("2022-05-06T07:08:09Z", "2022-05-06T07:08:09+00:00"),
        ("2022-05-06T07:08:09.5Z", "2022-05-06T07:08:09.500000+00:00"),
        ("2022-05-06 07:08 UTC", "2022-05-06T07:08:00+00:00"),
        ("2022-05-06 7:08", "2022-05-06T07:08:00"),
        ("2022-05-06 7:08 PM", "2022-05-06T19:08:00"),
        ("May 6, 2022", "2022-05-06"),
        ("6 May 2022 10am", "2022-05-06T10:00:00"),
        ("Fri, 06 May 2022 07:08:09 GMT", "2022-05-06T07:08:09+00:00"),
        ("Fri, 06 May 2022 07:08:09 +0900", "2022-05-06T07:08:09+09:00"),
        (dt.date(2022, 5, 6), "2022-05-06"),
        (dt.datetime(2022, 5, 6, 7, tzinfo=dt.UTC), "2022-05-06T07:00:00+00:00"),
    ],
)
def test_clean_date(value, date):
    assert clean_date(value) == date


@pytest.mark.parametrize(
    "value",
    [
        "2022-02-30",
        "2022-13-01",
        "2022",
        "2022-05",
        "May 2022",
        "May 6",
        "05/06/2022",
        "tomorrow",
        "2022-05-06 25:00",
        "2022-05-06 07:08 EST",
        "Fri, 06 May 2022 07:08:09 JST",
        "1651795200",
        5,
        "99999999999999999999 May 2022",
        ["2022-05-06"],
        dt.time(7),
        "x" * 1000,
    ],
)
def test_what_is_no_single_day_is_refused(value):
    with pytest.raises(ValueError, match="is not a date: write 2022-05-06") as caught:
        clean_date(value)
    assert len(str(caught.value)) < 150


@given(st.datetimes(timezones=st.sampled_from([None, dt.UTC, dt.timezone(dt.timedelta(hours=9))])))
def test_iso_dates_stay_as_they_are(when):
    assert clean_date(when.isoformat()) == clean_date(when.isoformat(" ")) == when.isoformat()


@given(st.text(alphabet="0123456789-/: TZ+.MayFri,年月日apm"))
def test_dates_are_clean_once_cleaned(text):
    try:
        date = clean_date(text)
    except ValueError:
        return
    assert clean_date(date) == date


@pytest.mark.parametrize(
    ("name", "date", "rest"),
    [
        ("2021-03-04-slug", "2021-03-04", "slug"),
        ("2021-03-04_slug", "2021-03-04", "slug"),
        ("2021-03-04", "2021-03-04", "2021-03-04"),
        ("2021-13-04-slug", None, "2021-13-04-slug"),
        ("2021-03-041", None, "2021-03-041"),
        ("slug-2021-03-04", None, "slug-2021-03-04"),
    ],
)
def test_dates_in_names(name, date, rest):
    assert date_in_name(name) == date
    assert without_date(name) == rest


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://example.com/a", "https://example.com/a"),
        ("/a/b", "/a/b"),
        ("a-slug", None),
        ("javascript:alert(1)", None),
        (None, None),
        (7, None),
    ],
)
def test_clean_url(value, url):
    assert clean_url(value) == url


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("/a.png", "/a.png"),
        ({"alt": "x", "src": "/a.png"}, "/a.png"),
        ({"URL": "/a.png"}, "/a.png"),
        (["/a.png", "/b.png"], "/a.png"),
        ([{"src": "/a.png"}], "/a.png"),
        ([None, {"alt": "x"}, "a.png"], "a.png"),
        ({"image": "a.png", "alt": "x", "relative": "true"}, "a.png"),
        ({"feature": "a.png", "credit": "x"}, "a.png"),
        ({"path": {"src": "a.png"}}, None),
        ("[[a b.png]]", "a b.png"),
        ("![[a.png|100]]", "a.png"),
        ("![A lamp](/a.png 'title')", "/a.png"),
        ("https://a.example/b", "https://a.example/b"),
        ("images/cover", "images/cover"),
        ("A photo (1).JPG", "A photo (1).JPG"),
        ("true", None),
        ("#1a2b3c", None),
        ("rgb(0 0 0 / 0.5)", None),
        ("linear-gradient(red, blue)", None),
        ("Words. And more.", None),
        ("/" + "a" * 600, None),
        ([], None),
        ({}, None),
        ("", None),
        (None, None),
    ],
)
def test_clean_thumbnail(value, address):
    assert clean_thumbnail(value) == address


def test_clean_flag():
    assert [clean_flag(value) for value in (True, "true", "Yes", " on ", 1)] == [True] * 5
    assert [clean_flag(value) for value in (False, "FALSE", "no", "off", 0)] == [False] * 5
    assert [clean_flag(value) for value in (None, "", "2020-01-01", "maybe", [True])] == [None] * 5


@pytest.mark.parametrize(
    "values",
    [
        {"cover_image": "/a.png"},
        {"featured_image": "/a.png"},
        {"feature_image": "/a.png"},
        {"featuredImage": {"node": "x", "src": "/a.png"}},
        {"images": ["/a.png", "/b.png"]},
        {"cover": {"image": "/a.png", "caption": "x"}},
        {"image": {"path": "/a.png", "alt": "x"}},
        {"image": {"feature": "/a.png"}},
        {"header": {"teaser": "/a.png"}},
        {"header": {"overlay_image": "/a.png"}},
        {"thumbnail-img": "/a.png"},
        {"share-img": "/a.png"},
        {"index_img": "/a.png"},
        {"extra": {"cover": "/a.png"}},
        {"extra": {"cover": {"image": "/a.png"}}},
        {"params": {"featured_image": "/a.png"}},
        {"seo": {"image": "/a.png"}},
        {"image": False, "banner": "/a.png"},
        {"background": "#fff", "photos": ["/a.png"]},
        {"teaser": "/a.png"},
    ],
)
def test_pictures_of_many_themes_are_found(values):
    assert first_clean(values, FIELDS["thumbnail"], clean_thumbnail) == "/a.png"


@pytest.mark.parametrize(
    "values",
    [
        *({name: "A lamp."} for name in ("teaser", "spoiler", "intro", "deck", "meta_description", "seoDescription")),
        {"seo": {"description": "A lamp."}},
        {"extra": {"summary": "A lamp."}},
        {"params": {"subtitle": "A lamp."}},
        {"excerpt": True, "subtitle": "A lamp."},
        {"teaser": "/lamp.png", "tagline": "A lamp."},
        {"intro": {"text": "x"}, "abstract": "A lamp."},
        {"description": " ", "summary": "A lamp.", "teaser": "No."},
    ],
)
def test_ledes_of_many_themes_are_found(values):
    assert first_clean(values, FIELDS["lede"], clean_lede) == "A lamp."


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        (":tada: Lamps &amp; oil :+1:", "Lamps & oil"),
        ("At 10:30:45", "At 10:30:45"),
        ("The :lamp: code", "The lamp code"),
    ],
)
def test_titles_have_no_codes_of_emoji_at_their_ends(title, clean):
    assert clean_title(title) == clean
