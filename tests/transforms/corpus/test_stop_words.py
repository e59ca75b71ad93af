import pytest

from transforms.corpus.stop_words import stop_words, title_words


@pytest.mark.parametrize("token", ["the", "her", "http", "और", "потому", "เป็น", "事", "και", "של"])
def test_words_that_every_blog_may_have(token):
    assert token in stop_words([])


@pytest.mark.parametrize(
    ("language", "token"),
    [("de", "während"), ("fr-CA", "cependant"), ("es_MX", "también"), ("DA", "hvor"), ("zh-CN", "本")],
)
def test_words_in_latin_letters_are_those_of_the_blogs_languages(language, token):
    assert token not in stop_words([])
    assert token in stop_words(["", language])


def test_languages_that_are_not_known_have_none():
    assert stop_words(["tlh", "", "x" * 99]) == stop_words([])


@pytest.mark.parametrize("word", ["fire", "system", "research", "computer", "hat", "war", "don"])
def test_subjects_are_no_stop_words(word):
    assert word not in stop_words([])


@pytest.mark.parametrize("word", ["seven", "tip", "month"])
def test_words_of_titles_say_nothing_there_alone(word):
    assert word in title_words([])
    assert word not in stop_words([])
