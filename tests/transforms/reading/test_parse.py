import pickle
import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.reading.errors import ParseError
from transforms.reading.fields import FIELDS, override_fields
from transforms.reading.language import detect_language
from transforms.reading.parse import article_id, parse_article
from transforms.reading.shown import INCLUDABLE
from transforms.records import Article
from transforms.results import Skipped


def parse(text, path="notes/post.md", fields=FIELDS, **options):
    return parse_article(textwrap.dedent(text).lstrip("\n"), path, fields, as_of="2025-01-01", **options)


def front(*lines, body="Body."):
    return parse("\n".join(("---", *lines, "---", body)))


def refusal(text, **options):
    with pytest.raises(ParseError) as caught:
        parse(text, **options)
    assert caught.value.path == "notes/post.md"
    assert "\n" not in caught.value.reason
    return caught.value.line, caught.value.reason


def test_a_whole_post():
    post = """
        ---
        Title:  Night  ride
        date: 2022-05-06T07:08:09+09:00
        tags: [Lamps, " lamps ", 1.10, ~]
        categories: Rides, Lamps
        description: A **bold** [ride](/x)
        lang: en-GB
        permalink: /night-ride/
        image: {url: /a.png}
        ---
        [First](/other).

        ## Part

        Second.
        """
    assert parse(post) == Article(
        id="notes/post",
        path="notes/post.md",
        title="Night ride",
        date="2022-05-06T07:08:09+09:00",
        tags=("Lamps", "1.10"),
        categories=("Rides", "Lamps"),
        lede="A bold ride",
        headings=("Part",),
        language="en-GB",
        url="/night-ride/",
        thumbnail="/a.png",
        hrefs=("/other",),
        href_lines=(11,),
        address_fields=(("permalink", "/night-ride/"),),
        keys=("Title", "date", "tags", "categories", "description", "lang", "permalink", "image"),
        prose=((0, ("First",)), (1, ())),
        body="First.\nSecond.",
    )


TOML = """\
+++
title = "Night ride"
date = {date}
draft = false
[taxonomies]
tags = ["lamps", 1.10]
+++
Body.
"""


@pytest.mark.parametrize(
    ("given_date", "date"),
    [
        ("2022-05-06", "2022-05-06"),
        ("2022-05-06T07:08:09+09:00", "2022-05-06T07:08:09+09:00"),
        ("2022-05-06 07:08:09", "2022-05-06T07:08:09"),
        ('"2022/05/06"', "2022-05-06"),
    ],
)
def test_toml(given_date, date):
    article = parse(TOML.format(date=given_date))
    assert (article.title, article.tags, article.date) == ("Night ride", ("lamps", "1.10"), date)


@pytest.mark.parametrize(
    "post",
    [
        '{"title": "Night {ride}", "tags": ["lamps", 1.10]}\nBody.',
        '{\n  "title": "Night {ride}",\n  "tags": ["lamps", 1.10]\n}\n\nBody.',
        '\n\n{ "title": "Night {ride}", "tags": ["lamps", 1.10] } Body.',
    ],
)
def test_json(post):
    article = parse(post)
    assert (article.title, article.tags, article.body) == ("Night {ride}", ("lamps", "1.10"), "Body.")


@pytest.mark.parametrize("title", ["10:00", "404", "Yes", "1.10", "0x10", "2022-05-06", "=", ".inf", "1_000", "true"])
def test_yaml_scalars_stay_as_written(title):
    assert front(f"title: {title}").title == title
    assert front(f"title: !!int {title}").title == title


def test_yaml_nulls_merges_and_closing_dots():
    assert front("title: null", "tags: ~").title == "post"
    merged = front("x: &x {tags: [a], lede: from x}", "y: &y {<<: *x, lede: from y}", "<<: [*y, {title: T}]")
    assert (merged.tags, merged.lede, merged.title) == (("a",), "from y", "T")
    assert parse("---\ntitle: T\n...\nBody.").title == "T"


