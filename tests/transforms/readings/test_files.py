import gzip
import io
import json
import random
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.readings import logs
from transforms.readings import files
from transforms.readings.files import LogError, LogReader, list_logs
from transforms.readings.formats import NAMES
from transforms.readings.page_view import PageView


def read(path, content, reader=None):
    path.write_bytes(content)
    with (reader or LogReader()).opened(str(path)) as log:
        return log.format, list(log.rows)


def views(rows):
    return [row for _, row in rows if isinstance(row, PageView)]


def drops(rows):
    return Counter(row for _, row in rows if not isinstance(row, PageView))


@pytest.mark.parametrize("name", logs.FORMATS)
def test_every_format_tells_the_same_story(name, tmp_path):
    write, others = logs.FORMATS[name]

    known, rows = read(tmp_path / "log", write())

    assert known == name.split()[0].strip(",")
    found = [view for view in views(rows) if "style.css" not in view.address]
    assert [view.second for view in found] == [second for _, second, _ in logs.STORY]
    paths = [path for _, _, path in logs.STORY]
    if known == "umami":
        paths = [path.partition("?")[0] for path in paths]
    assert [view.address.removeprefix("https://blog.example") for view in found] == paths
    first, second, other, later = (view.reader for view in found)
    assert first == second == later != other
    assert logs.STORY[0][0] in first
    assert drops(rows) == others
    if known in ("ga4", "umami", "matomo"):
        sessions = [view.session for view in found]
        assert sessions[0] == sessions[1] != sessions[3]
    assert all(view.daily == (known in ("combined", "cloudflare")) for view in found)


@pytest.mark.parametrize("name", logs.FORMATS)
def test_a_format_may_be_named(name, tmp_path):
    known = name.split()[0].strip(",")

    assert read(tmp_path / "log", logs.FORMATS[name][0](), LogReader(known))[0] == known


def test_a_file_of_another_format_than_the_named_one_is_refused(tmp_path):
    with pytest.raises(LogError, match="is no reading log of umami; give one of"):
        read(tmp_path / "log", logs.goatcounter(), LogReader("umami"))
    with pytest.raises(LogError, match="is no reading log of combined"):
        read(tmp_path / "log", logs.goatcounter(), LogReader("combined"))


def test_plausible_is_refused_with_a_hint(tmp_path):
    with pytest.raises(LogError, match=r"Plausible.*give it to --popularity"):
        read(tmp_path / "imported_pages.csv", logs.PLAUSIBLE)


def test_what_is_no_log_is_refused_without_a_word_of_what_is_in_it(tmp_path):
    for content in (b"dear diary, 198.51.100.7 came by", b'{"secret": 1}', b"[1, 2]", b"\x89PNG\r\n\x1a\n\x00\x01"):
        with pytest.raises(LogError) as raised:
            read(tmp_path / "file", content)
        assert str(raised.value).startswith(f"{str(tmp_path / 'file')!r} is no reading log that is known; give one of")
        assert "diary" not in str(raised.value)


def test_an_empty_file_has_no_rows(tmp_path):
    assert read(tmp_path / "log", b"") == ("empty", [])
    assert read(tmp_path / "log", b"\n\n") == ("empty", [])
    assert read(tmp_path / "log", gzip.compress(b"")) == ("empty", [])
    assert read(tmp_path / "log", b"user,time,path\n") == ("table", [])
    assert read(tmp_path / "log", gzip.compress(b"")[:8]) == ("empty", [(1, "unreadable")])


