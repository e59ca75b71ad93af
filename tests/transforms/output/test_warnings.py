import pytest

from transforms.output.totals import Totals
from transforms.output.warnings import find_warnings, previous_warnings
from transforms.previous import NO_PREVIOUS, PreviousRun, PreviousTheme
from transforms.records import Article, Tagging
from transforms.results import Collision, Links, RunWarning, Skipped, ThemeFit, UnresolvedLink


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


@pytest.mark.parametrize(
    ("found", "page", "other", "warned"),
    [(19, 20, 0, 20), (0, 30, 5, 35), (20, 900, 0, None), (20, 900, 19, None), (20, 900, 20, 20), (19, 5, 5, None)],
)
def test_links_to_pages_count_only_where_hardly_a_link_leads_to_a_post(found, page, other, warned):
    warnings = find_warnings(totals_of(articles(1, 1, 1), found, page=page, other=other), [Tagging()], ())
    expected = [] if warned is None else [RunWarning("unresolved_links", warned, found + warned)]
    assert warnings == expected


def test_links_that_lead_nowhere_and_addresses_that_are_shared():
    totals = totals_of(articles(9, 9, 9), 7, broken=2, skipped=1)
    totals.add_collision(Collision("b.md", "/x", "a.md", "address"))
    totals.add_collision(Collision("b.md", "b", "b//2"))
    assert find_warnings(totals, [Tagging()], ()) == [
        RunWarning("broken_links", 3, 10),
        RunWarning("shared_addresses", 1, 9),
    ]


@pytest.mark.parametrize(("rejected", "warned"), [(0, False), (9, False), (10, True)])
def test_more_files_that_cannot_be_read_than_posts(rejected, warned):
    totals = totals_of(articles(9, 9, 9))
    totals.add_skipped(Skipped("d.md", "draft", "a draft"))
    for _ in range(rejected):
        totals.add_rejected()
    expected = [RunWarning("rejected_files", rejected, 9 + rejected + 1)] if warned else []
    assert find_warnings(totals, [Tagging()], ()) == expected


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


FOUR = PreviousRun("0" * 64, tuple(PreviousTheme(number, str(number)) for number in (1, 2, 3, 7)), 8)
FOLLOWED = ThemeFit(True, 0.5, 0.515, 8)


@pytest.mark.parametrize(
    ("previous", "themes", "asked", "posts", "warned"),
    [
        (NO_PREVIOUS, ThemeFit(False, 0.5), None, 100, None),
        (PreviousRun(problem="previous_format"), ThemeFit(False, 0.5), 9, 100, RunWarning("previous_format", 0, 0)),
        (FOUR, FOLLOWED, None, 100, None),
        (FOUR, ThemeFit(True, 0.5, 0.5151, 8), None, 100, RunWarning("themes_worse", 3, 100)),
        (FOUR, ThemeFit(True, 0.0, 0.0, 8), None, 100, None),
        (FOUR, ThemeFit(False, 0.5, None, 13), 5, 100, RunWarning("themes_refitted", 5, 4)),
        (FOUR, ThemeFit(False, 0.5, None, 13), None, 100, RunWarning("themes_unshared", 0, 4)),
        (FOUR, FOLLOWED, None, 145, RunWarning("themes_outgrown", 4, 145)),
        (FOUR, FOLLOWED, None, 144, None),
        (FOUR, FOLLOWED, None, 15, RunWarning("themes_outgrown", 4, 15)),
        (FOUR, FOLLOWED, 4, 1_000, None),
    ],
)
def test_themes_that_do_not_go_on_or_should_not(previous, themes, asked, posts, warned):
    found = previous_warnings(previous, themes, asked, k=4, posts=posts, refit=False)
    assert found == ([warned] if warned else [])
    refitted = previous_warnings(previous, themes, asked, k=4, posts=posts, refit=True)
    assert refitted == ([warned] if warned and previous.problem else [])
