import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from tests.transforms.records_by_hand import articles, random_unit, table_of
from transforms.corpus.tag_table import tag_table
from transforms.previous import PreviousTheme
from transforms.results import ScoredTag, ScoredWord
from transforms.themes.names import (
    CARRIERS,
    LEAST_SCORE,
    LEAST_SHARE,
    PRIOR,
    ClusterName,
    Labels,
    Naming,
    Ranking,
    ScoredLabel,
    name_clusters,
    telling_labels,
    title_phrases,
)

UNTAGGED = tag_table({}, {}, (), 0)


def named(posts, clusters, titles=None, earlier=()):
    table = table_of(posts, random_unit(len(posts), 3)) if any(post.tags for post in posts) else UNTAGGED
    count = max(clusters) + 1
    titles = titles or [f"title {number}" for number in range(count)]
    return name_clusters(posts, np.array(clusters), table, titles, earlier)


def names(posts, clusters, *earlier):
    themes = [PreviousTheme(number, name) if name else None for number, name in enumerate(earlier, start=1)]
    return [of.name for of in named(posts, clusters, earlier=themes)]


def titled(*titles, language="en"):
    return [
        replace(post, title=title, language=language)
        for post, title in zip(articles(*[[]] * len(titles)), titles, strict=True)
    ]


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 5), st.integers(1, 6))
def test_labels_score_their_part_of_the_divergence(seed, posts, count, columns):
    rng = np.random.default_rng(seed)
    carriers = (rng.random((posts, columns)) < 0.4).astype(float)
    clusters = rng.integers(0, count, posts)
    found = telling_labels(
        Labels(sparse.csr_matrix(carriers), [str(column) for column in range(columns)]), clusters, count
    )
    for cluster in range(count):
        own = clusters == cluster
        expected = {}
        for column in range(columns):
            within, total = carriers[own, column].sum(), carriers[:, column].sum()
            if not within or (total < 2 and posts > 1):
                continue
            share = (within + PRIOR * total / posts) / (own.sum() + PRIOR)
            score = share if count == 1 else share * math.log(share / (total / posts))
            if within >= max(min(CARRIERS, own.sum()), LEAST_SHARE * own.sum()) and round(score, 4) >= LEAST_SCORE:
                expected[column] = pytest.approx((score, within / own.sum()), abs=1e-4)
        assert {label.column: (label.score, label.share) for label in found[cluster]} == expected
        assert found[cluster] == sorted(found[cluster], key=lambda label: (-label.score, label.column))


def test_a_tag_that_all_themes_share_names_none():
    posts = articles(*[["blog", "kilns"]] * 4, *[["blog", "looms"]] * 4)
    kilns, looms = named(posts, [0] * 4 + [1] * 4)
    assert kilns == ClusterName("kilns", (ScoredTag("kilns", 1.0),))
    assert looms == ClusterName("looms", (ScoredTag("looms", 1.0),))


def test_one_theme_is_named_by_what_most_posts_carry():
    posts = articles(["clay", "kilns"], ["clay", "kilns"], ["clay", "kilns"], ["clay"])
    assert names(posts, [0] * 4) == ["clay · kilns"]


def test_a_tag_of_one_post_names_no_theme_of_several():
    posts = articles(["solo", "kilns"], ["kilns"], ["kilns"], ["looms"], ["looms"], ["looms"])
    assert names(posts, [0, 0, 0, 1, 1, 1]) == ["kilns", "looms"]


def test_the_theme_that_a_tag_tells_most_begins_with_it():
    posts = articles(*[["glaze"]] * 5, *[["glaze", "raku"]] * 3, *[["glaze", "raku", "ash"]] * 3, *[["oak"]] * 9)
    found = names(posts, [0] * 5 + [1] * 6 + [2] * 9)
    assert len({name.split(" · ")[0] for name in found}) == 3
    assert found[0].startswith("glaze")
    assert found[1].startswith("raku")


def test_a_name_takes_no_label_that_is_part_of_another():
    labels = Labels(sparse.csr_matrix((0, 5)), ["Web design", "web design system", "design", "Kilns", "looms"])
    telling = [[ScoredLabel(column, 0.5, 1.0) for column in range(5)]]
    naming = Naming()
    naming.offer(Ranking(labels, telling))
    assert naming.names == {0: "Web design · Kilns · looms"}


