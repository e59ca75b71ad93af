"""What a task manager starts as a process: a Python worker, which asks it for all that the worker needs to know."""

import argparse
import os

import grpc
from apache_beam.portability.api import beam_provision_api_pb2, beam_provision_api_pb2_grpc
from apache_beam.runners.worker import sdk_worker_main
from apache_beam.runners.worker.worker_id_interceptor import WorkerIdInterceptor
from google.protobuf import json_format

from tests.benchmarks import elements


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--id", required=True)
    parser.add_argument("--provision_endpoint", required=True)
    given, _ = parser.parse_known_args()
    channel = grpc.insecure_channel(given.provision_endpoint)
    provision = beam_provision_api_pb2_grpc.ProvisionServiceStub(
        grpc.intercept_channel(channel, WorkerIdInterceptor(given.id))
    )
    info = provision.GetProvisionInfo(beam_provision_api_pb2.GetProvisionInfoRequest(), timeout=60).info
    os.environ |= {
        "WORKER_ID": given.id,
        "PIPELINE_OPTIONS": json_format.MessageToJson(info.pipeline_options),
        "LOGGING_API_SERVICE_DESCRIPTOR": str(info.logging_endpoint),
        "CONTROL_API_SERVICE_DESCRIPTOR": str(info.control_endpoint),
        "RUNNER_CAPABILITIES": " ".join(info.runner_capabilities),
    }
    channel.close()
    if folder := os.environ.get(elements.FOLDER):
        elements.watch(folder)
    sdk_worker_main.main([])


if __name__ == "__main__":
    main()
