from hypothesis import given
from hypothesis import strategies as st

from transforms.corpus.tokens import BREAK, tokenize


def words(text):
    return [token for token in tokenize(text) if token != BREAK]


def test_lines_are_set_apart():
    assert tokenize("Fast test\nhelp") == ("fast", "test", BREAK, "help", BREAK)


def test_plurals_width_and_case_are_folded():
    assert words("Queries") == words("ｑｕｅｒｙ") == ["query"]
    assert words("class bus analysis gas node.js") == ["class", "bus", "analysis", "gas", "node.js"]


def test_names_of_the_trade_stay_whole():
    assert words("C++ and C# and node.js don't") == ["c++", "and", "c#", "and", "node.js", "don't"]


def test_kanji_are_cut_in_pairs_katakana_stays_whole_and_hiragana_goes():
    assert words("機械学習のモデルを") == ["機械", "械学", "学習", "モデル"]
    assert words("本") == ["本"]
    assert words("ひらがな") == []


def test_tokens_of_unspaced_scripts_follow_nothing():
    assert tokenize("Python入門") == ("python", BREAK, "入門", BREAK)


@given(st.text())
def test_any_text_has_tokens_without_white_space(text):
    assert all(token == "".join(token.split()) for token in tokenize(text))


@given(st.lists(st.text(alphabet="abc de機械カタ", max_size=30), min_size=1, max_size=4))
def test_lines_are_cut_independently(lines):
    apart = tuple(token for line in lines for token in tokenize(line))
    assert tokenize("\n".join(lines)) == apart
