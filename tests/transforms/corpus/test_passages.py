import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.corpus.passages import COLUMNS, OFTEN, find_passages, read_runs
from transforms.corpus.runs import LENGTH, hash_runs
from transforms.reading.prose import Paragraph

NONE = np.zeros(0, np.int32)


def words(prefix, count):
    """So many words of five letters, each with a space behind it six columns."""
    return [f"{prefix}{chr(97 + number // 26)}{chr(97 + number % 26)}xx" for number in range(count)]


def runs(*paragraphs):
    return read_runs([Paragraph(10 * row, 10 * row + 1, " ".join(text)) for row, text in enumerate(paragraphs, 1)])


PASSAGE = words("p", 40)
ENOUGH = COLUMNS // 6 + 1


def test_a_passage_is_found_with_its_lines_in_both_texts():
    text = runs(words("a", 50), PASSAGE, words("b", 50))
    other = runs(words("c", 20), words("d", 60), PASSAGE)
    [found] = find_passages(text, other, NONE)
    assert text.lines_of(*found.here) == (20, 21)
    assert other.lines_of(*found.there) == (30, 31)
    assert found.columns == pytest.approx(6 * len(PASSAGE) - 1)


def test_a_passage_may_go_on_in_the_next_paragraph():
    text = runs(words("a", 9), PASSAGE[:20], PASSAGE[20:])
    [found] = find_passages(text, runs(PASSAGE), NONE)
    assert text.lines_of(*found.here) == (20, 31)


@pytest.mark.parametrize("changed", [[20], [12, 27], [20, 21, 22], [15, 16, 17, 18, 19]])
def test_words_may_be_changed(changed):
    edited = [f"new{word}" if number in changed else word for number, word in enumerate(PASSAGE)]
    assert len(find_passages(runs(edited), runs(PASSAGE), NONE)) == 1
    left = [word for number, word in enumerate(PASSAGE) if number not in changed]
    assert len(find_passages(runs(left), runs(PASSAGE), NONE)) == 1
    assert len(find_passages(runs(PASSAGE), runs(left), NONE)) == 1


def test_what_is_short_is_no_passage():
    text = [*words("a", 50), *PASSAGE[:ENOUGH], *words("b", 50)]
    assert len(find_passages(runs(text), runs(PASSAGE), NONE)) == 1
    text = [*words("a", 50), *PASSAGE[: ENOUGH - 2], *words("b", 50)]
    assert find_passages(runs(text), runs(PASSAGE), NONE) == []


def test_phrases_far_from_each_other_are_no_passage():
    scattered = [word for start in range(0, 40, 10) for word in [*PASSAGE[start : start + 10], *words(f"{start}", 20)]]
    assert find_passages(runs(scattered), runs(PASSAGE), NONE) == []
    turned = [*PASSAGE[20:], *PASSAGE[:20]]
    assert find_passages(runs(turned), runs(PASSAGE), NONE) == []


def test_common_runs_count_for_nothing():
    assert find_passages(runs(PASSAGE), runs(PASSAGE), hash_runs(PASSAGE)) == []


@pytest.mark.parametrize("times", [1, 3, 20])
def test_what_a_text_says_over_and_over_is_no_passage(times):
    found = find_passages(runs(*[PASSAGE] * times), runs(PASSAGE), NONE)
    assert len(found) == (times if times <= OFTEN else 0)


def test_characters_of_scripts_without_spaces_count_twice():
    text = "春は夜明けの頃がよい。だんだんと白くなっていく山際の空が少し明るくなり、紫がかった雲がたなびいている。"
    assert len(text) < 90
    short = read_runs([Paragraph(1, 1, text)])
    assert find_passages(short, short, NONE) == []
    more = "夏は夜がよい。月が出ている頃は言うまでもなく、闇夜であっても蛍が多く飛び交っている様子は見事である。"
    long = read_runs([Paragraph(1, 1, text + more)])
    assert len(find_passages(long, long, NONE)) == 1


@pytest.mark.parametrize("count", range(LENGTH + 1))
def test_texts_of_few_words_have_no_passage(count):
    few = runs(PASSAGE[:count]) if count else read_runs([])
    assert find_passages(few, runs(PASSAGE), NONE) == []
    assert find_passages(runs(PASSAGE), few, NONE) == []


TEXTS = st.lists(st.sampled_from("abcdefgh"), max_size=80)


@given(TEXTS, TEXTS)
def test_what_is_said_to_be_the_same_is_in_both_texts(one, other):
    text, others = runs([f"{word}xxxxxxxx" for word in one]), runs([f"{word}xxxxxxxx" for word in other])
    for found in find_passages(text, others, NONE):
        (first, last), (start, end) = found.here, found.there
        assert text.hashes[first] == others.hashes[start]
        assert text.hashes[last] == others.hashes[end]
        assert found.columns <= 10 * (last - first + LENGTH)


@given(st.lists(st.sampled_from(words("q", 300)), min_size=ENOUGH + 10, max_size=120, unique=True))
def test_a_text_is_one_passage_of_itself(text):
    [found] = find_passages(runs(text), runs(text), NONE)
    assert found.here == found.there == (0, len(text) - LENGTH)
