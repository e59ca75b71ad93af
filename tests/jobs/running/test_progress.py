"""A run says how far it is: a status line on a terminal, plain lines in a log, nothing when quiet."""

import io
import json
import os
import pty
import re
import subprocess
import sys
import threading

import pytest

from jobs.report import command
from jobs.running.progress import PHASES, Progress
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
    phases = [line.removeprefix("postkin: ") for line in said.splitlines()[1:]]
    assert phases == [phase for phase in PHASES if phase in phases]
    assert len(phases) > 3
    assert "\x1b" not in said
    skipped = "2 draft, 2 empty, 1 future, 2 hidden"
    closing = rf"postkin: 64 posts \(7 rejected; 7 skipped: {skipped}\), 4 themes in \d+\.\d s; report: (.+)"
    first, *others = printed.splitlines()
    assert re.fullmatch(closing, first)[1] == str(out / "report.html")
    to_do = [line for line in others if line.startswith("postkin: to do: ")]
    assert to_do == others[-len(to_do) :]
    rows = [json.loads(line) for line in (out / "data/articles.jsonl").read_text(encoding="utf-8").splitlines()]
    assert f"postkin: to do: Posts without tags: {sum(not row['tags'] for row in rows)}" in to_do
    counts = json.loads((out / "run.json").read_text(encoding="utf-8"))["to_do"]
    assert [int(line.rpartition(": ")[2].replace(",", "")) for line in to_do] == [*counts.values()]


def test_nothing_when_quiet(posts, tmp_path, capfd):
    assert command.main(["--input", str(posts), "--output", str(tmp_path / "out"), "--quiet", "--map", "none"]) == 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_status_line_on_a_terminal_that_is_watched(ci, posts, tmp_path):
    here, terminal = pty.openpty()
    flags = ["--input", posts, "--output", tmp_path / "out", "--map", "none"]
    command = [sys.executable, "-m", "jobs", "report", *flags]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "CI": ci}
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
    assert (b"\x1b[2K" in shown) == (not ci), "a line is drawn anew, but in no log"
    assert b"starting" in shown
    assert (b"postkin:" in shown) == bool(ci)
    assert closing.startswith("postkin: 2 posts, ")


@pytest.mark.parametrize(
    ("done", "posts", "line"),
    [
        ({}, None, "starting"),
        ({}, 1200, "starting on 1,200 posts"),
        ({"read": 30}, 1200, "reading posts: 30 of 1,200"),
        ({"read": 1200, "encode": 256}, 1200, "comparing texts: 256 of 1,200"),
        ({"read": 1200, "encode": 1300}, 1200, "comparing texts: 1,300"),
        ({"read": 1200}, None, "reading posts: 1,200"),
        ({"read": 1200, "index": 0}, 1200, "comparing texts"),
        ({"read": 1200, "knit": 3}, 1200, "knit: 3 of 1,200"),
    ],
)
def test_the_line_tells_the_latest_stage(done, posts, line):
    assert Progress(lambda: done, posts, quiet=False).line() == line


@pytest.mark.parametrize(
    ("done", "latest", "new"),
    [
        ([], -1, []),
        (["read"], -1, [0]),
        (["read", "encode"], 0, [1]),
        (["rank related", "fit tags"], 1, [2, 3]),
        (["fit tags", "read"], 2, []),
        (["knit"], -1, []),
    ],
)
def test_a_phase_begins_once_and_none_behind_a_later_one(done, latest, new):
    assert Progress(lambda: dict.fromkeys(done, 1), None, quiet=True).new_phases(latest) == new


def test_each_stage_is_of_a_phase():
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "transforms").rglob("*.py"))
    sources += (ROOT / "reports/render.py").read_text(encoding="utf-8")
    stages = set(re.findall(r"""measured\(\s*"([^"]+)\"""", sources))
    known = {stage for stages in PHASES.values() for stage in stages}
    assert len(stages) > 30
    assert stages <= known


def test_progress_stops_when_the_run_fails(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    before = set(threading.enumerate())
    progress = Progress(dict, 3, quiet=False)
    with pytest.raises(KeyError), progress:
        raise KeyError
    assert set(threading.enumerate()) <= before
    assert sys.stderr.getvalue() == "postkin: starting on 3 posts\n"
