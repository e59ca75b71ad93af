"""Runs the steps of action.yml as a runner of GitHub does, with folders for its caches."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
SHELL = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")


@dataclass
class Run:
    """What a run of the action leaves: its log, outputs and summary, and the exit code of the step that failed."""

    log: str = ""
    outputs: dict = field(default_factory=dict)
    summary: str = ""
    code: int = 0
    steps: dict = field(default_factory=dict)


class Runner:
    """A machine with a checkout at `workspace`, and caches by their keys that outlive a run.

    `installed` has a folder by command that stands for what would be installed.
    """

    def __init__(self, folder, workspace, **github):
        self.folder, self.workspace, self.caches, self.installed = folder, workspace, {}, {}
        self.github = {"event_name": "pull_request", "ref": "refs/pull/1/merge", "sha": "", "run_id": "1", **github}

    def run(self, **inputs):
        """Run all steps with these inputs, in a fresh temporary folder."""
        given = {name: str(value.get("default", "")) for name, value in ACTION["inputs"].items()}
        context = {"inputs": {**given, **inputs}, "steps": {}, "github": self._event()}
        temporary = self.folder / "temp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        run = Run(steps=context["steps"])
        for step in ACTION["runs"]["steps"]:
            if not evaluate(step.get("if", "'true'"), context):
                continue
            outputs = self._use(step, context) if "uses" in step else self._shell(step, context, temporary, run)
            context["steps"][step.get("id", "")] = {"outputs": outputs}
            if run.code:
                break
        run.outputs = {name: fill(output["value"], context) for name, output in ACTION["outputs"].items()}
        return run

    def _event(self):
        return {**self.github, "event": {"repository": {"default_branch": "main"}}}

    def _use(self, step, context):
        """Stand in for an action of others: set up this Python, or copy folders from and to the caches."""
        name, given = step["uses"].partition("@")[0], {key: fill(text, context) for key, text in step["with"].items()}
        if name == "actions/setup-python":
            return {"python-path": sys.executable}
        if name == "actions/cache/save":
            shutil.copytree(given["path"], self.folder / "caches" / given["key"], symlinks=True)
            self.caches[given["key"]] = self.folder / "caches" / given["key"]
            return {}
        if step.get("id") == "installed":
            shutil.copytree(self.installed[context["steps"]["where"]["outputs"]["command"]], given["path"])
            return {"cache-hit": "true"}
        start = given.get("restore-keys") or given["key"]
        found = [key for key in self.caches if key == given["key"] or key.startswith(start)]
        if found:
            shutil.copytree(self.caches[found[-1]], given["path"], symlinks=True)
        return {"cache-hit": "true" if given["key"] in found else ""}

    def _shell(self, step, context, temporary, run):
        files = {name: temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH")}
        summary = temporary / "GITHUB_STEP_SUMMARY"
        for file in (*files.values(), summary):
            file.write_text("")
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = {
            **kept,
            **{name: str(file) for name, file in files.items()},
            **{f"GITHUB_{name.upper()}": value for name, value in self.github.items()},
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_RUN_ATTEMPT": "1",
            "RUNNER_TEMP": str(temporary),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GIT_CONFIG_GLOBAL": os.devnull,
            **{name: fill(value, context) for name, value in step.get("env", {}).items()},
        }
        script = temporary / "step.sh"
        script.write_text(step["run"])
        done = subprocess.run([*SHELL, str(script)], cwd=self.workspace, env=environment, capture_output=True)
        run.log += done.stdout.decode() + done.stderr.decode()
        run.summary += summary.read_text(encoding="utf-8")
        run.code = done.returncode
        lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


def fill(text, context):
    """A text with its expressions evaluated."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(evaluate(found[1], context)), str(text))


def evaluate(expression, context):
    """An expression of the few kinds that the action has: names, texts, == and !=, && and ||."""
    words = {"&&": " and ", "||": " or ", "==": " == ", "!=": " != "}
    tokens = re.findall(r"'[^']*'|[a-z][\w.-]*|&&|\|\||==|!=", expression)
    assert "".join(tokens) == "".join(expression.split()), expression
    values = {}
    for place, token in enumerate(tokens):
        if token not in words and not token.startswith("'"):
            values[f"v{place}"] = find(token, context)
            tokens[place] = f"v{place}"
    return eval("".join(words.get(token, token) for token in tokens), {}, values)


def find(name, context):
    for key in name.split("."):
        context = context.get(key, "") if isinstance(context, dict) else ""
    return context