@pytest.mark.parametrize(
    ("post", "line", "reason"),
    [
        ("---\ntitle: x\ntags: [a\n---\n", 4, "front matter is not valid YAML: did not find expected ',' or ']'"),
        (
            "\n\n---\na: b: c\n---\n",
            4,
            "front matter is not valid YAML: mapping values are not allowed in this context",
        ),
        ("---\nあ: い\na: \x01\n---\n", 3, "front matter is not valid YAML: control characters are not allowed"),
        ("+++\na = 1\nb = \n+++\n", 3, "front matter is not valid TOML: Invalid value"),
        ("+++\na = 1\na = 2\n+++\n", 3, "front matter is not valid TOML: Cannot overwrite a value"),
        ('{\n"a": 1,\n"b" 2}\n', 3, "front matter is not valid JSON: Expecting ':' delimiter"),
        ("---\n- a\n---\n", None, "front matter is a list, not a mapping"),
        ("---\njust words\n---\n", None, "front matter is text, not a mapping"),
        ("---\ntitle: x\n\nBody.", 1, "front matter opens with --- and never closes"),
        ("+++\ntitle = 1\n", 1, "front matter opens with +++ and never closes"),
        ("---\na: !!python/object/apply:os.system [x]\n---\n", 2, None),
        ("---\na: !!set {x}\n---\n", 2, None),
        ("---\na: *nowhere\n---\n", 2, None),
    ],
)
def test_bad_front_matter_is_refused_with_its_line(post, line, reason):
    with pytest.raises(ParseError) as caught:
        parse_article(post, "notes/post.md", as_of="2025-01-01")
    assert caught.value.line == line
    assert reason in (caught.value.reason, None)


@pytest.mark.parametrize(
    "post",
    [
        "---\n\nWords.\n\n---\n\nMore.",
        "---\nWords.",
        "---\n",
        "----\n\ntitle: x\n\n----",
        "Words\n---\nMore.",
        "{% x %}Words",
    ],
)
def test_a_thematic_break_is_no_front_matter(post):
    article = parse(f"{post}\n\nLast.")
    assert article.body.endswith("Last.")
    assert article.title in ("post", "Words")


def test_empty_front_matter():
    assert parse("---\n---\nBody.").body == "Body."
    assert parse("---\n# a comment\n---\nBody.").body == "Body."


@pytest.mark.parametrize(
    "lines",
    [
        ["tags: " + "[" * 30_000],
        ["tags: " + "[" * 30_000 + "]" * 30_000],
        ["tags: " + "{a: " * 5_000 + "}" * 5_000],
        ["- " * 30_000],
    ],
)
def test_deep_nesting_is_refused(lines):
    assert refusal("\n".join(("---", *lines, "---", "Body."))) in (
        (None, "nested too deeply"),
        (2, "front matter is not valid YAML: did not find expected node content"),
        (2, "front matter is not valid YAML: exceeded maximum nesting depth"),  # libyaml from 0.2.6 on
    )
    assert refusal('{"a": ' + "[" * 30_000)[1] == "nested too deeply"
    assert refusal("+++\na = " + "[" * 30_000 + "\n+++\n")[1] == "nested too deeply"


def test_yaml_bombs_do_not_explode():
    start = time.process_time()
    lists = ["a0: &a0 [tag]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)), "tags: *a59"]
    assert front(*lists).tags == ("tag",)
    merges = ["a0: &a0 {title: T}", *(f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}" for i in range(1, 60)), "<<: *a59"]
    assert front(*merges).title == "T"
    assert front("tags: &a [x, *a]").tags == ("x",)
    assert front("<<: &a {<<: *a, title: T}").title == "T"
    assert front(*lists, "date: *a59").date is None
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("path", "body", "title"),
    [
        ("a/b.md", "# From *the* heading\n\nBody.", "From the heading"),
        ("a/2021-03-04-slug_name.md", "Body.", "slug_name"),
        ("a/2021-03-04-slug/index.md", "Body.", "slug"),
        ("index.md", "Body.", "index"),
        ("a/2021-03-04.md", "Body.", "2021-03-04"),
    ],
)
def test_missing_titles(path, body, title):
    assert parse(body, path).title == title


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("a/b.md", "a/b"),
        ("b.c.mdx", "b.c"),
        ("notes/x/index.md", "notes/x"),
        ("index.md", "index"),
        ("index/index.md", "index"),
        ("[slug].MD", "[slug]"),
    ],
)
def test_article_id(path, wanted):
    assert article_id(path) == wanted


