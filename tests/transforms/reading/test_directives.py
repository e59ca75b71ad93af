import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.reading.markdown import parse_markdown

CONTAINERS = {
    ":::message\nIn.\n:::\n": "In.",
    ":::message alert\nIn.\n:::\n": "In.",
    ":::note info\nIn.\n:::\n": "In.",
    "::: tip\nIn.\n:::\n": "In.",
    "::: tip Take *care*\nIn.\n:::\n": "Take care\nIn.",
    ":::tip[Take care]\nIn.\n:::\n": "Take care\nIn.",
    ':::tip{title="Take care"}\nIn.\n:::\n': "Take care\nIn.",
    "::: {.callout-tip title='Take care' collapse=true}\nIn.\n:::\n": "Take care\nIn.",
    "::: {.callout-tip}\n## Take care\nIn.\n:::\n": "Take care\nIn.",
    ":::{note} Take care\nIn.\n:::\n": "Take care\nIn.",
    "```{note}\nIn.\n```\n": "In.",
    "~~~{admonition} Take care\n:class: tip\n:name: x\nIn.\n~~~\n": "Take care\nIn.",
    "````{tip}\nIn.\n```{note} Side\nSide.\n```\n```py\nx\n```\n````\n": "In.\nSide\nSide.\npy",
    "````md\n```{note}\nx\n```\n````\n:::tip\nIn.\n:::\n": "md\nIn.",
    "> ```{note}\n> In.\n> ```\n": "In.",
    "```{code-cell} python\nx\n```\n:::tip\nIn.\n:::\n": "code-cell\nIn.",
    "/// note | Take *care*\nIn.\n///\n": "Take care\nIn.",
    "//// details\nIn.\n/// tip\nSide.\n///\n////\n": "In.\nSide.",
    "::: details 詳しく {open}\nIn.\n:::\n": "詳しく\nIn.",
    "::::details A\n:::message\nIn.\n:::\n::::\n": "A\nIn.",
    "::: {.columns}\n::: {.column}\nIn.\n:::\n::: {.column}\nSide.\n:::\n:::\n": "In.\nSide.",
    "::: code-group\n```js [a.js]\nx\n```\n:::\n": "js",
    "::youtube{id=abc}\n": "",
    "::video[A lamp]{src=/a.mp4}\n": "A lamp",
    '!!! note "Take *care*"\n    In.\n\n        code\n\n    # Not a comment\n': "Take care\nIn.",
    "!!! note\n\n    In.\n": "In.",
    "??? tip\n    In.\n": "In.",
    '???+ tip inline end "Take care"\n    In.\n    On.\n': "Take care\nIn. On.",
    '=== "C"\n    In.\n=== "D"\n    Side.\n': "C\nIn.\nD\nSide.",
    "> [!NOTE]\n> In.\n": "In.",
    "> [!tip]- Take care\n> In.\n": "Take care In.",
    "- [ ] In.\n- [x] Done.\n": "In.\nDone.",
    "- a\n  :::tip\n  In.\n  :::\n": "a\nIn.",
}


@pytest.mark.parametrize("text", CONTAINERS)
def test_the_text_of_containers_is_read_without_their_marks(text):
    document = parse_markdown(f"{text}\nLast.\n")
    assert document.body == f"{CONTAINERS[text]}\nLast.".lstrip("\n")
    assert document.lede == "Last."


def test_a_text_in_a_container_is_the_lede_if_there_is_no_other():
    assert parse_markdown(":::tip Take care\nIn.\n:::").lede == "In."
    assert parse_markdown('!!! note "Take care"\n    In.').lede == "In."


def test_headings_in_containers_are_headings_unless_they_are_titles():
    assert parse_markdown("::: info\n## Part\n:::").headings == ("Part",)
    assert parse_markdown("!!! info\n    ## Part").headings == ("Part",)
    assert parse_markdown("::: {.callout-note}\n## Title\n:::\n\n## Part").headings == ("Part",)


@pytest.mark.parametrize(
    "text",
    [
        "!!! wow",
        "!!! note\nnot indented",
        "??? What",
        "a ::: b",
        "std::string",
        "::name",
        "$$ never closed",
        "%% never closed",
        "$$\na\n\nb\n$$ c",
        "[^a] is no footnote",
        "{ not: attributes }",
        "{curly} words",
        "@[youtube](a b) words",
        "=== words",
        "/// a comment of some words",
    ],
)
def test_what_only_looks_like_a_directive_is_text(text):
    assert parse_markdown(text).body.replace("\n", " ") == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("A[^1] and[^two].\n\n[^1]: One *more*.\n\n    Second.\n\n[^two]: Two.", "A and.\nOne more.\nSecond.\nTwo."),
        ("A.[^1]\n[^1]: https://a.example", "A."),
        ("A[^1].\n\n- b[^1]\n\n[^1]: One\nand on.", "A.\nb\nOne and on."),
        ("A regex: [^abc]", "A regex: [^abc]"),
        ("A^[One [more](/x).] b.", "A b.\nOne more."),
        ("`[^1]`\n\n[^1]: One", "[^1]\nOne"),
    ],
)
def test_footnotes_are_lines_of_their_own_and_their_marks_go(text, body):
    assert parse_markdown(text).body == body
    assert parse_markdown(text).lede == body.split("\n")[0]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("$$\nx = \\frac{1}{2}\n$$\n\nText", "Text"),
        ("$$ x = 1 $$ (eq1)\nText", "Text"),
        ("a\n$$\nx\n$$\nb", "a\nb"),
        ("- a\n\n  $$\n  x\n  $$\n- b", "a\nb"),
        ("%%\nnot\n\nshown\n%%\n\nText", "Text"),
        ("%% not shown %%\nText", "Text"),
        ("[TOC]\n\n[[toc]]\n\n[[_TOC_]]\n\nText", "Text"),
        ("* TOC\n{:toc}\n\nText", "Text"),
        ("1. Contents\n{:toc .small}\n\nText", "Text"),
        ("Text\n{: .note}\nMore", "Text\nMore"),
        ("{#id .class}\nText", "Text"),
        ("@[youtube](abc)\n\nText", "Text"),
        ("+---+:---+\n| a | b  |\n+===+====+\n| c | d  |\n+---+----+\n\nText", "| a | b |\n| c | d |\nText"),
    ],
)
def test_formulas_comments_contents_and_attributes_are_left_out(text, body):
    assert parse_markdown(text).body == body


def test_what_is_embedded_or_is_a_list_of_contents():
    assert parse_markdown("@[card](https://a.example/b)\n\n@[tweet](1)\n\n[[toc]]").hrefs == ("https://a.example/b",)


PLAIN = st.text(st.sampled_from("ab \n#-*>`1.é")).filter(lambda text: text.strip())


@given(PLAIN)
def test_containers_change_nothing_in_what_they_hold(text):
    alone, title = parse_markdown(text), "Take care"
    indented = "".join(f"    {line}\n" for line in text.split("\n"))
    for held in (
        f":::tip {title}\n\n{text}\n\n:::",
        f'!!! tip "{title}"\n\n{indented}',
        f'=== "{title}"\n\n{indented}',
    ):
        document = parse_markdown(held)
        assert document.headings == alone.headings
        assert document.body == f"{title}\n{alone.body}".rstrip("\n")
