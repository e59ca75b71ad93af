"""What a checkout ships to workers installs in a clean environment and runs there."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from jobs.version import __version__
from tests.jobs.results import ROOT, write_posts

PACKAGES = ("jobs", "reports", "templates", "transforms")
pytestmark = pytest.mark.slow


def run(*command, folder, **environment):
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | environment
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """An environment that has all but Postkin: what is installed here is on its path, without what is editable."""
    place = tmp_path_factory.mktemp("shipping")
    venv.create(place / "clean", symlinks=True)
    (packages,) = (place / "clean/lib").glob("python3.*/site-packages")
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    (place / "empty").mkdir()
    return place


@pytest.fixture(scope="module")
def python(place):
    """The clean environment's interpreter, with the checkout's source distribution installed as a worker does it."""
    source = place / "source"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("postkin.py", "setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source / file)
    run(sys.executable, "setup.py", "--quiet", "sdist", "--dist-dir", place / "dist", folder=source)
    (sdist,) = (place / "dist").glob(f"postkin-{__version__}.tar.gz")
    python = place / "clean/bin/python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps")
    options = ("--ignore-installed", "--no-build-isolation", "--disable-pip-version-check")
    run(*pip, *options, sdist, folder=place / "empty")
    return python


def test_templates_and_their_data_are_installed(place, python):
    where = run(python, "-c", "import templates; print(templates.__file__)", folder=place / "empty").strip()
    installed = Path(where).parent
    assert (place / "clean") in installed.parents
    files = {path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.*")}
    missing = [file for file in files if file.suffix != ".pyc" and not (installed / file).is_file()]
    assert missing == []


def test_the_launcher_runs_by_its_path(place, python):
    launcher = shutil.copy(ROOT / "jobs/dataflow/main.py", place / "main.py")
    assert "usage: postkin report" in run(python, launcher, "--help", folder=place / "empty")


def test_the_launcher_of_a_checkout_runs_where_nothing_is_installed(place):
    launcher = ROOT / "jobs/dataflow/main.py"
    venv.create(place / "bare", symlinks=True)
    (packages,) = (place / "bare/lib").glob("python3.*/site-packages")
    shutil.copy(place / "clean/lib" / packages.relative_to(place / "bare/lib") / "borrowed.pth", packages)
    assert "usage: postkin report" in run(place / "bare/bin/python", launcher, "--help", folder=place / "empty")


def test_the_installed_job_writes_a_report(place, python):
    posts = write_posts(place / "posts", {"lamp.md": "Paint on the lamp.", "wheel.md": "Paint on the wheel."})
    flags = ("report", "--input", str(posts), "--output", str(place / "out"))
    closing = run(place / "clean/bin/postkin", *flags, folder=place / "empty")
    first, *others = closing.splitlines()
    assert first.startswith("postkin: 2 posts, ")
    to_do = [line for line in others if line.startswith("postkin: to do: ")]
    assert to_do
    assert [line.startswith("postkin: warning: ") for line in others] == [True, True, *(False for _ in to_do)]
    assert (place / "out/report.html").stat().st_size > 100_000
