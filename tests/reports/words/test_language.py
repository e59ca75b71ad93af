"""The interface in other languages: every text has a translation that keeps its values."""

import io
import string

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from reports.words.language import ENGLISH, LANGUAGES, Language, load_language, main_language
from tests.jobs.results import ROOT

TEMPLATES = {"extensions": "", "encoding": "utf-8"}
METHODS = [("reports/**.py", "python"), ("templates/**.j2", "jinja2")]
KEYWORDS = {"_": None, "say": None, "to_say": None, "count": (1, 2)}
TRANSLATED = [code for code in LANGUAGES if code != ENGLISH.code]


def texts_of_the_source():
    """Every text that is said, a pair of them where it is said of a number."""
    texts = {}
    for file, line, found, *_ in extract_from_dir(
        ROOT, METHODS, {"templates/**.j2": TEMPLATES}, KEYWORDS, directory_filter=wanted
    ):
        for text in flat(found):
            texts.setdefault(text, f"{file}:{line}")
    return texts


def wanted(folder):
    return not folder.rpartition("/")[2].startswith((".", "tests", "build"))


def flat(found):
    return [found] if isinstance(found, str) else [text for text in found if text]


def catalogue(code):
    return read_po(io.BytesIO((ROOT / f"templates/language/{code}.po").read_bytes()), locale=code)


def values_of(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated_and_no_translation_is_left_over(code):
    said = texts_of_the_source()
    translated = load_language(code).messages
    assert {text: place for text, place in said.items() if text not in translated} == {}
    assert set(translated) - set(said) == set()


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_keeps_the_values_of_its_text(code):
    for text, translation in load_language(code).messages.items():
        if text.startswith("1 "):
            continue  # said of a number that the translation may name
        assert values_of(translation) == values_of(text), text


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_holds_no_unsure_translation(code):
    assert [message.id for message in catalogue(code) if message.id and message.fuzzy] == []


POLISH = """
msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "{n} post"
msgid_plural "{n} posts"
msgstr[0] "{n} wpis"
msgstr[1] "{n} wpisy"
msgstr[2] "{n} wpisów"
"""


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 wpisów"), (1, "1 wpis"), (3, "3 wpisy"), (12, "12 wpisów"), (22, "22 wpisy"), (1000, "1,000 wpisów")],
)
def test_a_number_takes_the_form_that_the_catalogue_says(number, said, tmp_path, monkeypatch):
    (tmp_path / "pl.po").write_text(POLISH, encoding="utf-8")
    monkeypatch.setattr("reports.words.language.CATALOGUES", tmp_path)
    monkeypatch.setattr("reports.words.language.LANGUAGES", ("en", "pl"))
    assert load_language("pl").count("{n} post", "{n} posts", number) == said


def test_a_text_without_a_translation_stays_english():
    assert Language("xx", {"{n} posts": "{n} xx"}).count("{n} post", "{n} posts", 1200) == "1,200 xx"
    assert Language("xx")("about {what}", what="{tags}") == "about {tags}"


def test_braces_of_a_text_without_values_are_kept():
    assert ENGLISH("as {it} is") == "as {it} is"


def test_an_unknown_language_is_refused_by_name():
    with pytest.raises(ValueError, match="'fr' is no language of the report; give one of en, ja"):
        load_language("fr")


@pytest.mark.parametrize(
    ("codes", "main"),
    [
        ([], "en"),
        ([None, None], "en"),
        (["ja", "en"], "en"),
        (["ja", "ja-JP", "en"], "ja"),
        (["JA_jp", "ja", None], "ja"),
        ([None] * 500 + ["ja"], "en"),
        (["fr", "fr", "ja"], "ja"),
    ],
)
def test_the_report_speaks_the_language_of_most_articles_that_it_can(codes, main):
    assert main_language(codes) == main


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_text_is_translated_twice(code):
    lines = (ROOT / f"templates/language/{code}.po").read_text(encoding="utf-8").splitlines()
    texts = [line for line in lines if line.startswith("msgid ") and line != 'msgid ""']
    assert [text for text in set(texts) if texts.count(text) > 1] == []
