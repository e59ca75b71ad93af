import math
from collections import Counter

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.records_by_hand import articles
from transforms.corpus import notes as noting
from transforms.corpus import survey
from transforms.corpus.notes import (
    WordCounts,
    add_words,
    count_spelled,
    count_words,
    rare_words,
    take_notes,
    telling_tokens,
    telling_words,
)
from transforms.corpus.survey import SurveyTexts, TakeNotes
from transforms.corpus.tag_finder import TagFinder, count_tokens
from transforms.corpus.tag_spelling import count_spellings
from transforms.corpus.titles import NO_TITLES, SHORT, TitleFinder, TitleTerms, count_titles, title_terms
from transforms.corpus.tokens import tokenize
from transforms.corpus.word_spelling import choose_spellings
from transforms.reading.fields import tag_key
from transforms.records import TextBlock
from transforms.sampling import sampled


def found(text, *tags):
    """How often each of the tags is found in a text, by its folded name."""
    finder = TagFinder(sorted(map(tag_key, tags)))
    return {
        finder.keys[number]: count
        for number, count in finder.count(text, tokenize(text), count_tokens(tokenize(text))).items()
    }


@pytest.mark.parametrize(
    ("tag", "text", "count"),
    [
        ("go", "Go is good. GO!", 2),
        ("go", "good gopher, ergo", 0),
        ("java", "JavaScript", 0),
        ("java", "Java and JavaScript", 1),
        ("c++", "C++ is no c", 1),
        ("c++", "c and c#", 0),
        ("c#", "C# or C++", 1),
        (".net", "The .NET of asp.net", 2),
        (".net", "a net of dots.", 0),
        ("node.js", "Node.js; node and js", 1),
        ("vue", "vue.js and Vue's", 2),
        ("html", "HTML5, html and xhtml", 2),
        ("html5", "html", 0),
        ("kubernetes", "Kubernetes", 1),
        ("container", "Containers in a container", 2),
        ("containers", "Containers in a container", 2),
        ("library", "two libraries", 1),
        ("libraries", "two libraries", 1),
        ("class", "classes of a class", 1),
        ("r&d", "R&D, r and d", 1),
        ("ci/cd", "CI/CD", 1),
        ("ci/cd", "CD before CI", 0),
        ("ｇｏ", "go ＧＯ", 2),
        ("2024", "in 2024", 1),
    ],
)
def test_names_in_words(tag, text, count):
    assert found(text, tag) == ({tag_key(tag): count} if count else {})


@pytest.mark.parametrize("tag", ["web design", "web-design", "Web_Design"])
@pytest.mark.parametrize("text", ["web design", "Web-Design", "of web_designs", "web  design"])
def test_names_of_several_words_whatever_separates_them(tag, text):
    assert found(text, tag) == {tag_key(tag): 1}


@pytest.mark.parametrize("text", ["design web", "web and design", "web\ndesign", "webdesign", "cobweb design"])
def test_words_that_do_not_follow_each_other_are_no_name(text):
    assert found(text, "web design") == {}


def test_a_longer_name_counts_as_often_as_its_rarest_pair():
    assert found("machine learning, machine learning systems", "machine learning systems") == {
        "machine learning systems": 1
    }
    assert found("learning systems of machine learning", "machine learning systems") == {"machine learning systems": 1}


@pytest.mark.parametrize(
    ("tag", "text", "count"),
    [
        ("学習", "機械学習と深層学習", 2),
        ("機械学習", "機械学習入門", 1),
        ("機械学習", "機械の学習", 0),
        ("本", "日本の本", 2),
        ("テスト", "単体テストとテストコード", 2),
        ("データ分析", "大規模データ分析基盤", 1),
        ("データ分析", "データを分析", 0),
        ("ひらがな", "ひらがなとカタカナ", 1),
        ("お知らせ", "重要なお知らせ。", 1),
        ("AI活用", "生成AI活用の例", 1),
        ("AI活用", "AIを活用", 0),
        ("ﾃｽﾄ", "テスト", 1),
        ("テスト", "ﾃｽﾄ", 1),
        ("python入門", "Python入門", 1),
        ("🚀", "to the moon 🚀🚀", 2),
        ("อาหาร", "ร้านอาหารไทย", 1),
        ("ภาษาไทย", "เรียนภาษาไทยออนไลน์", 1),
        ("กา", "เกาะ กาแฟ", 1),
        ("ร", "การ์ตูน", 0),
        ("น้ำ", "ดื่มน้ำ", 1),
        ("ខ្មែរ", "ភាសាខ្មែរ", 1),
        ("မြန်မာ", "မြန်မာစာ", 1),
    ],
)
def test_names_of_unspaced_scripts(tag, text, count):
    assert found(text, tag) == ({tag_key(tag): count} if count else {})


