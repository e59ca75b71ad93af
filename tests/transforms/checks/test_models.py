import dataclasses

import numpy as np
import pytest

from tests.transforms.checks.by_hand import HOW, SUBJECTS, read, texts
from transforms.checks.fitting import fit_blog
from transforms.checks.models import Models, encode_unseen, usual_coverage
from transforms.encoders.lsa import fit_lsa

TEXTS = [f"{SUBJECTS[number % 3]} {number} and part{number} of it{number}" for number in range(30)]


@pytest.fixture(scope="module")
def models():
    return fit_blog({path: text.encode() for path, text in texts(45).items()}, HOW).models


def test_a_text_that_the_encoder_was_fitted_to_is_encoded_as_it_was():
    encoder = fit_lsa(TEXTS)
    usual = usual_coverage(encoder, TEXTS)
    np.testing.assert_allclose(encode_unseen(encoder, TEXTS, usual), encoder.encode(TEXTS), atol=1e-2)


def test_of_another_text_only_that_much_counts_as_is_known_of_it():
    encoder = fit_lsa(TEXTS)
    [vector] = encode_unseen(encoder, [f"{SUBJECTS[0]} among many unheard things"], usual_coverage(encoder, TEXTS))
    [whole] = encoder.encode([SUBJECTS[0]])
    assert 0.1 < np.linalg.norm(vector) <= 1
    assert np.linalg.norm(encode_unseen(encoder, ["unheard"], 0.9)) == 0
    assert np.linalg.norm(whole) == pytest.approx(1, abs=1e-3)


def test_encoders_that_were_fitted_to_nothing_are_taken_as_they_are(models):
    class Other:
        max_characters = None
        info = models.learned.encoder.info

        def encode(self, given):
            return np.ones((len(given), 4), np.float32) / 2

    assert usual_coverage(Other(), TEXTS) is None
    assert encode_unseen(Other(), TEXTS[:1], None).tolist() == [[0.5] * 4]
    assert usual_coverage(fit_lsa(TEXTS), []) is None


def test_a_post_is_judged_as_if_it_were_none_of_the_blogs(models):
    article = read(texts(45)["posts/post-3.md"], "posts/post-3.md").article
    [own] = models.judge([article], {}, 5)
    assert models.row_of[article.id] not in {row for row, *_ in own.related}
    [without] = models.judge([dataclasses.replace(article, tags=())], {}, 5)
    baking = models.learned.table.rows["baking"]
    assert own.probabilities[baking] == pytest.approx(without.probabilities[baking], abs=0.2)


def test_nothing_is_related_in_another_language(models):
    article = read("---\ntitle: パン\n---\n\nパンは冷たい台所で一晩発酵させるとゆっくり膨らみます。\n").article
    assert article.language == "ja"
    [judged] = models.judge([article], {}, 5)
    assert judged.related == ()
    assert not models.judge([], {})


def test_tags_are_near_to_the_names_of_what_their_posts_say(models):
    assert models.nearest_tags("telescope")[0] == "astronomy"
    assert models.nearest_tags("nothing known") == []
    assert isinstance(Models(models.learned).nearest_tags("dough"), list)
