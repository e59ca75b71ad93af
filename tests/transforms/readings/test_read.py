import random
from collections import Counter
from itertools import combinations

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.readings import logs
from transforms.readings import count, read
from transforms.readings.count import CountReadings
from transforms.readings.files import LogReader
from transforms.readings.together import also_read
from transforms.records import Article, TextBlock
from transforms.site.site_model import PLAIN_SITE

POSTS = 12
CRAWLERS = ("203.0.113.66", "203.0.113.67")


def made_up_story(readers=150, seed=3):
    """Reads of some days by many readers, on one day each, and two crawlers."""
    chance = random.Random(seed)
    story = []
    for reader in range(readers):
        second = logs.START + 24 * 3600 * chance.randrange(30)
        likes = chance.randrange(POSTS)
        for _ in range(chance.choice((1, 1, 2, 3, 5))):
            story.append((f"198.51.100.{reader}", second, f"/posts/post-{(likes + chance.randrange(3)) % POSTS}/"))
            second += chance.choice((40, 400, 4000))
    for crawler in CRAWLERS:
        story += [(crawler, logs.START + number, f"/posts/post-{number % POSTS}/?{number}") for number in range(2_100)]
    chance.shuffle(story)
    return story


def blocks():
    articles = tuple(Article(f"posts/post-{n}", f"posts/post-{n}.md", f"Post {n}") for n in range(POSTS))
    return [TextBlock("articles", articles[:5], ("",) * 5), TextBlock("articles", articles[5:], ("",) * (POSTS - 5))]


def expected(story, least=3):
    """What is to be published, counted from the raw readers."""
    posts = {}
    for reader, _, path in story:
        if reader not in CRAWLERS:
            posts.setdefault(reader, set()).add(int(path.split("-")[1].strip("/")))
    readers = Counter(post for some in posts.values() for post in some)
    pairs = Counter(pair for some in posts.values() for pair in combinations(sorted(some), 2))
    both = [(left, right, n) for (left, right), n in pairs.items() if n >= least]
    rows = {}
    for left, right, n in both + [(right, left, n) for left, right, n in both]:
        rows.setdefault(left, []).append((right, n))
    return [also_read(post, others, readers, "posts/post-{}".format) for post, others in rows.items()]


def run(patterns, check, summary=None, least=3):
    with beam.Pipeline("FnApiRunner") as pipeline:
        given = pipeline | beam.Create(blocks())
        found = pipeline | "Readings" >> CountReadings(patterns, LogReader(), given, PLAIN_SITE, least)
        assert_that(found.also_read, check, label="also read")
        if summary:
            assert_that(found.summary, summary, label="summary")


@pytest.mark.parametrize("parts", [1, 4])
def test_pairs_are_counted_as_by_hand(tmp_path, monkeypatch, parts):
    monkeypatch.setattr(read, "AT_ONCE", 97)
    monkeypatch.setattr(count, "AT_ONCE", 11)
    story = made_up_story()
    for part in range(parts):
        (tmp_path / f"{part}.log").write_bytes(logs.combined(story[part::parts]))

    def summary(rows):
        (row,) = rows
        assert (row.files, row.formats, row.published) == (parts, ("combined",), True)
        assert row.rows == len(story) + 4 * parts
        assert row.readers == len({reader for reader, _, _ in story}) - 2
        assert row.dropped["outlier"] == 2 * 2_100
        assert (row.dropped["failed"], row.dropped["bot"]) == (2 * parts, parts)
        assert row.rows == row.reads + sum(row.dropped.values())

    run([str(tmp_path)], equal_to(expected(story)), summary)


def test_pairs_of_fewer_readers_are_left_out(tmp_path):
    story = made_up_story()
    (tmp_path / "a.csv").write_bytes(logs.table(story))

    found = expected(story, 8)
    assert 0 < sum(len(row.also) for row in found) < sum(len(row.also) for row in expected(story))
    run([str(tmp_path)], equal_to(found), least=8)


def test_nothing_is_published_of_few_readers(tmp_path):
    (tmp_path / "a.csv").write_bytes(logs.table(made_up_story(readers=60)))

    def summary(rows):
        assert [(row.published, row.readers_of_several < 50) for row in rows] == [(False, True)]

    run([str(tmp_path)], equal_to([]), summary)


def test_logs_without_a_row_give_nothing(tmp_path):
    (tmp_path / "a.log").write_bytes(b"")
    (tmp_path / "b.csv").write_bytes(b"user,time,path\n")

    def summary(rows):
        (row,) = rows
        assert (row.files, row.rows, row.reads, row.since) == (2, 0, 0, None)

    run([str(tmp_path)], equal_to([]), summary)


def test_a_file_that_is_no_log_after_all_stops_nothing(tmp_path):
    story = made_up_story()
    (tmp_path / "a.log").write_bytes(logs.combined(story))
    (tmp_path / "notes.txt").write_bytes(b"198.51.100.1 is my own address\n")

    def summary(rows):
        (row,) = rows
        assert row.formats == ("combined", "unknown")
        assert [(fault.file, fault.line) for fault in row.faults] == [(str(tmp_path / "notes.txt"), 1)]

    run([str(tmp_path)], equal_to(expected(story)), summary)


def test_nothing_of_a_reader_is_in_what_travels(tmp_path):
    (tmp_path / "a.log").write_bytes(logs.combined(made_up_story()))

    def no_names(elements):
        assert elements
        text = repr(elements)
        assert "198.51" not in text
        assert "Firefox" not in text

    with beam.Pipeline("FnApiRunner") as pipeline:
        addresses = pipeline | beam.Create([read.PostAddresses({}, ())])
        found = pipeline | read.ReadHistories([str(tmp_path)], LogReader(), beam.pvalue.AsSingleton(addresses))
        assert_that(found.tallies, no_names)
