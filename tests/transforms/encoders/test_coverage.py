"""How much of a text an encoder covers, and what becomes of one that it was not fitted to."""

import numpy as np
import pytest

from transforms.encoders.cache import CachingEncoder
from transforms.encoders.coverage import encode_covered, encode_posts, encode_unseen, usual
from transforms.encoders.lsa import Lsa, fit_lsa, load_lsa
from transforms.records import EncoderInfo

SUBJECTS = ("garden and seeds", "oven and bread", "rails and trains")
TEXTS = [f"{SUBJECTS[number % 3]} {number} and part{number} of it{number}" for number in range(30)]


def test_a_text_that_the_encoder_was_fitted_to_is_encoded_as_it_was():
    encoder = fit_lsa(TEXTS)
    covered = usual([encode_covered(encoder, TEXTS)[1]])
    np.testing.assert_allclose(encode_unseen(encoder, TEXTS, covered), encoder.encode(TEXTS), atol=1e-2)


def test_of_another_text_only_that_much_counts_as_is_known_of_it():
    encoder = fit_lsa(TEXTS)
    [vector] = encode_unseen(
        encoder, [f"{SUBJECTS[0]} among many unheard things"], usual([encode_covered(encoder, TEXTS)[1]])
    )
    [whole] = encoder.encode([SUBJECTS[0]])
    assert 0.1 < np.linalg.norm(vector) <= 1
    assert np.linalg.norm(encode_unseen(encoder, ["unheard"], 0.9)) == 0
    assert np.linalg.norm(whole) == pytest.approx(1, abs=1e-3)


NEW = "garden bread"
"""A text of words of two subjects, and of each but one."""


def test_posts_keep_their_vectors_if_the_model_was_fitted_to_them(tmp_path):
    texts = [f"word{number} common word{number + 1} thing{number}" for number in range(40)]
    fitted = fit_lsa(texts, dim=10)
    fitted.save(str(tmp_path))
    vectors, coverage = encode_posts(load_lsa(str(tmp_path)), texts)
    assert coverage.min() < np.median(coverage) * 0.99, "few dimensions do not hold all texts alike"
    np.testing.assert_array_equal(vectors, fitted.encode(texts))


def test_other_posts_are_as_long_as_they_are_covered():
    encoder = fit_lsa(TEXTS)
    [[new, known], coverage] = encode_posts(encoder, [NEW, TEXTS[0]])
    share = coverage[0] / np.median(encode_covered(encoder, TEXTS)[1])
    assert 0 < share < 0.9
    np.testing.assert_allclose(new, encoder.encode([NEW])[0] * share, rtol=1e-5)
    np.testing.assert_array_equal(known, encoder.encode(TEXTS[:1])[0])
    assert not encode_posts(encoder, ["", "unheard"])[0].any()


def test_a_model_that_does_not_say_what_it_covers_makes_all_posts_as_long():
    fitted = fit_lsa(TEXTS)
    untold = Lsa(fitted.vocabulary, fitted.idf, fitted.components)
    np.testing.assert_array_equal(encode_posts(untold, [NEW])[0], untold.encode([NEW]))


def test_a_cache_changes_nothing_of_what_is_covered(tmp_path):
    encoder = fit_lsa(TEXTS)
    for _ in range(2):
        caching = CachingEncoder(encoder, str(tmp_path))
        for expected, cached in zip(encode_posts(encoder, [NEW]), encode_posts(caching, [NEW]), strict=True):
            np.testing.assert_array_equal(cached, expected)
    assert caching.count_known([NEW]) == 1


def test_encoders_that_were_fitted_to_nothing_are_taken_as_they_are():
    class Other:
        max_characters = None
        info = EncoderInfo("other", "1", "", 4, 4)

        def encode(self, given):
            return np.ones((len(given), 4), np.float32) / 2

    vectors, coverage = encode_covered(Other(), TEXTS[:1])
    assert vectors.tolist() == encode_unseen(Other(), TEXTS[:1], None).tolist() == [[0.5] * 4]
    assert encode_unseen(Other(), TEXTS[:1], 0.5).tolist() == [[0.5] * 4]
    assert coverage is None


def test_the_usual_coverage_is_known_where_that_of_all_blocks_is():
    assert usual([np.array([0.1, 0.5]), np.array([0.9])]) == 0.5
    assert usual([np.array([0.5]), None]) is None
    assert usual([np.zeros(3)]) is None
    assert usual([]) is None
