import numpy as np
import pytest

from tests.transforms.records_by_hand import articles
from transforms.corpus.chronology import ages, by_date, date_keys, latest, ordinals
from transforms.records import Article


def test_ages_in_years_before_the_newest():
    dates = ["2024-03-01", None, "2022-03-01T10:00:00+09:00", "2023-03-02"]
    np.testing.assert_allclose(ages(articles([], [], [], [], dates=dates)), [0, np.nan, 731 / 365.25, 365 / 365.25])
    assert np.isnan(ages(articles([], [], dates=[None, None]))).all()


def test_articles_without_date_go_by_file_name():
    posts = [
        Article("b", "x/2021-b.md", "", None, ("t",)),
        Article("a", "y/a.md", "", "2020-01-01", ("t",)),
        Article("c", "c.md", ""),
        Article("d", "a/same.md", "", "2021-02-03"),
        Article("e", "B/same.md", "", "2021-02-03"),
    ]
    assert by_date(posts).tolist() == [1, 4, 3, 0, 2]
    assert by_date([]).tolist() == []


@pytest.mark.parametrize("newest", ["2024-03-01", "2025-01-31", None])
def test_ages_of_a_part_are_those_of_the_whole(newest):
    everyone = articles(*[[]] * 4, dates=["2024-03-01", None, "2022-03-01T10:00:00+09:00", newest])
    np.testing.assert_array_equal(ages(everyone[1:3], latest(ordinals(everyone))), ages(everyone)[1:3])


@pytest.mark.parametrize(
    ("dates", "newest"), [([], None), ([None, None], None), ([None, "2020-02-29", "2019-12-31T23:59:00Z"], 737484)]
)
def test_the_latest_day_as_an_ordinal(dates, newest):
    day = latest(ordinals(articles(*[[]] * len(dates), dates=dates) if dates else []))
    assert np.isnan(day) if newest is None else day == newest


def test_the_order_is_that_of_the_keys():
    posts = [
        Article("b", "x.md", "", "2021-02-03"),
        Article("a", "x.md", "", "2021-02-03"),
        Article("c", "a.md", "", "2021-02-03T00:00:00+09:00"),
        Article("d", "z/2020-x.md", ""),
    ]
    keys = date_keys(posts)
    assert [keys[row] for row in by_date(posts)] == sorted(keys)
    assert by_date(posts).tolist() == [3, 1, 0, 2]
    assert len(set(keys)) == 4
