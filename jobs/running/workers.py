"""What Dataflow's workers get: an image that holds Postkin, or the checkout and its pinned packages."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from apache_beam.options.pipeline_options import DebugOptions, PipelineOptions, SetupOptions, WorkerOptions

from jobs.options.errors import UsageError

IMAGE = "POSTKIN_IMAGE"
"""The environment variable that names the image in which the job is launched, for its workers to run the same."""
CHECKOUT = Path(__file__).resolve().parents[2]
SHARED_MODEL = "no_use_multiple_sdk_containers"
"""The experiment that gives a machine one worker process, and so one model, instead of one each processor."""


def equip_workers(options: PipelineOptions, *, tensorflow: bool, checkout: Path = CHECKOUT) -> None:
    """Fill in what workers need and was not given, `tensorflow` telling whether they load a SavedModel.

    The image is that of the launch; without one the checkout is packed and its pinned packages are installed as each
    worker starts. Raises UsageError where there is neither.
    """
    worker, setup, debug = (options.view_as(kind) for kind in (WorkerOptions, SetupOptions, DebugOptions))
    if worker.sdk_container_image is None and setup.setup_file is None:
        worker.sdk_container_image = os.environ.get(IMAGE) or None
    if worker.sdk_container_image is None:
        _ship_checkout(setup, checkout, tensorflow=tensorflow)
    if setup.save_main_session is None:
        setup.save_main_session = False  # nothing of the job lives in __main__
    experiments = debug.experiments or []
    if tensorflow and not any("use_multiple_sdk_containers" in experiment for experiment in experiments):
        debug.add_experiment(SHARED_MODEL)


def _ship_checkout(setup: SetupOptions, checkout: Path, *, tensorflow: bool) -> None:
    if setup.setup_file is None:
        if not (checkout / "setup.py").is_file():
            raise UsageError(
                "Dataflow's workers need Postkin: launch from a checkout, or give --sdk_container_image, an image that"
                " holds it (docs/dataflow.md)"
            )
        setup.setup_file = str(checkout / "setup.py")
    if setup.requirements_file is None:
        setup.requirements_file = str(files("jobs.dataflow") / f"requirements{'-tensorflow' if tensorflow else ''}.txt")
        setup.requirements_cache = setup.requirements_cache or "skip"  # workers fetch them, not the launching machine
