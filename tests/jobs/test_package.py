"""What is installed: all packages and templates, no tests, and the command.

That it works away from the checkout is tested in dataflow/test_shipping.py.
"""

import gc
import shutil
import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from jobs import cli
from jobs.version import __version__
from tests.jobs.results import ROOT

PACKAGES = ("jobs", "reports", "templates", "transforms")
LIBRARY = "postkin.py"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The packages as setup.py builds them, from a copy so that the checkout stays clean."""
    copy = tmp_path_factory.mktemp("source")
    for package in (*PACKAGES, "tests"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "data"))
    for file in (LIBRARY, "setup.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / file, copy / file)
    command = [sys.executable, "setup.py", "--quiet", "build_py", "--build-lib", "built"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    return copy / "built"


def files_below(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_all_that_runs_is_installed_and_nothing_else(built):
    sources = {
        f"{package}/{file}" for package in PACKAGES for file in files_below(ROOT / package) if "__pycache__" not in file
    }
    assert {"templates/report.html.j2", "templates/style/base.css", "transforms/encoders/lsa.py"} <= sources
    assert files_below(built) == {LIBRARY, *sources}


def test_the_command_is_the_installed_one(capsys):
    (command,) = [script for script in entry_points(group="console_scripts") if script.name == "postkin"]
    assert command.load() is cli.main
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"postkin {__version__}\n"


def test_windows_is_refused_in_one_line(capsys, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert cli.main(["report", "--input", "posts", "--output", "out"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "Linux" in err


def test_a_command_in_a_process_that_goes_on_leaves_its_garbage_to_be_found():
    assert cli.main(["report", "--output", "out"]) == 2
    frozen = gc.get_freeze_count()
    assert cli.main(["report", "--output", "out"]) == 2
    assert gc.get_freeze_count() == frozen
