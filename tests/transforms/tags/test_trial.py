import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from transforms.evaluation.measures import calibration_error
from transforms.results import TagTrial
from transforms.tags.evidence import HALF_LIFE
from transforms.tags.trial import (
    LEAST_SHOWN,
    MOST_SHOWN,
    PENALTY,
    PRETENDED,
    SHARE_RIGHT,
    Outcomes,
    correct,
    join_outcomes,
    judge_trial,
    least_shown,
)

NEWEST = np.zeros(1)


def told(count, truth, seed=0):
    """Outcomes of so many tags: `truth` turns the probability that was told into that which is true."""
    rng = np.random.default_rng(seed)
    probabilities = np.round(rng.beta(0.6, 2, count), 4)
    return Outcomes(probabilities, rng.random(count) < truth(probabilities), 100)


def test_the_correction_is_what_scipy_finds():
    outcomes = told(400, lambda p: p**2)
    inside = np.clip(outcomes.probabilities, 5e-5, 1 - 5e-5)
    kept = outcomes.probabilities > 0
    log_odds, carried = np.log(inside / (1 - inside))[kept], outcomes.carried[kept]

    def loss(line):
        corrected = line[0] + line[1] * log_odds
        surprise = np.logaddexp(0, corrected) - carried * corrected
        return surprise.sum() + PENALTY / 2 * (line[0] ** 2 + (line[1] - 1) ** 2)

    trial = judge_trial(outcomes)
    np.testing.assert_allclose([trial.intercept, trial.slope], minimize(loss, [0.0, 1.0], tol=1e-9).x, atol=1e-3)


@pytest.mark.parametrize("truth", [lambda p: p, lambda p: p / 2, lambda p: 1 - (1 - p) ** 2])
def test_probabilities_become_honest(truth):
    trial = judge_trial(told(20_000, truth))
    fresh = told(20_000, truth, seed=1)
    corrected = correct(fresh.probabilities[None], NEWEST, trial)[0]
    assert calibration_error(corrected, fresh.carried) < 0.02


def test_of_two_in_three_that_are_shown():
    trial = judge_trial(told(20_000, lambda p: p**2))
    assert LEAST_SHOWN < trial.least < MOST_SHOWN
    assert trial.right / trial.shown == pytest.approx(SHARE_RIGHT, abs=0.03)
    assert trial.right / trial.shown > SHARE_RIGHT - 0.01
    assert trial.posts == 100


def test_the_least_probability_by_hand():
    probabilities, carried = np.array([0.4] * 20 + [0.5] * 40), np.array([False] * 20 + [True] * 30 + [False] * 10)
    assert (30 + PRETENDED * probabilities.mean()) / (60 + PRETENDED) < SHARE_RIGHT
    assert (30 + PRETENDED * 0.5) / (40 + PRETENDED) == SHARE_RIGHT
    assert least_shown(probabilities, carried) == 0.45
    assert least_shown(probabilities, carried & False) == 0.7  # which none of them reached
    assert least_shown(np.minimum(probabilities * 2, 1), carried & False) == MOST_SHOWN
    assert least_shown(probabilities, carried | True) == LEAST_SHOWN


def test_where_nothing_was_held_back_a_tag_must_itself_be_probable_enough():
    assert judge_trial(join_outcomes([])) == TagTrial(least=0.7)
    assert least_shown(np.zeros(0), np.zeros(0, np.bool_)) >= SHARE_RIGHT


def test_a_least_probability_that_was_asked_for_is_kept():
    outcomes = told(400, lambda p: p)
    chosen, asked = judge_trial(outcomes), judge_trial(outcomes, 0.123)
    assert (asked.intercept, asked.slope, asked.least) == (chosen.intercept, chosen.slope, 0.123)
    assert asked.shown > chosen.shown


def test_the_more_came_later_the_less_is_corrected():
    trial = TagTrial(-1.0, 0.5)
    ((newest, older, oldest),) = correct(np.full((3, 1), 0.8), np.array([0, HALF_LIFE, 1]), trial).T
    odds = np.log(4)
    assert newest == pytest.approx(1 / (1 + np.exp(1 - odds / 2)), abs=1e-4)
    assert older == pytest.approx(1 / (1 + np.exp(-(odds + (-1 - odds / 2) / 2))), abs=1e-4)
    assert newest < older < oldest < 0.8


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 10_000), min_size=1),
    st.floats(-3, 3),
    st.floats(0.1, 3),
    st.floats(0, 1),
)
def test_a_correction_keeps_the_order_and_what_is_impossible(numbers, intercept, slope, later):
    probabilities = np.array([sorted(numbers)]) / 10_000
    corrected = correct(probabilities, np.array([later]), TagTrial(intercept, slope))
    assert (np.diff(corrected) >= 0).all()
    assert ((corrected > 0) == (probabilities > 0)).all()
    assert (corrected <= 1).all()
    assert (np.round(corrected, 4) == corrected).all()


def test_without_a_trial_nothing_is_corrected():
    probabilities = np.arange(0, 10_000)[None] / 10_000
    np.testing.assert_allclose(correct(probabilities, NEWEST, TagTrial()), probabilities, atol=1e-12)


def test_tags_that_always_fail_do_not_turn_the_order_around():
    probabilities = np.linspace(0.01, 0.99, 500)
    assert judge_trial(Outcomes(probabilities, probabilities < 0.5, 50)).slope == 0.1
