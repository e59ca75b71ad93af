"""Renaming of keys, each written out: what is changed, and what is refused."""

import pytest

from transforms.editing.changes import TagChanges
from transforms.editing.edit import Edited, Refused, edit_tags
from transforms.editing.keys import join_edits, rename_keys
from transforms.editing.raw import spliced_bytes

NAMES = {"tgas": "tags", "descripton": "description"}
BODY = "\ntgas: [k8s]\n"


def rename(text, names=None):
    """The text with its keys renamed, or why it is refused; line ends of both kinds change nothing."""
    names = NAMES if names is None else names
    done, other = (rename_keys(data.encode(), names) for data in (text, text.replace("\n", "\r\n")))
    if not isinstance(done, Edited):
        assert other == done
        return done
    assert spliced_bytes(text.encode(), done.splices) == done.data
    assert other.data == done.data.replace(b"\n", b"\r\n")
    return done.data.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\ntitle: A\ntgas : [a]  # tgas: no\n---\n", "---\ntitle: A\ntags : [a]  # tgas: no\n---\n"),
        ("---\ndescripton: |\n  tgas: x\n'tgas':\n- a\n---\n", "---\ndescription: |\n  tgas: x\n'tags':\n- a\n---\n"),
        ("---\n{tgas: &a [b], c: *a}\n---\n", "---\n{tags: &a [b], c: *a}\n---\n"),
        ('+++\ntitle = "A"\ntgas = ["a"] # x\n+++\n', '+++\ntitle = "A"\ntags = ["a"] # x\n+++\n'),
        ('+++\n"tgas"=["a"]\n[descripton]\nx=1\n+++\n', '+++\n"tags"=["a"]\n[description]\nx=1\n+++\n'),
        ('{\n  "title": "tgas",\n  "tgas" : ["a"]\n}\n', '{\n  "title": "tgas",\n  "tags" : ["a"]\n}\n'),
        ("Title: A\nDate: 2024-01-02\nTgas: a, b\n", "Title: A\nDate: 2024-01-02\nTags: a, b\n"),
    ],
)
def test_no_more_than_the_keys_is_changed(before, after):
    assert rename(before + BODY) == after + BODY


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("---\ntags: [a]\ntgas: [b]\n---\n", "duplicate_key", 3),
        ("---\ntgas: [a]\ntgas: [b]\n---\n", "duplicate_key", 2),
        ("---\nx: &x {tgas: [a]}\n<<: *x\n---\n", "field", 2),
        ("---\n&x tgas: [a]\n---\n", "field", 2),
        ("+++\ntgas.a = 1\ntgas.b = 2\n+++\n", "field", 2),
        ("---\ntgas: [a]\n...\n", "dots", 3),
    ],
)
def test_what_cannot_be_proved_is_refused(text, kind, line):
    assert rename(text + BODY) == Refused(kind, line, rename(text + BODY).detail)


def test_a_post_without_the_keys_is_left_alone():
    assert rename("---\ntags: [a]\nx: {tgas: 1}\n---\n" + BODY) is None
    assert rename("tgas: no front matter\n") is None
    assert rename("---\ntgas: [a\n---\n").kind == "unreadable"


def test_a_post_that_cannot_be_written_so_is_refused():
    assert rename("---\na: 1\n---\n", {"a": "b\nc"}).kind == "character"


def test_two_edits_are_one_of_the_bytes_before_both():
    data = b"---\ndescripton: x\ntgas: [k8s, b]\nz: 1\n---\n"
    renamed = rename_keys(data, NAMES)
    merged = edit_tags(renamed.data, TagChanges(rename={"k8s": "kubernetes"}, add=("c",)))
    both = join_edits(data, renamed, merged)
    assert both.data == b"---\ndescription: x\ntags: [kubernetes, b, c]\nz: 1\n---\n"
    assert spliced_bytes(data, both.splices) == both.data
    with pytest.raises(ValueError, match="one place"):
        join_edits(data, renamed, Edited(b"other", merged.splices))
