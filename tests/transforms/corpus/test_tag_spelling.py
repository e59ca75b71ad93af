from collections import Counter

from tests.transforms.records_by_hand import articles
from transforms.corpus.tag_spelling import (
    add_spellings,
    article_tags,
    count_spellings,
    respell,
    tag_blocks,
    tag_matrix,
    tag_names,
)
from transforms.records import Article


def test_tags_are_shown_in_the_spelling_used_most():
    posts = articles(["Python"], ["python", "Go"], ["Ｐｙｔｈｏｎ"], ["python"])
    counted = [count_spellings(posts[:2]), count_spellings(posts[2:])]
    assert add_spellings(counted) == count_spellings(posts)
    names = tag_names(add_spellings(counted))
    assert names == {"python": "python", "go": "Go"}
    assert respell(posts[2], names).tags == ("python",)


def test_an_articles_keys_are_sorted_each_once():
    (post,) = articles(["b", "Ａ", "a", "B"])
    assert article_tags(post) == ["a", "b"]
    assert respell(post, {"a": "A", "b": "B"}).tags == ("B", "A")


def test_equally_used_spellings_go_by_code_point():
    assert tag_names(count_spellings(articles(["rust"], ["Rust"]))) == {"rust": "Rust"}


def test_tag_names_become_texts_to_encode():
    blocks = list(tag_blocks({"b": "B", "a": "A", "c": "C"}, 2))
    assert [block.texts for block in blocks] == [("A", "B"), ("C",)]
    assert [article.id for block in blocks for article in block.articles] == ["a", "b", "c"]


def test_no_tags_no_names():
    assert tag_names(add_spellings([])) == {}
    assert list(tag_blocks({}, 2)) == []


def test_of_very_many_tags_the_most_used_are_kept(monkeypatch):
    monkeypatch.setattr("transforms.corpus.tag_spelling.CORPUS_TAGS", 3)
    once = {(key, key.upper()): 1 for key in "gfedcba"}
    assert sorted(tag_names(Counter(once))) == ["a", "b", "c"]
    assert sorted(tag_names(Counter({**once, ("g", "g"): 2}))) == ["a", "b", "g"]
    assert sorted(tag_names(Counter(dict(list(once.items())[:3])))) == ["e", "f", "g"]
    assert sorted(tag_names(Counter({**once, ("a", "A"): 45}))) == ["a", "b", "c", "d", "e"]


def test_tags_without_a_name_stay_as_spelled_and_are_in_no_matrix():
    posts = [Article("1", "1.md", "One", tags=("Lamp", "Rare")), Article("2", "2.md", "Two", tags=("Rare",))]
    assert [respell(post, {"lamp": "LAMP"}).tags for post in posts] == [("LAMP", "Rare"), ("Rare",)]
    assert tag_matrix(posts, ["lamp"]).toarray().tolist() == [[1.0], [0.0]]
