import dataclasses
import re
from typing import get_args

import pytest

from reports.data import build_report
from reports.pages.summary import render_summary
from reports.words.language import LANGUAGES, load_language
from reports.words.markdown import escape_markdown
from transforms.results import (
    AlsoRead,
    Before,
    Change,
    IssueEvidence,
    LinkToSet,
    Neighbor,
    Overlooked,
    OverRead,
    PostSimilarity,
    ProposedTag,
    ReaderTheme,
    ReaderThemes,
    ReadingGaps,
    ReadingSummary,
    ReadTogether,
    RunWarning,
    TagFigures,
    TagIssue,
    Translated,
    UnexplainedPair,
    UnreadPair,
    UnresolvedLink,
    WarningCode,
)

MAX_BYTES = 64_000
HOSTILE = "[a](https://evil.example) ![b](//c) @someone #12 | `code` **bold** <img src=x>\n\n# heading www.evil.example"


def test_the_summary_of_a_small_blog(tables):
    summary = render_summary(build_report(tables))
    assert summary.startswith("## Postkin: A blog\n\n5 posts from 2019-03-04 to 2021-05-06, 3 tags and 2 themes.\n")
    assert "| beam, python | 4 posts | Pipelines |\n| 検索 | 1 post | 全文検索 |\n" in summary
    assert "### Posts without tags (1)\n\n| Post | Tags to give it |\n" in summary
    assert "| Untagged | python, beam |\n" in summary
    folded = summary[summary.index("<summary>Numbers and quality</summary>") :]
    assert "Shown are tags of a probability of 10% or more; " in folded
    assert "Tried on 4 posts held back, 2 of 3 such tags proved right.\n" in folded
    assert "| 97% near | Beams<br>Pipelines |\n" in summary
    assert "| z.md:3 | not YAML |\n" in summary
    assert "### Merge these tags (1)\n" in summary
    assert "those of the other. Posts with “beam”: 2, with “python”: 2, with both: 1. | python | beam |\n" in summary
    assert "### Look again at the tags of these posts (1)\n" in summary
    why = "It reads like posts tagged “検索”, and not like those tagged “beam”."
    assert f"| Pipelines | {why} | beam | 検索 |  |\n" in summary
    assert "\n2 posts since 2020-05-06, 2 older. Coverage is 99%, density 0.50.\n" in summary
    assert "| all but own tags | in use | 0.457 | 0.400–0.500 | 4 |\n" in summary
    assert summary.endswith("\nDigest: sha256:0123\n")


def test_the_summary_has_commands_that_mend_tags(tables):
    assert "postkin fix" not in render_summary(build_report(tables))
    (issue, *_) = tables.tag_issues
    hostile = dataclasses.replace(issue, tags=("a`b | c", 'k8s"$(x)'))
    found = dataclasses.replace(tables, tag_issues=[issue, hostile], fixed_with=("my posts", "--field", "tags=topics"))
    summary = render_summary(build_report(found))
    assert (
        "Where you agree, run:\n\n```sh\npostkin fix 'my posts' --field tags=topics --merge python=beam --write\n"
        in summary
    )
    assert "--merge 'k8s\"$(x)=a`b | c' --write\n```\n" in summary


def test_what_is_said_of_the_last_run_is_not_cut(tables):
    names = tuple(f"a theme of {letter * 60}" for letter in "abcd")
    changes = [Change("theme-new", str(number), after=(name,)) for number, name in enumerate(names)]
    changes += [Change("related-changed", str(n), ("a",), ("b",), "refit") for n in range(12_000)]
    before = Before(495, "2023-12-10", 8, 3, ())
    summary = render_summary(build_report(dataclasses.replace(tables, before=before, changes=changes)))
    assert f"new: {names[3]} |\n" in summary
    assert "12,000; of these 12,000 without any new or changed post behind it.\n" in summary


def test_a_warning_is_not_cut(tables):
    warning = RunWarning("other_files", 9, 9, tuple(f".kind-of-file-{letter}" for letter in "abcdefgh"))
    summary = render_summary(build_report(dataclasses.replace(tables, warnings=[warning])))
    assert ", .kind-of-file-h. Posts are .md, .markdown, .mdx and .qmd.\n" in summary


def test_the_summary_of_nothing(bare):
    summary = render_summary(build_report(bare))
    assert "No posts were found." in summary
    assert "###" not in summary


def test_no_line_runs_into_the_next(tables):
    for line in render_summary(build_report(tables)).splitlines():
        assert line.count("|") in (0, 3, 4, 5, 6, 7)


