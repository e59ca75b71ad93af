import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.corpus.runs import KEPT, common_runs, count_runs, hash_runs, repeated_runs, sketches
from transforms.corpus.tokens import tokenize
from transforms.search.overlap import (
    COMPARED,
    SHARED,
    STUB,
    RunIndex,
    are_of_one_post,
    are_series,
    near_duplicates,
    shared_runs,
)

NONE = np.zeros(0, np.int32)
SETS = st.lists(st.frozensets(st.integers(0, 60), min_size=20), min_size=2, max_size=6)


def sketched(*sets):
    return sketches([np.array(sorted(of_post), np.int32) for of_post in sets], NONE, NONE)


def near_pairs(posts):
    """The pairs of a blog of posts {title: body} that are near-duplicates, with the share; all pairs are compared."""
    titles = list(posts)
    runs = [hash_runs(tokenize(body)) for body in posts.values()]
    counted = count_runs(runs)
    made = sketches(runs, common_runs(counted, len(runs)), repeated_runs(counted))
    left, right = np.triu_indices(len(posts), 1)
    named = ([titles[row] for row in side.tolist()] for side in (left, right))
    near, shares = near_duplicates(made[left], made[right], *named)
    return {(titles[left[pair]], titles[right[pair]]): shares[pair] for pair in np.flatnonzero(near)}


def prose(seed, words=150):
    """A text of its own, of words as frequent as those of a language are (Zipf)."""
    rng = np.random.default_rng(seed)
    return " ".join(f"w{number}" for number in rng.zipf(1.3, words) % 500)


def edited(text, every):
    """A text of which every so-and-so-manieth word is another."""
    return " ".join(f"new{at}" if at % every == every - 1 else word for at, word in enumerate(text.split()))


@given(SETS)
def test_the_share_agrees_with_sets(sets):
    left, right = np.triu_indices(len(sets), 1)
    made = sketched(*sets)
    of_shorter, of_longer = shared_runs(made[left], made[right])
    for pair, (one, other) in enumerate(zip(left, right, strict=True)):
        shared, sizes = len(sets[one] & sets[other]), sorted((len(sets[one]), len(sets[other])))
        assert of_shorter[pair] == shared / sizes[0]
        assert of_longer[pair] == shared / sizes[1]


@given(st.frozensets(st.integers(0, 10**6), min_size=20), st.frozensets(st.integers(10**6 + 1, 10**7), min_size=20))
def test_the_same_text_shares_all_and_another_nothing(one, other):
    made = sketched(one, one, other)
    assert [share.tolist() for share in shared_runs(made[[0, 0]], made[[1, 2]])] == [[1, 0], [1, 0]]


