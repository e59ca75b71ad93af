"""A bucket of each kind behind a proxy that can fail, Beam's job service and worker pool, and two small corpora."""

import shutil
from collections import namedtuple

import pytest

from tests.distributed.runs import everything
from tests.distributed.servers import (
    TOKEN,
    Proxy,
    beam_service,
    environment,
    free_port,
    script,
    server,
    service_account,
)
from tests.jobs.results import BLOG, postkin, write_posts


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: starts worker processes")


Bucket = namedtuple("Bucket", "url flags proxy")


@pytest.fixture(scope="session")
def blog(tmp_path_factory):
    """The results of tests/data/blog, in this process."""
    return postkin(BLOG, tmp_path_factory.mktemp("blog") / "out")


@pytest.fixture(scope="session")
def few_posts():
    """A folder of few posts, for the filesystems that take a while for each file."""
    return BLOG / "2019"


@pytest.fixture(scope="session")
def few(few_posts, tmp_path_factory):
    """The results of the few posts, in this process."""
    return postkin(few_posts, tmp_path_factory.mktemp("few") / "out")


@pytest.fixture(scope="session")
def gcs_server(tmp_path_factory):
    port, folder = free_port(), tmp_path_factory.mktemp("gcs")
    command = [script("gcp-storage-emulator"), "start", "--host", "127.0.0.1", "--port", str(port), "--in-memory"]
    with server([*command, "--default-bucket", "blog"], port, folder):
        proxy = Proxy(port)
        proxy.credentials = service_account(folder, f"{proxy.url}{TOKEN}")
        yield proxy
        proxy.close()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory):
    port, folder = free_port(), tmp_path_factory.mktemp("s3")
    with server([script("moto_server"), "-H", "127.0.0.1", "-p", str(port)], port, folder):
        proxy = Proxy(port)
        yield proxy
        proxy.close()


@pytest.fixture
def gcs(gcs_server, monkeypatch):
    """A bucket of gs://, for which any credentials are good."""
    gcs_server.pass_on()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", gcs_server.url)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(gcs_server.credentials))
    return Bucket("gs://blog", [], gcs_server)


@pytest.fixture
def s3(s3_server, monkeypatch):
    """A bucket of s3://, for which any credentials are good."""
    import boto3
    from apache_beam.io.filesystems import FileSystems
    from apache_beam.options.pipeline_options import PipelineOptions

    s3_server.pass_on()
    keys = {"access_key_id": "key", "secret_access_key": "secret", "region_name": "us-east-1"}
    flags = [f"--s3_{name}={value}" for name, value in {**keys, "endpoint_url": s3_server.url}.items()]
    client = boto3.client(
        "s3",
        endpoint_url=s3_server.url,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="blog")
    FileSystems.set_options(PipelineOptions(flags))
    return Bucket("s3://blog", flags, s3_server)


@pytest.fixture
def bucket(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def job_service(tmp_path_factory):
    """The address of Beam's job service for Python."""
    port = free_port()
    with server(
        beam_service("portability.local_job_service_main", "--port", port), port, tmp_path_factory.mktemp("jobs")
    ):
        yield f"localhost:{port}"


@pytest.fixture
def start_pool(tmp_path):
    """Starts a worker pool, with more in its environment, and returns its address."""
    from contextlib import ExitStack

    with ExitStack() as started:

        def start(**more):
            port = free_port()
            command = beam_service("worker.worker_pool_main", "--service_port", port)
            started.enter_context(server(command, port, tmp_path, environment(**more)))
            return f"localhost:{port}"

        yield start


@pytest.fixture
def output(tmp_path):
    return tmp_path / "out"


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """The output folder of a run on one post."""
    folder = tmp_path_factory.mktemp("earlier")
    posts = write_posts(folder / "posts", {"lamp.md": "---\ntags: [lamp]\n---\nPaint on the lamp glows."})
    return postkin(posts, folder / "out").folder


@pytest.fixture
def before(earlier, output):
    """All in the output folder, which holds what an earlier run wrote."""
    shutil.copytree(earlier, output)
    return everything(output)
