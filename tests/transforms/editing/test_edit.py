"""Edits of front matter, each written out: what is changed, and what is refused."""

from itertools import pairwise

import pytest

from transforms.editing.changes import TagChanges
from transforms.editing.edit import Edited, Habits, Refused, edit_tags
from transforms.editing.new_key import Form
from transforms.editing.raw import spliced_bytes

FLOW = Habits(form=Form(layout="flow"))
BLOCK = Habits(form=Form(layout="block", indent="  "))
STRING = Habits(form=Form(layout="string"))
BODY = "\nText that has k8s in it.\ntags: [k8s]\n"


def renamed(**names):
    return TagChanges(rename=names)


MERGE = renamed(k8s="kubernetes")
GONE = TagChanges(remove=frozenset({"k8s"}))
ADD = TagChanges(add=("new",))


def yaml(tags, below="draft: false"):
    return f"---\ntitle: A post   # with a comment\n{tags}\n{below}\n---\n{BODY}"


def toml(tags):
    return f'+++\ntitle = "A post"\n{tags}\n\n[extra]\nk8s = true\n+++\n{BODY}'


def json(tags):
    return f'{{\n  "title" : "A post",\n  {tags},\n  "n": 1.10\n}}\n{BODY}'


def edit(text, changes, habits=None):
    """The text after an edit, or why it is refused; line ends of both kinds and a mark before it change nothing."""
    done = edit_tags(text.encode(), changes, habits)
    if "\r" not in text:
        crlf, mark = text.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf"
        for raw in (mark + text.encode(), crlf, mark + crlf):
            other = edit_tags(raw, changes, habits)
            if isinstance(done, Edited):
                assert isinstance(other, Edited)
                assert other.data.startswith(mark) == raw.startswith(mark)
                lines = other.data.removeprefix(mark)
                assert lines.count(b"\n") == lines.count(b"\r\n") * (b"\r\n" in raw) + lines.count(b"\n") * (
                    b"\r\n" not in raw
                )
                assert lines.replace(b"\r\n", b"\n") == done.data
            else:
                assert other == done
    if isinstance(done, Edited):
        assert spliced_bytes(text.encode(), done.splices) == done.data
        return done.data.decode()
    return done