@given(st.integers(600, 3000), st.integers(300, 600), st.floats(0, 1), st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_the_share_of_long_texts_is_within_the_error_of_a_sample(longer, shorter, share, seed):
    rng = np.random.default_rng(seed)
    drawn = rng.choice(2**31 - 1, longer + shorter, replace=False)
    shared = round(share * shorter)
    made = sketched(drawn[:longer].tolist(), drawn[longer - shared : longer - shared + shorter].tolist())
    of_shorter, _ = shared_runs(made[[0]], made[[1]])
    sample = shorter * min(1, KEPT / longer)
    true = shared / shorter
    error = 5 * np.sqrt(max(true * (1 - true), 1 / sample) / sample)  # five standard errors, and some for few
    assert abs(of_shorter[0] - true) <= error + 1e-9


def test_too_small_a_sample_says_nothing():
    long, short = range(0, 10**6, 20), range(0, 10**6, 50_000)
    made = sketched(long, short)
    assert len({*range(0, KEPT * 20, 20)} & {*short}) < COMPARED
    assert shared_runs(made[[0]], made[[1]])[0].tolist() == [0]


@given(SETS, st.integers(1, 5))
def test_an_index_finds_all_that_share_enough(sets, queries):
    made = sketched(*sets)
    rows, posts = RunIndex(made).sharing(made[:queries])
    expected = {
        (row, post)
        for row, one in enumerate(sets[:queries])
        for post, other in enumerate(sets)
        if len(one & other) >= COMPARED
    }
    assert set(zip(rows.tolist(), posts.tolist(), strict=True)) == expected
    assert len(rows) == len(expected)


def test_an_index_of_nothing_finds_nobody():
    empty = sketched(set(), set())
    assert [found.tolist() for found in RunIndex(empty).sharing(empty)] == [[], []]
    assert [found.tolist() for found in RunIndex(empty[:0]).sharing(sketched(range(50)))] == [[], []]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Go, part 1", "Go, part 2"),
        ("Crystal 1.12.0 is released!", "Crystal 1.13.1 is released!"),
        ("Lamp v9.0.0-alpha.1 released", "Lamp v9.0.0 released"),
        ("ABC384をElixirで解く", "ABC386をElixirで解く"),
        ("第１回 勉強会", "第12回 勉強会"),
        ("State of Rust, Part II", "State of Rust, Part IV"),
        ("Planning for January 2024", "Planning for February 2024"),
        ("Lamp 7.0.0 (RC1) Released", "Lamp 7.0.0 Released"),
    ],
)
def test_titles_that_differ_in_numbers_alone_are_of_a_series(one, other):
    assert are_series(one, other)
    assert not are_of_one_post(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Great Hiatus", "The Great Hiatus"),
        ("Go, part 1", "Rust, part 1"),
        ("2022年に向けての抱負", "「2022年に向けての抱負」のふりかえり"),
        ("A lens", "A lens (revised)"),
        ("A lens 2", "A lens – 2!"),
    ],
)
def test_other_titles_are_of_no_series(one, other):
    assert not are_series(one, other)


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        ("A lens", "A lens", True),
        ("A lens", "A lens (revised)", True),
        ("Copy 3 of “A lens”", "A LENS", True),
        ("A lens (copy)", "A lens (draft)", False),
        ("Meet us in Oslo", "Meet us in Rome", False),
        ("Contest 402(A), solved", "Contest 402(B), solved", False),
        ("Bread", "Tea", False),
        ("A lens 2", "A lens", False),
    ],
)
def test_titles_of_one_post_hold_the_words_of_each_other(one, other, may_be):
    assert are_of_one_post(one, other) is are_of_one_post(other, one) is may_be


def test_an_index_passes_over_what_many_posts_have_and_over_sketches_of_all_runs():
    common, of_a_pair = range(COMPARED), range(100, 100 + COMPARED)
    posts = [{*common, *range(1000 * row, 1000 * row + 20)} for row in range(1, SHARED + 1)]
    all_share = RunIndex(sketched(*posts)).sharing(sketched(posts[0]))
    assert len(all_share[0]) == SHARED
    more = [*posts, {*common, *of_a_pair, *range(20, 30)}, {*of_a_pair, *range(30, 40)}]
    rows, found = RunIndex(sketched(*more)).sharing(sketched(more[-2]))
    assert (rows.tolist(), found.tolist()) == ([0, 0], [SHARED, SHARED + 1])
    mostly_common = sketches([np.arange(30, dtype=np.int32)] * 2, *[np.arange(30, dtype=np.int32)] * 2)
    assert RunIndex(mostly_common).sharing(sketched(range(30)))[0].tolist() == []


def test_an_edited_copy_is_found():
    text = prose(1)
    assert near_pairs({"A lamp": text, "Bread": prose(2), "A lamp, revised": edited(text, 40)}).keys() == {
        ("A lamp", "A lamp, revised")
    }


def test_a_copy_with_a_new_beginning_is_found_and_repeats_all():
    text = prose(1)
    pairs = near_pairs({"A lamp": text, "A lamp again": f"{prose(3, 60)} {text}", "Bread": prose(2)})
    assert pairs == {("A lamp", "A lamp again"): 1}


def test_a_short_post_within_a_long_one_is_found():
    long = prose(1, 900).split()
    assert near_pairs({"Long": " ".join(long), "Short": " ".join(long[300:360])}) == {("Long", "Short"): 1}


def test_a_stub_within_a_long_post_is_none_but_a_copy_as_short_is_one():
    long = prose(1, 900).split()
    stub = " ".join(long[300 : 300 + STUB])
    assert near_pairs({"Long": " ".join(long), "Stub": stub}) == {}
    assert near_pairs({"Stub": stub, "Edited stub": edited(stub, 48)}).keys() == {("Stub", "Edited stub")}


