import pytest

from transforms.output.totals import Totals
from transforms.output.warnings import find_warnings
from transforms.records import Article, Tagging
from transforms.results import Collision, Links, RunWarning, UnresolvedLink


def totals_of(articles, links=0, **unresolved):
    totals = Totals()
    totals.add_articles(articles, {})
    totals.add_links(Links("a", tuple(map(str, range(links))), 1))
    for kind, count in unresolved.items():
        for _ in range(count):
            totals.add_unresolved(UnresolvedLink("a", "x", kind))
    return totals


def articles(count, dated, tagged, clues=()):
    return [
        Article(
            str(n),
            f"{n}.md",
            "T",
            "2024-01-02" if n < dated else None,
            ("x",) if n < tagged else (),
            clues=clues,
        )
        for n in range(count)
    ]


def codes(totals):
    return [warning.code for warning in find_warnings(totals, [Tagging()], ())]


@pytest.mark.parametrize(("known", "warned"), [(0, True), (5, True), (6, False), (100, False)])
def test_nearly_all_posts_without_dates_or_tags(known, warned):
    assert codes(totals_of(articles(100, known, 100))) == (["undated"] if warned else [])
    assert codes(totals_of(articles(100, 100, known))) == (["untagged"] if warned else [])


def test_fields_that_were_seen_are_named_the_most_frequent_first():
    clues = (("date", "posted"), ("tags", "labels"))
    totals = totals_of([*articles(5, 0, 0, clues), *articles(6, 0, 0, (("tags", "b"), ("tags", "a")))])
    assert find_warnings(totals, [Tagging(11, 0, 0)], ()) == [
        RunWarning("undated", 11, 11, ("posted",)),
        RunWarning("untagged", 11, 11, ("a", "b", "labels")),
    ]
    assert find_warnings(totals, [Tagging(11, 0, 11)], ())[2] == RunWarning("categories_as_tags", 0, 11)


@pytest.mark.parametrize(("found", "other", "warned"), [(40, 20, True), (38, 19, False), (41, 20, False)])
def test_many_links_that_lead_to_no_post(found, other, warned):
    totals = totals_of(articles(1, 1, 1), found, other=other - 5, ambiguous=5)
    assert codes(totals) == (["unresolved_links"] if warned else [])


def test_links_that_lead_nowhere_and_addresses_that_are_shared():
    totals = totals_of(articles(9, 9, 9), 7, broken=2, skipped=1)
    totals.add_collision(Collision("b.md", "/x", "a.md", "address"))
    totals.add_collision(Collision("b.md", "b", "b//2"))
    assert find_warnings(totals, [Tagging()], ()) == [
        RunWarning("broken_links", 3, 10),
        RunWarning("shared_addresses", 1, 9),
    ]


def test_files_of_other_kinds():
    totals = totals_of(articles(95, 95, 95))
    assert find_warnings(totals, [Tagging()], [(".adoc", 1), (".rst", 2), (".org", 1), (".txt", 1)]) == [
        RunWarning("other_files", 5, 100, (".rst", ".adoc", ".org"))
    ]
    assert not find_warnings(totals, [Tagging()], [(".rst", 4)])


def test_parts_of_a_corpus_are_counted_together():
    whole, part = totals_of(articles(2, 0, 0, (("date", "a"),))), totals_of(articles(1, 0, 0, (("date", "a"),)))
    whole.merge(part)
    assert whole.clues == {("date", "a"): 3}
