"""One story of what some people read, as logs of every format tell it, in the shapes that their makers document."""

import csv
import datetime as dt
import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
START = int(dt.datetime(2024, 3, 5, 9, 30, tzinfo=dt.UTC).timestamp())
STORY = (
    ("198.51.100.7", START, "/2024/01/02/tea/"),
    ("198.51.100.7", START + 60, "/2024/01/09/coffee/?utm_source=feed"),
    ("2001:db8::c0ffee", START + 90, "/2024/01/02/tea/index.html"),
    ("198.51.100.7", START + 7200, "/2024/02/01/water/"),
)
"""Who, when, and what; nobody reads twice within a visit."""


def moment(second):
    return dt.datetime.fromtimestamp(second, dt.UTC)


def visit(who, second):
    return f"{who} at {(second - START) // 3600}"


def write_csv(names, rows, delimiter=","):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue().encode()


def json_lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def ga4_events(story=STORY, kind="page_view"):
    def value(text=None, number=None):
        return {"string_value": text, "int_value": number, "float_value": None, "double_value": None}

    return [
        {
            "event_date": f"{moment(second):%Y%m%d}",
            "event_timestamp": str(second * 1_000_000 + 123_456),
            "event_name": kind,
            "event_params": [
                {"key": "page_title", "value": value("A title")},
                {"key": "page_location", "value": value(f"https://blog.example{path}")},
                {"key": "ga_session_id", "value": value(number=str((second - START) // 3600 + 1))},
            ],
            "user_pseudo_id": who,
            "geo": {"country": "Iceland"},
        }
        for who, second, path in story
    ]


def ga4(story=STORY):
    unnamed = [{**event, "user_pseudo_id": None} for event in ga4_events(story[:1])]
    return json_lines([*ga4_events(story), *ga4_events(story[:1], "scroll"), *unnamed])


def ga4_parquet(story=STORY):
    """As BigQuery exports repeated fields."""
    rows = [
        {
            **event,
            "event_timestamp": int(event["event_timestamp"]),
            "event_params": {"list": [{"element": entry} for entry in event["event_params"]]},
        }
        for event in ga4_events(story)
    ]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def ga4_flat(story=STORY):
    names = ("event_name", "event_timestamp", "user_pseudo_id", "page_location", "ga_session_id")
    rows = [
        ("page_view", second * 1_000_000, who, f"https://blog.example{path}", (second - START) // 3600 + 1)
        for who, second, path in story
    ]
    return write_csv(names, [*rows, ("scroll", rows[0][1], *rows[0][2:])])


def goatcounter(story=STORY, version=2):
    names = (
        *(f"{version}Path", "Title", "Event", "UserAgent", "Browser", "System", "Session", "Bot", "Referrer"),
        *("Referrer scheme", "Screen size", "Location", "FirstVisit", "Date"),
    )

    def row(who, second, path, event="false", bot="0"):
        browser = ("", "Firefox 128", "Linux")
        rest = ("", "", "1920,1080,1", "IS", "true", f"{moment(second):%Y-%m-%dT%H:%M:%SZ}")
        return (path, "A title, with a comma", event, *browser, who, bot, *rest)

    first = story[0]
    others = (row("", *first[1:]), row(*first, event="true"), row(*first, bot="3"))
    return write_csv(names, [*(row(*view) for view in story), *others])


def umami(story=STORY):
    names = (
        *("website_id", "session_id", "visit_id", "event_id", "hostname", "browser", "url_path", "url_query"),
        *("page_title", "event_type", "event_name", "created_at"),
    )
    rows = [
        (
            *("w", who, visit(who, second), f"e{second}", "blog.example", "firefox", path.partition("?")[0], ""),
            *("A title", 1, "", f"{moment(second):%Y-%m-%d %H:%M:%S}.500+00"),
        )
        for who, second, path in story
    ]
    clicked = (*rows[0][:9], 2, "subscribe", rows[0][11])
    return write_csv(names, [*rows, clicked])


def matomo(story=STORY):
    visits = {}
    for who, second, path in story:
        key = visit(who, second)
        of = visits.setdefault(key, {"idSite": "1", "idVisit": key, "visitorId": who, "visitIp": "203.0.113.0"})
        page = {"type": "action", "url": f"https://blog.example{path}", "pageTitle": "A title", "timestamp": second}
        of.setdefault("actionDetails", []).append(page)
    rows = list(visits.values())
    rows[0]["actionDetails"].append({"type": "outlink", "url": "https://other.example/", "timestamp": START})
    return json.dumps(rows).encode()


def access_line(who, second, path, method="GET", status=200, agent=AGENT, site=""):
    time = f"{moment(second):%d/%b/%Y:%H:%M:%S} +0000"
    return f'{site}{who} - - [{time}] "{method} {path} HTTP/1.1" {status} 5316 "https://search.example/" "{agent}"\n'


def combined(story=STORY, site=""):
    first = story[0]
    others = (
        access_line(*first, method="POST", site=site),
        access_line(*first, status=404, site=site),
        access_line(*first, agent="Mozilla/5.0 (compatible; Googlebot/2.1)", site=site),
        access_line("203.0.113.9", START, "/style.css", site=site),
    )
    return "".join((*(access_line(*view, site=site) for view in story), *others)).encode()


def cloudflare(story=STORY):
    def row(who, second, path, **changed):
        return {
            "ClientIP": who,
            "ClientRequestHost": "blog.example",
            "ClientRequestMethod": "GET",
            "ClientRequestURI": path,
            "ClientRequestUserAgent": AGENT,
            "EdgeEndTimestamp": f"{moment(second + 1):%Y-%m-%dT%H:%M:%SZ}",
            "EdgeResponseBytes": 5316,
            "EdgeResponseStatus": 200,
            "EdgeStartTimestamp": second * 1_000_000_000,
            "BotScore": 0,
            **changed,
        }

    first = story[0]
    others = (row(*first, BotScore=2), row(*first, EdgeResponseStatus=301), row(*first, ClientRequestUserAgent=""))
    return json_lines([*(row(*view) for view in story), *others])


def table(story=STORY, delimiter=","):
    return write_csv(("Visitor", "Page URL", "Viewed at"), [(who, path, at) for who, at, path in story], delimiter)


def table_lines(story=STORY):
    return json_lines({"user": who, "time": moment(at).isoformat(), "path": path} for who, at, path in story)


def table_parquet(story=STORY):
    rows = [{"user": who, "time": moment(at), "path": path, "more": [1, 2]} for who, at, path in story]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


PLAUSIBLE = write_csv(
    ("date", "hostname", "page", "visits", "visitors", "pageviews", "total_scroll_depth"),
    [("2024-03-05", "blog.example", "/2024/01/02/tea/", 2, 2, 2, 50)],
)
FORMATS = {
    "ga4": (ga4, {"not_a_view": 1, "no_reader": 1}),
    "ga4 in Parquet": (ga4_parquet, {}),
    "ga4 flat": (ga4_flat, {"not_a_view": 1}),
    "goatcounter": (goatcounter, {"no_reader": 1, "not_a_view": 1, "bot": 1}),
    "goatcounter 1": (lambda: goatcounter(version=1), {"no_reader": 1, "not_a_view": 1, "bot": 1}),
    "umami": (umami, {"not_a_view": 1}),
    "matomo": (matomo, {"not_a_view": 1}),
    "combined": (combined, {"failed": 2, "bot": 1}),
    "combined with sites": (lambda: combined(site="blog.example:443 "), {"failed": 2, "bot": 1}),
    "combined, packed": (lambda: gzip.compress(combined()), {"failed": 2, "bot": 1}),
    "cloudflare": (cloudflare, {"bot": 2, "failed": 1}),
    "table": (table, {}),
    "table by semicolons": (lambda: table(delimiter=";"), {}),
    "table in JSON": (table_lines, {}),
    "table in Parquet": (table_parquet, {}),
}
"""What writes the story in a format, and what it writes besides."""
