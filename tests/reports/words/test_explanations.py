"""IssueEvidence in words: what each kind of issue says, whatever its tags are called, in every language."""

import dataclasses

import pytest

from reports.words.explanations import explain_issue
from reports.words.language import ENGLISH, LANGUAGES, load_language
from transforms.results import IssueEvidence, PostSimilarity, TagFigures, TagIssue, TextFit

NAMES = ("foo; bar", "a | b", "<script>", "*x*", "{tag} {0} {", "100% of", "", "two\nlines", "a (3), b")
EVIDENCE = {
    "synonym": IssueEvidence(
        (TagFigures("golang", 1_203), TagFigures("go", 2)), "part", PostSimilarity(0.7061, 0.7251, 0.1, both=0)
    ),
    "variant": IssueEvidence((TagFigures("python", 1_200), TagFigures("Python", 1)), "spelling"),
    "once": IssueEvidence((TagFigures("kitten", 1),), lacking=(TagFigures("cat", 1_250, 0.8),)),
    "misfit": IssueEvidence((TagFigures("misc", 1_100),), fit=TextFit(1_100, mean=0.05, best=0.1, rate=0.3)),
    "contradiction": IssueEvidence(
        (TagFigures("fish", 4, 0.001), TagFigures("cat", 5, 0.01)),
        lacking=(TagFigures("dog", 9, 0.95), TagFigures("pet", 3, 0.7)),
    ),
    "missing": IssueEvidence((TagFigures("dog", 9, 0.97), TagFigures("pet", 3, 0.95))),
}


def issue(kind, evidence=None, posts=1_100):
    evidence = evidence or EVIDENCE[kind]
    return TagIssue(kind, 1, tuple(tag.tag for tag in evidence.tags), posts, 0.9738, True, (), evidence)


@pytest.mark.parametrize(
    ("kind", "clauses"),
    [
        (
            "synonym",
            (
                "their posts are 97% as alike as those of one tag "
                "(mean cosine 0.71 between them, 0.73 expected within one tag, 0.10 between any two posts)",
            ),
        ),
        ("variant", ()),
        ("once", ("probable: cat 80%",)),
        (
            "misfit",
            (
                "by their texts its 1,100 posts would carry it with a probability of 5.0% on average, "
                "a post picked at random with 30.0%",
                "the post that it fits best with 10.0%",
            ),
        ),
        (
            "contradiction",
            (
                "unlikely: fish <1%, cat 1%",
                "likely, but missing: dog 95%, pet 70%",
            ),
        ),
        ("missing", ("probable: dog 97%, pet 95%",)),
    ],
)
def test_each_kind(kind, clauses):
    assert explain_issue(issue(kind)) == clauses


@pytest.mark.parametrize(
    ("kind", "clauses"),
    [
        (
            "synonym",
            (
                "両タグの記事の近さは、1つのタグの記事どうしの97%です（平均コサイン0.71、同じタグなら0.73程度、任意の2記事なら0.10程度）",
            ),
        ),
        ("variant", ()),
        ("once", ("合う確率: cat 80%",)),
        (
            "misfit",
            (
                "本文から見て、付いている1,100件にこのタグが付く確率は平均5.0%、無作為に選んだ記事では30.0%",
                "最も合う記事で10.0%",
            ),
        ),
        (
            "contradiction",
            (
                "本文に合わない: fish <1%, cat 1%",
                "合うのに付いていない: dog 95%, pet 70%",
            ),
        ),
        ("missing", ("合う確率: dog 97%, pet 95%",)),
    ],
)
def test_each_kind_in_japanese(kind, clauses):
    assert explain_issue(issue(kind), load_language("ja")) == clauses


@pytest.mark.parametrize("across", [0.7, 0.9])
def test_posts_more_alike_than_those_of_one_tag_are_no_share_of_them(across):
    evidence = dataclasses.replace(EVIDENCE["synonym"], similarity=PostSimilarity(across, 0.7, 0.1, both=1))
    assert explain_issue(issue("synonym", evidence))[0] == (
        f"their posts are as alike as those of one tag (mean cosine {across:.2f} between them, "
        "0.70 expected within one tag, 0.10 between any two posts)"
    )


def test_a_sample_of_a_misfit_s_posts_says_so():
    assert explain_issue(issue("misfit", posts=5_000))[0] == (
        "by their texts 1,100 of its 5,000 posts would carry it with a probability of 5.0% on average, "
        "a post picked at random with 30.0%"
    )


def test_a_tag_used_once_may_have_no_other():
    assert explain_issue(issue("once", IssueEvidence((TagFigures("kitten", 1),)))) == ()


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["variant", "once", "contradiction", "missing"])
def test_a_name_stands_in_it_as_it_is(kind, name, code):
    """Whatever a tag is called: its name changes what is said of it by nothing but itself."""

    def named(tags):
        return tuple(dataclasses.replace(tag, tag=name) for tag in tags)

    evidence = EVIDENCE[kind]
    hostile = dataclasses.replace(evidence, tags=named(evidence.tags), lacking=named(evidence.lacking))
    say = load_language(code)
    marked = list(explain_issue(issue(kind), say))
    for tag in (*evidence.tags, *evidence.lacking):
        marked = [clause.replace(tag.tag, name) for clause in marked]
    assert list(explain_issue(issue(kind, hostile), say)) == marked


@pytest.mark.parametrize("kind", EVIDENCE)
def test_evidence_of_another_kind_is_said_as_far_as_it_goes(kind):
    for evidence in (
        *EVIDENCE.values(),
        IssueEvidence(()),
        IssueEvidence((), "part", PostSimilarity(0.5, 0.5, 0.1, both=0)),
    ):
        assert all(isinstance(clause, str) for clause in explain_issue(issue(kind, evidence), ENGLISH))