def test_a_label_that_scores_much_less_is_not_in_the_name():
    naming = Naming()
    labels = Labels(sparse.csr_matrix((0, 2)), ["oak", "ash"])
    naming.offer(Ranking(labels, [[ScoredLabel(0, 0.5, 1.0), ScoredLabel(1, 0.1, 0.3)]]))
    assert naming.names == {0: "oak"}


def test_first_labels_differ_in_more_than_case():
    naming = Naming()
    for name, telling in (("Kilns", [[ScoredLabel(0, 0.5, 1.0)], []]), ("kilns", [[], [ScoredLabel(0, 0.5, 1.0)]])):
        naming.offer(Ranking(Labels(sparse.csr_matrix((0, 1)), [name]), telling))
    assert naming.finish(["a", "Kilns"]) == ["Kilns", "Kilns (2)"]


def test_titles_that_are_taken_get_a_number():
    assert Naming().finish(["same", "same", "other", "same"]) == ["same", "same (2)", "other", "same (3)"]


def test_without_tags_a_theme_is_named_by_phrases_that_its_posts_share():
    posts = titled(
        *("Firing the raku kiln", "Raku kilns in winter", "A kiln for raku", "The raku kiln again"),
        *("Weaving on a rigid heddle loom", "My rigid heddle loom", "Rigid-heddle looms compared", "A warp"),
    )
    kilns, looms = named(posts, [0] * 4 + [1] * 4)
    assert (kilns.name, looms.name) == ("raku kiln", "rigid heddle loom")
    assert looms.tags == ()
    assert looms.words[0] == ScoredWord("rigid heddle loom", 0.75)


def test_japanese_themes_are_named_by_whole_words():
    posts = titled(
        *("機械学習を始める", "機械学習の評価", "機械学習と統計", "画像処理の基礎", "画像処理を学ぶ", "画像処理に挑戦"),
        language="ja",
    )
    assert names(posts, [0, 0, 0, 1, 1, 1]) == ["機械学習", "画像処理"]


def test_only_the_themes_without_tags_are_named_by_phrases():
    posts = [
        replace(post, tags=tags)
        for post, tags in zip(
            titled("Oak one", "Oak two", "Oak three", "Salt pigs", "Salt jars", "Salt box"),
            [("Kilns",)] * 3 + [()] * 3,
            strict=True,
        )
    ]
    kilns, salt = named(posts, [0, 0, 0, 1, 1, 1])
    assert (kilns.name, kilns.words) == ("Kilns", ())
    assert salt == ClusterName("Salt", (), (ScoredWord("Salt", 1.0),))


def test_posts_in_several_languages_share_no_empty_words():
    german = titled("Und wieder der Ofen", "Ofen und Feuer", "Der Ofen", language="de")
    posts = [*german, *titled("The oven", "An oven", "Of the oven")]
    posts = [replace(post, id=f"b{row}") for row, post in enumerate(posts)]
    assert names(posts, [0, 0, 0, 1, 1, 1]) == ["Ofen", "oven"]


def test_themes_whose_tags_are_alike_are_told_by_how_many_carry_them():
    posts = articles(*[["release", "patch"]] * 6, *[["release", "patch"]] * 6)
    assert sorted(names(posts, [0] * 6 + [1] * 6)) == ["patch · release", "release · patch"]


def test_a_theme_of_one_post_among_others():
    posts = titled("Oak", "Oaks", "An oak", "Ash")
    assert names(posts, [0, 0, 0, 1]) == ["Oak", "title 1"]


@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 8), st.sampled_from([0.0, 0.5, 1.0]))
def test_no_two_names_begin_alike(seed, posts, count, tagged):
    rng = np.random.default_rng(seed)
    given_ = articles(
        *[[f"t{tag}" for tag in rng.integers(0, 6, 3)] if rng.random() < tagged else [] for _ in range(posts)]
    )
    given_ = [replace(post, title=f"word{'abcdef'[rng.integers(6)]} tale") for post in given_]
    found = named(given_, rng.integers(0, count, posts).tolist())
    firsts = [of.name.split(" · ")[0].casefold() for of in found]
    assert len(set(firsts)) == len(firsts)


