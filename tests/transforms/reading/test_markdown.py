import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.reading import markdown
from transforms.reading.markdown import Document, href_lines, parse_markdown, plain_text

POST = """\
Intro with **bold**, *stress*, `code_name`, a [link](https://example.com/a_b "title") and a
second line. <span class="x">Inline</span> &amp; <https://auto.example/x> https://bare.example/y end.

# First `heading` #

![A lamp](/lamp.png)

Second
heading
---

- one
- two
  continued

1. ordered

> quoted

| Left | Right |
|------|-------|
| a    | b [c](d) |

```python title="x.py"
# no heading
print("dropped")
```

    indented code

<div class="note">
<p>First &lt;block&gt;</p><p>Second <b>block</b></p>
<script>alert(1)</script><style>p {}</style><pre>code</pre>
</div>

[reference][1] ends.

[1]: https://example.com
"""


def test_every_kind_of_block():
    document = parse_markdown(POST)
    assert document.headings == ("First heading", "Second heading")
    assert document.body.split("\n") == [
        "Intro with bold, stress, code_name, a link and a second line. Inline & end.",
        "A lamp",
        "one",
        "two continued",
        "ordered",
        "quoted",
        "Left",
        "Right",
        "a",
        "b c",
        "python",
        "First <block>",
        "Second block",
        "reference ends.",
    ]
    assert document.lede == document.body.split("\n")[0]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("", ""),
        ("a  \nb\\\nc<br>d", "a b c d"),
        ("snake_case and 2 * 3 * 4", "snake_case and 2 * 3 * 4"),
        (r"\*kept\* \\", "*kept* \\"),
        ("[![alt](a.png)](https://example.com)", "alt"),
        ("![a ![b](c) `d`](e)", "a b d"),
        ("[x](javascript:alert(1))", "x"),
        ("詳細はhttps://example.com/aを参照", "詳細は を参照"),
        ("```\nno language\n```", ""),
        ("~~~ {.c++ #id}\nx\n~~~", "c++"),
        ("```diff js:main.js\nx\n```", "diff"),
        ("<!-- a\n\nb -->\ntext", "text"),
        ("<script>\nlet a\n\nlet b\n</script>\n\ntext", "text"),
        ("<b", "<b"),
        ("a\x00b", "a\ufffdb"),
        ("<td>a</td><td>b</td>", "a\nb"),
        ("<ul>\n<li>a<li>b &amp; c\n</ul>", "a\nb & c"),
    ],
)
def test_plain_text(text, body):
    assert parse_markdown(text).body == body


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("{% raw %}kept{% endraw %}", "kept"),
        ('a {% include x.html\n  title="y" %} b', "a b"),
        ("under {{ site.url }}/about", "under /about"),
        ('{{< figure src="x" >}}\n\ntext {{% note %}}x{{% /note %}}', "text x"),
        ("open {{ here\n\nnot }} there", "open {{ here\nnot }} there"),
        ("100 %} of {x} and {%", "100 %} of {x} and {%"),
    ],
)
def test_template_tags_are_taken_out(text, body):
    assert parse_markdown(text).body == body


MDX = """\
import { Lamp } from '../lamp'
import other from 'other'

export const meta = {
  title: 'x',
}

First <Lamp colours={['a', {b: 1}]} on={() => 1 > 0} label="a > b" /> paragraph.

{/* truncate */}

<Tabs style={{ color: 'red' }}>
    Indented text.
    {/* a comment
    of two lines */}
</Tabs>

<>fragment</>

```js
import kept from 'fences'
```
"""


def test_mdx_loses_its_code_and_keeps_its_text():
    assert parse_markdown(MDX, mdx=True) == Document(
        (),
        "First paragraph.\nIndented text.\nfragment\njs",
        "First paragraph.",
        prose=((0, ()), (1, ()), (2, ())),
    )


def test_imports_are_text_in_plain_markdown():
    assert parse_markdown("import taxes rise").body == "import taxes rise"


@pytest.mark.parametrize(
    ("text", "lede"),
    [
        ("one\n\ntwo\n\n<!-- more -->\n\nthree", "one\ntwo"),
        ("# title\n\none <!--more--> two", "one"),
        ("- a\n- b\n\n<!-- truncate -->\n\nc", "a\nb"),
        ("<p>one</p>\n<!-- MORE -->\n<p>two</p>", "one"),
        ("<!-- more -->\n\none\n\ntwo", "one"),
        ("![picture](x)\n\n<!-- more -->\n\none", "one"),
        ("![picture](x)\n\n- item\n\nparagraph", "paragraph"),
        ("> quote\n\n- item", "quote"),
        ("![picture](x)\n\n```python\ncode\n```", ""),
        ("# only a heading", ""),
        ("```html\n<!-- more -->\n```\n\none\n\ntwo", "one"),
        ("<p>One.</p><p>Two.</p>", "One."),
    ],
)
def test_lede(text, lede):
    assert parse_markdown(text).lede == lede


