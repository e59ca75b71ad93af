"""Random front matter: an edit does what is wanted and nothing else, or it is refused; it never fails."""

import json
import tomllib

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from transforms.editing.changes import TagChanges
from transforms.editing.edit import Edited, Habits, Refused, edit_tags
from transforms.editing.new_key import Form
from transforms.editing.scalars import write_yaml
from transforms.reading.fields import clean_text, tag_key

LETTERS = st.sampled_from("abkz019 -_.:#&*!|>%@`'\"{}[],?é日本😀/\\~=<")
NAMES = st.text(LETTERS, min_size=1, max_size=8).map(clean_text).filter(bool)
WORDS = st.text("abkz日本-", min_size=1, max_size=5).filter(lambda word: word.strip("-"))
TAGS = st.lists(st.one_of(WORDS, NAMES), min_size=1, max_size=5, unique_by=tag_key)
SPACE = st.sampled_from(["", " ", "  "])
COMMENTS = st.sampled_from(["", "  # why, [x]", " # - x"])
LINE_ENDS = st.sampled_from(["\n", "\r\n"])


@st.composite
def changes(draw, tags):
    """Changes of some of these tags, which do something."""
    some = st.lists(st.sampled_from(tags), max_size=3, unique=True)
    new = st.one_of(NAMES, WORDS, st.sampled_from(tags))
    rename = {tag_key(tag): draw(new) for tag in draw(some)}
    remove = frozenset(map(tag_key, draw(some))) - rename.keys()
    return TagChanges(rename, remove, tuple(draw(st.lists(st.one_of(NAMES, WORDS), max_size=2))))


def wanted(tags, changes):
    """What is to become of the tags, by the simplest rules."""
    stay = [tag for tag in tags if tag_key(tag) not in changes.remove and changes.rename.get(tag_key(tag), tag) == tag]
    taken, after = {tag_key(tag) for tag in stay}, []
    for tag in tags:
        if tag in stay:
            after.append(tag)
        elif tag_key(tag) not in changes.remove and tag_key(new := changes.rename[tag_key(tag)]) not in taken:
            taken.add(tag_key(new))
            after.append(new)
    for tag in changes.add:
        if tag_key(tag) not in taken:
            taken.add(tag_key(tag))
            after.append(tag)
    return after


def quoted(text, sign):
    """A text of YAML in quotes, or in none where its full loader takes it so."""
    if sign == '"':
        return json.dumps(text, ensure_ascii=False)
    try:
        if not sign and yaml.safe_load(f"- {text}") == [text] and yaml.safe_load(f"[{text}]") == [text]:
            return text
    except (yaml.YAMLError, ValueError):
        pass
    return "'" + text.replace("'", "''") + "'"


@st.composite
def yaml_tags(draw, tags):
    """Tags as YAML has them in some layout."""
    written = [quoted(tag, draw(st.sampled_from(["", "", "'", '"']))) for tag in tags]
    if draw(st.booleans()):
        indent, after = draw(SPACE), draw(st.sampled_from([" ", "  "]))
        return "tags:" + "".join(f"\n{indent}-{after}{item}{draw(COMMENTS)}" for item in written)
    comma = draw(st.sampled_from([",", ", ", " , ", ",\n  "]))
    return f"tags:{draw(SPACE)} [{draw(SPACE)}{comma.join(written)}{draw(st.sampled_from(['', ',']))}{draw(SPACE)}]"


@st.composite
def toml_tags(draw, tags):
    """Tags as TOML has them in some layout."""
    written = [
        f"'{tag}'" if "'" not in tag and draw(st.booleans()) else json.dumps(tag, ensure_ascii=False) for tag in tags
    ]
    comma = draw(st.sampled_from([",", ", ", " , ", ",\n  ", ", # why\n "]))
    return f"tags{draw(SPACE)}={draw(SPACE)}[{draw(SPACE)}{comma.join(written)}{draw(st.sampled_from(['', ',']))}]"


@st.composite
def cases(draw):
    """Tags, changes of them, the post in three parts, and what reads the middle one."""
    tags = draw(TAGS)
    language = draw(st.sampled_from(["yaml", "toml", "json"]))
    keys = draw(st.sampled_from(["", "k8s: |\n  tags: [a]\n", "# tags\nx: {tags: [a]}\n", "x: [a,\n  b]\n"]))
    if language == "yaml":
        parts = f"---\n{keys}", draw(yaml_tags(tags)), "\nlast: 1\n---\ntags: [a]\n"
    elif language == "toml":
        parts = '+++\nx = """\ntags = []\n"""\n', draw(toml_tags(tags)), "\n\n[extra]\ntags = 1\n+++\ntags: [a]\n"
    else:
        written = json.dumps({"tags": tags}, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 2])))
        parts = '{"x": {"tags": []},', written[1:-1], ', "y": 1}\n\ntags: [a]\n'
    return tags, draw(changes(tags)), parts, language


def read(language, head, middle):
    """The keys of front matter, by another way than the product's."""
    if language == "yaml":
        return yaml.load(f"{head.removeprefix('---')}{middle}", yaml.BaseLoader)
    if language == "toml":
        return tomllib.loads(f"{head.removeprefix('+++')}{middle}")
    return json.loads(f"{head}{middle}}}")


@given(cases(), LINE_ENDS, st.booleans())
def test_the_tags_wanted_and_nothing_else(case, line_end, mark):
    tags, changes, parts, language = case
    head, middle, tail = (
        (b"\xef\xbb\xbf" * mark) + parts[0].replace("\n", line_end).encode(),
        *(part.replace("\n", line_end).encode() for part in parts[1:]),
    )
    done = edit_tags(head + middle + tail, changes)
    after = wanted(tags, changes)
    if after == tags:
        assert done is None
    elif isinstance(done, Refused):
        assert done.kind == "comment"
        assert "#" in parts[1]
        assert changes.add or len(after) < len(tags)
    else:
        assert done.data.startswith(head)
        assert done.data.endswith(tail)
        new = done.data[len(head) : len(done.data) - len(tail)].decode()
        assert new.count("\n") == new.count(line_end)
        old = read(language, parts[0], parts[1])
        assert read(language, parts[0], new.replace("\r\n", "\n")) == old | {"tags": after}


@given(NAMES, st.sampled_from(["", "'", '"']), st.sampled_from(["- {}", "[{}]", "[a, {}, b]"]))
def test_both_versions_of_yaml_read_what_is_written(name, quote, form):
    """PyYAML resolves as 1.1 does; of 1.2 the core schema is what may be no string."""
    assume("\ufeff" not in name)
    written = write_yaml(name, quote)
    assert name in yaml.safe_load(form.format(written))
    if written == name:
        for read in (int, float, lambda text: int(text, 0)):
            try:
                read(name)
            except ValueError:
                continue
            raise AssertionError(name)
        assert name.casefold() not in {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"}


@given(
    st.text(st.sampled_from("---tags:[]k8s,\n\r\t \"'#&*|+={}.;"), max_size=60),
    st.sampled_from(["---", "+++", "{", ".. title: x", "<!--", "Title: x", ";;;"]),
)
def test_nothing_makes_it_fail(text, opening):
    post = f"{opening}\ntags: [k8s, a]\n{text}\n{opening}\nText\n".encode()
    before = bytes(post)
    done = edit_tags(
        post, TagChanges({"k8s": "kubernetes"}, frozenset({"a"}), ("new",)), Habits(form=Form(layout="flow"))
    )
    assert post == before
    assert done is None or isinstance(done, Edited | Refused)
