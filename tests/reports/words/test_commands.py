"""Commands that people copy: the shell hands the names on as they are, and the command takes them."""

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.fix.config import parse_config
from reports.words.commands import MAX_CHARS, change_command, merge_command
from transforms.reading.fields import clean_text, tag_key

NAMES = st.text(st.characters(exclude_characters="="), min_size=1, max_size=12).map(clean_text).filter(bool)


@given(st.lists(NAMES, min_size=2, max_size=3, unique_by=tag_key), st.sampled_from(["posts", "a b/**/*.md", "./-x"]))
def test_the_shell_and_the_command_read_what_is_meant(tags, path):
    command = merge_command(tags, [path])
    if command:
        words = shlex.split(command)
        assert words[:3] == ["postkin", "fix", path]
        config = parse_config(words[2:])
        assert config.input == (path,)
        assert config.action == "write"
        assert config.merges == dict.fromkeys(tags[1:], tags[0])


TAGS = st.lists(NAMES, max_size=3, unique_by=tag_key)


@given(TAGS, st.lists(NAMES, min_size=1, max_size=2, unique_by=tag_key), st.sampled_from(["p/a.md", "p/a b.md", "./-"]))
def test_the_command_takes_the_tags_of_a_post(add, remove, file):
    add = [tag for tag in add if tag_key(tag) not in set(map(tag_key, remove))]
    command = change_command(file, ["p"], add, remove)
    if command:
        config = parse_config(shlex.split(command)[2:])
        assert (config.input, config.changed, config.action) == (("p",), (file,), "write")
        assert (config.add, config.remove) == (tuple(add), tuple(remove))


@pytest.mark.parametrize(
    "name", ["$(touch x)", "`touch x`", "'; touch x; '", '"; touch x; "', "a b", "-x", "!!", "*", "#x", "\\"]
)
def test_no_name_is_run(tmp_path, name):
    command = merge_command(["kept", name], ["posts"]).replace("postkin fix", "printf '%s\\n'", 1)
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2].removeprefix("--merge=") == f"{name}=kept"
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_no_command():
    assert merge_command(["a", "b"], []) == ""
    assert merge_command(["a"], ["posts"]) == ""
    assert change_command("", ["posts"], ["a"]) == change_command("a.md", [], ["a"]) == ""
    assert change_command("a.md", ["posts"]) == ""
    assert change_command("a.md", ["posts"], ["b" * MAX_CHARS]) == ""
    assert merge_command(["a=b", "c"], ["posts"]) == ""
    assert merge_command(["a", "b\u200d"], ["posts"]) == ""
    assert merge_command(["a", "b" * MAX_CHARS], ["posts"]) == ""
    assert merge_command(["a", "b", "a"], ["posts"]) == "postkin fix posts --merge b=a --write"
