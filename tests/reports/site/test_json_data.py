"""The bytes of a site's file of data: JSON, and YAML of the same values, whatever posts are called."""

import base64
import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reports.site.changes import say_changes
from reports.site.json_data import BEGINNING, is_key, json_text, site_data
from transforms.output.exported_run import ExportedPost, ExportedRun
from transforms.results import EXTRAS, Cluster, RelatedArticle, Translation, Why

AWKWARD = (
    "\x00\t\n\r\x1b\"\\/ :#,{}[]-&*!|>'%@`~=<éñ日本語\x7f\x80\x85\xa0\u2028\u2029\ufeff\ufffd\ufffe\uffff😀\U0001ffff"
)
TEXTS = st.text() | st.text(AWKWARD) | st.sampled_from(["y", "null", "2024-01-02", "<<", "=", "1.10", "---", "..."])
NAMES = st.text(st.characters(codec="utf-8"), min_size=1) | st.text(AWKWARD, min_size=1) | TEXTS.filter(bool)
SCORES = st.integers(0, 10_000).map(lambda score: score / 10_000)
LOADER = yaml.SafeLoader


@st.composite
def runs(draw):
    """A run, and the names of its posts."""
    names = draw(st.lists(NAMES.filter(is_key), unique=True, max_size=6))
    keys = {f"id {number}": name for number, name in enumerate(names)}
    ids = st.sampled_from([*keys, "unnamed"])

    def related():
        why = Why(0.5, shared_tags=tuple(draw(st.lists(TEXTS, max_size=2))), counted=("text",))
        return RelatedArticle(draw(ids), draw(SCORES), draw(st.none() | SCORES), why)

    posts = {"unnamed": ExportedPost("", "", None, None)}
    for id_ in keys:
        reasons = tuple(related() for _ in range(draw(st.integers(0, 3))))
        posts[id_] = ExportedPost(
            path="",
            title=draw(TEXTS),
            url=draw(st.none() | TEXTS),
            language=None,
            related=tuple(other.id for other in reasons),
            reasons=reasons,
            newest=draw(st.none() | ids),
            theme=draw(st.integers(1, 99)),
            tags=tuple(draw(st.lists(TEXTS, max_size=2))),
            readable=draw(st.sampled_from(["", "en"])),
            vector=draw(st.binary(max_size=3)),
            also_read=tuple(draw(st.lists(ids, max_size=3))),
            translations=tuple(Translation(code, draw(ids)) for code in draw(st.sets(st.sampled_from(["ja", "no"])))),
        )
    themes = tuple(Cluster(n + 1, name, n, (), (), ()) for n, name in enumerate(draw(st.lists(TEXTS, max_size=2))))
    return ExportedRun(posts, themes, draw(st.frozensets(st.sampled_from(EXTRAS)))), keys


