"""Files in a bucket, where Beam takes many times the CPU: parts of them, and all at S3.

Beam (2.77) makes a client for each file at S3, which takes 0.15 s of CPU, and reads at least 16 MB of a file.
"""

from __future__ import annotations

import copy
import functools
import threading
from collections.abc import Callable
from typing import Any, BinaryIO, Literal, TypeVar

from apache_beam.options.pipeline_options import PipelineOptions, S3Options

from transforms.plumbing.filesystems import filesystems

CLIENTS = 4
"""So many clients of S3 are kept, one for each kind of options."""
OPTIONS = (
    *("s3_access_key_id", "s3_secret_access_key", "s3_session_token", "s3_endpoint_url", "s3_disable_ssl"),
    *("s3_region_name", "s3_api_version", "s3_verify"),
)
"""What a client of S3 is made of, besides what stands in the environment."""

Answer = TypeVar("Answer")

_lock = threading.Lock()


def open_at_s3(path: str, mode: Literal["rb", "wb"]) -> BinaryIO:
    """Open a file at S3 as Beam does."""
    from apache_beam.io.aws.s3io import S3IO

    opened: BinaryIO = S3IO(client=copy.copy(_s3_client())).open(path, mode)  # each has its own place in its file
    return opened


def put_at_s3(path: str, content: bytes) -> None:
    """Write a file of at most 5 GB to S3 by one request; raises Beam's S3ClientError when that fails.

    Beam makes three or more, and cannot write an empty file.
    """
    from apache_beam.io.aws.s3io import parse_s3_path

    bucket, key = parse_s3_path(path)
    _ask_s3(lambda client: client.put_object(Bucket=bucket, Key=key, Body=content))


def range_at_s3(path: str, start: int, size: int) -> bytes:
    """Read `size` bytes of a file at S3; raises Beam's S3ClientError when that fails."""
    from apache_beam.io.aws.s3io import parse_s3_path

    bucket, key = parse_s3_path(path)
    wanted = f"bytes={start}-{start + size - 1}"
    content: bytes = _ask_s3(lambda client: client.get_object(Bucket=bucket, Key=key, Range=wanted)["Body"].read())
    return content


def range_at_gcs(path: str, start: int, size: int) -> bytes:
    """Read `size` bytes of a file at Google Cloud Storage; raises what its client does."""
    from apache_beam.io.gcp.gcsio import GcsIO, parse_gcs_path

    bucket, key = parse_gcs_path(path)
    client = GcsIO(pipeline_options=filesystems().get_filesystem(path)._pipeline_options).client
    content: bytes = client.bucket(bucket).blob(key).download_as_bytes(start=start, end=start + size - 1)
    return content


def _ask_s3(question: Callable[[Any], Answer]) -> Answer:
    from apache_beam.io.aws.clients.s3.boto3_client import get_http_error_code
    from apache_beam.io.aws.clients.s3.messages import S3ClientError

    client = _s3_client().client
    try:
        return question(client)
    except Exception as error:
        raise S3ClientError(str(error), get_http_error_code(error)) from error


def _s3_client() -> Any:
    options = filesystems().get_filesystem("s3://")._options
    if isinstance(options, PipelineOptions):
        options = options.view_as(S3Options).get_all_options()
    with _lock:
        return _make_s3_client(tuple(options.get(name) for name in OPTIONS))


@functools.lru_cache(maxsize=CLIENTS)
def _make_s3_client(values: tuple[Any, ...]) -> Any:
    from apache_beam.io.aws.clients.s3.boto3_client import Client

    return Client(dict(zip(OPTIONS, values, strict=True)))
