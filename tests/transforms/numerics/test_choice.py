import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from transforms.numerics.choice import fit_choices


def made_up_choices(rows, offers, weights, seed=0):
    """Features, choices drawn by weights among what is offered, and what is offered."""
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((rows, offers, len(weights)))
    offered = rng.random((rows, offers)) < 0.8
    offered[:, 0] = True
    drawn = np.where(offered, features @ np.array(weights) + rng.gumbel(size=(rows, offers)), -np.inf)
    return features, np.arange(offers) == drawn.argmax(axis=1)[:, None], offered


def loss_by_hand(weights, features, chosen, offered, prior, penalty):
    total = 0.0
    for of_row, chosen_here, here in zip(features, chosen, offered, strict=True):
        utilities = of_row @ weights
        for at in np.flatnonzero(chosen_here):
            total += np.log(np.exp(utilities[here]).sum()) - utilities[at]
    return total + (np.array(penalty) / 2 * (weights - prior) ** 2).sum()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_it_finds_what_a_general_optimizer_finds(seed):
    made_up = made_up_choices(40, 6, [1.0, -0.5, 0.0], seed)
    prior, penalty = np.array([0.5, 0.5, -1.0]), np.array([1.0, 3.0, 0.1])
    weights = fit_choices(*made_up, prior, penalty)
    best = minimize(loss_by_hand, prior, (*made_up, prior, penalty), method="BFGS").x
    np.testing.assert_allclose(weights, best, atol=1e-3)


def test_much_to_learn_from_shows_how_choices_were_made():
    weights = fit_choices(*made_up_choices(4000, 10, [1.0, -0.5]), np.zeros(2), np.ones(2))
    np.testing.assert_allclose(weights, [1.0, -0.5], atol=0.1)


def test_several_may_be_chosen_and_none():
    features, chosen, offered = made_up_choices(50, 6, [2.0])
    twice = chosen | (offered & (np.arange(6) == 1))
    nothing = (np.zeros_like(of) for of in (features[:5], chosen[:5], offered[:5]))
    more = [np.concatenate(of) for of in zip((features, twice, offered), nothing, strict=True)]
    more[2][-5:, 0] = True
    alone = fit_choices(features, twice, offered, np.zeros(1), np.ones(1))
    assert fit_choices(*more, np.zeros(1), np.ones(1)) == pytest.approx(alone)


def test_without_choices_the_prior_stays():
    prior = np.array([0.3, -2.0])
    none = fit_choices(np.zeros((0, 4, 2)), *np.zeros((2, 0, 4), np.bool_), prior, np.ones(2))
    assert none.tolist() == prior.tolist()


def test_a_high_penalty_holds_a_weight():
    made_up = made_up_choices(300, 8, [1.0, 1.0])
    weights = fit_choices(*made_up, np.array([0.2, 0.2]), np.array([1e9, 1.0]))
    assert weights[0] == pytest.approx(0.2, abs=1e-4)
    assert weights[1] > 0.5
