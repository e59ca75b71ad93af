import dataclasses
from collections import Counter
from typing import get_args

import numpy as np
import pytest

from tests.transforms.records_by_hand import articles, assert_same, corpus_of, made_up_blog, table_of
from transforms.corpus.tag_spelling import article_tags
from transforms.evaluation.names import ISSUES_AT_LEAST, ISSUES_FOUND, ISSUES_RIGHT
from transforms.evaluation.planted import (
    FOUND_BY,
    JUDGED_ISSUES,
    SPLIT_POSTS,
    Fault,
    FaultKind,
    assess_tag_issues,
    audit_study,
    judge_tag_issues,
    named_faults,
    plant_faults,
    with_tags,
)
from transforms.evaluation.search import search_corpus
from transforms.evaluation.study import study_of
from transforms.reading.fields import tag_key
from transforms.results import IssueEvidence, IssueKind, TagFigures, TagIssue

NAMES = {
    "t0": "Gardening",
    "t1": "Cooking",
    "t2": "Hiking",
    "t3": "Sailing",
    "t4": "Reading",
    "t5": "Weaving",
    "x": "Diary",
}


def long_names(posts):
    return [dataclasses.replace(post, tags=tuple(NAMES[tag] for tag in post.tags)) for post in posts]


@pytest.fixture(scope="module")
def blog():
    posts, vectors = made_up_blog(160)
    return long_names(posts), vectors


@pytest.fixture(scope="module")
def study(blog):
    corpus = corpus_of(*blog)
    return study_of(corpus, *search_corpus(corpus), table_of(*blog))


@pytest.fixture(scope="module")
def planted(blog):
    return plant_faults(blog[0], 0)


def carriers(posts, key):
    return {row for row, post in enumerate(posts) if key in article_tags(post)}


def of_kind(faults, kind):
    return [fault for fault in faults if fault.kind == kind]


def test_every_kind_of_fault_is_planted_and_sought(planted):
    assert {fault.kind for fault in planted[1]} == set(get_args(FaultKind)) == set(FOUND_BY)
    assert set(JUDGED_ISSUES) == set(get_args(IssueKind)) - {"once"}


@pytest.mark.parametrize("seed", range(8))
def test_faults_are_what_they_say(blog, seed):
    before, (after, faults) = blog[0], plant_faults(blog[0], seed)
    alone = Counter(row for fault in faults if fault.kind in ("moved", "dropped") for row in fault.articles)
    assert set(alone.values()) == {1}
    renamed = [fault.tag for kind in ("split", "misspelled") for fault in of_kind(faults, kind)]
    assert len(set(renamed)) == len(renamed)
    for fault in of_kind(faults, "split"):
        had, has, other = carriers(before, fault.tag), carriers(after, fault.tag), carriers(after, fault.other)
        assert len(had) >= SPLIT_POSTS
        assert (has | other, has & other, other) == (had, set(), set(fault.articles))
        assert len(other) == len(had) // 2
        assert not carriers(before, fault.other)
    for fault in of_kind(faults, "misspelled"):
        assert len(fault.other) in (len(fault.tag), len(fault.tag) - 1)
        assert not Counter(fault.other) - Counter(fault.tag)
        assert (carriers(after, fault.other), len(fault.articles)) == (set(fault.articles), 1)
        assert carriers(after, fault.tag) == carriers(before, fault.tag) - set(fault.articles)
    for fault in of_kind(faults, "scattered"):
        assert not carriers(before, fault.tag)
        assert carriers(after, fault.tag) == set(fault.articles)
    for fault in of_kind(faults, "moved"):
        (row,) = fault.articles
        assert row in carriers(before, fault.tag) - carriers(after, fault.tag)
        assert row in carriers(after, fault.other) - carriers(before, fault.other)
    for fault in of_kind(faults, "dropped"):
        (row,) = fault.articles
        assert row in carriers(before, fault.tag) - carriers(after, fault.tag)
    touched = {row for fault in faults for row in fault.articles}
    assert [post for row, post in enumerate(after) if row not in touched] == [
        post for row, post in enumerate(before) if row not in touched
    ]
    assert [dataclasses.replace(post, tags=()) for post in after] == [
        dataclasses.replace(post, tags=()) for post in before
    ]


def test_tags_that_move_are_spelled_as_before(planted, blog):
    known = {tag for post in blog[0] for tag in post.tags}
    for fault in of_kind(planted[1], "moved"):
        assert {tag for tag in planted[0][fault.articles[0]].tags if tag_key(tag) == fault.other} <= known


def test_the_same_seed_plants_the_same(blog, planted):
    assert plant_faults(blog[0], 0) == planted
    assert plant_faults(blog[0], 1) != planted


@pytest.mark.parametrize("tags", [[], [[]], [["a"]], [["cat"]] * 3, [["cat", "dog"]] * 9])
def test_what_cannot_be_planted_is_left_out(tags):
    posts = articles(*tags, dates=[None] * len(tags))
    after, faults = plant_faults(posts, 0)
    assert len(after) == len(posts)
    assert all(fault.kind != "moved" for fault in faults)


