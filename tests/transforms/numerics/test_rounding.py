import numpy as np
import pytest

from transforms.numerics.rounding import rounded


@pytest.mark.parametrize(
    "scores", [np.array([0.12345, -0.00001, 1.0], np.float32), np.float64(-0.00001), np.zeros((0, 3))]
)
def test_zero_has_no_sign_and_what_is_given_stays(scores):
    before = np.array(scores)
    found = rounded(scores)
    np.testing.assert_array_equal(found, np.round(before.astype(np.float64), 4))
    assert not np.signbit(found[found == 0]).any()
    np.testing.assert_array_equal(scores, before)


def test_a_number_stays_a_number():
    assert isinstance(rounded(np.float32(0.5)), float)
