"""The command as a whole, on small blogs: what it tells, its exit codes, and what it never loads."""

import json
import os
import shlex
import subprocess
import sys

import pytest

from jobs.check import command
from jobs.check.command import main
from jobs.fix.command import main as fix
from tests.jobs.check.repositories import commit, git, write
from tests.jobs.results import ROOT, postkin
from tests.transforms.checks.by_hand import post, texts

HEAVY = ("apache_beam", "faiss", "pandas", "pyarrow", "sklearn", "tensorflow", "rich", "jinja2")
NEW = post(31, "extra: [a]\n", "See [a post](post-1.md) and [none](nowhere.md).").replace("[gardening]", "[gardenning]")


@pytest.fixture(autouse=True)
def by_hand(monkeypatch):
    """Neither a host of pull requests nor a config of the machine."""
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "PRE_COMMIT_FROM_REF"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def blog(tmp_path, monkeypatch):
    """A checkout of a blog with a branch of one new post; the working folder is its root."""
    folder = tmp_path / "blog"
    folder.mkdir()
    git(folder, "init", "-q", ".")
    commit(folder, {**texts(), "postkin.toml": 'posts = ["posts"]\n'})
    git(folder, "checkout", "-q", "-b", "topic")
    commit(folder, {"posts/new.md": NEW})
    monkeypatch.chdir(folder)
    return folder


def told(capfd, *flags, code=0):
    """What the command prints as JSON."""
    assert main([*flags, "--format", "json", "--as-of", "2024-06-01"]) == code
    return json.loads(capfd.readouterr().out)


def rules(check):
    return [(finding["rule"], finding["path"], finding["line"], finding["subject"]) for finding in check["findings"]]


BROUGHT = [
    ("link-broken", "posts/new.md", 11, "nowhere.md"),
    ("tag-misspelt", "posts/new.md", 5, "gardenning"),
]


def test_a_branch_is_told_what_it_brings(blog, capfd):
    check = told(capfd, code=1)
    assert [found for found in rules(check) if found[0] in ("link-broken", "tag-misspelt")] == BROUGHT
    assert {finding["path"] for finding in check["findings"]} == {"posts/new.md"}
    assert check["base"] == git(blog, "rev-parse", "main")
    assert check["head"] == git(blog, "rev-parse", "topic")
    assert check["state"] == {"posts": 30, "fitted": "base"}
    (post,) = check["posts"]
    assert (post["path"], post["id"], post["status"]) == ("posts/new.md", "new", "added")
    assert post["related"]


def test_what_a_post_had_before_is_not_told(blog, capfd):
    commit(blog, {"posts/new.md": f"{NEW}\nMore [of it](nowhere-else.md).\n"})
    check = told(capfd, "--base", "HEAD~1", code=1)
    assert rules(check) == [("link-broken", "posts/new.md", 13, "nowhere-else.md")]
    assert check["posts"][0]["status"] == "modified"


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("warning", 1), ("notice", 1), ("never", 0)])
def test_a_check_fails_from_a_severity_on(blog, capfd, fail_on, code):
    assert main(["--fail-on", fail_on]) == code


def test_the_config_says_how_bad_a_rule_is(blog, capfd):
    write(blog, {"postkin.toml": 'posts = ["posts"]\n[check]\nfail-on = "error"\n[check.rules]\nlink-broken = "off"\n'})
    assert main([]) == 0
    assert "link-broken" not in capfd.readouterr().out
    ignored = 'posts = ["posts"]\n[check.ignore]\n"posts/n*.md" = ["*"]\n'
    write(blog, {"postkin.toml": ignored})
    check = told(capfd)
    assert check["findings"] == []
    assert check["counts"]["ignored"] >= 2


