"""Runs that are watched from outside, and files brought to a bucket and back."""

import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

from jobs.report import command
from tests.distributed.servers import end_group, environment, wait_until
from tests.jobs.results import ROOT, USUAL, Results
from transforms.plumbing.storage import list_tree, read_bytes, write_bytes

LIMIT = 180
"""Seconds after which no run is waited for."""
WORKERS = ("--runner", "DirectRunner", "--direct_running_mode", "multi_processing", "--direct_num_workers", "2")


def flags(posts, output, *more):
    return ["--input", str(posts), "--output", str(output), *USUAL, *more]


def report_main(posts, output, *more):
    """Run the job in this process, wherever its posts and its output are; returns the exit code."""
    return command.main(flags(posts, output, *more))


def portable(endpoint, *environment_flags):
    return ["--runner", "PortableRunner", "--job_endpoint", endpoint, *environment_flags]


def external(endpoint, pool):
    return portable(endpoint, "--environment_type", "EXTERNAL", "--environment_config", pool)


def upload(folder, url):
    """Copy a folder's posts below an address."""
    for path in sorted(folder.rglob("*.md")):
        write_bytes(f"{url}/{path.relative_to(folder).as_posix()}", path.read_bytes())


def download(url, folder):
    """Copy all below an address into a folder, hidden files too."""
    for name, _ in list_tree(url):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(read_bytes(f"{url}/{name}"))
    return Results(folder)


def everything(folder):
    """Everything in a folder, hidden or not, with what files hold."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


class Fault:
    """What the shim does to a process: `hold` it or `kill` it where a file is written or replaced."""

    def __init__(self, folder, action, mode, part):
        self.folder = folder
        self.env = {"POSTKIN_FAULT": f"{action}:{mode}:{part}:{folder}"}
        (folder / "hold").touch()

    @property
    def pid(self):
        """The process that got there, None before."""
        reached = self.folder / "reached"
        return int(reached.read_text()) if reached.exists() else None

    def go_on(self):
        (self.folder / "hold").unlink(missing_ok=True)


@contextmanager
def started(*arguments, preexec=None, **env):
    """Start the command in a process group of its own, which is killed at the end if it is still there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "jobs", "report", *map(str, arguments)],
        cwd=ROOT,
        env=environment(**env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=preexec,
    )
    try:
        yield process
    finally:
        end_group(process)


def ended(process, seconds=LIMIT):
    """Wait for a process; returns its exit code and what it said, which must be errors alone."""
    printed, said = process.communicate(timeout=seconds)
    assert printed == ""
    return process.returncode, said


def reached(fault, process, seconds=LIMIT):
    """Wait until a run has come to its fault; returns the process that did."""
    wait_until(lambda: fault.pid or process.poll() is not None, seconds, "to come to the fault")
    assert process.poll() is None, process.communicate()
    return fault.pid


def members(group):
    """The processes of a group, by id."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):
            if os.getpgid(int(process.name)) == group:
                found.append(int(process.name))
    return found