@pytest.mark.parametrize(
    ("make", "before", "changes", "after"),
    [
        # Block lists.
        (yaml, "tags:\n  - k8s\n  - b", MERGE, "tags:\n  - kubernetes\n  - b"),
        (yaml, "tags:\n- 'k8s'  # why\n- b", MERGE, "tags:\n- 'kubernetes'  # why\n- b"),
        (yaml, 'tags:\n-   "K8S"\n- b', MERGE, 'tags:\n-   "kubernetes"\n- b'),
        (yaml, "tags:\n  - kubernetes\n  - k8s\n  - b", MERGE, "tags:\n  - kubernetes\n  - b"),
        (yaml, "tags:\n  - a\n  # of old\n  - k8s # gone\n", GONE, "tags:\n  - a\n  # of old\n"),
        (yaml, "tags:\n  - k8s", GONE, "tags: []"),
        (yaml, "tags:\n\t- k8s\n\t- b", MERGE, "tags:\n\t- kubernetes\n\t- b"),
        (yaml, "tags:\n  - a\n  - 'b'  # why\n", ADD, "tags:\n  - a\n  - 'b'  # why\n  - 'new'\n"),
        (yaml, "tags:\n-   a", ADD, "tags:\n-   a\n-   new"),
        (yaml, "tags:\n- 日本語\n- 😀 k8s\n- k8s", MERGE, "tags:\n- 日本語\n- 😀 k8s\n- kubernetes"),
        # Flow lists.
        (yaml, "tags: [k8s,b]", MERGE, "tags: [kubernetes,b]"),
        (yaml, "tags: [a,b]", ADD, "tags: [a,b,new]"),
        (yaml, "tags: [ 'a' , 'b' ] # x", ADD, "tags: [ 'a' , 'b' , 'new' ] # x"),
        (yaml, "tags: [a]", ADD, "tags: [a, new]"),
        (yaml, "tags: []", ADD, "tags: [new]"),
        (yaml, "tags: [k8s, b, c]", GONE, "tags: [b, c]"),
        (yaml, "tags: [a, k8s , c]", GONE, "tags: [a, c]"),
        (yaml, "tags: [a, b, k8s ]", GONE, "tags: [a, b ]"),
        (yaml, "tags: [ k8s ]", GONE, "tags: []"),
        (yaml, "tags: [\n  a,\n  b,\n]", ADD, "tags: [\n  a,\n  b,\n  new,\n]"),
        (yaml, "tags: [kubernetes, k8s]", MERGE, "tags: [kubernetes]"),
        # One string.
        (yaml, "tags: k8s", MERGE, "tags: kubernetes"),
        (yaml, "tags: a, k8s ,b", MERGE, "tags: a, kubernetes ,b"),
        (yaml, 'tags: "a,k8s"', MERGE, 'tags: "a,kubernetes"'),
        (yaml, "tags: kubernetes, k8s, b", MERGE, "tags: kubernetes, b"),
        (yaml, "tags: k8s、日本語", MERGE, "tags: kubernetes、日本語"),
        (yaml, "tags: k8s, b, c", GONE, "tags: b, c"),
        # Other names of the field, and where it is.
        (yaml, "Tags: [k8s]", MERGE, "Tags: [kubernetes]"),
        (yaml, "topics: [k8s]\nkeywords: k8s", MERGE, "topics: [kubernetes]\nkeywords: k8s"),
        (yaml, "taxonomies:\n  tags: [k8s]", MERGE, "taxonomies:\n  tags: [kubernetes]"),
        (yaml, "x: &a [k8s]\ny: *a\ntags: [k8s]", MERGE, "x: &a [k8s]\ny: *a\ntags: [kubernetes]"),
        # TOML.
        (toml, 'tags = ["k8s", "b"]', MERGE, 'tags = ["kubernetes", "b"]'),
        (toml, "tags = ['k8s','b',]", MERGE, "tags = ['kubernetes','b',]"),
        (toml, 'tags = ["a",]', ADD, 'tags = ["a", "new",]'),
        (toml, 'tags = [\n  "a", # why\n  "b"\n]', renamed(b="c"), 'tags = [\n  "a", # why\n  "c"\n]'),
        (toml, 'tags = [\n  "k8s",\n  "b",\n]', GONE, 'tags = [\n  "b",\n]'),
        (toml, 'taxonomies.tags = ["k8s"]', MERGE, 'taxonomies.tags = ["kubernetes"]'),
        (toml, '[taxonomies]\ntags = ["k8s"]', MERGE, '[taxonomies]\ntags = ["kubernetes"]'),
        (toml, 'taxonomies = { tags = ["k8s"] }', MERGE, 'taxonomies = { tags = ["kubernetes"] }'),
        (toml, 'd = 2024-01-02 03:04:05 # [\ns = """\ntags = ["k8s"]"""\ntags = ["k8s"]', MERGE,
         'd = 2024-01-02 03:04:05 # [\ns = """\ntags = ["k8s"]"""\ntags = ["kubernetes"]'),
        # JSON.
        (json, '"tags" : ["k8s" , "b"]', MERGE, '"tags" : ["kubernetes" , "b"]'),
        (json, '"tags": [\n    "a"\n  ]', ADD, '"tags": [\n    "a",\n    "new"\n  ]'),
        (json, '"tags": ["a", "k8s"]', GONE, '"tags": ["a"]'),
        (json, '"x": {"tags": ["k8s"]}, "tags": "k8s"', MERGE, '"x": {"tags": ["k8s"]}, "tags": "kubernetes"'),
    ],
)  # fmt: skip
def test_no_more_than_the_tags_is_changed(make, before, changes, after):
    assert edit(make(before), changes) == make(after)