@pytest.mark.parametrize(
    ("tag", "text", "count"),
    [
        ("हिन्दी", "हिन्दी में लिखें, हिन्दी!", 2),
        ("हिन्द", "हिन्दी", 0),
        ("मशीन लर्निंग", "मशीन लर्निंग क्या है", 1),
        ("தமிழ்", "தமிழ் மொழி", 1),
        ("සිංහල", "සිංහල භාෂාව", 1),
        ("کتاب", "کتاب خوب", 1),
        ("كتاب", "كِتَابٌ جديد", 1),
        ("سينما", "سيـنـما", 1),
        ("שלום", "שָׁלוֹם עולם", 1),
        ("صهيب", "صهيبي", 0),
        ("ёж", "Ёж и ежи", 1),
        (".сеть", "про .сетьевой", 0),
        ("한국어", "한국어 공부", 1),
        ("한국어", "한국어를 배우고 한국어로 쓴다", 2),
        ("한국", "한국어", 0),
        ("Ruby", "Ruby의 새 버전, Ruby에서", 2),
        ("버전", "Ruby의 새버전", 0),
        ("Tiếng Việt", "tiếng Việt", 1),
        ("İstanbul", "istanbul, İSTANBUL", 2),
    ],
)
def test_names_of_many_scripts(tag, text, count):
    assert found(text, tag) == ({tag_key(tag): count} if count else {})


def test_many_names_at_once():
    tags = ("go", "web design", "学習", "c++", "absent", "absent name", "不在")
    assert found("Go for web design\nwith C++ と機械学習", *tags) == {"go": 1, "web design": 1, "学習": 1, "c++": 1}
    assert found("anything") == {}
    assert found("", *tags) == {}


@given(st.lists(st.sampled_from(["go", "rust", "web", "design", "good", "html"]), max_size=12))
def test_single_words_are_counted_as_they_stand(words):
    counts = Counter(words)
    keys = ("go", "html", "rust")
    assert found(" ".join(words), *keys) == {key: counts[key] for key in keys if counts[key]}


@pytest.mark.parametrize(("tag", "text"), [("news", "a new way"), ("windows", "a window"), ("rails", "a rail")])
def test_names_that_are_no_plural(tag, text):
    assert found(text, tag) == {}


def test_names_in_singular_and_plural_are_both_found():
    assert found("containers", "container", "containers") == {"container": 1, "containers": 1}


@pytest.mark.parametrize("tag", ["Straße", "κόσμος"])
def test_names_that_fold_to_other_letters(tag):
    assert found(tag, tag) == {tag_key(tag): 1}


def test_a_dotted_name_is_no_head_of_a_longer_word():
    assert found("a net for .network", ".net") == {}


def test_tokens_and_their_pieces():
    assert count_tokens(tokenize("HTML5 html5 Vue.js C++ pods\npods 学習")) == Counter(
        {"html5": 2, "html": 2, "5": 2, "vue.js": 1, "vue": 1, "js": 1, "c++": 1, "c": 1, "pod": 2, "学習": 1}
    )
    assert count_tokens(tokenize("")) == Counter()


def counts(words, texts, language=""):
    return WordCounts({language: Counter(words)}, Counter({language: texts}))


def test_words_count_once_a_text():
    counted = count_words(["go go pods", "Go\npod", "", "geh"], ["en", "en", None, "de"])
    assert counted.words == {"en": {"go": 2, "pod": 2}, "": {}, "de": {"geh": 1}}
    assert counted.texts == {"en": 2, "": 1, "de": 1}


