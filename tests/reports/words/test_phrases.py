"""English sentences of the tables, recognised by the phrases they were made of."""

from reports.words.language import Language
from reports.words.phrases import EVIDENCE, OMISSIONS, say_phrase


def test_a_phrase_is_said_with_the_values_that_it_was_made_with():
    say = Language("xx", {"dated {day}, after {end}": "{end} < {day}"})
    assert say_phrase("dated 2026-02-01, after 2026-01-01", OMISSIONS, say) == "2026-01-01 < 2026-02-01"


def test_values_are_kept_whatever_stands_in_them():
    say = Language("xx", {"of tags that the post lacks: {asked}": "lacks {asked}"})
    assert say_phrase("of tags that the post lacks: {a}, <b>\n0.5", EVIDENCE, say) == "lacks {a}, <b>\n0.5"


def test_a_text_made_of_no_phrase_stays_as_it_is():
    assert say_phrase("draft: true", OMISSIONS, Language("xx")) == "draft: true"