def test_dates_come_from_the_front_matter_then_the_name():
    assert parse("---\ndate: 2022-01-01\n---\nx", "2021-03-04-x.md").date == "2022-01-01"
    assert parse("x", "2021-03-04-x.md").date == "2021-03-04"
    assert parse("x", "2021/03/04/x.md").date == "2021-03-04"
    assert front("published: 2020-01-01").date == "2020-01-01"
    assert front("published: true").date is None


@pytest.mark.parametrize("body", ["", "\n \n", "![](x.png)", "```\ncode\n```", "<!-- comment -->", "{% include x %}"])
def test_a_post_without_a_word_is_empty(body):
    everything = frozenset(INCLUDABLE)
    assert parse(f"---\ntitle: T\ndescription: ' '\n---\n{body}", include=everything).kind == "empty"


@pytest.mark.parametrize("body", ["", "![](x.png)", "<!-- comment -->"])
@pytest.mark.parametrize("name", ["summary", "description", "deck", "teaser"])
def test_a_post_whose_only_text_is_its_front_matters_is_a_post(name, body):
    post = parse(f"---\ntitle: T\n{name}: A lamp in *rain*.\n---\n{body}")
    assert (post.title, post.lede, post.headings, post.body) == ("T", "A lamp in rain.", (), "")


def test_a_post_of_a_heading_or_of_a_picture_with_words_is_a_post():
    assert parse("---\ntitle: T\n---\n# A lamp").headings == ("A lamp",)
    assert parse("---\ntitle: T\n---\n![A lamp](x.png)").body == "A lamp"


def test_fields_can_be_renamed():
    fields = override_fields(["tags=labels"])
    assert parse("---\ntags: a\nlabels: b\n---\nx", fields=fields).tags == ("b",)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", None),
        ("Plain words", None),
        ("“Café” – résumé", None),
        ("Привет", None),
        ("今日はlampの話です", "ja"),
        ("カタカナ", "ja"),
        ("안녕하세요 여러분", "ko"),
        ("自行车的灯", "zh"),
        ("A post in English that has one name in it: 東京", "en"),
    ],
)
def test_detect_language(text, language):
    assert detect_language(text) == language
    assert parse(f"---\ntitle: x\n---\n{text}.").language == language if text else True


def test_jsx_is_taken_out_of_mdx_only():
    assert parse("import x from 'x'\n\nBody", "a.MDX").body == "Body"
    assert parse("import x from 'x'\n\nBody", "a.md").body == "import x from 'x'\nBody"


def test_parse_errors_travel():
    error = ParseError("a.md", 3, "reason")
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.path, copy.line, copy.reason, str(copy)) == ("a.md", 3, "reason", "a.md:3: reason")
    assert str(ParseError("a.md", None, "reason")) == "a.md: reason"


PIECES = """
--- +++ ... {" "} } title: date: tags: [ ] - ' " : &a *a <<: !!int !!set ? | 2022-05-06 2022年 = [x] {{ }} \x00 \ufeff
"\\ud800" 1e999 NaN draft: yes import <!-- more --> EST 10:00 x
"""
MATTERS = st.one_of(
    st.text(),
    st.lists(st.tuples(st.sampled_from(PIECES.split()), st.sampled_from([" ", "\n", "\n\n", ""]))).map(
        lambda pairs: "".join(map("".join, pairs))
    ),
)


