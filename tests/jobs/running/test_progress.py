"""A run says how far it is: a status line on a terminal, plain lines in a log, nothing when quiet."""

import io
import os
import pty
import re
import subprocess
import sys
import threading

import pytest

from jobs.report import command
from jobs.running.progress import Progress
from tests.jobs.results import AS_OF, BLOG, ROOT, write_posts
from transforms.plumbing import metrics


@pytest.fixture
def posts(tmp_path):
    return write_posts(tmp_path / "posts", {"lamp.md": "Paint on the lamp.", "wheel.md": "Paint on the wheel."})


def test_plain_lines_in_a_log(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(metrics, "done", {})  # other tests ran in this process
    out = tmp_path / "out"
    assert command.main(["--input", str(BLOG), "--output", str(out), "--as-of", AS_OF, "--map", "none"]) == 0
    printed, said = capfd.readouterr()
    assert said.splitlines()[0] == "postkin: starting on 78 posts"
    assert all(line.startswith("postkin: ") for line in said.splitlines())
    assert "\x1b" not in said
    skipped = "2 draft, 2 empty, 1 future, 2 hidden"
    closing = rf"postkin: 64 posts \(7 rejected; 7 skipped: {skipped}\), 4 themes in \d+\.\d s; report: (.+)\n"
    assert re.fullmatch(closing, printed)[1] == str(out / "report.html")


def test_nothing_when_quiet(posts, tmp_path, capfd):
    assert command.main(["--input", str(posts), "--output", str(tmp_path / "out"), "--quiet", "--map", "none"]) == 0
    assert capfd.readouterr() == ("", "")


def test_a_status_line_on_a_terminal(posts, tmp_path):
    here, terminal = pty.openpty()
    flags = ["--input", posts, "--output", tmp_path / "out", "--map", "none"]
    command = [sys.executable, "-m", "jobs", "report", *flags]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=terminal)
    os.close(terminal)
    shown = b""
    try:
        while chunk := os.read(here, 1 << 16):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(here)
    closing = process.communicate()[0].decode()
    assert process.returncode == 0
    assert b"\x1b[2K" in shown, "no line is drawn anew"
    assert b"starting" in shown
    assert b"postkin:" not in shown
    assert closing.startswith("postkin: 2 posts, ")


@pytest.mark.parametrize(
    ("done", "posts", "line"),
    [
        ({}, None, "starting"),
        ({}, 1200, "starting on 1,200 posts"),
        ({"read": 30}, 1200, "read: 30 of 1,200"),
        ({"read": 1200, "encode": 256}, 1200, "encode: 256 of 1,200"),
        ({"read": 1200, "encode": 1300}, 1200, "encode: 1,300"),
        ({"read": 1200}, None, "read: 1,200"),
        ({"read": 1200, "index": 0}, 1200, "index"),
    ],
)
def test_the_line_tells_the_latest_stage(done, posts, line):
    assert Progress(lambda: done, posts, quiet=False).line() == line


def test_progress_stops_when_the_run_fails(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    before = set(threading.enumerate())
    progress = Progress(dict, 3, quiet=False)
    with pytest.raises(KeyError), progress:
        raise KeyError
    assert set(threading.enumerate()) <= before
    assert sys.stderr.getvalue() == "postkin: starting on 3 posts\n"