def test_counts_of_words_add_up():
    texts, languages = ["go pods", "pod", "los", "go"], ["en", None, "de", "en"]
    apart = [count_words(texts[rows], languages[rows]) for rows in (slice(1), slice(1, 4))]
    assert add_words(apart) == add_words(apart[::-1]) == count_words(texts, languages)
    assert add_words([]) == WordCounts({}, Counter())


def test_rare_words_by_hand():
    texts = [{"common", "pair"} if number < 2 else {"common", f"solo{number}"} for number in range(40)]
    texts[5] |= {"lamp", "2024"}
    for number in (6, 7, 8):
        texts[number] |= {"lamp", "2024"}
    texts[9] |= {"bulb"}
    for number in range(10, 14):
        texts[number] |= {"bulb"}
    counted = [counts(words, 1) for words in texts]
    expected = {"lamp": math.log(10), "pair": math.log(20)}  # bulb stands in 5 of 40, above a tenth
    assert rare_words(add_words(counted)) == pytest.approx(expected)
    assert rare_words(add_words(counted[::-1])) == pytest.approx(expected)


def test_two_texts_of_a_few_make_a_word_rare():
    assert rare_words(add_words([counts({"lamp": 1, "board": 1}, 1), counts({"lamp": 1}, 1)])) == {"lamp": 0}
    assert rare_words(WordCounts({}, Counter())) == {}


def test_words_that_are_common_in_one_language_are_not_rare():
    english, danish = counts({"lamp": 4, "bulb": 4}, 80, "en"), counts({"hvorfor": 4, "lamp": 2}, 20, "da")
    assert rare_words(add_words([english, danish])) == pytest.approx({"lamp": math.log(100 / 6), "bulb": math.log(25)})


def test_numbers_stop_words_and_what_contractions_leave_are_no_rare_words():
    words = (
        "2024",
        "4.3.5",
        "ll",
        "go",
        "don't",
        "who’ve",
        "herself",
        "cependant",
        "और",
        "k8s",
        "本",
        "学習",
        "c++",
        "fire",
    )
    assert set(rare_words(counts(dict.fromkeys(words, 2), 40))) == {"cependant", "k8s", "本", "学習", "c++", "fire"}
    assert "cependant" not in rare_words(counts({"cependant": 2}, 40, "fr-CA"))


def test_the_most_frequent_rare_words_are_kept(monkeypatch):
    monkeypatch.setattr(noting, "MAX_RARE_WORDS", 3)
    assert list(rare_words(counts({"eee": 2, "ddd": 3, "ccc": 2, "bbb": 2, "aaa": 1, "xxx": 90}, 100))) == [
        "ddd",
        "bbb",
        "ccc",
    ]


def test_telling_tokens_by_hand():
    rare = {"often": 1.0, "rarest": 3.0, "b": 2.0, "a": 2.0}
    tokens = Counter(often=9, rarest=1, a=1, b=1, unknown=50)
    # often weighs 1 + ln 9 = 3.2
    assert telling_tokens(tokens.elements(), rare) == ["often", "rarest", "a", "b"]
    assert telling_tokens([], rare) == telling_tokens(tokens.elements(), {}) == []
    many = {f"w{number:02}": 1.0 for number in range(90)}
    assert telling_tokens(many, many) == list(many)[: noting.TOKENS]


def test_telling_words_are_spelled_as_given_each_once():
    rare = {"lamp": 1.0, "cento": 2.0, "像処": 1.5, "画像": 1.5, "gone": 3.0}
    spelled = {"lamp": "lamp", "cento": "CentOS", "像処": "画像処理", "画像": "画像処理"}
    assert telling_words("Lamps for centos 画像処理 gone", rare, spelled) == ("CentOS", "画像処理", "lamp")
    assert telling_words("Lamps と 画像", rare, spelled) == ("lamp",)  # 画像処理 does not stand here
    many = {f"w{number:02}": 1.0 for number in range(90)}
    assert telling_words(" ".join(many), many, {word: word for word in many}) == tuple(many)[: noting.WORDS]


