from typing import get_args

import pytest

from reports.words.language import ENGLISH, load_language
from reports.words.markdown import MAX_CHARS
from reports.words.warnings import SAID, say_warning
from transforms.results import RunWarning, WarningCode


@pytest.mark.parametrize("code", get_args(WarningCode))
@pytest.mark.parametrize("names", [(), ("published-on", "b")])
@pytest.mark.parametrize("language", [ENGLISH, load_language("ja")])
def test_every_warning_is_said_in_two_sentences_that_a_summary_holds(code, names, language):
    said = say_warning(RunWarning(code, 1_234, 5_678, names), language)
    for sentence in (said.said, said.advice):
        assert 0 < len(sentence) <= MAX_CHARS
        assert "{" not in sentence


def test_what_was_seen_is_named():
    assert set(SAID) == set(get_args(WarningCode))
    said = say_warning(RunWarning("undated", 3, 3, ("posted", "made")))
    assert (said.said, said.advice) == (
        "3 of 3 posts have no date.",
        "If posted is one, give --field date=posted.",
    )
    assert say_warning(RunWarning("untagged", 3, 3)).advice == "If front matter has tags, give --field tags=NAME."
    assert say_warning(RunWarning("other_files", 3, 3, (".rst", "\x1b"))).said.endswith(r".rst, \x1b.")
