import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.readings.logs import START
from transforms.readings import tally as module
from transforms.readings.tally import Tally, merge_tallies, summarise
from transforms.readings.visits import history_of, put_together

DAY = 24 * 3600


def two_readers():
    rows, readers = Tally(), Tally()
    rows.files["ga4"] += 2
    rows.rows = 9
    rows.drop("no_post", "a.log", 3)
    rows.drop("unreadable", "b.log", 7)
    rows.drop("unreadable", "a.log", 70)
    for reads in ([(START, 1, 0)], [(START + DAY, 2, 0), (START + 3 * DAY, 1, 0)]):
        readers.add(history_of(put_together(reads))[0])

    return merge_tallies([readers, rows])


def test_a_summary_says_what_was_counted_and_never_who():
    summary = summarise(two_readers(), 5, published=True)

    assert dataclasses.asdict(summary) == {
        "files": 2,
        "formats": ("ga4",),
        "rows": 9,
        "reads": 3,
        "dropped": {"no_post": 1, "unreadable": 2},
        "faults": (
            {"file": "a.log", "line": 70, "reason": "unreadable"},
            {"file": "b.log", "line": 7, "reason": "unreadable"},
        ),
        "readers": 2,
        "readers_of_several": 1,
        "visits": 3,
        "since": "2024-03-05",
        "until": "2024-03-08",
        "least_readers": 5,
        "published": True,
        "next": None,
    }


def test_of_readers_too_few_it_is_not_told_when_they_read_or_how_many_there_are():
    told, untold = (dataclasses.asdict(summarise(two_readers(), 5, published)) for published in (True, False))

    assert untold == told | {
        "published": False,
        "readers": 0,
        "readers_of_several": 0,
        "visits": 3,
        "since": None,
        "until": None,
    }


def test_nothing_is_counted_of_nothing():
    summary = summarise(merge_tallies([Tally(), Tally()]), 3, published=False)

    assert (summary.since, summary.until, summary.rows, summary.formats) == (None, None, 0, ())


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 99)), max_size=200), st.randoms())
def test_the_first_faults_are_listed_however_logs_are_parted(faults, random):
    tallies = [Tally() for _ in range(4)]
    for file, line in faults:
        random.choice(tallies).drop("unreadable", f"{file}.log", line)

    whole = merge_tallies(tallies)

    assert whole.faults == sorted((f"{file}.log", line, "unreadable") for file, line in faults)[: module.LISTED]
    assert whole.dropped["unreadable"] == len(faults)
