from transforms.corpus.remember import Remember


def test_what_is_kept_is_not_computed_again():
    asked = []
    double = Remember(lambda text: asked.append(text) or text * 2, size=len, limit=100)
    assert [double("a"), double("b"), double("a")] == ["aa", "bb", "aa"]
    assert asked == ["a", "b"]
    double.clear()
    assert (double("a"), double.held, asked) == ("aa", 3, ["a", "b", "a"])


def test_the_bytes_of_texts_and_answers_are_bounded_and_the_latest_are_kept():
    asked = []
    double = Remember(lambda text: asked.append(text) or text * 2, size=len, limit=30)
    for text in ("aaa", "bbb", "ccc", "aaa", "ddd", "aaa", "bbb"):
        assert double(text) == text * 2
        assert double.held <= 30
    assert asked == ["aaa", "bbb", "ccc", "ddd", "bbb"]


def test_an_answer_that_is_too_large_is_not_kept():
    double = Remember(lambda text: text * 2, size=len, limit=30)
    assert double("a" * 20) == "a" * 40
    assert double.held == 0


def test_an_answer_of_elsewhere_is_kept_unless_there_is_one():
    double = Remember(lambda text: text * 2, size=len, limit=30)
    assert double.keep("told", "a") == "told"
    assert double.keep("told again", "a") == double("a") == "told"


def test_texts_of_other_scripts_take_more():
    same = Remember(str.strip, size=lambda _: 0, limit=30)
    assert [same("aaa"), same("本本本")] == ["aaa", "本本本"]
    assert same.held == 9
