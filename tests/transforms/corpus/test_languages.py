import dataclasses

import numpy as np
import pytest

from transforms.corpus.languages import (
    LEAST_POSTS,
    ONE_LANGUAGE,
    blog_languages,
    join_kinship,
    kinship,
    main_language,
    settled,
)
from transforms.numerics.arrays import NOBODY
from transforms.records import Article


@pytest.mark.parametrize(
    ("counted", "listed", "groups"),
    [
        ({"en": 9, "ja": 5}, (), {"en": 0, "ja": 1, "fr": 0, None: 0}),
        ({"en": 9, "en-US": 4, "en_gb": 3}, (), {"en": 0, "en-US": 0}),
        ({"zh-CN": 9, "zh_tw": 5, "cn": 3}, (), {"zh-CN": 0, "cn": 0, "zh-Hant": 1}),
        ({"pt": 9, "pt-BR": 5}, (), {"pt": 0, "pt-BR": 0}),
        ({"pt": 9, "pt-BR": 5}, ("pt", "pt-br"), {"pt": 0, "pt_BR": 1}),
        ({"en": 9, "ja": LEAST_POSTS - 1}, (), {"en": 0, "ja": 0}),
        ({"en": 9, None: 100}, (), {"en": 0, None: 0}),
        ({None: 3}, (), {None: 0, "en": 0}),
        ({}, (), {None: 0}),
    ],
)
def test_which_posts_are_kept_apart(counted, listed, groups):
    languages = blog_languages(counted, listed)
    assert {code: languages.group(code) for code in groups} == groups
    assert languages.several == (len(set(groups.values())) > 1)
    assert not blog_languages(counted, listed, any_language=True).several


def test_the_main_language_is_that_of_most_posts_and_of_those_that_say_none():
    assert main_language({"ja": 3, "en": 3, None: 9}) == "en"
    assert main_language({None: 9}) is None
    post = Article("a", "a.md", "T")
    assert settled(post, "en").language == "en"
    assert settled(dataclasses.replace(post, language="ja"), "en").language == "ja"
    assert settled(post, None) == post


def test_keys_of_different_numbers_are_laid_beside_each_other():
    one = kinship([Article("a", "a.md", "T", language="en", translation_keys=("key:k", ""))], ONE_LANGUAGE)
    none = kinship([Article("b", "b.md", "T")], ONE_LANGUAGE)
    both = join_kinship([one, none])
    assert both.keys.shape == (2, 2)
    assert (both.keys[1] == NOBODY).all()
    assert both.keys[0, 1] == NOBODY != both.keys[0, 0]
    assert len(both) == 2


def test_translations_are_told_where_all_others_are_in_one_language():
    def known(*codes):
        return kinship(
            [Article("a", "a.md", "T", language=code, translation_keys=("key:k",)) for code in codes], ONE_LANGUAGE
        )

    found = np.array([[0, NOBODY], [0, NOBODY]])
    assert known("ja", "en").translations(found, known("ja")).tolist() == [[False, False], [True, False]]
    assert not known("ja", "ja").translations(found, known("ja")).any()
    assert not known().translations(np.zeros((0, 2), np.int64), known("ja")).any()
