"""Jobs that are really submitted, to a cloud in this process: from a checkout, and by a template's launcher."""

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from importlib.metadata import version

import pytest
from apache_beam.portability.api import beam_runner_api_pb2

from jobs.report import config
from jobs.running.workers import IMAGE
from tests.jobs.dataflow.cloud import JOB_ID, PASSED, Cloud
from tests.jobs.results import ROOT

DATAFLOW = ROOT / "jobs" / "dataflow"

BEAM_IMAGE = f"gcr.io/cloud-dataflow/v1beta3/beam_python{sys.version_info[0]}.{sys.version_info[1]}_sdk"
OUR_IMAGE = "us-docker.pkg.dev/our-project/postkin/report:1"
SERVICE = ["--project=our-project", "--region=us-central1", "--temp_location=gs://bucket/tmp"]
GRAPH_BYTES, STEPS = 10 << 20, 1_000
"""What the service takes of a job: a graph of 10 MB. The steps are far fewer than those that it would draw."""
TIMEOUT = 300


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """Both jobs, submitted side by side from an empty folder by processes that must end on their own."""
    folder = tmp_path_factory.mktemp("cloud")
    (folder / "empty").mkdir()
    with Cloud() as cloud:
        key = cloud.write_key(folder / "key.json")
        places = {"GOOGLE_APPLICATION_CREDENTIALS": str(key), "STORAGE_EMULATOR_HOST": cloud.address}
        environment = {**os.environ, **places, "PYTHONPATH": str(ROOT)}
        endpoint = f"--dataflow_endpoint={cloud.address}"
        checkout = ["-m", "jobs", "report", "--input", "gs://bucket/posts/**", "--output", "gs://bucket/out"]
        checkout += ["--runner=DataflowRunner", *SERVICE, "--job_name=nightly", "--max_num_workers=7", endpoint]
        template = [str(DATAFLOW / "main.py"), "--input=gs://bucket/a,gs://bucket/b", "--output=gs://bucket/flex"]
        template += ["--prefer_recent=true", *PASSED, endpoint]
        cloud.launches = {
            name: subprocess.Popen(
                [sys.executable, *command],
                cwd=folder / "empty",
                env={**environment, **more},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for name, command, more in (("checkout", checkout, {}), ("template", template, {IMAGE: OUR_IMAGE}))
        }
        cloud.said = {name: process.communicate(timeout=TIMEOUT) for name, process in cloud.launches.items()}
        yield cloud


@pytest.fixture(scope="module")
def job(cloud):
    """The job of the checkout, as Dataflow was asked to run it."""
    ((path, job),) = cloud.jobs
    assert path == "/v1b3/projects/our-project/locations/us-central1/jobs"
    return job


@pytest.fixture(scope="module")
def flex(cloud):
    """The job of the template, as the launcher left it for the service."""
    return json.loads(cloud.objects["bucket", f"staging/template_launches/{JOB_ID}/job_object"])


def pipeline_of(cloud, job):
    bucket, _, name = job["environment"]["sdkPipelineOptions"]["options"]["pipelineUrl"][5:].partition("/")
    return beam_runner_api_pb2.Pipeline.FromString(cloud.objects[bucket, name])


def pool_of(job):
    (pool,) = job["environment"]["workerPools"]
    return pool


def images_of(cloud, job):
    """Every image that a job names."""
    payloads = [environment.payload for environment in pipeline_of(cloud, job).components.environments.values()]
    named = {beam_runner_api_pb2.DockerPayload.FromString(payload).container_image for payload in payloads}
    return named | {image["containerImage"] for image in pool_of(job)["sdkHarnessContainerImages"]}


def staged(cloud, job):
    """The files that workers fetch, by name."""
    places = {package["name"]: package["location"] for package in pool_of(job).get("packages", [])}
    cut = len("storage.googleapis.com/")
    return {name: cloud.objects[tuple(place[cut:].split("/", 1))] for name, place in places.items()}


@pytest.mark.parametrize(("name", "output"), [("checkout", "out"), ("template", "flex")])
def test_the_launch_ends_once_the_job_is_submitted(cloud, name, output):
    out, err = cloud.said[name]
    assert cloud.launches[name].returncode == 0, err
    assert out == f"postkin: submitted; the report will be at gs://bucket/{output}/report.html\n"


def test_nothing_but_the_staging_folder_is_touched(cloud, job):
    folders = {name.rsplit("/", 1)[0].split(".")[0] for _, name in cloud.objects}
    assert folders == {"tmp/nightly", "staging/postkin-nightly", f"staging/template_launches/{JOB_ID}"}


def test_each_stage_has_a_name_of_its_own(cloud, job):
    transforms = pipeline_of(cloud, job).components.transforms
    names = [transform.unique_name for transform in transforms.values()]
    assert len(set(names)) == len(names)
    (root,) = pipeline_of(cloud, job).root_transform_ids
    stages = [transforms[stage].unique_name for stage in transforms[root].subtransforms]
    assert {"Read", "FitEncoder", "Encode", "Find", "Related", "Map", "WriteTables", "Render"} <= set(stages)
    unnamed = [stage for stage in stages if not re.fullmatch(r"[A-Z][A-Za-z]+( [a-z_]+)*", stage)]
    assert unnamed == []


def test_the_graph_is_within_the_limits_of_the_service(cloud, job):
    pipeline = pipeline_of(cloud, job)
    assert len(json.dumps(job)) < GRAPH_BYTES
    assert pipeline.ByteSize() < GRAPH_BYTES
    assert len(pipeline.components.transforms) < STEPS
    largest = max(pipeline.components.transforms.values(), key=lambda transform: transform.ByteSize())
    assert largest.ByteSize() < 100_000, largest.unique_name


def test_a_checkout_runs_on_the_image_of_its_beam(cloud, job):
    image = f"{BEAM_IMAGE}:{version('apache-beam')}"
    assert images_of(cloud, job) == {image}
    assert pool_of(job)["workerHarnessContainerImage"] == image
    assert job["name"] == "nightly"
    assert pool_of(job)["autoscalingSettings"]["maxNumWorkers"] == 7


def test_a_checkout_ships_itself_and_pinned_packages(cloud, job):
    files = staged(cloud, job)
    assert set(files) == {"workflow.tar.gz", "requirements.txt", "submission_environment_dependencies.txt"}
    assert files["requirements.txt"] == (DATAFLOW / "requirements.txt").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(files["workflow.tar.gz"])) as archive:
        shipped = {name.partition("/")[2] for name in archive.getnames()}
    assert {"setup.py", "jobs/report/run.py", "templates/report.html.j2"} <= shipped
    assert {"jobs/dataflow/main.py", "transforms/encoders/lsa.py"} <= shipped
    assert not [name for name in shipped if name.startswith("tests")]


def test_workers_do_not_load_the_launching_process(job):
    options = job["environment"]["sdkPipelineOptions"]["options"]
    assert options["save_main_session"] is False


def test_a_template_runs_on_the_image_that_launched_it(cloud, flex):
    assert images_of(cloud, flex) == {OUR_IMAGE}
    assert set(staged(cloud, flex)) == {"submission_environment_dependencies.txt"}
    assert flex["labels"] == {"goog-dataflow-provided-template-type": "flex"}
    assert flex["name"] == "postkin-nightly"
    assert pool_of(flex)["network"] == "default"


def test_the_report_is_made_in_the_bucket(cloud, job):
    """The pipeline itself renders and publishes: the launch wrote nothing to the output."""
    assert not [name for _, name in cloud.objects if name.startswith(("out/", "flex/"))]
    assert config.parse_config(["--input", "gs://b/p", "--output", "gs://bucket/out/"]).output == "gs://bucket/out"
