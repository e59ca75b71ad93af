from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from tests.transforms.records_by_hand import articles
from transforms.corpus.phrases import phrase_of
from transforms.corpus.runs import common_runs, count_runs, runs_of
from transforms.corpus.stop_words import title_words
from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.tags import proposals
from transforms.tags.proposals import (
    Candidate,
    FoundPhrases,
    PhraseFinder,
    choose_candidates,
    count_phrases,
    figures_of,
    group_phrases,
    name_of_group,
    propose_tags,
)

EMPTY = title_words(["en", "ja"])


def blog(*titles, bodies=None, headings=None):
    posts = articles(*[[]] * len(titles))
    bodies, headings = bodies or [""] * len(titles), headings or [()] * len(titles)
    return [
        replace(post, title=title, body=body, headings=tuple(of), language="en")
        for post, title, body, of in zip(posts, titles, bodies, headings, strict=True)
    ]


def candidates(posts):
    return choose_candidates([count_phrases(posts, EMPTY)])


def runs_of_many(posts):
    counted = count_runs(runs_of(replace(post, body=""), article_text(post, WHOLE_TEXT)) for post in posts)
    return common_runs(counted, len(posts))


def proposed(posts, known=(), parts=1):
    chosen = candidates(posts)
    finder = PhraseFinder([candidate.name for candidate in chosen], runs_of_many(posts))
    cuts = np.array_split(np.arange(len(posts)), parts)
    found = [
        finder.find([posts[row] for row in cut], [article_text(posts[row], WHOLE_TEXT) for row in cut]) for cut in cuts
    ]
    return propose_tags(chosen, found, known)


KILNS = (
    *("Firing a raku kiln", "The raku kiln in winter", "Raku kilns compared", "A raku kiln of bricks"),
    *("Looms old and new", "Weaving looms", "My looms", "Of looms"),
    *(f"{word} diary" for word in ("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine")),
    *(f"Walk to the {word}" for word in ("river", "hill", "moor", "sea", "wood", "bridge", "mill", "lake")),
)


def test_phrases_that_several_posts_are_about_are_proposed():
    tags = proposed(blog(*KILNS))
    assert [tag.rank for tag in tags] == list(range(1, len(tags) + 1))
    assert [tag.score for tag in tags] == sorted((tag.score for tag in tags), reverse=True)
    kiln, loom = (next(tag for tag in tags if tag.tag.casefold() == name) for name in ("raku kiln", "looms"))
    assert (kiln.posts, kiln.mentions, kiln.titles, kiln.articles) == (4, 4, 4, ("a00", "a01", "a02", "a03"))
    assert (loom.posts, loom.articles) == (4, ("a04", "a05", "a06", "a07"))


def test_a_tag_that_the_blog_has_is_not_proposed():
    assert "looms" in {tag.tag.casefold() for tag in proposed(blog(*KILNS))}
    assert "looms" not in {tag.tag.casefold() for tag in proposed(blog(*KILNS), known={"looms"})}


def test_a_phrase_of_more_than_a_fifth_is_not_proposed():
    assert proposed(blog(*["Raku kilns"] * 4, *[f"{word} tales" for word in "abcdefghijk"])) == []


def test_words_of_every_title_are_not_proposed():
    assert proposed(blog(*["Announcing the weekly changelog, part 2"] * 4, *map(str, range(20)))) == []


def test_who_mentions_a_phrase_is_not_about_it():
    posts = blog(*KILNS, bodies=[""] * 8 + ["Near the loom."] * 18)
    (loom,) = (tag for tag in proposed(posts) if "loom" in tag.tag.casefold())
    assert (loom.posts, loom.mentions) == (4, 22)


def blog_of_a_template(body):
    """A blog of which two titles and the bodies of five posts name a glaze mixer."""
    titles = ["A glaze mixer", "Mixing glaze, or a glaze mixer", *KILNS]
    return blog(*titles, bodies=[body.format(row) if row < 5 else "" for row in range(len(titles))])


MANUAL = "The glaze mixer is on the shelf, fill the glaze mixer, start the glaze mixer and clean the glaze mixer"


def test_a_phrase_of_a_template_is_not_proposed():
    own = blog_of_a_template("{0} glaze mixer {0}. Glaze mixer {0}, glaze mixer. A {0} glaze mixer.")
    assert "glaze mixer" in {tag.tag.casefold() for tag in proposed(own)}
    assert "glaze mixer" not in {tag.tag.casefold() for tag in proposed(blog_of_a_template(MANUAL))}


def test_a_post_has_so_many_phrases_at_most(monkeypatch):
    monkeypatch.setattr(proposals, "MOST_FOUND", 2)
    (post,) = blog("Oak ash", bodies=["Elm elm elm. Oak ash larch."])
    found = PhraseFinder(["Ash", "Elm", "Larch", "Oak"]).find([post], [article_text(post, WHOLE_TEXT)])
    assert dict(zip(found.in_text.indices.tolist(), found.in_text.data.tolist(), strict=True)) == {0: 5, 3: 5}


