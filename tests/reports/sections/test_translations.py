from collections import defaultdict

import pytest

from reports.sections.translations import language_name, language_rows, translation_rows
from reports.words.language import load_language
from transforms.output.totals import Totals
from transforms.results import Translated, Translation


class _Links(defaultdict):
    def __missing__(self, id_):
        return f"link to {id_}"


def rows_of(rows):
    totals = Totals()
    for row in rows:
        totals.add_translated(row)
    return translation_rows(rows, _Links(), totals), language_rows(totals.translations)


def test_those_to_renew_stand_before_those_to_write():
    listing, languages = rows_of(
        [
            Translated("b", "en", "b", (), ("fr", "ja"), False),
            Translated("a", "en", "a", (Translation("ja", "a.ja"),), ("fr",), False),
            Translated("a.ja", "ja", "a", (Translation("en", "a"),), ("fr",), True),
            Translated("c.fr", "fr", "c", (Translation("en", "c"), Translation("ja", "c.ja")), (), False),
        ]
    )
    assert [(row.article, row.original, row.missing) for row in listing.shown] == [
        ("link to a.ja", "link to a", ()),
        ("link to a", None, ("French",)),
        ("link to b", None, ("French", "Japanese")),
    ]
    assert listing.total == 3
    assert [(row.name, row.posts, row.missing, row.outdated) for row in languages] == [
        ("English", "2", "0", "0"),
        ("French", "1", "2", "0"),
        ("Japanese", "1", "1", "1"),
    ]


def test_nothing_translated_is_nothing_to_do():
    listing, languages = rows_of([])
    assert (listing.total, languages) == (0, ())


@pytest.mark.parametrize(
    ("code", "english", "japanese"),
    [
        ("ja", "Japanese", "日本語"),
        ("pt-br", "Portuguese (Brazil)", "ポルトガル語 (ブラジル)"),
        ("zz-x!", "zz-x!", "zz-x!"),
        ("", "", ""),
    ],
)
def test_the_name_of_a_language(code, english, japanese):
    assert language_name(code) == english
    assert language_name(code, load_language("ja")) == japanese