def test_two_renders_give_the_same_bytes(tables):
    assert render_summary(build_report(tables)) == render_summary(build_report(tables))


@pytest.mark.parametrize("text", ["x" * 500, "&" * 500, "😀" * 500, "漢字" * 250, HOSTILE * 5])
def test_the_summary_fits_a_job_page(large, text):
    assert len(render_summary(build_report(large(500, text))).encode()) < MAX_BYTES


def test_the_summary_of_a_huge_corpus_fits_too(large):
    summary = render_summary(build_report(large(20_000, "&" * 500)))
    assert len(summary.encode()) < MAX_BYTES
    assert "### Posts without tags (20,000)" in summary


def test_a_title_cannot_break_out_of_its_cell(large):
    summary = render_summary(build_report(large(3, HOSTILE)))
    plain = re.sub(r"\\[^\w\s]", "", summary)
    assert not re.search(r"[\[\]`@]\w|\]\(|://|www\.|#\d|<(?!br>|/?(?:b|details|summary)>)", plain)
    rows = [line for line in plain.splitlines() if line.startswith("|")]
    assert all(line.count("|") in (3, 4, 5, 6, 7) for line in rows)
    assert [line for line in plain.splitlines() if line.startswith("# ")] == []


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("foo; bar", "foo; bar"),
        ("a | b", r"a \| b"),
        ("<script>", "&lt;script&gt;"),
        ("*x*", r"\*x\*"),
        ("`c` [d](e)", r"\`c\` \[d\]\(e\)"),
        ("{n} %s", r"\{n\} %s"),
        ("two\n\nlines", "two lines"),
    ],
)
def test_a_tag_in_an_explanation_is_text(tables, tag, shown):
    uses, other = (TagFigures(tag, 2, 0.01), TagFigures("b", 1)), TagFigures(tag, 3, 0.95)
    alike = PostSimilarity(0.5, 0.5, 0.1, both=0)
    issues = [
        TagIssue("variant", 1, (tag, "b"), 3, None, True, ("a",), IssueEvidence(uses, "spelling")),
        TagIssue("synonym", 1, (tag, "b"), 3, 0.9, True, ("a",), IssueEvidence(uses, "part", alike)),
        TagIssue("contradiction", 1, (tag,), 1, 0.95, True, ("a",), IssueEvidence(uses[:1], lacking=(other,))),
    ]
    summary = render_summary(build_report(dataclasses.replace(tables, tag_issues=issues)))
    assert rf"| One tag in several spellings: {shown} \(2\), b \(1\). | b | {shown} |" in summary
    assert f"about the same. Posts with “{shown}”: 2, with “b”: 1, with both: none. | b | {shown} |" in summary
    assert f"| Beams | It reads like posts tagged “{shown}”, and not like those tagged “{shown}”. |" in summary
    assert f" | {shown} | {shown} | python, beam |" in summary


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain text, 日本語", "plain text, 日本語"),
        ("a|b", r"a\|b"),
        ("*a* _b_ ~c~ `d` $e$", r"\*a\* \_b\_ \~c\~ \`d\` \$e\$"),
        ("[a](b) ![c]", r"\[a\]\(b\) \!\[c\]"),
        ("<b> & \\", r"&lt;b&gt; &amp; \\"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("@someone and a@b.example", "@\u2060someone and a@\u2060b.example"),
        ("#12 in C# and F#", "#\u206012 in C# and F#"),
        ("https://a.example WWW.b.example", "https:\u2060//a.example WWW\u2060.b.example"),
        ("turned \u202eround", "turned round"),
        ("lone \ud800 half", "lone half"),
        (12, "12"),
    ],
)
def test_escapes(text, escaped):
    assert escape_markdown(text) == escaped


def test_long_texts_are_cut():
    assert escape_markdown("x" * 80) == "x" * 80
    assert escape_markdown("x" * 81) == "x" * 79 + "…"


def rendered(tables):
    """The summary as GitHub shows it."""
    cmarkgfm = pytest.importorskip("cmarkgfm")
    return cmarkgfm.github_flavored_markdown_to_html(
        render_summary(build_report(tables)), options=cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE
    )


def with_links(tables, *sentences):
    links = [LinkToSet("a", "c", sentence, "beams", 0.5, first=True) for sentence in sentences]
    return dataclasses.replace(tables, suggested_links=links)