def test_an_edited_copy_in_japanese_is_found():
    text = (
        "自転車の前照灯は長い間、丸い光を投げるだけでした。新しいレンズは上半分の光を道路に曲げて戻します。"
        "試作品は七番目が最も鋭い境界を示し、紫色の縁がありました。十一番目の試作品では縁が消えました。"
        "取り付け角度は水平より三度下が正しく、アプリケーションは内蔵センサーで角度を確認できます。"
        "川沿いの道で試験した利用者は、対向する人から怒りのベルを鳴らされる回数が減ったと報告しています。"
    )
    revised = text.replace("十一番目", "十二番目").replace("三度下", "二度下")
    assert near_pairs({"前照灯のレンズ": text, "改良した前照灯のレンズ": revised}).keys() == {
        ("前照灯のレンズ", "改良した前照灯のレンズ")
    }


def test_parts_of_a_series_are_none():
    intro = prose(9, 60)
    parts = {f"Lamps, part {part}": f"{intro} {prose(part)}" for part in (1, 2)}
    assert near_pairs(parts) == {}


def test_a_part_of_a_series_may_repeat_the_one_before():
    first = prose(1)
    parts = {"Lamp 2.0.0-rc.1 released": first, "Lamp 2.0.0 released": f"{first} {prose(2, 60)}"}
    assert near_pairs(parts) == {}
    assert near_pairs({"Lamp 1": first, "Lamp 2": edited(first, 120)}).keys() == {("Lamp 1", "Lamp 2")}


def test_release_announcements_are_none():
    thanks = "we are happy to announce that a new version is out today thanks to all who took part in making it"
    how = "to upgrade run the installer again or follow the guide on our site and tell us on the forum what breaks"
    posts = {f"Lamp 1.{number} is out": f"{thanks} {prose(number, 90)} {how}" for number in (4, 5)}
    assert near_pairs(posts) == {}


def test_contest_posts_of_one_template_are_none():
    template = prose(99, 200)
    posts = {f"{name} contest, solved": f"{template} {prose(at, 60)}" for at, name in enumerate(("A", "B", "C", "D"))}
    assert near_pairs(posts) == {}


def test_a_footer_that_all_posts_have_makes_no_near_duplicates_and_hides_none():
    footer = prose(99, 100)
    posts = {
        f"Post about {name}": f"{prose(at, 130)} {footer}" for at, name in enumerate(("go", "lamps", "tea", "sea"))
    }
    posts["Tea once more"] = f"{edited(prose(2, 130), 60)} {footer}"
    assert near_pairs(posts).keys() == {("Post about tea", "Tea once more")}


@pytest.mark.parametrize("copies", [4, 6, 20])
@pytest.mark.parametrize("title", ["A lamp", "A lamp (copy {})"])
def test_many_near_copies_are_found(copies, title):
    paragraphs = [prose(part, 60) for part in range(7)]
    posts = {"A lamp": " ".join(paragraphs)}
    for copy in range(1, copies):
        changed = [*paragraphs[: copy % 7], prose(100 + copy, 60), *paragraphs[copy % 7 + 1 :]]
        posts[f"{title.format(copy)}{' ' * copy}"] = " ".join(changed)
    posts |= {f"Post {number}": prose(200 + number, 600) for number in range(4)}
    found = near_pairs(posts)
    first = {pair for pair in found if pair[0] == "A lamp"}
    assert len(first) == copies - 1
    assert not any(title.startswith("Post") for pair in found for title in pair)


def test_posts_that_follow_a_template_for_most_of_their_text_are_none():
    template = prose(99, 300)
    towns = ("Oslo", "Rome", "Paris", "Graz", "Lyon")
    posts = {f"Meet us in {town}": f"{template} {prose(at, 30)}" for at, town in enumerate(towns)}
    assert near_pairs(posts) == {}


def test_short_posts_with_the_same_footer_are_none():
    footer = prose(99, 300)
    posts = {name: f"{prose(at, 12)} {footer}" for at, name in enumerate(("Go", "Lamps", "Tea", "Sea"))}
    assert near_pairs(posts) == {}


def test_meetings_of_the_same_title_are_none():
    template = prose(99, 120)
    posts = {f"Upcoming meetings{' ' * at}": f"{template} {prose(at, 25)}" for at in range(5)}
    assert near_pairs(posts) == {}