@pytest.mark.parametrize(
    ("text", "habits", "after"),
    [
        ("---\ntitle: A\n---\n", FLOW, "---\ntitle: A\ntags: [new]\n---\n"),
        ("---\ntitle: A\n---\n", BLOCK, "---\ntitle: A\ntags:\n  - new\n---\n"),
        ("---\ntitle: A\n---\n", STRING, "---\ntitle: A\ntags: new\n---\n"),
        ("---\ntitle: A\ntags:\n---\n", BLOCK, "---\ntitle: A\ntags:\n  - new\n---\n"),
        ("---\ntags: \nt: |\n  x\n\n# end\n---\n", FLOW, "---\ntags: [new]\nt: |\n  x\n\n# end\n---\n"),
        ("---\ntags: ''\n---\n", FLOW, "---\ntags: [new]\n---\n"),
        ("---\n---\nText\n", FLOW, "---\ntags: [new]\n---\nText\n"),
        ("---\nt: |\n  x\n\n---\n", FLOW, "---\nt: |\n  x\ntags: [new]\n\n---\n"),
        ("  \n--- \n t: x\n---\n", BLOCK, "  \n--- \n t: x\n tags:\n   - new\n---\n"),
        ("---\ntags: a\n---\n", STRING, "---\ntags: a, new\n---\n"),
        ('+++\nt = 1 # x\n\n[b]\nc = 1\n+++\n', FLOW, '+++\nt = 1 # x\ntags = ["new"]\n\n[b]\nc = 1\n+++\n'),
        ("+++\n[b]\nc = 1\n+++\n", FLOW, '+++\ntags = ["new"]\n[b]\nc = 1\n+++\n'),
        ('---json\n{"t": "x"}\n---\n', FLOW, '---json\n{"t": "x","tags": ["new"]}\n---\n'),
        ('{\n  "t": 1,\n  "d": 2\n}\n', FLOW, '{\n  "t": 1,\n  "d": 2,\n  "tags": ["new"]\n}\n'),
        ("Title: A\nDate: 2024-01-02\n\nText\n", FLOW, "Title: A\nDate: 2024-01-02\nTags: new\n\nText\n"),
        (".. title: A\n\nText\n", FLOW, ".. title: A\n.. tags: new\n\nText\n"),
        (".. title: A\n.. tags: \n\nText\n", FLOW, ".. title: A\n.. tags: new\n\nText\n"),
        ("<!--\n.. title: A\n-->\nText\n", FLOW, "<!--\n.. title: A\n.. tags: new\n-->\nText\n"),
    ],
)  # fmt: skip
def test_a_key_is_added_as_the_blog_has_it(text, habits, after):
    assert edit(text, ADD, habits) == after


ZOLA = Habits(form=Form(("taxonomies", "tags"), "flow"))


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("+++\n[taxonomies]\nc = [] # x\n[e]\n+++\n", '+++\n[taxonomies]\nc = [] # x\ntags = ["new"]\n[e]\n+++\n'),
        ("+++\na = 1\n[taxonomies]\n+++\n", '+++\na = 1\n[taxonomies]\ntags = ["new"]\n+++\n'),
        ("+++\na = 1\n+++\n", '+++\na = 1\n\n[taxonomies]\ntags = ["new"]\n+++\n'),
    ],
)  # fmt: skip
def test_a_key_goes_into_the_table_of_taxonomies(text, after):
    assert edit(text, ADD, ZOLA) == after


DEEP = Habits(form=Form(("taxonomies", "tags"), "block", "  "))