@pytest.mark.parametrize("folder", [".", "posts", "deep/folder"])
def test_bytes_do_not_depend_on_the_working_folder(blog, capfdbinary, monkeypatch, folder):
    main(["--as-of", "2024-06-01"])
    first = capfdbinary.readouterr().out
    (blog / folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(blog / folder)
    main(["--as-of", "2024-06-01"])
    assert capfdbinary.readouterr().out == first
    assert str(blog).encode() not in first


def test_every_post_is_checked_as_it_is(blog, capfd):
    git(blog, "checkout", "-q", "-B", "main")
    assert len(told(capfd, code=1)["posts"]) == 31
    assert len(told(capfd, "--all", code=1)["posts"]) == 31


def test_a_baseline_holds_what_is_known(blog, capfd):
    assert main(["--all", "--write-baseline"]) == 0
    capfd.readouterr()
    check = told(capfd, "--all")
    assert check["findings"] == []
    assert check["counts"]["baseline"] >= 2
    write(blog, {"posts/new.md": NEW.replace("nowhere.md", "post-2.md")})
    assert [finding["rule"] for finding in told(capfd, "--all")["findings"]] == ["baseline-old"]


def test_the_command_that_mends_is_named_and_mends(blog, capfd):
    write(blog, {"posts/-b c.md": NEW})
    main([])
    *_, counted, last = capfd.readouterr().out.splitlines()
    assert counted.startswith("2 posts checked: ")
    command = "postkin fix --merge gardenning=gardening --write --changed 'posts/-b c.md' posts/new.md"
    assert last == f"This command mends 2 of these: {command}"
    assert fix(shlex.split(last.partition("postkin fix ")[2])) == 0
    assert "[gardening]" in (blog / "posts/-b c.md").read_text()
    capfd.readouterr()
    assert "tag-misspelt" not in {found[0] for found in rules(told(capfd, code=1))}


def test_the_command_mends_fields_too(blog, capfd):
    write(blog, {"posts/new.md": NEW.replace("tags:", "tgas:").replace("description:", "descripton:")})
    main([])
    last = capfd.readouterr().out.splitlines()[-1]
    assert last == "This command mends 2 of these: postkin fix --rules field-misspelt --write --changed posts/new.md"
    assert fix(shlex.split(last.partition("postkin fix ")[2])) == 0
    assert (blog / "posts/new.md").read_text() == NEW


LEFT_ALONE = {
    "an anchor": NEW.replace("tags: [", "tags: &tags ["),
    "a tag of several lines": NEW.replace("tags: [gardenning]", "tags:\n- >-\n  gardenning"),
}


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_what_fix_leaves_alone_is_not_promised(blog, capfd, case):
    write(blog, {"posts/left.md": LEFT_ALONE[case]})
    main([])
    last = capfd.readouterr().out.splitlines()[-1]
    assert last.startswith("This command mends 1 of these: postkin fix --merge gardenning=gardening --write")
    assert last.endswith("--changed posts/new.md")
    assert fix(shlex.split(last.partition("postkin fix ")[2])) == 0


def test_no_command_is_named_where_all_is_left_alone(blog, capfd):
    write(blog, {"posts/new.md": LEFT_ALONE["an anchor"]})
    main([])
    assert "This command" not in capfd.readouterr().out


HOSTILE = ("posts/$(touch ran).md", "posts/`touch ran`.md", """posts/it's "so" & so.md""", "posts/; touch ran #.md")


@pytest.mark.parametrize("format_", ["text", "markdown", "github"])
def test_the_command_that_mends_is_one_line_whatever_files_are_called(blog, capfd, tmp_path, format_):
    write(blog, dict.fromkeys((*HOSTILE, "posts/line\nend.md", "posts/turned\u202e.md"), NEW))
    main(["--format", format_])
    lines = [line.strip() for line in capfd.readouterr().out.splitlines()]
    (command,) = {line[line.index("postkin fix --merge") :] for line in lines if "--write --changed" in line}
    program = tmp_path / "bin/postkin"
    write(tmp_path, {"bin/postkin": "#!/bin/sh\nprintf '%s\\n' \"$@\"\n"})
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    ran = subprocess.run(["sh", "-c", command], env=environment, cwd=blog, capture_output=True, text=True, check=True)
    given = ran.stdout.splitlines()
    assert given[given.index("--changed") + 1 :] == sorted([*HOSTILE, "posts/new.md"])
    assert not (blog / "ran").exists()


def test_a_hook_hands_over_whatever_is_changed(blog, capfd):
    write(blog, {"posts/-draft.md": NEW, "README.md": "no post", "a.png": ""})
    check = told(capfd, "--changed", "posts/-draft.md", "README.md", "a.png", code=1)
    assert [post["path"] for post in check["posts"]] == ["posts/-draft.md"]
    assert told(capfd, "--changed")["posts"] == []


def test_links_to_a_deleted_post_are_told(blog, capfd):
    git(blog, "rm", "-q", "posts/post-1.md")
    commit(blog)
    check = told(capfd, "--base", "HEAD~1")
    (finding,) = check["findings"]
    assert (finding["rule"], finding["severity"], finding["path"]) == ("link-broken", "warning", "posts/new.md")
    assert "posts/post-1.md, which is deleted here" in finding["message"]


def test_a_post_that_is_moved_by_hand_is_renamed_and_not_deleted(blog, capfd):
    (blog / "posts/post-1.md").rename(blog / "posts/moved.md")
    check = told(capfd, "--base", "HEAD", code=1)
    assert [(post["path"], post["status"], post["was"]) for post in check["posts"]] == [
        ("posts/moved.md", "renamed", "posts/post-1.md")
    ]
    assert ("slug-changed", "posts/moved.md", 1, "post-1") in rules(check)
    assert ("link-broken", "posts/new.md", 11, "post-1.md") in rules(check)
    assert "deleted" not in " ".join(finding["message"] for finding in check["findings"])


def test_no_git_is_needed(tmp_path, capfd, monkeypatch):
    write(tmp_path, {**texts(), "posts/new.md": NEW})
    monkeypatch.chdir(tmp_path)
    check = told(capfd, "--input", "posts", "--changed", "posts/new.md", code=1)
    assert [found for found in rules(check) if found[0] in ("link-broken", "tag-misspelt")] == BROUGHT
    assert (check["base"], check["head"]) == (None, None)


def test_a_post_that_cannot_be_read_is_told(blog, capfd):
    (blog / "posts/link.md").symlink_to("/etc/hosts")
    check = told(capfd, "--base", "HEAD", code=1)
    assert [finding["rule"] for finding in check["findings"]] == ["front-matter-invalid"]
    message = check["findings"][0]["message"]
    assert message.startswith("The post cannot be read: a link that leads out of the folder. ")
    assert "front matter" not in message


def test_nothing_is_learned_where_no_post_changed(blog, capfd, monkeypatch):
    monkeypatch.setattr(command, "know", lambda *_: pytest.fail("it learns"))
    assert told(capfd, "--base", "HEAD")["state"] == {"posts": 31, "fitted": "base"}
    main(["--base", "HEAD"])
    assert capfd.readouterr().out == "0 posts checked: nothing found.\n"


def test_an_old_state_is_told_by_a_path_of_the_repository(blog, capfd, tmp_path):
    postkin(blog / "posts", tmp_path / "out")
    for number in range(10):
        write(blog, {f"posts/post-{number}.md": post(number, body="Something else.")})
    commit(blog)
    write(blog, {"posts/new.md": f"{NEW}\nMore.\n"})
    check = told(capfd, "--base", "HEAD", "--state", str(tmp_path / "out"))
    assert check["state"]["fitted"] == "state"
    assert [(found["rule"], found["path"]) for found in check["findings"]] == [("state-old", "posts")]
    write(blog, {"postkin.toml": 'posts = ["posts"]\n[check.rules]\nstate-old = "off"\n'})
    assert told(capfd, "--base", "HEAD", "--state", str(tmp_path / "out"))["findings"] == []


def test_a_state_that_is_none_is_said_once_and_does_no_harm(blog, capfd):
    assert main(["--state", "nowhere", "--fail-on", "never"]) == 0
    said = capfd.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("postkin check: nowhere holds no state")
    assert said.endswith("it learns from the posts instead\n")


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--base", "nowhere"], "--base 'nowhere' is no commit here"),
        (["--input", "nowhere"], "--input 'nowhere'"),
        (["--no-config"], "no posts are given; give a folder or a glob"),
        (["--baseline", "nowhere.json"], "baseline 'nowhere.json' cannot be read"),
        (["--baseline", "postkin.toml"], "baseline 'postkin.toml': it is not JSON"),
        (["--baseline", "postkin.toml"], "; write it again with --all --write-baseline"),
        (["--config", "nowhere.toml"], "nowhere.toml"),
        (["--bsae", "main"], "--bsae"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(blog, capfd, flags, why):
    assert main(flags) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith("postkin check: ")
    assert said.err.count("\n") == 1
    assert why in said.err


def test_a_fault_of_its_own_is_no_finding(blog, capfd, monkeypatch):
    def fail(*_):
        raise RuntimeError("on\npurpose")

    monkeypatch.setattr(command, "judge", fail)
    assert main([]) == 3
    assert capfd.readouterr().err.endswith("postkin check: failed: RuntimeError: on\\npurpose\n")


def test_nothing_heavy_is_loaded(blog):
    script = f"""
import sys
from jobs.cli import main
code = main(["check", "--lang", "ja", "--format", "markdown"])
print([name for name in {HEAVY} if name in sys.modules], code)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-P", "-c", script], env=environment, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "[] 1"
