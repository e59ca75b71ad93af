"""docs/dataflow.md agrees with the template, the job and the files."""

import json
import re
import subprocess

import pytest
import yaml

from jobs.dataflow.metadata import METADATA
from jobs.options.beam import beam_flags
from jobs.report import config
from tests.jobs.pages import DOCS as PAGES
from tests.jobs.pages import code, rows
from tests.jobs.results import ROOT

DOCS = PAGES["docs/dataflow.md"]
PATTERNS = {
    parameter["name"]: parameter["regexes"][0]
    for parameter in json.loads(METADATA.read_text(encoding="utf-8"))["parameters"]
}
VARIABLES = {"BUCKET": "our-bucket", "TEMPLATE": "gs://our-bucket/template.json", "WORKER": "worker@our-project"}


def filled(text):
    return re.sub(r"\$(\w+)", lambda found: VARIABLES[found[1]], text)


def test_what_the_scheduler_sends_is_taken():
    (body,) = re.findall(r"<<END\n(.*?)\nEND\n", DOCS, re.DOTALL)
    launch = json.loads(filled(body))["launchParameter"]
    assert {"jobName", "containerSpecGcsPath", "parameters", "environment"} == set(launch)
    for name, value in launch["parameters"].items():
        assert re.search(PATTERNS[name], value), name


def blocks(language):
    return [block for found, block in code(DOCS) if found == language]


def shell():
    """All commands of the page, those of the workflow's steps included."""
    workflow = yaml.safe_load("".join(blocks("yaml")))
    return [*blocks("sh"), *(step["run"] for step in workflow["jobs"]["posts"]["steps"] if "run" in step)]


def test_what_a_shell_runs_is_well_formed():
    for script in shell():
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_each_variable_is_set_before_it_is_used():
    known = {"1", "2", "BUCKET"}
    for script in shell():
        for line in script.splitlines():
            known |= set(re.findall(r"(?:^|\s)(\w+)=", line)) | set(re.findall(r"for (\w+) in", line))
            assert set(re.findall(r"(?<!NR == 1 \{print )\$\{?(\w+)", line)) <= known, line


def test_each_account_is_made_and_used():
    made = {f"postkin-{name}" for name in re.search(r"for name in ([\w ]+);", DOCS)[1].split()}
    assert {f"`{name}`" for name in made} == {account for account, *_ in rows(DOCS, "account") if "postkin" in account}
    assert made == set(re.findall(r"(postkin-\w+)@", DOCS))


def test_each_role_of_an_account_is_granted():
    commands = "\n".join(blocks("sh"))
    for account, _, roles in rows(DOCS, "account"):
        for role in re.findall(r"roles/[\w.]+", roles):
            assert role in commands, account


@pytest.mark.parametrize(("file", "mark"), [("lifecycle.json", "RULES"), ("alert.json", "POLICY")])
def test_files_for_gcloud_are_json(file, mark):
    (body,) = re.findall(rf"cat > {file} <<{mark}\n(.*?)\n{mark}\n", DOCS, re.DOTALL)
    assert isinstance(json.loads(body), dict)
    assert f"-file {file}" in DOCS


def test_the_alert_is_of_the_job_that_is_launched():
    (job,) = re.findall(r'"jobName": "([\w-]+)"', DOCS)
    assert rf"resource.labels.job_name = \"{job}\"" in DOCS


def test_what_is_launched_by_hand_is_taken():
    (given,) = re.findall(r"--parameters (input=[^\n]+)", DOCS)
    for parameter in filled(given).replace("'", "").split(","):
        name, _, value = parameter.partition("=")
        assert re.search(PATTERNS[name], value), name


def test_the_command_of_a_checkout_has_flags_that_exist():
    (command,) = re.findall(r"^postkin report (.*?)\n```", DOCS, re.DOTALL | re.MULTILINE)
    ours = {option for action in config.make_parser().flags for option in action.option_strings}
    assert set(re.findall(r"--[\w-]+", command)) <= ours | beam_flags()


def test_each_parameter_in_the_table_exists():
    shown = [parameter for _, parameter in rows(DOCS, "flag") if re.match(r"`\w+=", parameter)]
    assert len(shown) > 4
    assert {parameter[1:].partition("=")[0] for parameter in shown} <= PATTERNS.keys()


@pytest.mark.parametrize("file", re.findall(r"jobs/dataflow/[\w.-]+\w", DOCS))
def test_each_file_is_there(file):
    assert (ROOT / file).is_file()


@pytest.mark.parametrize("module", re.findall(r"python -m ([\w.]+)", DOCS))
def test_each_module_is_there(module):
    assert (ROOT / module.replace(".", "/")).with_suffix(".py").is_file()


def test_costs_are_labelled_as_an_estimate():
    assert "## Sizes and costs: an estimate" in DOCS
