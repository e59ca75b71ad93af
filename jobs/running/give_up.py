"""A job elsewhere that its launch does not wait for any more: it must not publish, and should not go on."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from apache_beam.runners.runner import PipelineState

from jobs.running.output_lock import clean
from transforms.output.publish import call_off

SECONDS = 20.0
"""So long a job may take to end once it is cancelled, and Flink to answer."""
POLL_SECONDS = 0.5


def goes_on(result: Any) -> bool:
    """Tell whether a job may be at work: one of which nothing is heard may be too."""
    try:
        return not PipelineState.is_terminal(result.state)
    except Exception:  # noqa: BLE001  whatever a runner raises
        return True


def give_up(result: Any, output: str, staging: str) -> None:
    """Keep a job from publishing, cancel it, and delete what it writes into its staging folder until it has ended.

    Without a `result` it may have been submitted or not, and is only kept from publishing.
    """
    with suppress(Exception):
        call_off(staging)
    if result is None:
        return
    with suppress(Exception):
        cancel(result)
    end = time.monotonic() + SECONDS
    while goes_on(result) and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
    clean(output, staging)
    with suppress(Exception):  # what has no job of its own any more may still be at work
        call_off(staging)


def cancel(result: Any) -> None:
    """Cancel a job; raises what its runner does.

    Of one that was sent to Flink as a jar, Beam (2.77) asks for it at an address that Flink does not have.
    """
    import requests
    from apache_beam.runners.portability.flink_uber_jar_job_server import FlinkUberJarJobServer

    server = result._job_service
    if not isinstance(server, FlinkUberJarJobServer):
        result.cancel()
        return
    job = server._jobs[result._job_id]
    job.request(requests.patch, f"v1/jobs/{job._flink_job_id}", 202, params={"mode": "cancel"}, timeout=SECONDS)
    job.delete_jar()