def test_github_shows_tables_commands_and_folds(tables):
    page = rendered(dataclasses.replace(with_links(tables, "On beams | and more."), fixed_with=("posts",)))
    assert "|" not in re.sub(r"<code.*?</code>|On .*? more", "", page, flags=re.DOTALL)
    assert page.index("<h3>To do</h3>") < page.index("<h3>Links to set (1)</h3>") < page.index("<details>")
    assert "<td>On <b>beams</b> | and more.</td>" in page
    assert "postkin fix posts --merge python=beam --write\n</code></pre>" in page
    folds = re.findall(r"<details><summary>(.*?)</summary>(.*?)</details>", page, flags=re.DOTALL)
    assert [name for name, _ in folds] == ["Themes", "Numbers and quality"]
    assert all("<table>" in content for _, content in folds)


def test_no_figure_that_has_to_be_explained_stands_before_a_fold(tables):
    for code in LANGUAGES:
        found = with_links(dataclasses.replace(tables, language=load_language(code)), "On beams.")
        summary = render_summary(build_report(found))
        before = summary[: summary.index("<details>")].lower()
        assert not any(word in before for word in ("cosine", "density", "probability", "コサイン", "密度", "確率"))


def test_there_are_three_examples_of_each_kind_at_most(tables):
    found = with_links(tables, *(f"On beams {number}." for number in range(9)))
    summary = render_summary(build_report(found))
    assert summary.count("<b>beams</b>") == 3
    assert "### Links to set (9)" in summary


@pytest.mark.parametrize("posts", [500, 20_000])
def test_the_summary_has_fewer_than_150_lines(large, posts):
    kinds = ("synonym", "variant", "misfit", "contradiction", "missing", "once")
    evidence = IssueEvidence((TagFigures("a", 2, 0.01), TagFigures("b", 1)), "part", lacking=(TagFigures("c", 3, 0.9),))
    issues = [TagIssue(kind, n, ("a", "b"), 3, 0.9, True, ("a",), evidence) for kind in kinds for n in range(1, 200)]
    found = dataclasses.replace(large(posts, "x"), tag_issues=issues, fixed_with=("posts",))
    links = [LinkToSet("a", f"b{number}", "On beams.", "beams", 0.5, first=True) for number in range(200)]
    changes = [Change("theme-new", str(number), after=("name",)) for number in range(200)]
    found = dataclasses.replace(found, suggested_links=links, before=Before(9, None, 8, 3, ()), changes=changes)
    found = dataclasses.replace(with_readings(found), **with_all_else(posts))
    summary = render_summary(build_report(found))
    assert "### What readers read together" in summary
    assert "| Translations to write or to renew |" in summary
    assert "### Since the last run" in summary
    assert summary.count("\n") < 150


def test_a_blog_with_everything_has_examples_of_it(tables):
    found = dataclasses.replace(with_readings(tables), before=Before(9, None, 8, 3, ()), **with_all_else(5))
    summary = render_summary(build_report(dataclasses.replace(found, warnings=[])))
    for title in ("Tags to introduce", "Posts without tags", "Links that lead nowhere", "Translations to write"):
        assert f"### {title}" in summary
    assert "| Theme of readers |" in summary
    assert summary.count("\n") < 150


def with_readings(tables):
    """A report of logs that tell of themes and gaps, each list long."""
    pair, unread = UnexplainedPair("a", "b", 0.5, 9, 0.1), UnreadPair("a", "b", 0.9)
    theme = ReaderTheme(1, "beam", 600, 0.5, (), (Neighbor("a", 0.9),), (OverRead("b", 2.5, 20),), ())
    logs = ReadingSummary(1, ("table",), 9, 9, {"bot": 1}, (), 9, 9, 9, "2024-01-02", "2024-06-30", 3, published=True)
    return dataclasses.replace(
        tables,
        readings=logs,
        also_read=[AlsoRead("p000000", 100, (ReadTogether("p000001", 0.5, 50),))],
        reader_themes=ReaderThemes(900, (theme,) * 20, 0),
        reading_gaps=ReadingGaps((pair,) * 200, (unread,) * 200, (Overlooked("a", 9),) * 200),
    )


def with_all_else(posts):
    """Every other table that the summary has a list of, and every warning."""
    codes = ("en", "ja", "fr", "de", "es", "it", "pt", "nl", "pl", "sv", "fi", "da")
    return {
        "translations": [Translated("p000000", code, "p000001", (), codes, True) for code in codes],
        "proposed": [ProposedTag(n, "beam", (), 9, 9, 9, 9.0, 0.9, ("p000000",)) for n in range(1, 200)],
        "unresolved": [UnresolvedLink("p000000", f"/{n}/", "broken", n) for n in range(posts)],
        "warnings": [RunWarning(code, 9, 9, (".a",)) for code in get_args(WarningCode)],
        "other_files": {".rst": 9},
    }
