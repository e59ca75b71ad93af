"""English sentences of the tables, recognised by the phrases they were made of."""

from reports.words.language import Language
from reports.words.phrases import OMISSIONS, say_phrase


def test_a_phrase_is_said_with_the_values_that_it_was_made_with():
    say = Language("xx", {"dated {day}, after {end}": "{end} < {day}"})
    assert say_phrase("dated 2026-02-01, after 2026-01-01", OMISSIONS, say) == "2026-01-01 < 2026-02-01"


def test_values_are_kept_whatever_stands_in_them():
    say = Language("xx", {"{name} without front matter is about the repository": "about: {name}"})
    name = "{a}, <b>\n0.5"
    assert say_phrase(f"{name} without front matter is about the repository", OMISSIONS, say) == f"about: {name}"


def test_a_text_made_of_no_phrase_stays_as_it_is():
    assert say_phrase("draft: true", OMISSIONS, Language("xx")) == "draft: true"
