"""What workers get, what is pinned for them, and the image of both."""

import json
import re
import shlex
import sys
from importlib.metadata import requires, version

import pytest
import yaml
from apache_beam.options.pipeline_options import DebugOptions, PipelineOptions, SetupOptions, WorkerOptions
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from jobs.dataflow.pins import EXTRAS, pins
from jobs.options.errors import UsageError
from jobs.running.workers import IMAGE, SHARED_MODEL, equip_workers
from tests.jobs.results import ROOT

DATAFLOW = ROOT / "jobs" / "dataflow"

DOCKERFILE = (DATAFLOW / "Dockerfile").read_text(encoding="utf-8")
STEPS = [shlex.split(line) for line in re.sub(r"\\\n", " ", DOCKERFILE).splitlines() if line and line[0] != "#"]


@pytest.fixture(autouse=True)
def _no_image(monkeypatch):
    monkeypatch.delenv(IMAGE, raising=False)


def equip(*flags, tensorflow=False, **more):
    options = PipelineOptions(["--runner=DataflowRunner", *flags])
    equip_workers(options, tensorflow=tensorflow, **more)
    return (options.view_as(kind) for kind in (SetupOptions, WorkerOptions, DebugOptions))


def test_a_checkout_is_shipped():
    setup, worker, debug = equip()
    assert (setup.setup_file, worker.sdk_container_image) == (str(ROOT / "setup.py"), None)
    assert (setup.requirements_file, setup.requirements_cache) == (str(DATAFLOW / "requirements.txt"), "skip")
    assert setup.save_main_session is False
    assert debug.experiments is None


def test_a_model_is_loaded_once_a_machine():
    setup, _, debug = equip(tensorflow=True)
    assert setup.requirements_file == str(DATAFLOW / "requirements-tensorflow.txt")
    assert debug.experiments == [SHARED_MODEL]
    assert list(equip("--experiments=use_multiple_sdk_containers", tensorflow=True))[2].experiments == [
        "use_multiple_sdk_containers"
    ]


def test_an_image_holds_all(monkeypatch):
    monkeypatch.setenv(IMAGE, "registry/postkin:1")
    setup, worker, _ = equip()
    assert (setup.setup_file, setup.requirements_file, worker.sdk_container_image) == (None, None, "registry/postkin:1")
    assert list(equip("--sdk_container_image=other:2"))[1].sdk_container_image == "other:2"


def test_what_is_given_stays(monkeypatch):
    monkeypatch.setenv(IMAGE, "registry/postkin:1")
    setup, worker, _ = equip("--setup_file=/x/setup.py", "--requirements_file=/x/pins.txt", "--save_main_session")
    assert (setup.setup_file, setup.requirements_file, setup.requirements_cache) == ("/x/setup.py", "/x/pins.txt", None)
    assert worker.sdk_container_image is None
    assert setup.save_main_session is True


def test_neither_checkout_nor_image(tmp_path):
    with pytest.raises(UsageError, match="launch from a checkout, or give --sdk_container_image"):
        list(equip(checkout=tmp_path))


@pytest.mark.parametrize("file", EXTRAS)
def test_what_postkin_requires_is_pinned_as_it_requires_it(file):
    lines = (DATAFLOW / file).read_text(encoding="utf-8").splitlines()
    assert lines[0].endswith(f"on Python {sys.version_info[0]}.{sys.version_info[1]}.") or sys.version_info[:2] != (
        3,
        11,
    )
    pinned = dict(line.split("==") for line in lines[1:])
    assert list(pinned) == sorted(pinned)
    needed = [Requirement(line) for line in requires("postkin")]
    for requirement in needed:
        extras = ["", *EXTRAS[file].split(",")]
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), requirement


def test_both_files_pin_the_same_versions():
    few, more = (set((DATAFLOW / file).read_text(encoding="utf-8").splitlines()[1:]) for file in EXTRAS)
    assert few < more


def test_pins_are_sorted_and_leave_postkin_out():
    packages = [("Zope_x.y", "1"), ("postkin", "0"), ("abc", "2")]
    installed = [{"metadata": {"name": name, "version": number}} for name, number in packages]
    assert pins({"install": installed}) == ["abc==2", "zope-x-y==1"]


def test_the_image_has_the_beam_that_is_pinned():
    beam = re.search(r"^apache-beam==(.+)$", (DATAFLOW / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)[
        1
    ]
    assert ["ARG", f"BEAM={beam}"] in STEPS
    assert beam == version("apache-beam")
    froms = [step[1] for step in STEPS if step[0] == "FROM"]
    tags = {re.search(r"python:?(\d\.?\d+)", image)[1].replace(".", "") for image in froms}
    assert tags == {"311"}


def test_the_image_copies_what_is_there():
    sources = [source for step in STEPS if step[0] == "COPY" and "--from" not in step[1] for source in step[1:-1]]
    for source in sources:
        assert (ROOT / source.replace("${REQUIREMENTS}", "requirements.txt")).exists(), source
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= set(sources)


def test_the_launcher_runs_a_file_that_is_copied():
    (entry,) = (step[1] for step in STEPS if step[0] == "ENV" and step[1].startswith("FLEX_TEMPLATE_PYTHON_PY_FILE"))
    file = entry.partition("=")[2]
    folder = next(step[1] for step in reversed(STEPS) if step[0] == "WORKDIR")
    (copied,) = (step for step in STEPS if step[0] == "COPY" and step[1] == "jobs/dataflow/main.py")
    assert file == f"{folder}/{copied[2]}"
    assert STEPS[-1] == ["ENTRYPOINT", "[/opt/apache/beam/boot]"]
    assert ["ENV", f"{IMAGE}=${{IMAGE}}"] in STEPS


def test_the_build_gives_the_image_what_it_asks_for():
    build = yaml.safe_load((DATAFLOW / "cloudbuild.yaml").read_text(encoding="utf-8"))
    (step,) = build["steps"]
    given = {argument.split("=")[1] for argument in step["args"] if argument.startswith("--build-arg")}
    asked = {step[1].partition("=")[0] for step in STEPS if step[0] == "ARG"}
    assert given == asked - {"BEAM"}
    assert (ROOT / re.search(r"--file=(\S+)", " ".join(step["args"]))[1]).is_file()
    assert json.dumps(build["images"]) == '["${_IMAGE}"]'
