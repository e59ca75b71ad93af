"""docs/flink.md, the files for a cluster, the job and the cluster of the tests agree."""

import re
import subprocess

import apache_beam as beam
import pytest
import yaml
from apache_beam.options.pipeline_options import FlinkRunnerOptions

from jobs.options.beam import beam_flags
from jobs.report.config import parse_config
from tests.flink.cluster import CONFIG
from tests.jobs.pages import DOCS, code, rows
from tests.jobs.results import ROOT

FOLDER = ROOT / "jobs" / "flink"
PAGE = DOCS["docs/flink.md"]
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
DEPLOYMENT, NIGHTLY = yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text(encoding="utf-8"))
TASK_MANAGERS = [service for name, service in COMPOSE["services"].items() if name.startswith("taskmanager")]
NEEDED = {
    name: str(CONFIG[name])
    for name in CONFIG
    if re.search(r"managed|task\.off-heap|network|metaspace|large|fixed-delay|uncaught", name)
}
"""Settings that the job needs, as the cluster of `make test-flink` has them."""


def report_of_kubernetes():
    (container,) = NIGHTLY["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return container


def launches():
    """The arguments of each command that starts a run."""
    report = COMPOSE["services"]["report"]
    assert report["entrypoint"] == report_of_kubernetes()["command"] == ["postkin", "report"]
    (shell,) = (block for _, block in code(PAGE) if block.startswith("postkin report"))
    return [report["command"], report_of_kubernetes()["args"], shell.replace("\\\n", " ").split()[2:]]


@pytest.mark.parametrize("arguments", launches(), ids=["compose", "kubernetes", "docs"])
def test_what_starts_a_run_is_taken(arguments):
    config = parse_config(arguments)
    assert set(re.findall(r"--\w+", " ".join(config.beam_args))) <= beam_flags()
    assert "FlinkRunner" in " ".join(config.beam_args)


def test_versions_are_those_that_are_installed_and_named():
    assert re.search(r"^ARG BEAM=(.*)", DOCKERFILE, re.MULTILINE)[1] == beam.__version__
    flink = re.search(r"^ARG FLINK=(.*)", DOCKERFILE, re.MULTILINE)[1]
    served = FlinkRunnerOptions.PUBLISHED_FLINK_VERSIONS
    assert flink in served
    assert f"{', '.join(served[:-1])} or {served[-1]}" in PAGE
    assert f"`beam-runners-flink-{flink}-job-server-{beam.__version__}.jar`" in PAGE
    assert {service["image"] for service in TASK_MANAGERS} == {DEPLOYMENT["spec"]["image"]}
    assert DEPLOYMENT["spec"]["flinkVersion"] == f"v{flink.replace('.', '_')}"


def test_all_clusters_have_the_settings_that_the_job_needs():
    given = [DEPLOYMENT["spec"]["flinkConfiguration"]]
    given += [yaml.load(service["environment"]["FLINK_PROPERTIES"], yaml.BaseLoader) for service in TASK_MANAGERS]
    for settings in given:
        assert {name: str(settings[name]) for name in NEEDED} == NEEDED
    told = " ".join(f"{name} {value}" for name, value, *_ in rows(PAGE, "setting"))
    for name, value in NEEDED.items():
        assert name in told or name.removesuffix(".max") in told, name
        assert value in told


def test_each_task_manager_has_a_pool_beside_it():
    pools = [service for service in COMPOSE["services"].values() if service.get("command") == ["--worker_pool"]]
    assert len(TASK_MANAGERS) == len(pools) == DEPLOYMENT["spec"]["taskManager"]["replicas"] == 2
    assert {pool["network_mode"] for pool in pools} == {"service:taskmanager1", "service:taskmanager2"}
    (pool,) = DEPLOYMENT["spec"]["taskManager"]["podTemplate"]["spec"]["containers"]
    assert pool["args"] == ["--worker_pool"]
    assert pool["image"] == report_of_kubernetes()["image"] == pools[0]["image"]


def test_the_report_is_copied_from_a_service_that_stays():
    """One that `docker compose run` has started is none of those that `cp` copies from."""
    service, path = re.search(r" cp (\w+):(\S+)", PAGE).groups()
    assert "profiles" not in COMPOSE["services"][service]
    assert path.rpartition("/")[0] in [volume.split(":")[1] for volume in COMPOSE["services"][service]["volumes"]]
    assert f"--output={path}" in COMPOSE["services"]["report"]["command"]


def test_the_posts_are_named_before_workers_start():
    assert PAGE.index("export BLOG=") < PAGE.index("compose.yaml up ")


def test_parallelism_is_the_number_of_slots():
    slots = 2 * int(DEPLOYMENT["spec"]["flinkConfiguration"]["taskmanager.numberOfTaskSlots"])
    assert all(f"--parallelism={slots}" in arguments for arguments in launches()[:2])


def test_what_a_shell_runs_is_well_formed():
    for language, script in code(PAGE):
        if language == "sh":
            subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_what_the_image_copies_is_there():
    for sources in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE):
        assert all((ROOT / source).exists() for source in sources.split()), sources


def test_images_are_targets_of_the_dockerfile():
    stages = set(re.findall(r"^FROM .* AS (\S+)$", DOCKERFILE, re.MULTILINE))
    builds = {service["image"]: service["build"]["target"] for service in COMPOSE["services"].values()}
    assert builds == {"postkin-flink": "postkin", "postkin-flink-cluster": "flink"}
    assert set(builds.values()) <= stages
    assert set(re.findall(r"--target (\S+)", PAGE)) == set(builds.values())


def test_what_a_launch_sends_is_made_in_its_image():
    workdir, made = (
        re.search(r"^WORKDIR (/postkin)$", DOCKERFILE, re.MULTILINE)[1],
        re.search(r"\*\.jar (\S+)$", DOCKERFILE, re.MULTILINE)[1],
    )
    assert all(f"--flink_job_server_jar={workdir}/{made}" in arguments for arguments in launches()[:2])
