"""The action is safe by its text: pinned, without an expression in a shell, with no more inputs than people read."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.ci.steps import ACTION, ROOT
from tests.jobs.pages import DOCS, code

USES = re.compile(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$")
WORKFLOWS = [text for _, text in code(DOCS["docs/ci.md"]) if "runs-on:" in text]
TEXTS = [(ROOT / "action.yml").read_text(encoding="utf-8"), *WORKFLOWS]


def tool(name):
    """A tool of the `dev` extra."""
    return shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}") or name


def test_inputs_stay_few():
    assert len(ACTION["inputs"]) <= 8
    assert not [name for name in ACTION["inputs"] if "token" in name]


def test_no_expression_is_in_a_shell():
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        assert ("run" in step) == (step.get("shell") == "bash")


@pytest.mark.parametrize("text", TEXTS)
def test_actions_of_others_are_pinned_by_hash_with_their_version_beside(text):
    uses = [line.strip(" -") for line in text.splitlines() if re.match(r"[\s-]*uses:", line)]
    assert uses
    for line in uses:
        assert USES.search(line) or "OWNER/postkin@" in line, line


def test_caches_are_restored_and_saved_apart_and_saved_of_the_default_branch_alone():
    cached = [step for step in ACTION["runs"]["steps"] if "actions/cache" in step.get("uses", "")]
    assert len(cached) == 4
    for step in cached:
        assert re.match(r"actions/cache/(restore|save)@", step["uses"])
        if "save" in step["uses"]:
            assert "steps.where.outputs.keep == 'true'" in step["if"]


def test_no_output_is_large():
    assert set(ACTION["outputs"]) == {"findings", "errors", "exit-code", "json", "sarif", "report"}


@pytest.mark.parametrize("schema", ["action", "workflow", "gitlab"])
def test_files_keep_the_schemas_of_their_readers(schema, tmp_path):
    file = ROOT / {"action": "action.yml", "gitlab": "templates/ci/gitlab.yml"}.get(schema, "docs/ci.md")
    if schema == "workflow":
        file = tmp_path / "workflow.yml"
        file.write_text(WORKFLOWS[0], encoding="utf-8")
    name = {"action": "github-actions", "workflow": "github-workflows", "gitlab": "gitlab-ci"}[schema]
    transform = ["--data-transform", "gitlab-ci"] if schema == "gitlab" else []
    command = [tool("check-jsonschema"), "--builtin-schema", f"vendor.{name}", *transform, str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_zizmor_finds_nothing(tmp_path):
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    (tmp_path / "action.yml").write_bytes((ROOT / "action.yml").read_bytes())
    for number, text in enumerate(WORKFLOWS):
        pinned = text.replace("OWNER/postkin@COMMIT", f"OWNER/postkin@{'0' * 40}")
        (folder / f"{number}.yml").write_text(pinned, encoding="utf-8")
    command = [tool("zizmor"), "--offline", "--no-progress", "--persona", "regular", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", sorted((ROOT / "ci").glob("*.sh")), ids=lambda path: path.name)
def test_scripts_can_be_read_and_run(script):
    assert script.stat().st_mode & 0o111
    assert script.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


def test_the_hook_runs_a_script_that_is_there():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    for hook in hooks:
        assert (ROOT / hook["entry"].split()[0]).is_file()
        for name in ("a.md", "b.MDX", "c.markdown", "d.qmd"):
            assert re.search(hook["files"], name)
        assert not re.search(hook["files"], "a.mdx.png")


@pytest.mark.parametrize("command", ["check", "report"])
def test_requirements_are_pinned_by_hash(command):
    text = (ROOT / f"ci/requirements-{command}.txt").read_text(encoding="utf-8")
    blocks = [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]
    assert len(blocks) > 5
    for block in blocks:
        assert re.match(r"[\w.-]+==[\w.]+( ; [^\\]+)? \\\n", block)
        assert "--hash=sha256:" in block
    assert "://" not in text
