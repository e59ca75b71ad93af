"""Posts as nobody writes them: real ones with pieces put in, taken out, doubled and endlessly repeated."""

import random
from collections.abc import Iterator, Sequence

PIECES = (
    *(
        "---\n",
        "+++\n",
        "{",
        "}",
        '{"a": ',
        "tags: ",
        "date: ",
        "title: ",
        "- ",
        "&a ",
        "*a",
        "<<: ",
        "? ",
        "!!python/x ",
    ),
    *(
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "<",
        ">",
        "<a href=",
        "<!--",
        "-->",
        "<?",
        "<![CDATA[",
        "]]>",
        "<script>",
        "</pre>",
    ),
    *(
        "`",
        "```\n",
        "~~~\n",
        "*",
        "**",
        "_",
        "\\",
        "&",
        "&#x202e;",
        "&#99999999;",
        "|",
        "|-|\n",
        "# ",
        "> ",
        "1. ",
        "    ",
    ),
    *(
        "{{",
        "}}",
        "{%",
        "%}",
        "{/*",
        "*/}",
        "<Link to=",
        "import a\n",
        "[a]: b\n",
        "https://",
        "data:image/png;base64,",
    ),
    *(
        "\n",
        "\n\n",
        " ",
        "\t",
        "\r",
        "\0",
        "\x1b[31m",
        "\u202e",
        "\u2028",
        "\ufeff",
        "é",
        "字",
        "👩\u200d💻",
        "9",
        ":",
        ",",
    ),
)
PIECES += (
    *(
        ":::a\n",
        ":::\n",
        "::: {.a}\n",
        '!!! a "b"\n    ',
        "[^a]: ",
        "[^a]",
        "^[",
        "$",
        "$$\n",
        "%%",
        "{#a .b}",
        "{:toc}\n",
    ),
    *(":ab:", "==", "~~", "@[a](/b)\n", "[TOC]\n", "> [!NOTE]\n", "{% highlight a %}\n", "{% endhighlight %}\n"),
    *("Title: a\n", ".. title: a\n", ";;;\n", "---json\n", "<!--\ntitle: a\n-->\n", "&#x2028;", "\x85"),
)
NAMES = (
    "a.md",
    "a.mdx",
    "_drafts/a.md",
    "a\n::error::b.md",
    "\x1b\u202e.md",
    "README.md",
    "2020-01-02-a.markdown",
    "index.md",
)


def mutate(draw: random.Random, posts: Sequence[bytes], longest: int) -> bytes:
    """Change a post in one to six places; a piece is repeated until the post has at most `longest` bytes more."""
    post = draw.choice(posts)
    for _ in range(draw.randint(1, 6)):
        start = min(draw.choice((0, 4, draw.randint(0, len(post)), draw.randint(0, min(len(post), 200)))), len(post))
        end = min(len(post), start + draw.choice((0, 0, 1, 5, 300)))
        unit = "".join(draw.choices(PIECES, k=draw.randint(1, 4))).encode()
        put = draw.choice(
            (b"", unit, post[start:end] * 2, bytes([draw.randint(0, 255)]), _repeated(draw, unit, longest))
        )
        post = post[:start] + put + post[end:]
    return post


def mutations(seed: int, posts: Sequence[bytes], longest: int) -> Iterator[tuple[str, bytes]]:
    """Names and contents of posts, without end."""
    draw = random.Random(seed)
    while True:
        yield draw.choice(NAMES), mutate(draw, posts, longest)


def _repeated(draw: random.Random, unit: bytes, longest: int) -> bytes:
    return unit * draw.randint(1, max(1, draw.choice((10, 1_000, longest)) // len(unit)))
