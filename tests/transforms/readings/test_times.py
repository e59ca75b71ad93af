import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.readings.times import EARLIEST, LATEST, second_of, second_of_access

ZONES = st.timezones() | st.sampled_from([dt.timezone(dt.timedelta(hours=h, minutes=30)) for h in (-9, 5)])
MOMENTS = st.datetimes(dt.datetime(1996, 1, 1), dt.datetime(2090, 1, 1), timezones=ZONES)


@given(MOMENTS)
def test_times_are_read_as_python_writes_them(moment):
    second = int(moment.timestamp() // 1)

    assert second_of(moment) == second_of(moment.isoformat()) == second_of(str(moment)) == second
    assert second_of(f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC") == second
    assert second_of(f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}") == second


@given(st.integers(EARLIEST, LATEST - 1))
def test_numbers_are_of_the_unit_that_fits(second):
    for unit in (1, 10**3, 10**6, 10**9):
        assert second_of(second * unit) == second_of(str(second * unit)) == second
    assert second_of(second + 0.5) == second


@given(st.datetimes(dt.datetime(1996, 1, 1), dt.datetime(2090, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_times_of_access_logs_are_read(moment, minutes):
    aware = moment.replace(tzinfo=dt.timezone(dt.timedelta(minutes=minutes)))

    assert second_of_access(f"{aware:%d/%b/%Y:%H:%M:%S %z}") == int(aware.timestamp() // 1)


@pytest.mark.parametrize("text", ["", "yesterday", "12", "99999999999999999999", "1969-01-01", "2150-01-01", "nan"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):
        second_of(text)
    with pytest.raises(ValueError):
        second_of_access(text)


@pytest.mark.parametrize("value", [True, None, float("nan"), float("inf"), [], 5, -1])
def test_what_is_no_number_of_seconds_is_refused(value):
    with pytest.raises((ValueError, OverflowError)):
        second_of(value)


@pytest.mark.parametrize("text", ["10/Okt/2000:13:55:36 -0700", "10/Oct/2000:13:55:36", "10/Oct/2000:13:55:36 +07001"])
def test_odd_times_of_access_logs_are_refused(text):
    with pytest.raises(ValueError):
        second_of_access(text)