def whole(text):
    """A text as it is written: half a surrogate pair is no character."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@given(runs())
def test_it_is_json_that_yaml_reads_alike(case):
    run, keys = case
    content = site_data(run, keys)
    text = content.decode()
    found = json.loads(text)
    assert yaml.load(text, LOADER) == found
    assert content.startswith(BEGINNING)
    assert not re.search("[\t\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]", text)
    assert not re.search(r"\\ud[89a-f]", text)


@given(runs())
def test_it_says_what_the_run_says(case):
    run, keys = case
    found = json.loads(site_data(run, keys))
    named = sorted((key, run.posts[id_]) for id_, key in keys.items())
    expected = {
        "version": 1,
        "related": {key: [keys[id_] for id_ in post.related if id_ in keys] for key, post in named},
    }
    if "themes" in run.extras:
        expected["theme"] = {key: post.theme for key, post in named}
        expected["themes"] = [{"number": c.number, "name": whole(c.name), "posts": c.size} for c in run.themes]
    if "tags" in run.extras:
        expected["tags"] = {key: [*map(whole, post.tags)] for key, post in named if post.tags}
    if "translations" in run.extras:
        others = {key: {t.language: keys[t.id] for t in post.translations if t.id in keys} for key, post in named}
        expected["translations"] = {key: value for key, value in others.items() if value}
    if "new" in run.extras:
        expected["new"] = {key: keys[post.newest] for key, post in named if post.newest in keys}
    if "next" in run.extras:
        expected["next"] = {key: [post.readable, base64.b64encode(post.vector).decode()] for key, post in named}
    if "also_read" in run.extras:
        read = {key: [keys[id_] for id_ in post.also_read if id_ in keys] for key, post in named}
        expected["also_read"] = {key: others for key, others in read.items() if others}
    why = found.pop("why", None)
    assert found == expected
    assert [*found["related"]] == sorted(keys.values())
    assert (why is not None) == ("why" in run.extras)
    for key, post in named if why is not None else ():
        reasons = [other for other in post.reasons if other.id in keys]
        assert [row["key"] for row in why.get(key, [])] == found["related"][key]
        assert [row["title"] for row in why.get(key, [])] == [whole(run.posts[other.id].title) for other in reasons]
        assert [row["score"] for row in why.get(key, [])] == [other.score for other in reasons]


@given(runs())
def test_each_post_has_a_line_and_the_same_run_gives_the_same_bytes(case):
    run, keys = case
    content = site_data(run, keys)
    backwards = ExportedRun(dict(reversed(run.posts.items())), run.themes, run.extras)
    assert site_data(backwards, dict(reversed(keys.items()))) == content
    plain = site_data(ExportedRun(run.posts), keys).decode()
    lines = plain.split("\n")
    assert lines[0] == '{"version": 1,'
    if keys:
        assert lines[1] == '"related": {'
        assert lines[-2:] == ["}}", ""]
        assert [json.loads(f"{{{line.removesuffix(',')}}}") for line in lines[2:-2]] == [
            {key: value} for key, value in json.loads(plain)["related"].items()
        ]


def test_what_stands_in_the_file():
    posts = {
        "b": ExportedPost("b.md", "B", None, "en", related=("a", "ü"), theme=2, tags=("bikes",), newest="ü"),
        "a": ExportedPost("a.md", "A", None, "en", theme=1),
        "ü": ExportedPost("ü.md", "Ü", None, "en", related=("b",), theme=2),
    }
    run = ExportedRun(posts, (Cluster(1, "One", 1, (), (), ()),), frozenset({"themes", "new"}))
    assert site_data(run, {"a": "a.md", "b": "b.md", "ü": "ü.md"}).decode() == (
        '{"version": 1,\n"related": {\n"a.md": [],\n"b.md": ["a.md", "ü.md"],\n"ü.md": ["b.md"]\n},\n'
        '"theme": {\n"a.md": 1,\n"b.md": 2,\n"ü.md": 2\n},\n'
        '"themes": [\n{"number": 1, "name": "One", "posts": 1}\n],\n"new": {\n"b.md": "ü.md"\n}}\n'
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("😀", '"😀"'),
        ("\x7f", r'"\u007f"'),
        ("\t", r'"\t"'),
        ("a\u2028b", r'"a\u2028b"'),
        ("\udcff", '"\ufffd"'),
        ("\ud83d\ude00", '"\ufffd\ufffd"'),
        ("日", '"日"'),
    ],
)
def test_how_a_text_is_written(text, written):
    assert json_text(text) == written


def test_what_is_no_key():
    assert is_key("a" * 997)
    assert not is_key("a" * 998)
    assert not is_key("\x7f" * 200)
    assert not is_key("\udcff.md")


OURS = b'{"version": 1,\n"related": {\n"a": ["b"],\n"b": []\n}}\n'


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (
            b'{"related": {"b": ["c"], "c": ["b"], "d": []}}',
            "1 post more, 2 posts fewer, 1 post with other related posts",
        ),
        (b'{"related": {"a": ["b"]}}', "1 post more"),
        (b'{"related": {"a": ["b"], "b": []}}', "what stands beside the related posts differs"),
        (b"[]", "it is not as postkin export writes it"),
        (b'{"related": 1}', "it is not as postkin export writes it"),
        (b"\xff", "it is not as postkin export writes it"),
        (b"[" * 100_000, "it is not as postkin export writes it"),
    ],
)
def test_what_changes_is_said(there, said):
    assert say_changes(there, OURS) == said