@pytest.mark.parametrize(
    ("before", "habits", "after"),
    [
        ("taxonomies:\n  categories: [a]\nb: 1", ZOLA, "taxonomies:\n  categories: [a]\n  tags: [new]\nb: 1"),
        (
            "taxonomies:\n    categories:\n      - a  # x\n\n# y\nb: 1",
            DEEP,
            "taxonomies:\n    categories:\n      - a  # x\n    tags:\n      - new\n\n# y\nb: 1",
        ),
        (
            "taxonomies:\n  text: |\n    a\n    b\nb: 1",
            ZOLA,
            "taxonomies:\n  text: |\n    a\n    b\n  tags: [new]\nb: 1",
        ),
        ("taxonomies: {categories: [a]}\nb: 1", ZOLA, "taxonomies: {categories: [a], tags: [new]}\nb: 1"),
        ("taxonomies: {}", DEEP, "taxonomies: {tags: [new]}"),
        ("taxonomies:  # none\nb: 1", ZOLA, "taxonomies:  # none\n  tags: [new]\nb: 1"),
        ("b: 1", DEEP, "b: 1\ntaxonomies:\n  tags:\n    - new"),
    ],
)
def test_a_key_goes_below_taxonomies(before, habits, after):
    assert edit(f"---\n{before}\n---\n{BODY}", ADD, habits) == f"---\n{after}\n---\n{BODY}"


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ("x: &x {a: b}\ntaxonomies: *x", "alias"),
        ("taxonomies: &x\n  a: b", "anchor"),
        ("taxonomies: [a]", "layout"),
        ("taxonomies: a", "layout"),
        ("Taxonomies:\n  a: b", "layout"),
    ],
)
def test_where_nothing_can_be_put_below_taxonomies(before, kind):
    assert edit(f"---\n{before}\n---\n{BODY}", ADD, ZOLA).kind == kind


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Title: A\nTags: k8s, b\n\nText\n", "Title: A\nTags: kubernetes, b\n\nText\n"),
        ("Title: A\nTags: k8s;b\n\nText\n", "Title: A\nTags: kubernetes;b\n\nText\n"),
        ("Title: A\nTags: kubernetes;k8s\n\nText\n", "Title: A\nTags: kubernetes\n\nText\n"),
        (".. title: A\n.. tags: a, k8s\n\nText\n", ".. title: A\n.. tags: a, kubernetes\n\nText\n"),
        ("<!-- title: A\ntags: k8s -->\nText\n", "<!-- title: A\ntags: kubernetes -->\nText\n"),
        ("title: A\ntags: [k8s]\n---\nText\n", "title: A\ntags: [kubernetes]\n---\nText\n"),
        ('"title": "A",\n"tags": ["k8s"]\n;;;\nText\n', '"title": "A",\n"tags": ["kubernetes"]\n;;;\nText\n'),
        (";;;\n{\"tags\": [\"k8s\"]}\n;;;\nText\n", ";;;\n{\"tags\": [\"kubernetes\"]}\n;;;\nText\n"),
        ("---toml\ntags = ['k8s']\n---\nText\n", "---toml\ntags = ['kubernetes']\n---\nText\n"),
    ],
)  # fmt: skip
def test_other_openings(text, after):
    assert edit(text, MERGE) == after


def test_strings_of_jekyll_are_parted_at_spaces():
    spaced = Habits(spaced=True)
    assert edit(yaml("tags: a k8s  b"), MERGE, spaced) == yaml("tags: a kubernetes  b")
    assert edit(yaml("tags: a k8s"), renamed(k8s="two words"), spaced) == Refused("separator", 3, "two words")
    assert edit(yaml("topics: a k8s"), MERGE, spaced) is None
    assert edit(yaml("tags: a b, k8s"), GONE, spaced) == Refused("unproven", 3)
    assert edit(yaml("tags: a b, k8s"), GONE) == yaml("tags: a b")


