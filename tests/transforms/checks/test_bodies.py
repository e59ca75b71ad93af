import pytest

from tests.transforms.checks.by_hand import read
from transforms.checks.bodies import Bodies, Body

POSTS = {"changed.md": read("---\ntitle: A\n---\nOne.\n\nTwo.\n")}
TEXTS = {
    "other.md": b"---\r\ntitle: B\r\ntags: []\r\n---\r\n\r\nOne.\r\nTwo.",
    "titled.md": b"# C\nOne. Two.\n",
    "more.md": b"One. Two. Three.",
    "empty.md": b"---\ntitle: A\n---\n\n",
    "void.md": b"",
    "bad.md": b"---\ntitle: [\n---\nOne. Two.\n",
    "bytes.md": b"\xff\xfe",
}


def bodies():
    return Bodies(POSTS, lambda paths: {path: TEXTS[path] for path in paths if path in TEXTS})


@pytest.mark.parametrize(("path", "line"), [("changed.md", 4), ("other.md", 6), ("titled.md", 2), ("more.md", 1)])
def test_a_body_knows_on_which_lines_it_stands(path, line):
    body = bodies().read(path)
    assert body.first + body.markdown[: body.markdown.index("One.")].count("\n") == line


@pytest.mark.parametrize("path", ["bad.md", "bytes.md", "gone.md"])
def test_what_cannot_be_read_has_no_body(path):
    assert bodies().read(path) == Body()


def test_bodies_are_the_same_but_for_spaces_and_a_title():
    same = {path for path in [*TEXTS, "gone.md"] if bodies().are_same("changed.md", path)}
    assert same == {"other.md", "titled.md"}
    assert not bodies().are_same("empty.md", "void.md")