def test_phrases_of_titles_count_in_ledes_and_headings_too():
    first, second, third = titled("Salt glaze", "On firing", "Loose ends")
    posts = [
        first,
        replace(second, lede="More salt glaze here."),
        replace(third, headings=("Salt-glaze", "Loose ends")),
    ]
    labels = title_phrases(posts, ())
    assert labels.names == ["Salt glaze"]
    assert labels.carriers.toarray().tolist() == [[1], [1], [1]]


def test_thousands_of_tags():
    posts = articles(*[[f"t{row}", f"u{row // 2}", f"v{row % 4}"] for row in range(3_000)])
    assert names(posts, [row % 4 for row in range(3_000)]) == ["v0", "v1", "v2", "v3"]


def test_labels_that_share_a_japanese_word_are_alike():
    naming = Naming()
    labels = Labels(sparse.csr_matrix((0, 2)), ["生成言語Formura", "格子計算の生成言語"])
    naming.offer(Ranking(labels, [[ScoredLabel(0, 0.5, 1.0), ScoredLabel(1, 0.5, 1.0)]]))
    assert naming.names == {0: "生成言語Formura"}


def test_words_of_every_title_name_a_theme_before_one_of_its_titles_does():
    posts = titled(*["Announcing the next release"] * 2, "Announcing this and that", *["Kilns"] * 3)
    announced, kilns = names(posts, [0, 0, 0, 1, 1, 1])
    assert kilns == "Kilns"
    assert announced.split(" · ")[0] in {"release", "Announcing"}


def test_a_theme_keeps_its_name_while_the_tag_that_it_begins_with_is_among_the_best():
    posts = articles(*[["kilns", "clay", "glaze"]] * 5, *[["looms", "yarn"]] * 5)
    clusters = [0] * 5 + [1] * 5
    assert names(posts, clusters) == ["clay · glaze · kilns", "looms · yarn"]
    assert names(posts, clusters, "Kilns · Fire", "yarn") == ["Kilns · Fire", "yarn"]
    assert names(posts, clusters, "fire · kilns", None) == ["clay · glaze · kilns", "looms · yarn"]
    many = articles(*[["a", "b", "c", "d", "e", "f"]] * 5, *[["looms"]] * 5)
    assert names(many, clusters, "e", None)[0] == "e"
    assert names(many, clusters, "f", None)[0] == "a · b · c"


def test_names_that_are_kept_begin_differently_too():
    posts = articles(*[["kilns"]] * 5, *[["looms"]] * 5)
    assert names(posts, [0] * 5 + [1] * 5, "looms", "looms") == ["kilns", "looms"]
    assert names(posts, [0] * 5 + [1] * 5, "kilns · a", "Kilns · b") == ["kilns · a", "looms"]


def test_a_theme_keeps_a_name_of_phrases_and_one_that_is_the_title_of_its_posts():
    posts = titled("Oak one", "Oak two", "Oak three", "Salt pigs", "Salt jars", "Salt box")
    posts = [replace(post, tags=tags) for post, tags in zip(posts, [("Kilns",)] * 3 + [()] * 3, strict=True)]
    clusters = [0, 0, 0, 1, 1, 1]
    tagged = [replace(post, tags=(*post.tags, "pantry") if row > 2 else post.tags) for row, post in enumerate(posts)]
    assert names(tagged, clusters) == ["Kilns", "pantry"]
    assert names(tagged, clusters, "Oak · Wood", "Salt") == ["Oak · Wood", "Salt"]
    kept = named(tagged, clusters, earlier=[None, PreviousTheme(2, "Salt")])
    assert [bool(of.words) for of in kept] == [False, True]
    assert names(tagged, clusters, None, "Salt jars") == ["Kilns", "Salt jars"]
    assert names(tagged, clusters, None, "Salt jars (2)") == ["Kilns", "Salt jars (2)"]
    assert names(tagged, clusters, None, "Oak one") == ["Kilns", "pantry"]
