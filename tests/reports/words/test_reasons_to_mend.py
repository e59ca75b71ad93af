"""Why tags are to be mended, in plain words."""

import dataclasses
from typing import get_args

import pytest

from reports.words.language import LANGUAGES, load_language
from reports.words.reasons_to_mend import LIKENESSES, say_why
from tests.reports.words.test_explanations import EVIDENCE, NAMES, issue
from transforms.results import IssueEvidence, NameLikeness, PostSimilarity, TagFigures

NEAR = [("dog",), ("dog", "cat"), ("dog", "fish"), ("bird",)]
"""Three of four posts have dog, one has fish."""


@pytest.mark.parametrize(
    ("kind", "neighbors", "reason"),
    [
        (
            "synonym",
            (),
            "One name is part of the other, and their posts are about the same. "
            "Posts with “golang”: 1,203, with “go”: 2, with both: none.",
        ),
        ("variant", (), "One tag in several spellings: python (1,200), Python (1)."),
        ("once", (), "No other post has it. “cat”, which 1,250 posts have, would suit its post too."),
        ("misfit", (), "The posts with this tag have little in common that other posts lack."),
        ("contradiction", (), "It reads like posts tagged “dog”, and not like those tagged “fish”."),
        ("contradiction", NEAR, "3 of the 4 posts most like it are tagged “dog”, 1 “fish”."),
        ("contradiction", NEAR[:2], "2 of the 2 posts most like it are tagged “dog”, none “fish”."),
        ("contradiction", NEAR[1:], "2 of the 3 posts most like it are tagged “dog”, 1 “fish”."),
        ("contradiction", NEAR[2:], "It reads like posts tagged “dog”, and not like those tagged “fish”."),
        ("missing", NEAR, "3 of the 4 posts most like it are tagged “dog”."),
        ("missing", NEAR[3:], "It reads like posts tagged “dog”."),
    ],
)
def test_each_kind(kind, neighbors, reason):
    assert say_why(issue(kind), neighbors) == reason


def test_posts_with_both_tags_are_counted():
    evidence = dataclasses.replace(EVIDENCE["synonym"], similarity=PostSimilarity(0.7, 0.7, 0.1, both=1))
    assert say_why(issue("synonym", evidence)).endswith(" Posts with “golang”: 1,203, with “go”: 2, with both: 1.")


def test_japanese_sentences_follow_each_other_without_a_space():
    said = say_why(issue("synonym"), (), load_language("ja"))
    assert said == (
        "一方の名前がもう一方に含まれ、記事の内容もほぼ同じです。「golang」が付いた記事は1,203件、「go」は2件、両方が付いた記事はありません。"
    )
    assert say_why(issue("variant"), (), load_language("ja")) == (
        "同じタグの表記が揺れています: python（1,200）, Python（1）"
    )


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", EVIDENCE)
@pytest.mark.parametrize("neighbors", [(), NEAR])
def test_no_reason_has_a_figure_that_has_to_be_explained(kind, neighbors, code):
    said = say_why(issue(kind), neighbors, load_language(code))
    assert not any(word in said for word in ("%", "0.", "cosine", "probab", "densit", "コサイン", "確率", "密度"))


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_likeness_has_words_of_its_own(code):
    assert set(LIKENESSES) == set(get_args(NameLikeness))
    say = load_language(code)
    said = [say_why(issue("variant", IssueEvidence((), likeness)), (), say) for likeness in LIKENESSES]
    assert len(set(said)) == len(LIKENESSES)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["variant", "once", "contradiction", "missing"])
def test_a_name_stands_in_it_as_it_is(kind, name, code):
    evidence, say = EVIDENCE[kind], load_language(code)
    tags = tuple(TagFigures(name, tag.posts, tag.probability) for tag in evidence.tags)
    lacking = tuple(TagFigures(name, tag.posts, tag.probability) for tag in evidence.lacking)
    marked = say_why(issue(kind), (), say)
    for tag in (*evidence.tags, *evidence.lacking):
        marked = marked.replace(tag.tag, name)
    assert say_why(issue(kind, dataclasses.replace(evidence, tags=tags, lacking=lacking)), (), say) == marked


@pytest.mark.parametrize("kind", EVIDENCE)
def test_evidence_of_another_kind_is_said_as_far_as_it_goes(kind):
    for evidence in (*EVIDENCE.values(), IssueEvidence(()), IssueEvidence((), "part")):
        assert isinstance(say_why(issue(kind, evidence), NEAR), str)
