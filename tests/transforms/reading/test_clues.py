import time

from transforms.reading.clues import MOST_CLUES, find_clues


def clues(values, date=True, tags=True):
    return find_clues(values, ("title", "image"), date=date, tags=tags)


def test_fields_that_look_like_dates_and_tags():
    values = {
        "title": "2024-01-02",
        "Posted-On": "2024-01-02 10:00",
        "edited": "3 May 2024",
        "version": "1.10",
        "year": "2024",
        "labels": ["Weir", "Old mill"],
        "authors": ["Ada", "Bo"],
        "files": ["/a.css", "b.png"],
        "numbers": [["x"], 3],
        "empty": [],
        "long": ["x" * 41],
        "note": "a, b",
    }
    assert clues(values) == (("date", "Posted-On"), ("date", "edited"), ("tags", "labels"))
    assert clues(values, tags=False) == (("date", "Posted-On"), ("date", "edited"))
    assert clues(values, date=False) == (("tags", "labels"),)


def test_names_that_are_no_fields_are_passed_over():
    assert clues({"a\x1b": ["x"], "b" * 41: ["x"], "<b>": ["x"], 3: ["x"], "": ["x"], "été 1": ["x"]}) == (
        ("tags", "été 1"),
    )


def test_many_fields_take_little_time():
    values = {f"key-{n}": "May 5 2024 10:00" for n in range(50_000)}
    start = time.process_time()
    assert len(clues(values)) == MOST_CLUES
    assert time.process_time() - start < 1
