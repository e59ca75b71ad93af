"""Every finding says what is so and what to do, in the languages of the report."""

import re
from dataclasses import replace

import pytest

from reports.words.findings import SAID, say_finding
from reports.words.language import LANGUAGES, load_language
from tests.reports.checks.results import DETAILS, finding
from transforms.checks.findings import RULES, BrokenLink, Fix, Meant, Moved, NewTag, Taken, UnreadDate, Unused

FIX = Fix("tag", "k8s", ("kubernetes",))
OTHERWISE = [
    ("date-invalid", UnreadDate("2024/05/01", "Hugo")),
    ("slug-taken", Taken("posts/old.md", "id")),
    ("slug-changed", Moved("posts/was.md")),
    ("slug-changed", Moved("posts/was.md", tuple(f"posts/{number}.md" for number in range(5)))),
    ("link-broken", BrokenLink("posts/new.md", renamed=True)),
    ("link-broken", BrokenLink()),
    ("link-broken", BrokenLink("posts/old.md", deleted=True)),
    ("tag-new", NewTag()),
    ("tag-synonym", Meant("kubernetes", 0)),
    ("ignore-unused", Unused("unknown")),
    ("ignore-unused", Unused("names-none")),
]


def test_every_rule_is_said():
    assert set(SAID) == set(RULES) == set(DETAILS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("rule", "details"), [*DETAILS.items(), *OTHERWISE])
def test_a_finding_is_two_whole_sentences(rule, details, language):
    said = say_finding(replace(finding(rule), details=details), load_language(language))
    assert not re.search(r"[{}]", str(said))
    assert said.said.strip()
    assert said.advice.strip()
    if language == "en":
        assert re.fullmatch(r"[A-Z“1-9].*[.?]", said.said)
        assert re.fullmatch(r"[A-Z].*[.?]", said.advice)
        assert len(str(said)) < 200


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("tag-misspelt", "No other post has the tag “pyhton”; it is a letter or two from “python” of 1 post."),
        ("tag-suggest", "Posts like this one have tags that are not here: python (91%), beam (60%)."),
        ("title-missing", "There is no title, which 99 of 100 posts have."),
        (
            "slug-changed",
            "The post was moved from posts/was.md; 2 posts link to its old address: posts/one.md, posts/two.md.",
        ),
        ("duplicate-near", "93% of the text stands in “An old post” too (posts/old.md)."),
        (
            "passage-copied",
            "This passage (lines 12 to 14) stands in “An old post” too (posts/old.md, line 30).",
        ),
    ],
)
def test_what_a_finding_says(rule, said):
    assert say_finding(finding(rule)).said == said


def test_of_many_posts_that_link_three_are_named():
    moved = Moved("posts/was.md", tuple(f"posts/{number}.md" for number in range(5)))
    said = say_finding(replace(finding("slug-changed"), details=moved)).said
    assert said.endswith("5 posts link to its old address: posts/0.md, posts/1.md, posts/2.md and 2 more.")


def test_text_of_others_is_shown_as_it_is_asked_for():
    said = say_finding(finding("tag-misspelt", subject="a\nb"), show=lambda text: f"<{text!r}>")
    assert "“<'a\\nb'>”" in said.said
    assert "“<'python'>”" in said.advice
    assert "\\n" in str(say_finding(finding("tag-misspelt", subject="a\nb")))


def test_what_the_audit_takes_for_a_synonym_has_a_flag_to_copy():
    asked = replace(finding("tag-synonym"), subject="it's", details=Meant("its", 9), fix=None)
    assert """postkin fix --merge 'it'"'"'s=its' --write""" in str(say_finding(asked))
    assert "postkin" not in str(say_finding(replace(asked, subject="a=b")))
    assert "postkin" not in str(say_finding(replace(asked, fix=Fix("tag", "it's", ("its",)))))


def test_a_synonym_that_the_blog_has_set_is_no_opinion():
    said = say_finding(finding("tag-synonym", subject="k8s", details=Meant("kubernetes", 0), fix=FIX))
    assert str(said) == "The settings of this blog have “kubernetes” for the tag “k8s”. Write “kubernetes”."


@pytest.mark.parametrize(
    ("nearest", "advice"),
    [
        ((), "Take one that the blog has, or list this one in postkin.toml as known."),
        (
            (Meant("python", 9),),
            "Take one that the blog has, such as python (9 posts), or list this one in postkin.toml as known.",
        ),
    ],
)
def test_a_new_tag_that_fails_the_check_is_not_said_to_be_fine(nearest, advice):
    assert say_finding(finding("tag-new", severity="error", details=NewTag(nearest))).advice == advice
    assert say_finding(finding("tag-new", details=NewTag(nearest))).advice.startswith("Leave it if it is meant")
