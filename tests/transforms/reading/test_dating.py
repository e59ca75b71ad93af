import datetime as dt
import textwrap

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from transforms.reading.dates import date_in_path, find_date, is_after
from transforms.reading.fields import FIELDS, override_fields
from transforms.reading.notebook import GIVEN_CHARACTERS
from transforms.reading.parse import parse_article
from transforms.records import Article
from transforms.results import Note


def read(lines, path="post.md", fields=FIELDS):
    """A post's date, and the notes on it."""
    notes = []
    post = parse_article(f"---\n{textwrap.dedent(lines)}\n---\nBody.", path, fields, as_of="2030-01-01", notes=notes)
    assert isinstance(post, Article)
    return post.date, notes


@pytest.mark.parametrize(
    ("value", "date", "done"),
    [
        ("2022-05-06", "2022-05-06", None),
        ("2023-01-29 18:30:22 2023 -0800", "2023-01-29T18:30:22-08:00", None),
        ("2022-05-06 07:08:09 JST", "2022-05-06T07:08:09+09:00", None),
        ("Fri, 06 May 2022 07:08:09 CEST", "2022-05-06T07:08:09+02:00", None),
        ("2022-05-06T07:08:09+09:00[Asia/Tokyo]", "2022-05-06T07:08:09+09:00", None),
        ("Fri May 06 2022 07:08:09 GMT+0900 (Japan Standard Time)", "2022-05-06T07:08:09+09:00", None),
        ("2022-05-06 10:00 UTC+5", "2022-05-06T10:00:00+05:00", None),
        ("<2022-05-06 Fri>", "2022-05-06", None),
        ("31/12/2019", "2019-12-31", None),
        ("12/31/2019", "2019-12-31", None),
        ("05.06.2022", "2022-06-05", None),
        (1651795200, "2022-05-06T00:00:00+00:00", None),
        ("1651795200123", "2022-05-06T00:00:00+00:00", None),
        (dt.date(2022, 5, 6), "2022-05-06", None),
        ("2022-05-06 25:00", "2022-05-06", "dated_without_time"),
        ("2022-05-06 07:08:09 EST", "2022-05-06", "dated_without_time"),
        ("Fri, 06 May 2022 07:08:09 EST", "2022-05-06", "dated_without_time"),
        ("2022-05-06 - 2022-05-08", "2022-05-06", "dated_without_time"),
        ("2022-05-06T10:00 Asia/Tokyo", "2022-05-06", "dated_without_time"),
        ("2019", "2019-01-01", "dated_first_day"),
        (2019, "2019-01-01", "dated_first_day"),
        ("2019-07", "2019-07-01", "dated_first_day"),
        ("2019年7月", "2019-07-01", "dated_first_day"),
        ("July 2019", "2019-07-01", "dated_first_day"),
    ],
)
def test_dates_are_read_as_far_as_they_can_be_told(value, date, done):
    assert find_date(value) == (date, done)


@pytest.mark.parametrize(
    "value",
    [
        *("Last Modified", "git Created", "05/06/2022", "2022-02-30", "2022-13", "31/13/2019", "32.1.2019"),
        *("tomorrow", "2022-05-061", 5, 12345, None, "", [], {}, ["2022-05-06"], 1.5, dt.time(7)),
        *("0001-01-01T00:00:00Z", "9999999999", "99999999999999999999 May 2022", "x" * 1000),
    ],
)
def test_no_date_is_guessed(value):
    assert find_date(value) is None


@given(st.text(alphabet="0123456789-/:.+ TZMayGUCJST年月日()[]<>"))
def test_a_date_that_was_found_stays_as_it_is(text):
    if found := find_date(text):
        assert find_date(found.date) == (found.date, None)


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("2019/05/28/foo", "2019-05-28"),
        ("blog/2024/05-06-heddle", "2024-05-06"),
        ("2019-05-28/foo/bar", "2019-05-28"),
        ("20190528-foo", "2019-05-28"),
        ("2019_05_28_foo", "2019-05-28"),
        ("2020/01/01/2021-3-4-x", "2021-03-04"),
        ("2021-03-04", "2021-03-04"),
        ("2019/05/foo", None),
        ("2019/28/05/x", None),
        ("v2019-05-28", None),
        ("12345678-foo", None),
        ("2019052899", None),
    ],
)
def test_dates_in_paths(path, date):
    assert date_in_path(path) == date


@pytest.mark.parametrize(
    "lines",
    [
        "date: {created: 2024-01-02, updated: 2025-03-04}",
        "date:\n  updated: 2025-03-04\n  created: 2024-01-02T10:00:00Z",
        "date: [2024-01-02, 2025-03-04]",
        "pubDatetime: 2024-01-02",
        "created_at: 2024-01-02\nupdated_at: 2025-03-04",
        "createdAt: 2024-01-02",
        "date created: 2024-01-02\ndate modified: 2025-03-04",
        "Creation-Date: 2024-01-02",
        "published_date: 2024-01-02",
        "date-created: 1704153600",
        "published: true\ndate: 2024-01-02",
        "date: 0001-01-01T00:00:00Z\npublishDate: 2024-01-02",
        "date: []\ncreated: {}\npublished: {value: 2024-01-02}",
    ],
)
def test_the_names_of_dates(lines):
    date, notes = read(lines)
    assert (date[:10], notes) == ("2024-01-02", [])