def test_a_corpus_with_other_tags_is_the_corpus_of_the_articles_that_have_them(blog, planted):
    posts, vectors = blog
    generator = np.random.default_rng(3)
    keys = sorted({key for post in posts for key in article_tags(post)})
    in_title, in_text = generator.integers(0, 3, (2, len(posts), len(keys)))
    after = planted[0]
    new = sorted({key for post in after for key in article_tags(post)})
    of_new = [
        np.array([row[keys.index(key)] if key in keys else 0 for row in of for key in new])
        for of in (in_title, in_text)
    ]
    shape = len(posts), len(new)
    expected = corpus_of(after, vectors, in_title=of_new[0].reshape(shape), in_text=of_new[1].reshape(shape))
    assert_same(with_tags(corpus_of(posts, vectors, in_title=in_title, in_text=in_text), after), expected)


def test_with_the_same_tags_it_is_the_same_corpus(study):
    assert_same(with_tags(study.corpus, study.corpus.articles), study.corpus)


SPLIT = Fault("split", "cat", "planted 1", (1, 2))
MISSPELLED = Fault("misspelled", "design", "desgin", (3,))
SCATTERED = Fault("scattered", "planted 2", "planted 2", (1, 5, 9))
MOVED = Fault("moved", "dog", "fish", (4,))
DROPPED = Fault("dropped", "bird", "", (6,))
FAULTS = [SPLIT, MISSPELLED, SCATTERED, MOVED, DROPPED]


@pytest.mark.parametrize(
    ("kind", "tags", "article", "lacking", "named"),
    [
        ("synonym", ("Cat", "planted 1"), 0, (), [SPLIT]),
        ("synonym", ("cat", "dog"), 0, (), []),
        ("variant", ("x", "desgin", "Design"), 0, (), [MISSPELLED]),
        ("misfit", ("planted 2",), 1, (), [SCATTERED]),
        ("misfit", ("cat",), 1, (), []),
        ("once", ("desgin",), 3, (), []),
        ("contradiction", ("fish",), 4, ("bird",), [MOVED]),
        ("contradiction", ("bird",), 4, ("dog",), [MOVED]),
        ("contradiction", ("fish",), 5, ("dog",), []),
        ("contradiction", ("fish",), 6, ("bird",), [DROPPED]),
        ("missing", ("Dog",), 4, (), [MOVED]),
        ("missing", ("fish",), 4, (), []),
        ("missing", ("bird", "dog"), 6, (), [DROPPED]),
        ("missing", ("cat",), 2, (), [SPLIT]),
    ],
)
def test_an_issue_is_right_about_the_faults_that_it_names(kind, tags, article, lacking, named):
    evidence = IssueEvidence((), lacking=tuple(TagFigures(tag, 3) for tag in lacking))
    issue = TagIssue(kind, 1, tags, 1, None, True, (f"a{article}",), evidence)
    assert named_faults(issue, FAULTS, {f"a{row}": row for row in range(10)}) == named


def test_what_is_found_before_planting_too_is_the_blog_s_own(study):
    issues, faults = judge_tag_issues(study, rounds=2)
    assert (issues, faults) == judge_tag_issues(study, rounds=2)
    planted = [fault for seed in (0, 1) for fault in plant_faults(study.corpus.articles, seed)[1]]
    assert [judged.kind for judged in faults] == [fault.kind for fault in planted]
    assert not any(judged.shown and not judged.found for judged in faults)
    assert {issue.kind for issue in issues if issue.right} >= {"synonym"}
    own = Counter(issue.kind for issue in audit_study(study))
    assert all(count <= 2 * own[kind] for kind, count in Counter(issue.kind for issue in issues if issue.own).items())


def test_the_measures_are_shares_of_issues_and_of_faults(study):
    issues, faults = judge_tag_issues(study)
    metrics = {(metric.measure, metric.method): metric for metric in assess_tag_issues(study)}
    for kind in JUDGED_ISSUES:
        for method, of_kind in (
            (kind, [issue for issue in issues if issue.kind == kind and issue.shown]),
            (f"{kind}, all", [issue for issue in issues if issue.kind == kind]),
        ):
            right, new = sum(issue.right for issue in of_kind), sum(issue.right or not issue.own for issue in of_kind)
            assert (ISSUES_AT_LEAST, method) not in metrics or of_kind
            if new:
                metric = metrics[ISSUES_RIGHT, method]
                assert metric.value == pytest.approx(right / new, abs=1e-4)
                assert (metric.judged, metric.in_use) == (new, method == kind)
                assert metrics[ISSUES_AT_LEAST, method].value == pytest.approx(right / len(of_kind), abs=1e-4)
    for kind in FOUND_BY:
        of_fault = [fault for fault in faults if fault.kind == kind]
        found = sum(fault.found for fault in of_fault)
        assert metrics[ISSUES_FOUND, f"{kind}, all"].value == pytest.approx(found / len(of_fault), abs=1e-4)
        assert metrics[ISSUES_FOUND, kind].value <= metrics[ISSUES_FOUND, f"{kind}, all"].value


def test_of_a_larger_corpus_a_sample_is_judged(study):
    part, whole = judge_tag_issues(study, rounds=1, limit=60), judge_tag_issues(study, rounds=1)
    assert 0 < len(part[1]) < len(whole[1])
