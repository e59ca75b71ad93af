"""The README, the flags, the output contract and the commands agree."""

import argparse
import re
import subprocess

import pytest

from jobs import compare, doctor, render
from jobs.evaluate import config as evaluate
from jobs.options.beam import beam_flags
from jobs.report import config as report
from tests.jobs.results import CONTRACT, OTHER_FILES, ROOT

PARSERS = [job.make_parser() for job in (report, evaluate, render, doctor, compare)]
SHOWN = [action for parser in PARSERS for action in parser._actions if action.option_strings]
FLAGS = {
    flag: action
    for action in SHOWN
    if action.help != argparse.SUPPRESS and action.dest != "help"
    for flag in action.option_strings
}
README = (ROOT / "README.md").read_text(encoding="utf-8")
FREE_KEYS = {"config", "stages", "tables"}
"""Parts of run.json that are described as a whole."""


def keys_of(shape):
    """Every key in a shape of the contract."""
    if isinstance(shape, list):
        return keys_of(shape[0])
    if not isinstance(shape, dict):
        return set()
    named = {key for key in shape if key is not str}
    return named.union(*(keys_of(value) for key, value in shape.items() if key not in FREE_KEYS))


@pytest.mark.parametrize("flag", FLAGS)
def test_each_flag_has_help(flag):
    assert len(FLAGS[flag].help) > 10


@pytest.mark.parametrize("flag", FLAGS)
def test_each_flag_is_in_the_readme(flag):
    assert re.search(rf"(?<![\w-]){flag}(?![\w-])", README)


def test_each_flag_in_the_readme_exists():
    mentioned = set(re.findall(r"(?<![\w-])--[a-z][\w-]*", README))
    assert mentioned - FLAGS.keys() - beam_flags() - {"--help", "--version"} == set()


@pytest.mark.parametrize("file", [*CONTRACT, *OTHER_FILES])
def test_each_file_of_the_contract_is_in_the_readme(file):
    assert f"`{file}`" in README or ("| `model/` |" in README and f"`{file.removeprefix('model/')}`" in README)


@pytest.mark.parametrize("file", CONTRACT)
def test_each_key_of_a_file_is_in_its_row_of_the_readme(file):
    (row,) = [line for line in README.splitlines() if line.startswith(f"| `{file}` |")]
    assert keys_of(CONTRACT[file]) - set(re.findall(r"`(\w+)`", row)) == set()


def test_the_changelog_has_a_place_for_what_comes():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    section = changelog.partition("\n## Unreleased\n")[2].partition("\n## ")[0]
    assert section.strip().startswith("- ")


@pytest.mark.parametrize(
    ("target", "line"),
    [
        (["report", "POSTS=x"], r"\S*postkin report --input 'x' --output \S+"),
        (["test"], r"\S*pytest --ignore=tests/distributed"),
        (["test-distributed"], r"\S*pytest tests/distributed"),
    ],
)
def test_the_makefile_runs_the_commands(target, line):
    made = subprocess.run(["make", "-n", *target], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [found for found in made.stdout.splitlines() if re.fullmatch(line, found)]