def test_columns_may_be_named(tmp_path):
    content = logs.write_csv(("who", "when", "what", "visit no"), [("a", logs.START, "/tea/", 3)])
    with pytest.raises(LogError, match="is no reading log that is known"):
        read(tmp_path / "log", content)

    names = {**NAMES, "reader": ("who",), "time": ("when",), "path": ("what",), "session": ("visit no",)}

    assert views(read(tmp_path / "log", content, LogReader(names=names))[1]) == [
        PageView("a", logs.START, "/tea/", "3")
    ]
    with pytest.raises(LogError, match="has no column of the path; name it as --readings-field path=NAME"):
        read(tmp_path / "log", content, LogReader("table", {**names, "path": ("nothing",)}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ga4", logs.ga4_flat().replace(b"page_location", b"page")),
        ("ga4", logs.ga4().replace(b"page_location", b"location")),
        ("umami", logs.umami().replace(b"2024-03-05 ", b"05.03.2024 ")),
        ("cloudflare", logs.cloudflare().replace(b"ClientRequestURI", b"URI")),
        ("table", logs.table().replace(b",170", b",0")),
        ("combined", logs.combined().replace(b"/Mar/", b"/03/")),
    ],
)
def test_a_log_is_refused_none_of_whose_first_rows_can_be_read(name, content, tmp_path):
    with pytest.raises(LogError, match=f"looks like {name}, but none of its first rows has an address and a time"):
        read(tmp_path / "log", content)


def test_views_that_are_yet_to_come_are_left_out(tmp_path):
    late = [("a", logs.START + number, "/tea/") for number in range(3)]

    _, rows = read(tmp_path / "log", logs.table(late), LogReader(end=logs.START + 2))

    assert [view.second for view in views(rows)] == [logs.START, logs.START + 1]
    assert rows[2] == (4, "future")


def test_bad_rows_before_the_first_view_are_no_reason_to_refuse_a_log(tmp_path):
    line, other = logs.combined().splitlines(keepends=True)[:2]
    bot, bad = line.replace(b"Mozilla", b"Googlebot"), line.replace(b"/Mar/", b"/03/")

    assert len(read(tmp_path / "log", bad * 10 + bot * 10 + other)[1]) == 21
    assert len(read(tmp_path / "log", bad * 19 + other)[1]) == 20


def test_an_action_without_an_address_or_a_time_takes_no_others_with_it(tmp_path):
    visits = json.loads(logs.matomo())
    page = visits[0]["actionDetails"][0]
    visits[0]["actionDetails"] += [{**page, "url": None}, {**page, "timestamp": "soon"}, {"type": "action"}]

    _, rows = read(tmp_path / "log", json.dumps(visits).encode())

    assert len(views(rows)) == len(logs.STORY)
    assert drops(rows) == {"unreadable": 3, "not_a_view": 1}


def test_a_parameter_without_a_value_is_passed_over(tmp_path):
    events = logs.ga4_events()
    events[0]["event_params"].append({"key": "term", "value": None})
    events[1]["event_params"].append({"key": "term"})

    assert len(views(read(tmp_path / "log", logs.json_lines(events))[1])) == len(logs.STORY)


def test_bad_rows_are_counted_with_their_lines(tmp_path):
    lines = logs.table().splitlines()
    lines[2:2] = [b"a", b"b,/tea/,yesterday", b"c,/tea/,1", b",/tea/,1709631000", b'd,/tea/,"1709631000"', b'\xff,"']

    _, rows = read(tmp_path / "log", b"\n".join(lines))

    assert rows[1] == (3, "unreadable")
    assert rows[2:5] == [(4, "unreadable"), (5, "unreadable"), (6, "no_reader")]
    assert len(views(rows)) == 2  # the first, and the one in quotes: a quote that is left open takes the rest