@given(MATTERS, st.sampled_from(["", "---\n", "+++\n"]), st.sampled_from(["a/b.md", "2021-03-04-x.mdx", "index.md"]))
def test_any_text_is_an_article_or_has_a_reason(matter, fence, path):
    text = f"{fence}{matter}\n{fence}text"
    try:
        post = parse_article(text, path, as_of="2030-01-01")
    except ParseError as error:
        post = error
        assert error.line is None or 1 <= error.line <= text.count("\n") + 1  # noqa: PT017
        assert "\n" not in error.reason  # noqa: PT017
    assert str(post).encode()
    assert post.path == path


def test_entities_in_a_title_are_the_characters_they_stand_for():
    assert parse("---\ntitle: Is it &ldquo;agile&rdquo;? R&amp;D\n---\nText").title == "Is it “agile”? R&D"


def test_pages_of_the_repository_are_skipped_unless_they_have_front_matter():
    skipped = parse_article("# About\n\nText", "docs/README.md", as_of="2030-01-01")
    assert skipped == Skipped("docs/README.md", "page", "README without front matter is about the repository")
    assert parse("---\ntitle: A post\n---\nText", "post/README.md").title == "A post"


QUARTO = """\
---
title: "Lamps in a table"
date: 2024-05-06
categories: [lamps, R]
image: lamps.png
execute:
  echo: false
---

```{r}
#| label: setup
library(lamps)
```

`r nrow(lamps)` lamps and `{python} n` wheels `were` measured.

```{python}
print("dropped")
```
"""


def test_posts_of_quarto_are_read_without_their_code():
    post = parse_article(QUARTO, "posts/lamps/index.qmd", as_of="2030-01-01")
    assert (post.id, post.title, post.date) == ("posts/lamps", "Lamps in a table", "2024-05-06")
    assert (post.categories, post.thumbnail) == (("lamps", "R"), "lamps.png")
    assert (post.lede, post.body) == ("lamps and wheels were measured.", "r\nlamps and wheels were measured.\npython")
    assert parse("`r nrow(lamps)` lamps").body == "r nrow(lamps) lamps"


OVERRIDE = "\u202e"


@pytest.mark.parametrize(
    "title",
    [
        '"&#x202e;lamp.exe"',
        '"&#8238;lamp.exe"',
        '"&#27;lamp.exe&#0;"',
        '"\\u202elamp.exe"',
        '"\\elamp.exe\\x7f"',
        f'"{OVERRIDE}lamp.exe"',
        f"'&#x2066;{OVERRIDE}lamp.exe'",
    ],
)
def test_titles_are_clean_last(title):
    assert front(f"title: {title}", body="x").title.removesuffix("\ufffd") == "lamp.exe"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_a_title_with_a_separator_of_lines_is_read(separator, quote):
    post = front(f"title: {quote}Night{separator}ride{quote}", "date: 2022-05-06")
    assert (post.title, post.date) == ("Night ride", "2022-05-06")
    assert refusal(f"---\ntitle: Night{separator}ride\na: b: c\n---\nText")[0] == 3


@pytest.mark.parametrize(
    ("path", "title"),
    [("a/night\nride.md", "night ride"), ("a/\x1b[31mride.md", "[31mride"), (f"a/{OVERRIDE}ride.md", "ride")],
)
def test_a_files_name_is_a_clean_title(path, title):
    assert parse("Text", path).title == title


def test_a_files_name_that_is_not_seen_is_escaped():
    assert parse("Text", f"a/{OVERRIDE}.md").title == r"\u202e"


def test_text_is_clean_too():
    post = front("description: a &#x202e;lamp", body="# A &#x202e;heading \x1b\n\nThe &#x2067;text\u2028and on")
    assert (post.lede, post.headings, post.body) == ("a lamp", ("A heading",), "The text and on")
