"""A job elsewhere that its launch does not wait for any more: it must not publish, and should not go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from apache_beam.runners.runner import PipelineState

from jobs.running.output_lock import clean
from transforms.output.publish import call_off

SECONDS = 20.0
"""So long a job may take to end once it is cancelled, and Flink to answer."""
POLL_SECONDS = 0.5

Answer = TypeVar("Answer")


def goes_on(result: Any) -> bool:
    """Tell whether a job may be at work: one of which nothing is heard may be too."""
    try:
        return not PipelineState.is_terminal(_in_time(lambda: result.state))
    except Exception:  # noqa: BLE001  whatever a runner raises
        return True


def give_up(result: Any, output: str, staging: str) -> bool:
    """Keep a job from publishing, cancel it, and clean up once it has ended; tells whether the output is whole.

    What it published in part is undone no earlier, else it would go on with the rest. Without a `result` it may have
    been submitted or not, and is not waited for.
    """
    with suppress(Exception):
        call_off(staging)
    try:
        if result is not None:
            _end(result)
    finally:
        whole = clean(output, staging)
        with suppress(Exception):  # what has no job of its own any more may still be at work
            call_off(staging)
    return whole


def _end(result: Any) -> None:
    with suppress(Exception):
        _in_time(lambda: cancel(result))
    end = time.monotonic() + SECONDS
    while goes_on(result) and time.monotonic() < end:
        time.sleep(POLL_SECONDS)


def _in_time(ask: Callable[[], Answer]) -> Answer:
    """Ask what is elsewhere, which Beam waits for without end; raises TimeoutError, and what the question does."""
    answers: Future[Answer] = Future()

    def answer() -> None:
        try:
            answers.set_result(ask())
        except Exception as error:  # noqa: BLE001  whatever a runner raises
            answers.set_exception(error)

    threading.Thread(target=answer, name="ask a runner", daemon=True).start()
    return answers.result(timeout=SECONDS)


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
    job.request(requests.patch, f"v1/jobs/{job._flink_job_id}", 202, params={"mode": "cancel"})
    job.delete_jar()