def test_long_rows_are_passed_over_and_never_held(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LOG_ROW_BYTES", 1000)
    lines = logs.combined().splitlines(keepends=True)
    lines.insert(1, b"x" * 5000 + b"\n")
    lines.insert(2, b"y" * 999 + b"\n")

    _, rows = read(tmp_path / "log", b"".join(lines))

    assert rows[1:3] == [(2, "too_long"), (3, "unreadable")]
    assert len(views(rows)) == 5


def test_a_gzip_bomb_is_left_after_a_while(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_SLACK", 1 << 20)
    content = logs.combined() + b"0" * (64 << 20)

    _, rows = read(tmp_path / "log", gzip.compress(content))

    assert len(views(rows)) == 5
    assert drops(rows)["beyond_limit"] == 1


def test_a_log_is_read_up_to_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LOG_BYTES", 100_000)

    _, rows = read(tmp_path / "log", logs.combined() * 500)

    assert drops(rows)["beyond_limit"] == 1
    assert 0 < len(views(rows)) < 5 * 500


def test_a_packed_log_that_ends_early_is_read_as_far_as_it_goes(tmp_path):
    content = gzip.compress(b"".join(random.Random(1).choices(logs.combined().splitlines(keepends=True), k=5000)))

    _, rows = read(tmp_path / "log", content[: len(content) // 2])

    assert views(rows)
    assert rows[-1][1] == "unreadable"


def test_json_that_is_damaged_deep_or_large_harms_nobody(tmp_path, monkeypatch):
    deep = b'{"user": ' + b"[" * 30_000 + b"]" * 30_000 + b"}\n"
    _, rows = read(tmp_path / "log", logs.table_lines() + deep + b"[]\n1\n{\n" + b'{"user": "a", "time": NaN}\n')
    assert len(views(rows)) == 4
    assert drops(rows) == {"unreadable": 5}

    monkeypatch.setattr(files, "LOG_ARRAY_BYTES", 100)
    with pytest.raises(LogError, match="is a JSON array of more than 0 MiB; give it in parts"):
        read(tmp_path / "log", logs.matomo())


def test_a_damaged_parquet_file_is_refused(tmp_path):
    content = logs.table_parquet()
    for damaged in (content[:40], content[:-20], b"PAR1" + b"\0" * 100, content[:4] + b"\xff" * 60 + content[64:]):
        try:
            _, rows = read(tmp_path / "log", damaged)
        except LogError:
            continue
        assert drops(rows)


def test_a_parquet_file_that_claims_more_than_is_read_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LOG_BYTES", 100_000)
    rows = [{"user": f"reader {number}", "time": logs.START + number, "path": "/tea/"} for number in range(10_000)]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out, row_group_size=1000, compression="none", use_dictionary=False)

    _, found = read(tmp_path / "log", out.getvalue())

    assert found[-1][1] == "beyond_limit"
    assert 0 < len(views(found)) < 5000


@given(st.binary(max_size=300))
def test_whatever_is_in_a_file_it_is_read_or_refused(content):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "open_file", lambda _path, _mode: io.BytesIO(content))
        try:
            with LogReader().opened("log") as log:
                list(log.rows)
        except LogError:
            pass


@given(st.lists(st.text(max_size=40), max_size=8), st.sampled_from(["ga4", "umami", "cloudflare", "matomo", "table"]))
def test_whatever_values_are_in_a_row_it_is_a_view_or_dropped(values, name):
    names = ("event_name", "event_params", "user", "time", "path", "session_id", "created_at", "url_path")
    row = dict(zip(names, values, strict=False))
    log = json.dumps(row).encode() + b"\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "open_file", lambda _path, _mode: io.BytesIO(log))
        try:
            with LogReader(name).opened("log") as opened:
                assert len(list(opened.rows)) <= 1
        except LogError:
            pass


def test_logs_are_found_by_folder_file_and_glob(tmp_path):
    for name in ("b.log", "a.log.gz", ".hidden", "sub/c.log"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")

    def found(*patterns):
        return [path.removeprefix(f"{tmp_path}/") for path in list_logs([f"{tmp_path}{part}" for part in patterns])]

    assert found("") == ["a.log.gz", "b.log", "sub/c.log"]
    assert found("/*.log", "/b.log") == ["b.log"]
    assert found("/**/*.log") == ["b.log", "sub/c.log"]
    with pytest.raises(FileNotFoundError, match="names no file; give a log"):
        found("/*.csv")


def test_a_view_says_nothing_of_what_it_holds():
    assert repr(PageView("198.51.100.7", logs.START, "/tea/", "a session")) == "PageView(...)"
    assert "198" not in f"{PageView('198.51.100.7', 0, '')}"
