"""The action's own steps, run on checkouts of pull requests, with nothing that only GitHub has."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.ci.steps import ROOT, Runner
from tests.jobs.check.repositories import Host, post, write

WORDS = {
    "bread": "Bread rises slowly when the dough ferments overnight in a cool kitchen with flour, water and yeast.",
    "stars": "The telescope shows planets and distant galaxies when the sky is dark and the stars are bright.",
    "garden": "A vegetable garden wants compost and sunlight, so that tomatoes and beans grow tall by the fence.",
}
POSTS = {
    f"posts/{name}-{number}.md": post(
        f"Of {name}, part {number}", 1 + number, name, f"{words} " * 3 + f"Part {number}."
    )
    for name, words in WORDS.items()
    for number in range(8)
}
NEW = "posts/new.md"
HOSTILE = '$(touch pwned) `touch pwned` "; touch pwned; #'


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    host = Host(tmp_path_factory.mktemp("host"))
    config = {"postkin.toml": 'posts = ["posts"]\n'}
    new = {
        NEW: post("A new loaf", 9, "braed", f"{WORDS['bread']} See [the first](bread-0.md) and [none](nowhere.md)."),
        f"posts/{HOSTILE.replace('/', '')}.md": post(
            "::error::x", 9, "stars", "##[error]x ${{ github.token }} {% x %}"
        ),
        "posts/line\n::error::x.md": post("A\u2028title", 9, "braed"),
        "jobs/__init__.py": "raise SystemExit('a stranger runs')",
        "sitecustomize.py": "raise SystemExit('a stranger runs')",
    }
    host.publish({**POSTS, **config}, {"posts/stars-0.md": POSTS["posts/stars-0.md"] + "More.\n"}, new)
    return host


@pytest.fixture
def runner(host, tmp_path):
    """A runner with a checkout of the pull request, and what is installed in its caches."""

    def make(depth=2, **github):
        checkout = host.check_out(tmp_path / "checkout", depth=depth)
        runner = Runner(tmp_path / "runner", checkout, sha=host.merge, **github)
        for command in ("check", "report"):
            installed = tmp_path / f"installed-{command}"
            write(installed, {"bin/python": f'#!/bin/sh\nexec {sys.executable} "$@"\n'})
            (installed / "bin/python").chmod(0o755)
            shutil.copy(ROOT / f"ci/requirements-{command}.txt", installed / "installed")
            runner.installed[command] = installed
        return runner

    return make


@pytest.mark.parametrize("depth", [1, 2])
def test_a_pull_request_is_told_what_it_brings(runner, depth):
    run = runner(depth).run(posts="posts")
    assert run.code == 1, run.log
    assert run.outputs["exit-code"] == "1"
    assert "::warning file=posts/new.md,line=4,title=postkin tag-misspelt::" in run.log
    assert "::error file=posts/new.md,line=6,title=postkin link-broken::" in run.log
    assert "bread-0.md" not in "".join(line for line in run.log.splitlines() if line.startswith("::"))
    assert "### posts/new.md" in run.summary
    told = json.loads(Path(run.outputs["json"]).read_text(encoding="utf-8"))
    assert run.outputs["findings"] == str(len(told["findings"]))
    assert run.outputs["errors"] == str(told["counts"]["error"])
    assert json.loads(Path(run.outputs["sarif"]).read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_nothing_of_a_stranger_is_run_or_obeyed(runner):
    made = runner()
    run = made.run(posts="posts", args=f"--lang\nja\n{HOSTILE}")
    assert run.code == 2
    assert "postkin check: unexpected argument" in run.log
    assert "a stranger runs" not in run.log
    assert not list(made.folder.parent.rglob("pwned"))
    again = made.run(posts="posts")
    assert "a stranger runs" not in again.log
    assert not list(made.folder.parent.rglob("pwned"))
    assert not [line for line in again.log.splitlines() if line.startswith("::error::x")]
    assert "file=posts/line%0A%3A%3Aerror%3A%3Ax.md,line=4,title=postkin tag-misspelt" in again.log
    (command,) = {line for line in again.summary.splitlines() if line.startswith("    postkin fix")}
    assert "posts/new.md" in command
    assert "::error" not in command


def test_what_cannot_be_met_is_an_error_with_its_reason(runner):
    run = runner().run(posts="nowhere")
    assert run.code == 2
    assert run.outputs["exit-code"] == "2"
    assert "::error title=postkin check::postkin check: --input 'nowhere'" in run.log


def test_a_check_may_be_told_never_to_fail(runner):
    run = runner().run(posts="posts", **{"fail-on": "never"})
    assert run.code == 0
    assert run.outputs["exit-code"] == "0"
    assert "### posts/new.md" in run.summary


def test_a_push_to_the_default_branch_is_reported_and_remembered(runner):
    made = runner(event_name="push", ref="refs/heads/main")
    run = made.run(posts="posts")
    assert run.code == 0, run.log
    assert run.steps["where"]["outputs"]["command"] == "report"
    assert "26 posts" in run.summary
    assert (Path(run.outputs["report"]) / "report.html").is_file()
    (key,) = made.caches
    assert key.startswith("postkin-state-")
    assert (made.caches[key] / "state/state.json").is_file()
    made.github |= {"event_name": "pull_request", "ref": "refs/pull/1/merge"}
    told = json.loads(Path(made.run(posts="posts").outputs["json"]).read_text(encoding="utf-8"))
    assert told["state"] == {"posts": 24, "fitted": "state"}


@pytest.mark.parametrize(
    ("event", "ref", "keep"),
    [
        ("push", "refs/heads/main", "true"),
        ("schedule", "refs/heads/main", "true"),
        ("push", "refs/heads/other", "false"),
        ("push", "refs/tags/main", "false"),
        ("pull_request", "refs/pull/1/merge", "false"),
        ("pull_request_target", "refs/heads/main", "false"),
        ("merge_group", "refs/heads/main", "false"),
    ],
)
def test_caches_are_written_of_what_is_merged_alone(runner, event, ref, keep):
    made = runner(event_name=event, ref=ref)
    outputs = made.run(posts="nowhere", command="check").steps["where"]["outputs"]
    assert outputs["keep"] == keep
    assert not made.caches


def test_a_command_that_is_none_is_refused(runner):
    run = runner().run(command="fix")
    assert run.code == 2
    assert "::error title=postkin::The input command is none of auto, check and report." in run.log


def test_a_python_that_is_too_old_is_refused(runner, tmp_path):
    old = tmp_path / "old"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    run = runner().run(python=str(old))
    assert run.code == 2
    assert "::error title=postkin::Postkin needs a Python from 3.11 to 3.13." in run.log