def test_the_mark_does_not_show_in_the_body():
    assert parse_markdown("one <!-- more --> two").body == "one\ntwo"


def test_plain_text_of_one_line():
    assert plain_text("A **bold** [link](x) to <b>see</b> {{ x }} snake_case") == "A bold link to see snake_case"
    assert plain_text("") == ""


@given(st.text(alphabet="ab \n#-*_`[]()!<>{}%|&;/\\\"'=:~+1.$@^?\x00é鬼"), st.booleans())
def test_any_text_has_a_document(text, mdx):
    document = parse_markdown(text, mdx=mdx)
    assert all("\n" not in heading for heading in document.headings)
    assert all(line == " ".join(line.split()) != "" for line in document.body.split("\n") if document.body)


@pytest.mark.parametrize(
    "piece",
    [
        "{{",
        "{%",
        "{{ x\n",
        "<a ",
        '<a "',
        "<!--",
        "<script>",
        "<A {",
        "<A b='",
        "{/*",
        "[",
        "![",
        "`a``",
        "*a_",
        "http://",
        "{% link ",
        '{{ "x" |',
        '{{< ref "',
        '<a href="',
        "<a to='x\" to=\"x' ",
        "<Link to = ",
        "a" * 9 + "Link",
        ":::a\n",
        ":::\n",
        "!!! a\n    ",
        "[^a]: ",
        "[^a]: b\n",
        "[^",
        "^[",
        "^[a[b]",
        "$",
        "$a ",
        "$$",
        "$$ a\n",
        "- $$ a\n",
        "%%",
        "%% a\n\n",
        "{.",
        "{#a .b ",
        "{:",
        "{:toc}\n",
        ":ab:",
        ":ab: ",
        " :ab",
        "==",
        "==a ",
        "~~a",
        "@[a](",
        "[a](b =",
        "\u3000",
        "{% highlight a %}\n",
        "{% highlight a %}\n{% endhighlight %}\n",
        "{{< code",
        "> ",
    ],
)
@pytest.mark.parametrize("mdx", [False, True])
def test_time_is_linear_on_unclosed_markup(piece, mdx):
    start = time.process_time()
    parse_markdown("<div>\n" + piece * 10_000, mdx=mdx)
    parse_markdown(piece * 10_000, mdx=mdx)
    assert time.process_time() - start < 5


LINKS = """\
A [link](/a "title"), [one](<b c.md>) in **[bold](../d.md#part)**, [the same](/a), [none]().

# A [heading](/heading)

- [reference][1] and [collapsed][] and [shortcut]
- ![picture](/x.png) [![picture](/y.png)](/around)

| [cell](/cell) | <a class="b" href='/inline?a=1&amp;b=2'>x</a> |
|---------------|-----------------------------------------------|

> <https://auto.example/x>, https://bare.example/y. (https://bare.example/z) 詳細はHTTP://bare.example/brickskiを

[in the page](#part) [mail](mailto:a@b.example) [data](data:,x) [tel](tel:1) `[code](/code)`

<div>
<A HREF = /block>x</A> https://block.example/ <!-- <a href="/comment">x</a> --> <a name="y">z</a>
<pre><a href="/pre">x</a></pre>
</div>

```
[fence](/fence)
```

[1]: /reference
[collapsed]: /collapsed
[shortcut]: /shortcut
[unused]: /unused
"""


def test_links_of_markdown_and_html():
    assert parse_markdown(LINKS).hrefs == (
        "/a",
        "b c.md",
        "../d.md#part",
        "/heading",
        "/reference",
        "/collapsed",
        "/shortcut",
        "/around",
        "/cell",
        "/inline?a=1&b=2",
        "https://auto.example/x",
        "https://bare.example/y",
        "https://bare.example/z",
        "HTTP://bare.example/brickski",
        "https://block.example/",
        "/block",
    )


@pytest.mark.parametrize(
    ("text", "hrefs"),
    [
        ("{% post_link night-ride %}", ("night-ride",)),
        ("{% post_link 'night ride' 'A title' %}", ("night ride",)),
        ('[x]({% post_path "night-ride" %})', ("night-ride",)),
        ("[x]({{ site.baseurl }}{% post_url 2020-01-01-night-ride %})", ("2020-01-01-night-ride",)),
        ("[x]({%- link _posts/2020-01-01-night-ride.md -%})", ("_posts/2020-01-01-night-ride.md",)),
        ('[x]({{< ref "ride.md#part" >}}) [y]({{% relref "/posts/ride" %}})', ("ride.md#part", "/posts/ride")),
        ('[x]({{< relref path="ride.md" lang="ja" >}}) {{< ref ride.md >}}', ("ride.md",)),
        ("[x]({{ \"/a/\" | url }}#part) [y]({{'/b/'|relative_url}})", ("/a/", "/b/")),
        ("[x]({{ site.baseurl }}/2020/01/01/ride/)", ("/2020/01/01/ride/",)),
        ('{{< figure link="/x" >}} {% include link.html %} {{ page.url }} {{</* ref "x" */>}}', ()),
    ],
)
def test_links_of_template_tags(text, hrefs):
    assert parse_markdown(text).hrefs == hrefs


