"""Diffs of splices, as git itself takes and makes them."""

import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.editing.diff import quoted, unified_diff
from transforms.editing.raw import BytesSplice, spliced_bytes

NAMES = [
    "a.md",
    "b c/d e.md",
    "日本/語.md",
    'q"uo\\te.md',
    "tab\there.md",
    "line\nend.md",
    "-x.md",
    "é.md",
    "$(x) `y`;z.md",
]


def git(folder, *arguments, given=None):
    done = subprocess.run(
        ["git", "-c", "core.autocrlf=false", *arguments], cwd=folder, input=given, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "-q")
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_git_applies_a_diff_of_any_name(repository, name):
    place = repository / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"one\r\ntwo\nthree")
    splices = [BytesSplice(0, 3, b"1"), BytesSplice(9, 14, b"3\r\n4")]
    git(repository, "apply", given=unified_diff(name, place.read_bytes(), splices))
    assert place.read_bytes() == b"1\r\ntwo\n3\r\n4"


@pytest.mark.parametrize("name", NAMES)
def test_names_are_quoted_as_git_does(repository, name):
    place = repository / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"x")
    git(repository, "add", "--", name)
    assert quoted(name) in git(repository, "ls-files").split(b"\n")


@st.composite
def files(draw):
    data = draw(st.text("ab\n\n\r", max_size=60)).encode()
    places = sorted(draw(st.sets(st.integers(0, len(data)), max_size=6)))
    new = st.text("cd\n\r", max_size=4).map(str.encode)
    return data, [BytesSplice(start, end, draw(new)) for start, end in zip(places[::2], places[1::2], strict=False)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(files())
def test_git_makes_the_same_of_it(repository, case):
    data, splices = case
    (repository / "post.md").write_bytes(data)
    diff = unified_diff("post.md", data, splices)
    wanted = spliced_bytes(data, splices)
    if wanted != data:
        git(repository, "apply", "--allow-empty" if not data or not wanted else "-v", given=diff)
    assert (repository / "post.md").read_bytes() == wanted


def test_it_reads_as_git_has_it():
    data = b"---\ntitle: A\ntags:\n- b\n- c\n---\n" + b"text\n" * 9
    assert unified_diff("a b.md", data, [BytesSplice(19, 22, b"- d\n- e")]).decode() == (
        "diff --git a/a b.md b/a b.md\n--- a/a b.md\t\n+++ b/a b.md\t\n@@ -1,7 +1,8 @@\n"
        " ---\n title: A\n tags:\n-- b\n+- d\n+- e\n - c\n ---\n text\n"
    )


def test_nothing_is_said_of_a_file_that_stays():
    assert unified_diff("a.md", b"a\n", []) == b""
    assert unified_diff("a.md", b"a\n", [BytesSplice(0, 1, b"a")]) == b""
