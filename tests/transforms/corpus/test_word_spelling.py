import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.corpus.tokens import normalize, tokenize
from transforms.corpus.word_spelling import (
    LONGEST_PARSED,
    NO_WORD,
    choose_spellings,
    count_spellings,
    says_something,
    spell,
)


@pytest.mark.parametrize(
    ("text", "token", "spelling"),
    [
        ("CentOS and centos, CentOS", "cento", "CentOS"),
        ("api API", "api", "API"),
        ("the FEC’s data", "fec’s", "FEC"),
        ("Node.js", "node.js", "Node.js"),
        ("ＡＰＩ", "api", "API"),
        ("हिन्दी में", "हिन्दी", "हिन्दी"),
        ("كِتَابٌ", "كتاب", "كِتَابٌ"),
        ("画像処理の結果", "像処", "画像処理"),
        ("入力画像を画像処理し、画像処理で", "画像", "画像処理"),
        ("文字列です", "字列", "文字列"),
        ("スター・ウォーズを", "スター・ウォーズ", "スター・ウォーズ"),
        ("紙・インク・ペン、", "・インク・ペン", "インク・ペン"),
        ("点・・・点", "・・・", NO_WORD),
        ("2024年版の", "年版", NO_WORD),
        ("問題を解く", "解", NO_WORD),
        ("顔の色", "顔", "顔"),
        ("イケてる", "イケ", NO_WORD),
        ("バグは", "バグ", "バグ"),
        ("我们使用神经网络学习", "网络", "网络"),
        ("我们使用神经网络学习", "经网", NO_WORD),
        ("我們今天學習程式設計", "學習", "學習"),
        ("我们，本", "本", NO_WORD),
        ("เขียนโปรแกรมด้วยภาษาไทย", "ษาไท", "ภาษาไทย"),
        ("ភាសា\u200bខ្មែរ", "ភាសា", "ភាសា"),
    ],
)
def test_a_text_spells_a_word(text, token, spelling):
    assert token in tokenize(text)
    assert spell(text, [token]) == {token: spelling}


def test_what_is_not_there_is_not_spelled():
    assert spell("lamp", ["bulb", "像処"]) == {}
    assert spell("", ["lamp"]) == {}


def test_texts_count_once_each():
    texts = [("API api API", ["api"]), ("api", ["api"]), ("画像処理を", ["像処", "画像"])]
    assert count_spellings(texts) == {
        ("api", "API"): 1,
        ("api", "api"): 1,
        ("像処", "画像処理"): 1,
        ("画像", "画像処理"): 1,
    }


@pytest.mark.parametrize(
    ("token", "uses", "chosen"),
    [
        ("api", {"API": 3, "api": 2}, "API"),
        ("api", {"api": 2, "API": 2}, "API"),
        ("像処", {"画像処理": 3, "画像処": 2}, "画像処理"),
        ("学習", {"機械学習": 2, "深層学習": 2, "学習": 1}, "学習"),
        ("期化", {"初期化": 2, "同期化": 2}, None),
        ("目来", {NO_WORD: 3, "目来": 1}, None),
        ("目来", {NO_WORD: 1, "目来": 1}, "目来"),
        ("don't", {"don't": 4}, None),
        ("today’s", {"today": 4}, "today"),
        ("it’s", {"It": 4}, None),
        ("ll", {"ll": 4}, None),
        ("2024", {"2024": 4}, None),
        ("herself", {"Herself": 4}, None),
    ],
)
def test_the_corpus_spells_a_word(token, uses, chosen):
    counted = Counter({(token, spelling): count for spelling, count in uses.items()})
    assert choose_spellings(counted, {"herself"}) == ({token: chosen} if chosen else {})


def test_words_that_say_something():
    assert [
        word for word in ("fire", "c++", "don’t", "4.3", "本", "", "--", "It's") if says_something(word, {"本"})
    ] == [
        "fire",
        "c++",
        "It's",
    ]


@given(st.text(alphabet="Ab's画像処理カタ解くのไทย我们2 ,\n"))
def test_spellings_stand_in_the_text(text):
    spelled = spell(text, tokenize(text))
    assert all(word in normalize(text) for word in spelled.values())
    assert spelled.keys() <= set(tokenize(text))


def test_a_text_without_any_punctuation_takes_no_time():
    text = "汉字书写" * 200_000
    start = time.process_time()
    assert spell(text, ["汉字", "字书"]) == {"汉字": NO_WORD, "字书": NO_WORD}
    assert len(text) > LONGEST_PARSED
    assert time.process_time() - start < 8
