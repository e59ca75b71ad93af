"""A check needs what its requirements name, all of it and nothing else."""

import json
import os
import re
import subprocess
import sys
from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.ci.steps import ROOT
from tests.jobs.check.repositories import write
from tests.jobs.results import postkin
from tests.transforms.checks.by_hand import post, texts

SCRIPT = """
import json, sys
from importlib.metadata import packages_distributions

ALLOWED = set(json.loads(sys.argv[1]))
OF = packages_distributions()

class OnlyAllowed:
    def find_spec(self, name, path=None, target=None):
        of = {dist.lower().replace("_", "-") for dist in OF.get(name.partition(".")[0], ())}
        if of and not of & ALLOWED:
            raise ModuleNotFoundError(f"{name} is of none of the requirements", name=name)

for name in [name for name in sys.modules if OF.get(name.partition(".")[0])]:
    del sys.modules[name]  # what starts with the interpreter here, and need not elsewhere
sys.meta_path.insert(0, OnlyAllowed())
from jobs.cli import main

code = main(sys.argv[2:])
loaded = {dist.lower().replace("_", "-") for name in sys.modules for dist in OF.get(name.partition(".")[0], ())}
print(json.dumps([code, sorted(ALLOWED - loaded)]))
"""


def pins(command):
    """What a file of requirements pins, by name."""
    text = (ROOT / f"ci/requirements-{command}.txt").read_text(encoding="utf-8")
    return {
        canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE)
    }


def test_a_check_needs_what_its_requirements_name(tmp_path):
    write(tmp_path, texts())
    postkin(tmp_path / "posts", tmp_path / "out")
    write(tmp_path, {"posts/new.md": post(31, date="5 January 2024")})
    allowed = json.dumps([*pins("check"), "postkin"])
    unused = set(pins("check"))
    for flags in (["--state", "out"], []):
        arguments = ["check", "--input", "posts", "--changed", "posts/new.md", "--lang", "ja", *flags]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-P", "-c", SCRIPT, allowed, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        code, missing = json.loads(done.stdout.splitlines()[-1])
        assert code == 0
        unused &= set(missing)
    assert unused == set()


def test_requirements_are_those_of_the_package():
    ranges = {canonicalize_name(req.name): req for req in map(Requirement, requires("postkin")) if not req.marker}
    report = pins("report")
    assert set(ranges) <= set(report)
    for command in ("check", "report"):
        for name, version in pins(command).items():
            assert name not in ranges or ranges[name].specifier.contains(version), name
            assert version == report[name]