@pytest.mark.parametrize(
    "line",
    [
        *("updated_at: 2025-03-04", "lastmod: 2025-03-04", "modDatetime: 2025-03-04", "last_modified_at: 2025-03-04"),
        *("last_update: {date: 2025-03-04, author: x}", "date: {updated: 2025-03-04}", "date-modified: 2025-03-04"),
    ],
)
def test_the_last_change_counts_where_nothing_else_dates_a_post(line):
    assert read(line)[0] == "2025-03-04"
    assert read(line, "2021-02-03-x.md")[0] == "2021-02-03"


@pytest.mark.parametrize(
    ("lines", "path", "date", "done"),
    [
        ("date: Last Modified", "post.md", None, "undated"),
        ("date: git Created", "2021-02-03-x.md", "2021-02-03", "dated_by_path"),
        ("date: Last Modified", "2021/02/03/x/index.md", "2021-02-03", "dated_by_path"),
        ("date: 2019-07", "post.md", "2019-07-01", "dated_first_day"),
        ("date: 2019", "2019-02-03-x.md", "2019-02-03", "dated_by_path"),
        ("date: 2019", "2019/02/03/x.md", "2019-02-03", "dated_by_path"),
        ("date: 2019\nmodified: 2021-02-03", "post.md", "2019-01-01", "dated_first_day"),
        ("date: Created\ncreated: 2021-02-03", "post.md", "2021-02-03", "dated_by_field"),
        ("date: Created\nupdated: 2021-02-03", "post.md", "2021-02-03", "dated_by_change"),
        ("date: 2021-02-03 10:00 EST", "2022-02-03-x.md", "2021-02-03", "dated_without_time"),
        ("date: {a: 1}", "post.md", None, "undated"),
        ("date: {updated: 2021-02-03}", "post.md", "2021-02-03", "dated_by_change"),
        (f"date: '{'9' * 200}'", "post.md", None, "undated"),
    ],
)
def test_what_cannot_be_read_is_noted_with_what_was_done(lines, path, date, done):
    found, (note,) = read(lines, path)
    assert (found, note.done, note.field, note.path) == (date, done, "date", path)


def test_a_note_has_the_line_and_what_stands_there():
    _, notes = read("title: Modified\ndate:   Last Modified  # of the file\nDATE: [x]")
    assert notes[0] == Note("post.md", 3, "date", "Last Modified", "undated")
    assert Note("post.md", None, "date", "x", "undated") in notes[1:]
    _, (note,) = read(f"date: '{'x ' * 200}'")
    assert len(note.given) == GIVEN_CHARACTERS
    assert note.given.endswith("…")


def test_nothing_is_noted_of_a_post_that_is_left_out():
    notes = []
    parse_article("---\ndate: soon\n---\n", "post.md", as_of="2030-01-01", notes=notes)
    parse_article("---\ndate: soon\ndraft: true\n---\nx", "post.md", as_of="2030-01-01", notes=notes)
    assert notes == []


def test_the_names_of_dates_can_be_replaced():
    fields = override_fields(["date=when"])
    assert read("date: 2021-01-01\nwhen: 2022-02-02", fields=fields)[0] == "2022-02-02"
    assert read("date: 2021-01-01", fields=fields)[0] is None


DATES = st.sampled_from(
    [
        "2022-05-06",
        "2022-05-06T07:08:09+09:00",
        "6 May 2022 10am",
        "2022年5月6日",
        "1651795200",
        "Created",
        "05/06/2022",
    ]
)
SCALARS = st.one_of(
    st.tuples(DATES, st.integers(0, 30), st.text(max_size=5)).map(lambda of: of[0][: of[1]] + of[2] + of[0][of[1] :]),
    *(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.dates(), st.datetimes()),
)
NAMES = st.sampled_from([*FIELDS["date"], *FIELDS["updated"], "x"])
VALUES = st.recursive(SCALARS, lambda of: st.lists(of, max_size=3) | st.dictionaries(NAMES, of, max_size=3))


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.sampled_from(["post.md", "2021-02-03-x.md", "2021/02/03/x.md"]))
def test_no_date_ever_rejects_a_post(values, path):
    notes = []
    source = f"---\n{yaml.safe_dump(values, allow_unicode=False)}---\nBody."
    post = parse_article(source, path, as_of="2030-01-01", include=frozenset({"drafts", "future"}), notes=notes)
    assert isinstance(post, Article)
    assert post.date is None or dt.datetime.fromisoformat(post.date)
    assert path == "post.md" or post.date
    assert len(notes) == len(set(notes))
    for note in notes:
        assert "\n" not in note.given
        assert len(note.given) <= GIVEN_CHARACTERS
        assert 1 <= (note.line or 1) <= source.count("\n")


@pytest.mark.parametrize(
    ("date", "after"),
    [
        ("2026-11-29T01:00:00+14:00", False),
        ("2026-11-28T23:59:59Z", False),
        ("2026-11-29T00:00:00+00:00", True),
        ("2026-11-28T23:00:00-05:00", True),
        ("2026-11-29", False),
        ("2026-11-29T23:59:59", False),
        ("2026-11-30", True),
        ("2026-11-30T00:00:00", True),
        ("9999-12-31T23:59:59-12:00", True),
        ("0001-01-01T00:00:00+12:00", False),
    ],
)
def test_what_is_after_a_day(date, after):
    assert is_after(date, "2026-11-28") is after