def test_headings_of_three_posts_make_a_candidate():
    posts = blog(*["One", "Two", "Three"], headings=[["Salt glaze"], ["Salt glazes"], ["Salt-glaze"]])
    assert Candidate("Salt glaze", 1.0) in candidates(posts)
    assert candidates(posts[:2]) == ()


def test_candidates_are_those_of_the_most_titles(monkeypatch):
    monkeypatch.setattr(proposals, "CANDIDATES", 2)
    assert [
        candidate.name for candidate in candidates(blog("Oak", "Oak", "Oak", "Ash", "Ash", "Ash", "Elm", "Elm"))
    ] == [
        "Ash",
        "Oak",
    ]


def test_japanese_phrases_are_whole_words():
    titles = [
        "画像処理を試す",
        "画像処理と統計",
        "画像処理の話",
        *(f"{word}を読む" for word in "春夏秋冬山川海空森雪花鳥"),
    ]
    posts = [replace(post, language="ja") for post in blog(*titles)]
    assert [(tag.tag, tag.posts) for tag in proposed(posts)] == [("画像処理", 3)]


def test_no_posts_and_no_candidates():
    assert propose_tags((), (), ()) == []
    assert propose_tags((), [PhraseFinder([]).find(blog("Oak"), ["Oak"])], ()) == []
    assert candidates([]) == ()


@given(st.permutations(range(len(KILNS))), st.integers(1, 6))
def test_the_same_whatever_the_parts(order, parts):
    posts = blog(*KILNS)
    assert proposed([posts[row] for row in order], parts=parts) == proposed(posts)


def test_figures():
    in_text = sparse.csr_matrix(np.array([[4.0, 0], [1, 99], [0, 5]]))
    in_title = sparse.csr_matrix(np.array([[1.0, 0], [0, 0], [0, 1]]))
    figures = figures_of(in_text, in_title)
    assert figures.posts.tolist() == [1, 2]
    assert figures.mentions.tolist() == [2, 2]
    assert figures.titles.tolist() == [1, 1]
    assert figures.times.tolist() == [2.5, 27.5]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"posts": 9}, {"posts": 3}),
        ({"titles": 3}, {"titles": 1}),
        ({"times": 9.0}, {"times": 4.0}),
        ({"name": "Loom"}, {"name": "loom"}),
        ({"name": "Salt"}, {"name": "Salt glaze kiln"}),
        ({"whole": 1.0}, {"whole": 0.1}),
    ],
)
def test_what_makes_a_better_tag(better, worse):
    def worth(posts=4, titles=2, times=5.0, name="Oak", whole=0.5):
        figures = proposals.Figures(*map(np.array, ([posts], [2 * posts], [titles * posts // 4], [times])))
        return figures.worth([phrase_of(name)], [whole])[0]

    assert 0 < worth(**worse) < worth(**better) < 1


def grouped(ranked, phrases, about):
    return group_phrases(ranked, phrases, [np.array(sorted(posts), np.int32) for posts in about], 10)


def test_phrases_of_the_same_posts_are_one_proposal():
    phrases = list(map(phrase_of, ("steering", "steering cycle", "design", "steering wheel")))
    about = [{1, 2, 3, 4}, {1, 2, 3}, {1, 2, 3, 4}, {7, 8, 9}]
    assert grouped([0, 1, 2, 3], phrases, about) == [[0, 1], [2], [3]]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.frozensets(st.integers(0, 9))), max_size=12), st.integers(1, 4))
def test_groups_are_those_of_sets_up_to_so_many(of_phrases, most):
    groups = []
    for column, (word, posts) in enumerate(of_phrases):
        for group in groups:
            first, others = of_phrases[group[0]]
            if word == first and 2 * len(posts & others) >= len(posts | others):
                group.append(column)
                break
        else:
            groups.append([column])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proposals, "PROPOSED", most)
        phrases, about = [phrase_of(word) for word, _ in of_phrases], [posts for _, posts in of_phrases]
        assert grouped(range(len(of_phrases)), phrases, about) == groups[:most]


@pytest.mark.parametrize(("posts", "expected"), [([10, 6, 9], 1), ([10, 5, 9], 0), ([10, 9, 9], 1)])
def test_the_longest_phrase_names_a_proposal(posts, expected):
    phrases = list(map(phrase_of, ("steering", "steering cycle", "cycle")))
    assert name_of_group([0, 1, 2], phrases, np.array(posts)) == expected


def test_ids_are_text():
    found = FoundPhrases(("a", "b", "c"), sparse.csr_matrix(np.full((3, 1), 4.0)), sparse.csr_matrix(np.ones((3, 1))))
    (tag,) = propose_tags([Candidate("Oak", 1.0)], [found], ())
    assert tag.articles == ("a", "b", "c")
    assert all(type(id_) is str for id_ in tag.articles)
