"""What a run warns of, in its closing lines, run.json, the report and the summary."""

import pytest

from jobs import render
from jobs.report import command
from tests.jobs.results import AS_OF, Results, check_sound, write_posts

WORDS = ("weir", "mill", "ford", "lock", "bridge", "mouth")


def blog(folder, matter):
    posts = {}
    for n, word in enumerate(WORDS):
        text = f"A walk to the {word}. [Next]({WORDS[n - 1]}-walk.md)."
        posts[f"{word}-walk.md"] = f"---\n{matter.format(n=n, word=word)}\n---\n{text}"
    return write_posts(folder, posts)


def run(posts, tmp_path, capsys, *flags):
    given = ["--input", str(posts), "--output", str(tmp_path / "out"), "--as-of", AS_OF, "--map", "none", *flags]
    assert command.main(given) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    return Results(tmp_path / "out"), [line for line in lines if not line.startswith("postkin: to do: ")]


def test_what_posts_lack_and_which_fields_look_like_it(tmp_path, capsys):
    posts = blog(tmp_path / "posts", "when: 2024-02-1{n}\nlabels: [{word}, walks]")
    write_posts(posts, {"a.rst": "x", "b.rst": "y", "broken-walk.md": "A [link](gone-walk.md).", "c.org": "z"})
    results, lines = run(posts, tmp_path, capsys)
    assert results.run["warnings"] == [
        {"code": "undated", "count": 7, "of": 7, "names": ["when"]},
        {"code": "untagged", "count": 7, "of": 7, "names": ["labels"]},
        {"code": "broken_links", "count": 1, "of": 7, "names": []},
        {"code": "other_files", "count": 3, "of": 10, "names": [".rst", ".org"]},
    ]
    said = [
        "7 of 7 posts have no date. If when is one, give --field date=when.",
        "7 of 7 posts have no tag. If labels are tags, give --field tags=labels.",
        "1 of 7 links within the blog lead nowhere. The report lists them.",
        "3 files of other kinds are not read: .rst, .org. Posts are .md, .markdown, .mdx and .qmd.",
    ]
    assert lines == [f"postkin: warning: {line}" for line in said]
    page, summary = results.text("report.html"), results.text("summary.md")
    for line in said:
        assert line in page
        assert f"- ⚠ {line.replace('_', chr(92) + '_')}" in summary
    before = results.files()
    assert render.main([str(results.folder)]) == 0
    assert results.files() == before
    check_sound(results)


def test_the_flags_that_are_advised_help(tmp_path, capsys):
    posts = blog(tmp_path / "posts", "when: 2024-02-1{n}\nlabels: [{word}, walks]")
    results, lines = run(posts, tmp_path, capsys, "--field", "date=when", "--field", "tags=labels", "--lang", "ja")
    assert lines == [] == results.run["warnings"]


@pytest.mark.parametrize("flags", [(), ("--field", "tags=tags")])
def test_categories_stand_in_for_tags_unless_the_tags_field_was_named(tmp_path, capsys, flags):
    posts = blog(tmp_path / "posts", "date: 2024-02-1{n}\ncategories: [{word}, Walks]")
    results, lines = run(posts, tmp_path, capsys, *flags)
    (warning,) = results.run["warnings"]
    if flags:
        assert (warning["code"], warning["names"]) == ("untagged", ["categories"])
    else:
        assert lines == [
            "postkin: warning: Categories are taken for tags: 0 of 6 posts have tags."
            " For tags alone, give --field tags=tags."
        ]
        assert results.by_id("articles")["ford-walk"]["tags"] == ["ford", "Walks"]


def test_a_quiet_run_prints_no_warning(tmp_path, capsys):
    posts = blog(tmp_path / "posts", "title: {word}")
    results, lines = run(posts, tmp_path, capsys, "--quiet")
    assert lines == []
    assert [warning["code"] for warning in results.run["warnings"]] == ["undated", "untagged"]


def test_more_files_that_cannot_be_read_than_posts(tmp_path, capsys):
    broken = {f"broken-{n}.md": "---\ntitle: [never closed\n---\nText." for n in range(len(WORDS) + 1)}
    posts = write_posts(blog(tmp_path / "posts", "date: 2024-02-1{n}\ntags: [{word}]"), broken)
    results, lines = run(posts, tmp_path, capsys)
    assert results.run["warnings"] == [{"code": "rejected_files", "count": 7, "of": 13, "names": []}]
    said = "7 of 13 files cannot be read. The report lists the first of them, with the reasons."
    assert lines == [f"postkin: warning: {said}"]
    assert said in results.text("summary.md")