def test_links_of_mdx():
    text = """\
    import Link from '/not/this'

    <Link className="x" to="/a">x</Link> <Link href={'/b'}>x</Link> <NavLink to={`/c`} /> <a href="/d">x</a> [x](/e)

    {/* <a href="/comment">x</a> */} <Link to={path}>x</Link> <Linked to="/no" /> <img src="/x.png" />
    """
    assert parse_markdown(text, mdx=True).hrefs == ("/a", "/b", "/c", "/d", "/e")


@pytest.mark.parametrize(
    ("text", "body", "hrefs"),
    [
        ("See [[Night Ride]] now", "See Night Ride now", ("[[Night Ride]]",)),
        ("See [[notes/ride|my ride]].", "See my ride.", ("[[notes/ride]]",)),
        ("See [[Ride#Lamps]] and [[Ride]].", "See Ride and Ride.", ("[[Ride]]",)),
        ("See [[Ride#Lamps|lamps]], [[#Here]].", "See lamps, Here.", ("[[Ride]]",)),
        ("前の[[夜の道]]へ", "前の夜の道へ", ("[[夜の道]]",)),
        ("| a |\n|---|\n| [[Ride\\|x]] |", "a\nx", ("[[Ride]]",)),
        ("Look ![[lamp.png]] and ![[Ride]]", "Look and Ride", ("[[Ride]]",)),
        ("`[[Ride]]` and a[[i]] and [[ -f x ]] and [[1, 2]]", "[[Ride]] and a[[i]] and [[ -f x ]] and [[1, 2]]", ()),
        ("    [[Ride]]\n\nText", "Text", ()),
        ("[[]] [[|x]] [[a\nb]]", "[[]] [[|x]] [[a b]]", ()),
    ],
)
def test_links_of_wikis_are_links_and_their_brackets_go(text, body, hrefs):
    document = parse_markdown(text)
    assert (document.body, document.hrefs) == (body, hrefs)


def test_many_brackets_take_no_time():
    start = time.perf_counter()
    parse_markdown("[[" * 4_000 + " ![[a|" * 1_000)
    assert time.perf_counter() - start < 5


def test_lines_of_hrefs():
    text = "See [a](/walk-long) and\n[b](/walk).\n\n[[Weir|the weir]]\n[c](/walk/) /gone"
    assert href_lines(text, ("/walk", "/walk-long", "[[Weir]]", "/nowhere", "/walk/"), 10) == (11, 10, 13, 0, 14)


def test_lines_are_looked_for_in_so_much_text(monkeypatch):
    monkeypatch.setattr(markdown, "LOOKED_THROUGH", 25)
    assert href_lines("a\n/b /c /d", ("/b", "/c", "/d")) == (2, 2, 0)


def test_links_in_what_is_given_to_templates():
    text = '{{< figure src="/a.png" caption="As [before](/walk), and [here](https://x.example/y)" >}} {{ f(x)[1](2) }}'
    assert parse_markdown(text).hrefs == ("/walk", "https://x.example/y")


def test_without_the_texts_of_links():
    text = (
        "# About [a lamp](/lamp)\n\nSee [the **lamp** `x`](/lamp \"Lamp\") and <a href='/wheel'>wheels</a>,"
        " [[note|a note]] or [by name][ref] ![a picture](p.png) [![inside](p.png)](/q) <https://example.org/x> now.\n\n"
        "[ref]: /ref\n\n"
        "<p>Old <A HREF='/old'>posts\nand pages</A> here</p>\n\n- [only a link](/only)\n"
    )
    whole, bare = (parse_markdown(text, link_texts=link_texts) for link_texts in (True, False))
    assert bare.headings == ("About",)
    assert bare.body == "See and , or a picture now.\nOld here"
    assert bare.hrefs == whole.hrefs
    assert "only a link" in whole.body
    assert parse_markdown("<b>Bold</b> </a> text", link_texts=False).body == "Bold text"


def test_prose_tells_paragraphs_and_what_of_them_is_taken():
    text = """
# A heading

See [the *weir*](/weir) and ![a map](m.png) or run `make`.

- An item

> A quote

```python
code
```

Plain words.

<p>Words in HTML</p>

| a | b |
|---|---|
| c | d |
"""
    document = parse_markdown(text)
    lines = document.body.split("\n")
    found = [(lines[number], taken) for number, taken in document.prose]
    assert found == [
        ("See the weir and a map or run make.", ("the weir", "a map", "make")),
        ("Plain words.", ()),
        ("Words in HTML", ("Words in HTML",)),
    ]
