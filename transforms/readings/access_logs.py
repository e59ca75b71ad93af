"""Access logs of web servers in the combined format, as nginx and Apache write it."""

from __future__ import annotations

import re

from transforms.readings.bots import is_bot
from transforms.readings.page_view import PageView, Row
from transforms.readings.times import second_of_access

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_LINE = re.compile(rf"([^\[]+) \[([^\]]+)\] {_QUOTED} (\d{{3}}) \S+ {_QUOTED} {_QUOTED}")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f.]*:[0-9a-f:.]*", re.IGNORECASE)
SENT = ("200", "304")
"""The statuses of answers that show a page."""


def is_access_line(line: str) -> bool:
    """Tell a line of the combined format."""
    return _LINE.match(line) is not None


def read_access_line(line: str) -> Row:
    """Read a line: host, name of the user, time, request, status, bytes, referrer, agent.

    Some servers write the name of the site first. Whoever reads is known by host and agent, for a day.
    """
    found = _LINE.match(line)
    if found is None:
        return "unreadable"
    head, time, request, status, _, agent = found.groups()
    method, _, rest = request.partition(" ")
    if method != "GET" or status not in SENT:
        return "failed"
    if is_bot(agent):
        return "bot"
    return PageView(f"{_host(head.split(' '))} {agent}", second_of_access(time), rest.rpartition(" ")[0], daily=True)


def _host(words: list[str]) -> str:
    """The host that asked: the first word, or the second where the first is the name of the site."""
    sited = len(words) > 3 and not _IP.fullmatch(words[0])
    return words[sited]
