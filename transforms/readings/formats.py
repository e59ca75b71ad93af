"""What the rows of reading logs say, by the tool that wrote them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from transforms.readings.access_logs import SENT
from transforms.readings.bots import LEAST_SCORE, is_bot
from transforms.readings.page_view import PageView, Row
from transforms.readings.times import second_of

Fields = Mapping[str, Any]
"""A row of a table, by the names of its columns."""
Reader = Callable[[Any], Row | list[Row]]
"""Reads a row of a log; some tools have several page views in one."""
Names = Mapping[str, tuple[str, ...]]
"""What a column of a plain table may be called, by what it holds."""

NAMES: Names = {
    "reader": ("reader", "readerid", "user", "userid", "visitor", "visitorid", "userpseudoid", "clientid", "cookie"),
    "session": ("session", "sessionid", "visit", "visitid"),
    "time": ("time", "timestamp", "datetime", "createdat", "viewedat", "eventtime", "date", "ts"),
    "path": (
        "path",
        "url",
        "page",
        "pagepath",
        "urlpath",
        "pathname",
        "pageurl",
        "pagelocation",
        "address",
        "uri",
        "link",
    ),
}
"""The first that is there is taken; letters and digits alone count, in any case."""
_COUNTS = frozenset({"pageviews", "views", "visitors", "visits", "hits", "count", "sessions", "users"})
_NO = ("", "0", "false", "False", None, False, 0)


class AggregatedError(ValueError):
    """A table that holds counts of page views, and not who read what; its message says what to give it to instead."""


@dataclass(frozen=True)
class LogFormat:
    """How the rows of a tool's log are told by the names of their fields, and read."""

    name: str
    known_by: tuple[str, ...]
    read: Reader


def read_ga4(row: Fields) -> Row:
    """An event of Google Analytics 4 as BigQuery exports it, or with its parameters as columns."""
    if row.get("event_name") != "page_view":
        return "not_a_view"
    nested = _parameters(row["event_params"]) if "event_params" in row else row
    reader, session = row.get("user_pseudo_id"), nested.get("ga_session_id")
    if not reader:
        return "no_reader"
    address = _text(nested["page_location"])
    return PageView(str(reader), second_of(row["event_timestamp"]), address, _session(session))


def read_goatcounter(row: Fields) -> Row:
    """A page view of GoatCounter's CSV, version 1 or 2; a session is all that it knows of a reader."""
    if row.get("Event") not in _NO:
        return "not_a_view"
    if row.get("Bot") not in _NO:
        return "bot"
    if not row["Session"]:
        return "no_reader"
    address = _text(row["2Path"] if "2Path" in row else row["1Path"])
    return PageView(row["Session"], second_of(row["Date"]), address, row["Session"])


def read_umami(row: Fields) -> Row:
    """A row of Umami's table `website_event`; its type 1 is a page view."""
    if str(row.get("event_type") or "1") != "1" or row.get("event_name") not in (None, "", "\\N", "NULL"):
        return "not_a_view"
    if not row["session_id"]:
        return "no_reader"
    session = _session(row.get("visit_id"))
    return PageView(str(row["session_id"]), second_of(row["created_at"]), _text(row["url_path"]), session)


def read_matomo(row: Fields) -> list[Row]:
    """A visit of Matomo's `Live.getLastVisitsDetails`, with its actions."""
    reader, session = row.get("visitorId"), _session(row.get("idVisit"))

    def read(action: Fields) -> Row:
        if action.get("type") != "action":
            return "not_a_view"
        if not reader:
            return "no_reader"
        try:
            return PageView(str(reader), second_of(action["timestamp"]), _text(action["url"]), session)
        except (KeyError, TypeError, ValueError):  # of this action alone
            return "unreadable"

    return [read(action) for action in row["actionDetails"]]