def test_notes_are_matrices_of_articles_and_tags():
    titles, texts = ["Web Design in Go", "学習", ""], ["Go go html5\nlamp", "機械学習\nlamp lamp", ""]
    finder, spelled = TagFinder(["go", "html", "web design", "学習"]), {"lamp": "Lamp", "html5": "HTML5"}
    of_titles = TitleFinder(TitleTerms({"go": 4.0, "lamp": 2.0}, frozenset({("web", "design")}), 6.0))
    notes = take_notes(titles, texts, finder, {"lamp": 1.0, "html5": 0.5}, spelled, of_titles)
    assert notes.in_title.toarray().tolist() == [[1, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert notes.in_text.toarray().tolist() == [[2, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert notes.words == (("Lamp", "HTML5"), ("Lamp",), ())
    assert notes.in_text.has_sorted_indices
    # of "Web Design in Go" also count web, design, in, "design in" and "in go", which stand nowhere else
    total = 4 + 6 + 5 * 6 + SHORT
    assert notes.title.toarray().tolist() == [[4 / total, 0, 6 / total], [0, 0, 0], [0, 0, 0]]
    assert notes.named.toarray().tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert notes.named.dtype == np.int8
    none = take_notes(titles, texts, TagFinder([]), {}, {}, TitleFinder(NO_TITLES))
    assert (none.in_title.shape, none.in_text.shape, none.words) == ((3, 0), (3, 0), ((), (), ()))
    assert none.title.shape == none.named.shape == (3, 0)


def text_blocks(posts, texts):
    for rows in (slice(2, None), slice(2)):
        yield TextBlock("articles", tuple(posts[rows]), tuple(texts[rows]), tuple(texts[rows]))


def test_the_transforms_note_what_the_functions_note():
    posts = articles(["Go"], ["go", "Lamp"], [], ["Go"])
    texts = ["Go lamp\nhead light", "a lamp for a head", "go light go", "nothing"]
    words, titles = count_words(texts, [None] * 4), [post.title for post in posts]
    rare, terms = rare_words(words), title_terms(count_titles(titles), words.total, 4)
    spelled = choose_spellings(count_spelled(texts, rare), ())
    expected = take_notes(titles, texts, TagFinder(["go", "lamp"]), rare, spelled, TitleFinder(terms))

    def surveyed(surveys):
        (survey,) = surveys
        assert survey.spellings == count_spellings(posts)
        assert survey.rare == rare != {}
        assert survey.titles == terms
        assert survey.spelled == spelled == {"head": "head", "lamp": "lamp", "light": "light"}

    def noted(results):
        blocks = sorted(results, key=lambda block: block.articles[0].id)
        assert [block.whole for block in blocks] == [(), ()]
        assert [text for block in blocks for text in block.texts] == texts
        np.testing.assert_array_equal(
            np.vstack([block.notes.in_text.toarray() for block in blocks]), expected.in_text.toarray()
        )
        assert blocks[0].notes.words + blocks[1].notes.words == expected.words

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        blocks = pipeline | beam.Create(list(text_blocks(posts, texts)))
        survey = blocks | SurveyTexts(beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([4])))
        assert_that(survey, surveyed, label="survey")
        assert_that(blocks | TakeNotes(beam.pvalue.AsSingleton(survey)), noted, label="notes")


def test_words_of_a_large_corpus_are_counted_in_a_sample_and_spellings_in_all(monkeypatch):
    monkeypatch.setattr(survey, "FIT_ARTICLES", 30)
    posts = articles(*[["Go"] if row % 3 else ["go"] for row in range(90)])
    texts = [f"word{row % 7} word{row % 11}" for row in range(90)]
    chosen = [text for post, text in zip(posts, texts, strict=True) if sampled(post.id, 90, 30)]
    assert 15 < len(chosen) < 45

    def surveyed(surveys):
        (survey,) = surveys
        assert survey.spellings == count_spellings(posts)
        rare = rare_words(count_words(chosen, [None] * len(chosen)))
        assert survey.rare == rare != {}
        assert survey.spelled == choose_spellings(count_spelled(chosen, rare), ()) == {word: word for word in rare}

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        files = beam.pvalue.AsSingleton(pipeline | "Files" >> beam.Create([90]))
        assert_that(pipeline | beam.Create(list(text_blocks(posts, texts))) | SurveyTexts(files), surveyed)
