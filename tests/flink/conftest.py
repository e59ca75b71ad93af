"""A cluster of two task managers, which is whole for every test; nothing runs where Java or a jar is missing."""

import pytest

from tests.distributed.conftest import (  # noqa: F401
    before,
    bucket,
    earlier,
    gcs,
    gcs_server,
    output,
    s3,
    s3_server,
    start_pool,
)
from tests.flink.cluster import Cluster, find_job_server, running, why_not


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: starts worker processes")


def pytest_terminal_summary(terminalreporter):
    """Say once why tests were skipped."""
    for reason in sorted({report.longrepr[2] for report in terminalreporter.stats.get("skipped", ())}):
        terminalreporter.write_line(reason.removeprefix("Skipped: "))


WHOLE = ("jm", "tm1", "tm2")


@pytest.fixture(scope="session")
def job_server():
    if reason := why_not():
        pytest.skip(reason)
    try:
        return find_job_server()
    except Exception as error:  # noqa: BLE001  whatever a download raises
        pytest.skip(f"Beam's job server for Flink cannot be downloaded: {type(error).__name__}")


@pytest.fixture(scope="session")
def session_cluster(job_server, tmp_path_factory):
    with running(Cluster(tmp_path_factory.mktemp("flink"), job_server)) as cluster:
        cluster.start(*WHOLE)
        yield cluster


@pytest.fixture
def cluster(session_cluster):
    """The cluster; what a test has killed of it is started again."""
    yield session_cluster
    session_cluster.start(*(name for name in WHOLE if name not in session_cluster.started))
    session_cluster.cancel_all()


@pytest.fixture
def on_flink(cluster):
    """Flags of a run on the cluster, whose Python workers have more in their environment."""
    return cluster.flags
