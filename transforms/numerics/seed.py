"""The seed of whatever is drawn at random, so that every run draws the same."""

SEED = 20211126