def read_cloudflare(row: Fields) -> Row:
    """A request of Cloudflare's Logpush; whoever reads is known by address and agent, for a day."""
    score = row.get("BotScore") or 0
    agent = row.get("ClientRequestUserAgent") or ""
    if row.get("ClientRequestMethod", "GET") != "GET" or str(row["EdgeResponseStatus"]) not in SENT:
        return "failed"
    if 0 < int(score) < LEAST_SCORE or is_bot(agent):
        return "bot"
    address = row["ClientRequestURI"] if "ClientRequestURI" in row else row["ClientRequestPath"]
    second = second_of(row["EdgeStartTimestamp"])
    return PageView(f"{row['ClientIP']} {agent}", second, _text(address), daily=True)


FORMATS: Mapping[str, LogFormat] = {
    log.name: log
    for log in (
        LogFormat("ga4", ("event_name", "event_timestamp"), read_ga4),
        LogFormat("goatcounter", ("Session", "Date", "FirstVisit"), read_goatcounter),
        LogFormat("umami", ("session_id", "created_at", "url_path"), read_umami),
        LogFormat("matomo", ("actionDetails",), read_matomo),
        LogFormat("cloudflare", ("ClientIP", "EdgeStartTimestamp", "EdgeResponseStatus"), read_cloudflare),
    )
}
COLUMNS = frozenset(
    (
        *("event_name", "event_timestamp", "event_params", "user_pseudo_id", "page_location", "ga_session_id"),
        *("Event", "Bot", "Session", "2Path", "1Path", "Date", "FirstVisit", "event_type", "session_id", "visit_id"),
        *("created_at", "url_path", "visitorId", "idVisit", "actionDetails", "BotScore", "ClientRequestUserAgent"),
        *("ClientRequestMethod", "EdgeResponseStatus", "ClientRequestURI", "ClientRequestPath", "EdgeStartTimestamp"),
        "ClientIP",
    )
)
"""Every field that these read."""
COMBINED, TABLE = "combined", "table"
FORMAT_NAMES = (*FORMATS, COMBINED, TABLE)


def format_of(names: Collection[str], given: Names = NAMES) -> str | None:
    """Tell a log's format by the names of its fields, None if it is none; raises AggregatedError for mere counts."""
    for log in FORMATS.values():
        if all(name in names for name in log.known_by):
            return log.name
    columns = find_columns(names, given)
    if "path" in columns and "time" in columns and ("reader" in columns or "session" in columns):
        return TABLE
    if _COUNTS.intersection(map(_plain, names)):
        raise AggregatedError(
            "holds counts of page views, as Plausible exports them, and not who read what; give it to --popularity"
        )
    return None


def find_columns(names: Collection[str], given: Names = NAMES) -> dict[str, str]:
    """Find the columns of a plain table, by what they hold."""
    plain = {_plain(name): name for name in reversed(list(names))}
    found = {}
    for role, wanted in given.items():
        there = next((plain[name] for name in map(_plain, wanted) if name in plain), None)
        if there is not None:
            found[role] = there
    return found


def table_reader(names: Collection[str], given: Names = NAMES) -> Reader:
    """Make what reads the rows of a plain table with these columns; without one of readers, sessions are readers."""
    columns = find_columns(names, given)
    session = columns.get("session")
    reader, time, path = columns.get("reader", session), columns.get("time", ""), columns.get("path", "")

    def read(row: Fields) -> Row:
        who = row.get(reader) if reader else None
        if who in (None, ""):
            return "no_reader"
        visit = _session(row.get(session)) if session else None
        return PageView(str(who), second_of(row[time]), _text(row[path]), visit)

    return read


def _parameters(given: Any) -> dict[str, Any]:
    """GA4's parameters by their keys; a Parquet file may have each list inside of other fields."""
    if isinstance(given, dict):
        given = given["list"]
    found = {}
    for entry in given:
        entry = next((entry[name] for name in ("item", "element") if name in entry), entry)
        value = entry.get("value") or {}
        found[entry["key"]] = value.get("string_value") or value.get("int_value")
    return found


def _session(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no address")
    return value


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", str(name).lower())
