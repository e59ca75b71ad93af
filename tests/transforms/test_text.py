from hypothesis import given
from hypothesis import strategies as st

from transforms.text import count_terms


def test_words_count_alone_and_in_pairs_within_a_line():
    assert count_terms("Fast tests\nhelp") == {"fast": 1, "test": 1, "fast test": 1, "help": 1}


def test_plurals_width_and_case_are_folded():
    assert count_terms("Queries") == count_terms("ｑｕｅｒｙ") == {"query": 1}
    assert count_terms("class bus analysis gas node.js").keys() >= {"class", "bus", "analysis", "gas", "node.js"}


def test_names_of_the_trade_stay_whole():
    terms = count_terms("C++ and C# and node.js don't")
    assert {"c++", "c#", "node.js", "don't"} <= terms.keys()


def test_kanji_count_in_pairs_katakana_whole_and_hiragana_not():
    assert count_terms("機械学習のモデルを") == {"機械": 1, "械学": 1, "学習": 1, "モデル": 1}
    assert count_terms("本") == {"本": 1}
    assert count_terms("ひらがな") == {}


def test_scripts_do_not_pair_with_each_other():
    assert count_terms("Python入門") == {"python": 1, "入門": 1}


@given(st.text())
def test_any_text_has_terms_without_line_breaks(text):
    terms = count_terms(text)
    assert all(count > 0 and term and "\n" not in term for term, count in terms.items())


@given(st.lists(st.text(alphabet="abc de\n機械カタ", max_size=30), max_size=4))
def test_lines_count_independently(lines):
    together = count_terms("\n".join(lines))
    apart = sum((count_terms(line) for line in lines), start=count_terms("").copy())
    assert together == apart
