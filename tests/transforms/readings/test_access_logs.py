import time

import pytest

from tests.transforms.readings.logs import AGENT, START, access_line
from transforms.readings.access_logs import is_access_line, read_access_line
from transforms.readings.page_view import PageView

LINE = access_line("203.0.113.5", START, "/tea/")


@pytest.mark.parametrize(
    ("line", "host"),
    [
        (LINE, "203.0.113.5"),
        (access_line("2001:db8::1", START, "/tea/"), "2001:db8::1"),
        (LINE.replace(" - - ", " - ada lovelace "), "203.0.113.5"),
        (LINE.replace(" - - ", " - ada "), "203.0.113.5"),
        (access_line("203.0.113.5", START, "/tea/", site="blog.example:443 "), "203.0.113.5"),
        (access_line("2001:db8::1", START, "/tea/", site="blog.example "), "2001:db8::1"),
        (access_line("host.provider.example", START, "/tea/"), "host.provider.example"),
    ],
)
def test_a_line_is_read(line, host):
    assert is_access_line(line)
    assert read_access_line(line) == PageView(f"{host} {AGENT}", START, "/tea/", daily=True)


def test_quotes_and_more_fields_are_no_hindrance():
    line = LINE.replace("/tea/", r"/tea/?q=\"hot\"").replace("search.example/", r"search.example/\"").rstrip()

    assert read_access_line(f'{line} "203.0.113.99" 0.003').address == r"/tea/?q=\"hot\""


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "unreadable"),
        ("dear diary", "unreadable"),
        (LINE.rpartition(' "')[0], "unreadable"),
        (LINE.replace("GET", "HEAD"), "failed"),
        (LINE.replace('" 200 ', '" 301 '), "failed"),
        (LINE.replace(AGENT, "-"), "bot"),
        (LINE.replace('"GET /tea/ HTTP/1.1"', '"\\x16\\x03\\x01"'), "failed"),
    ],
)
def test_what_is_no_view_is_told(line, why):
    assert read_access_line(line) == why


def test_hostile_lines_take_no_time():
    start = time.process_time()
    for line in (
        *("[" * 60_000, 'a [b] "' + "\\" * 60_000, 'a [b] "' * 8_000, "a " * 30_000 + '[b] "c" 200 1 "d" "e'),
        access_line("203.0.113.5", START, "/tea/", site=":" * 60_000 + "z "),
    ):
        read_access_line(line)
    assert time.process_time() - start < 1
