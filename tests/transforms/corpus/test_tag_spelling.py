from tests.transforms.records_by_hand import articles
from transforms.corpus.tag_spelling import add_spellings, article_tags, count_spellings, respell, tag_blocks, tag_names


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
