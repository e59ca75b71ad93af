import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from transforms.output.totals import Mark, Totals
from transforms.records import Article
from transforms.results import Collision, Links, Skipped

DATES = st.sampled_from([None, "2020-01-02", "2020-01-02T09:00:00+09:00", "2020-01-01T23:30:00-01:00", "2024-05-06"])
ARTICLES = st.builds(
    lambda number, date, tags, language, views: Article(
        f"p{number:03}", "p.md", f"Title {number}", date, tuple(sorted(tags)), language=language, views=views
    ),
    st.integers(0, 999),
    DATES,
    st.sets(st.sampled_from("xyz")),
    st.sampled_from([None, "en", "ja"]),
    st.sampled_from([None, 0, 5, 7]),
)


def count(articles, clusters):
    totals = Totals()
    totals.add_articles(articles, clusters)
    return totals


@given(st.lists(ARTICLES, unique_by=lambda article: article.id), st.randoms(use_true_random=False))
def test_parts_in_any_order_add_up_to_the_whole(articles, draw):
    clusters = {article.id: draw.randrange(3) for article in articles if draw.random() < 0.9}
    whole = count(articles, clusters)
    shuffled = draw.sample(articles, len(articles))
    merged = Totals()
    while shuffled:
        size = draw.randint(1, len(shuffled))
        merged.merge(count(shuffled[:size], clusters))
        shuffled = shuffled[size:]
    assert merged == whole


@given(st.lists(ARTICLES, unique_by=lambda article: article.id))
def test_articles_are_counted(articles):
    clusters = {article.id: len(article.tags) for article in articles}
    totals = count(articles, clusters)
    assert totals.posts == len(articles)
    assert totals.counts["untagged"] == len([article for article in articles if not article.tags])
    assert totals.counts["viewed"] == len([article for article in articles if article.views is not None])
    assert totals.tags == Counter("".join("".join(article.tags) for article in articles))
    assert totals.languages == Counter(article.language for article in articles)
    assert totals.days.total() == len([article for article in articles if article.date])
    for cluster, mark in totals.popular.items():
        read = [article for article in articles if clusters[article.id] == cluster and article.views]
        most = max(article.views for article in read)
        assert mark.id == min(article.id for article in read if article.views == most)


def test_the_newest_is_so_by_the_instant_and_the_first_by_id_of_equals():
    early, late = Article("c", "", "C", "2020-01-02T09:00:00+09:00"), Article("b", "", "B", "2020-01-02T00:00:00Z")
    articles = [early, late, Article("a", "", "A", "2020-01-01T23:59:59Z"), Article("d", "", "D", "2019-01-01")]
    random.Random(0).shuffle(articles)
    totals = count(articles, dict.fromkeys("abcd", 1))
    assert totals.newest == {1: Mark(1577923200.0, "b", "B", "2020-01-02")}
    assert totals.days == {(1, "2020-01-02"): 2, (1, "2020-01-01"): 1, (1, "2019-01-01"): 1}


def test_links_and_files_are_counted():
    totals = Totals()
    for row in (Links("a", ("b",), 0), Links("b", (), 1), Links("c", (), 0)):
        totals.add_links(row)
    totals.add_rejected()
    totals.add_collision(Collision("p.md", "p", "p//2"))
    totals.add_collision(Collision("q.md", "/p", "p.md", "address"))
    for kind in ("draft", "page", "draft"):
        totals.add_skipped(Skipped("p.md", kind, ""))
    assert (totals.counts["linking"], totals.counts["orphans"]) == (1, 2)
    assert (totals.counts["rejected"], totals.counts["renamed"], totals.counts["sharing"]) == (1, 1, 1)
    assert totals.skipped == {"draft": 2, "page": 1}
