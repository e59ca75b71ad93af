from reports.sections.theme_work import ThemeWork, theme_work
from reports.views import ArticleLink, PlacedLink, ThemeLink

TEA, POTS = ThemeLink("tea", "theme-1", 1), ThemeLink("pots", "theme-2", 2)
THEMES = {"a": TEA, "b": TEA, "c": POTS}
LINKS = {id_: ArticleLink(id_, place, listed=True) for place, id_ in enumerate("abcd", start=1)}


def link(source, target):
    return PlacedLink(LINKS[source], LINKS[target], "See ", "how", ".", first=True)


def test_each_theme_counts_its_own_posts_that_lack_something():
    work = theme_work(THEMES, untagged=["a", "b", "d"], lonely=["b", "c", "d"], to_set=(), links=LINKS)
    assert work == {
        "theme-1": ThemeWork(("tags on 2 posts", "links to 1 post"), None),
        "theme-2": ThemeWork(("links to 1 post",), None),
    }


def test_the_first_link_to_a_post_of_a_theme_is_its_link_to_set():
    to_set = [link("a", "d"), link("a", "c"), link("b", "c"), link("c", "a")]
    work = theme_work(THEMES, untagged=(), lonely=(), to_set=to_set, links=LINKS)
    assert {anchor: done.to_link for anchor, done in work.items()} == {"theme-1": to_set[3], "theme-2": to_set[1]}


def test_without_themes_there_is_nothing_to_do_in_them():
    assert theme_work({}, ["a"], ["b"], [link("a", "b")], LINKS) == {}
