import dataclasses
import random

import pytest

from reports.sections.linking import linking, orphans, unlinked_pairs
from reports.views import ArticleLink
from reports.words.language import Language
from transforms.output.totals import Totals
from transforms.records import Article
from transforms.results import Duplicate, Links, Related, RelatedArticle, Why

TITLES = {id_: ArticleLink(id_.upper(), place, True) for place, id_ in enumerate("abcdefgh", start=1)}
WHY = Why(text=0.5, shared_words=("lamp",))


def related(**scores):
    """Related articles by id: `a="bc"` makes b and c those of a, with scores 0.9, 0.8 and so on."""
    return [
        Related(
            id_, tuple(RelatedArticle(other, round(0.9 - 0.1 * rank, 1), 0.9, WHY) for rank, other in enumerate(of))
        )
        for id_, of in scores.items()
    ]


def links(**targets):
    linked = {id_: targets.get(id_, "") for id_ in "abcdef"}
    return [Links(id_, tuple(to), sum(id_ in others for others in linked.values())) for id_, to in linked.items()]


def counted(rows):
    totals = Totals()
    totals.add_articles([Article(row.id, row.id, row.id) for row in rows], {})
    for row in rows:
        totals.add_links(row)
    return totals


def pairs(rows, linked=(), copies=frozenset()):
    return [pair.left.title + pair.right.title for pair in unlinked_pairs(rows, linked, set(copies), TITLES).shown]


BOTH = related(a="bc", b="ac", c="ab")


def test_pairs_are_listed_once_by_their_better_score_if_it_is_in_the_upper_quarter():
    assert pairs(BOTH) == ["AB", "AC"]
    (pair,) = unlinked_pairs(related(a="b", b="a"), [], set(), TITLES).shown
    assert pair.why == "Both write of lamp."


@pytest.mark.parametrize("linked", [links(a="b"), links(b="a"), links(a="b", b="a")])
def test_a_link_in_either_direction_is_enough(linked):
    assert pairs(BOTH, linked) == ["AC"]


def test_duplicates_need_no_link():
    assert pairs(BOTH, copies={("a", "b")}) == ["AC"]


def test_both_must_be_among_each_others_first():
    assert pairs(related(a="b", b="cda")) == []
    assert pairs(related(a="b", b="ca")) == ["AB"]
    assert pairs(related(a="b")) == []


def test_pairs_of_which_nobody_is_sure_are_not_listed():
    unsure = Related("b", (RelatedArticle("a", 0.9, 0.49, WHY),))
    assert pairs([Related("a", (RelatedArticle("b", 0.9, 0.49, WHY),)), unsure]) == []
    assert pairs([Related("a", (RelatedArticle("b", 0.9, None, WHY),)), unsure]) == ["AB"]


def test_the_newest_and_most_read_of_a_cluster_are_no_related_pair():
    newest = dataclasses.replace(RelatedArticle("b", 0.9, None, WHY), kind="newest_in_cluster")
    assert pairs([Related("a", (newest,)), *related(b="a")]) == []


def test_pairs_are_counted_the_strongest_first():
    ids = [f"p{n:03}" for n in range(600)]
    titles = {id_: ArticleLink(id_, place, False) for place, id_ in enumerate(ids, start=1)}
    rows = []
    for place, (left, right) in enumerate(zip(ids[::2], ids[1::2], strict=True)):
        score = place / 300
        rows += [Related(one, (RelatedArticle(two, score, 0.9, WHY),)) for one, two in ((left, right), (right, left))]
    expected = unlinked_pairs(rows, [], set(), titles)
    assert (expected.total, len(expected.shown), expected.shown[0].left.title) == (75, 75, "p598")
    level = [dataclasses.replace(row, related=(dataclasses.replace(row.related[0], score=0.5),)) for row in rows]
    assert unlinked_pairs(level, [], set(), titles).total == 300
    shuffled = random.Random(0).sample(level, len(level))
    shown = unlinked_pairs(shuffled, [], set(), titles).shown
    assert [pair.left.title for pair in shown] == ids[::2]


def test_orphans_come_with_the_nearest_articles_that_are_no_copies():
    rows = related(a="bcd", b="a", c="bad", e="a")
    found = orphans(rows, links(a="b", b="a"), {("b", "c")}, TITLES, 4)
    assert found.total == 4
    assert [
        (orphan.article.title, [(near.article.title, near.score) for near in orphan.linkers]) for orphan in found.shown
    ] == [
        ("E", [("A", "0.90")]),
        ("C", [("A", "0.80"), ("D", "0.70")]),
        ("D", []),
        ("F", []),
    ]


def test_the_sentence_says_how_the_posts_link():
    everywhere = links(a="b", b="c", c="d", d="e", e="f", f="a")
    for linked, sentence, total, shown in (
        (links(), "No post links to another.", 6, 0),
        (links(a="bcde"), "2 posts of 6 are linked to by no other.", 2, 2),
        (links(a="bcdef"), "1 post of 6 is linked to by no other.", 1, 1),
        (everywhere, "Every post is linked to by another.", 0, 0),
    ):
        view = linking(BOTH, linked, [Duplicate("a", "c", 0.99, False)], TITLES, counted(linked))
        assert (view.sentence, view.orphans.total, len(view.orphans.shown)) == (sentence, total, shown)
        assert view.linked is (sentence != "No post links to another.")
    assert view.unlinked.total == 0


def test_without_posts_nothing_is_listed():
    view = linking([], [], [], {}, Totals())
    assert (view.linked, view.unlinked.total, view.orphans.total) == (False, 0, 0)


def test_another_language_is_spoken():
    say = Language("xx", {"No post links to another.": "None.", "Both write of {words}.": "{words}!"})
    view = linking(related(a="b", b="a"), links(), [], TITLES, counted(links()), say)
    assert (view.sentence, view.unlinked.shown[0].why) == ("None.", "lamp!")