@pytest.mark.parametrize(
    ("text", "changes", "kind", "line"),
    [
        (yaml("x: &t [k8s]\ntags: *t"), MERGE, "alias", 4),
        (yaml("tags: &t [k8s]\nx: *t"), MERGE, "anchor", 3),
        (yaml("x: &a k8s\ntags: [*a]"), MERGE, "alias", 4),
        (yaml("tags:\n- b\n- &a k8s"), MERGE, "anchor", 5),
        (yaml("x: &x\n  tags: [k8s]\n<<: *x"), MERGE, "alias", 2),
        (yaml("tags: [k8s]\ntags: [k8s]"), MERGE, "duplicate_key", 4),
        (yaml("tags: [k8s]\nTags: [k8s]"), MERGE, "duplicate_key", 4),
        (yaml("tags:\n- |\n  k8s\n- b"), MERGE, "block_scalar", 4),
        (yaml("tags:\n- [k8s]\n- b"), MERGE, "nested", 4),
        (yaml("tags:\n- name: k8s\n- b"), MERGE, "mapping", 4),
        (yaml("tags:\n- !x k8s"), MERGE, "unreadable", 4),
        (yaml("tags: !!str k8s"), MERGE, "tagged", 3),
        (yaml("tags: a"), ADD, "string", 3),
        (yaml("tags: a, b"), ADD, "string", 3),
        (yaml("tags: a, k8s"), renamed(k8s="x, y"), "separator", 3),
        (yaml("tags: [k8s]"), renamed(k8s="\ufeffx"), "character", 1),
        (yaml("tags: [\n  a, # why\n  k8s\n]"), GONE, "comment", 4),
        (yaml("tags:\n-\n  k8s\n- a"), GONE, "layout", 5),
        (yaml("tags:\n- k8s\n# why\n- K8S"), GONE, "comment", 4),
        (yaml("tags: 'it''s, k8s'"), MERGE, "layout", 3),
        (yaml("tags: a,\n  k8s"), MERGE, "layout", 3),
        ("---\ntags: [k8s]\n...\nText\n", MERGE, "dots", 3),
        ("---\rtags: [k8s]\r---\rText\r", MERGE, "lone_cr", 1),
        ("---\ntags: [k8s]\n---\rText\n", MERGE, "lone_cr", 3),
        ("{title: x, tags: [k8s]}", MERGE, None, None),
        ("---\n{title: x}\n---\n", ADD, "layout", 2),
        ("Text\n", ADD, "no_front_matter", 1),
        ("---\ntags: [k8s\n---\n", MERGE, "unreadable", 3),
        ("---js\n{tags: ['k8s']}\n---\n", MERGE, "unreadable", 1),
        ("Title: A\nTags: k8s\nTags: b\n\nText\n", MERGE, "duplicate_key", 3),
        ("Title: A\nTags: k8s,\n    b\n\nText\n", MERGE, "unproven", 2),
    ],
)  # fmt: skip
def test_what_cannot_be_proved_is_refused(text, changes, kind, line):
    done = edit(text, changes)
    if kind is None:
        assert done is None
    else:
        assert (done.kind, done.line) == (kind, line)


def test_a_post_without_the_tags_is_left_alone_whatever_is_in_it():
    assert edit(yaml("x: &t [a]\ntags: *t"), MERGE) is None
    assert edit("Text\n", MERGE) is None
    assert edit("---\rtags: [a]\r---\r", MERGE) is None


@pytest.mark.parametrize(
    "name", ["no", "y", "1.10", "2024-01-02", "a: b", "#x", "@x", "😀", "null", "0x1f", "1e3", "a #b", "-"]
)
def test_what_a_reader_might_take_for_something_else_is_quoted(name):
    assert edit(yaml("tags: [k8s]"), renamed(k8s=name)) == yaml(f"tags: ['{name}']")
    assert edit(yaml("tags:\n- k8s"), renamed(k8s=name)) == yaml(f"tags:\n- '{name}'")


@pytest.mark.parametrize("name", ["18f", "c#", "node.js", "Q&A", "don't", "日本語", "two words", "a/b", "c++", "é"])
def test_other_names_are_not(name):
    assert edit(yaml("tags: [k8s]"), renamed(k8s=name)) == yaml(f"tags: [{name}]")


def test_line_ends_are_those_of_the_neighbors():
    mixed = b"---\ntitle: A\r\ntags:\r\n- a\r\n---\n"
    assert edit_tags(mixed, ADD).data == b"---\ntitle: A\r\ntags:\r\n- a\r\n- new\r\n---\n"
    mixed = b"---\r\ntags:\n- a\n---\r\n\r\n"
    assert edit_tags(mixed, ADD).data == b"---\r\ntags:\n- a\n- new\n---\r\n\r\n"


def test_more_tags_than_a_post_may_have_are_not_added():
    done = edit(yaml("tags: [a]"), TagChanges(add=tuple(f"t{n}" for n in range(100))))
    assert (done.kind, done.detail) == ("unreadable", "more than 100 tags")


def test_bombs_of_aliases_are_compared_in_no_time():
    lines = [
        "a: &a [x, x]",
        *(f"{b}: &{b} [*{a}, *{a}]" for a, b in pairwise("abcdefghijklmnopqrstuvwx")),
    ]
    text = yaml("\n".join([*lines, "loop: &z [*z]", "tags: [k8s]"]))
    assert edit(text, MERGE) == text.replace("tags: [k8s]", "tags: [kubernetes]", 1)
