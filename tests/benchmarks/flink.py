"""How the cost of `postkin report` grows on Flink, as a Markdown table.

`python -m tests.benchmarks.flink [POSTS ...] [--task-managers N ...] [--given-vectors] [--keep DIR] [FLAGS]` makes
posts up, or vectors, and reports on them by a cluster that it starts on this machine: a job manager, so many task
managers and their Python workers. FLAGS go to
`postkin report`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from reports.words.markdown import markdown_table
from tests.benchmarks.corpus import write_corpus
from tests.benchmarks.elements import FOLDER, gathered
from tests.benchmarks.vectors import write_vectors
from tests.distributed.servers import environment
from tests.flink.cluster import SLOTS, Cluster, find_job_server, running, why_not

SIZES, TASK_MANAGERS = (10_000, 100_000), (1, 2)
EACH = 0.5
"""Seconds between two looks at all processes."""
LARGEST = 12
"""So many of the largest elements are printed."""
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
TIMEOUT = "600"
"""Minutes."""


class Watch:
    """CPU seconds and peak MB of the processes of a cluster, by kind; a kind's peak is that of its largest process."""

    def __init__(self, cluster):
        self.groups = {process.pid: name for name, process in cluster.started.items()}
        self.cpu, self.peak, self.kinds = {}, {}, {}

    def look(self):
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    self.look_at(int(entry.name))
                except (OSError, IndexError, ValueError):  # it ended meanwhile
                    continue

    def look_at(self, pid):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        name = self.groups.get(int(fields[2]))
        if name is None:
            return
        self.kinds[pid] = name if pid in self.groups else f"worker of {name}"
        self.cpu[pid] = (int(fields[11]) + int(fields[12])) / TICKS
        self.peak[pid] = max(self.peak.get(pid, 0), int(fields[21]) * PAGE / 1e6)

    def costs(self):
        """CPU seconds of all processes of a kind, and the peak MB of the largest."""
        return {
            kind: (
                sum(self.cpu[pid] for pid, of in self.kinds.items() if of == kind),
                max(self.peak[pid] for pid, of in self.kinds.items() if of == kind),
            )
            for kind in sorted(set(self.kinds.values()))
        }


@contextmanager
def watching(cluster):
    """Watch the processes of a cluster in a thread."""
    watch, over = Watch(cluster), threading.Event()

    def go_on():
        while not over.wait(EACH):
            watch.look()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield watch
    finally:
        watch.look()
        over.set()
        thread.join()


def shuffled(cluster):
    """Bytes that went between the steps of the last job, and the largest share that one slot got of one step."""
    job = max(cluster.ask("jobs/overview")["jobs"], key=lambda job: job["start-time"])["jid"]
    vertices = cluster.ask(f"jobs/{job}")["vertices"]
    total = sum(vertex["metrics"]["read-bytes"] for vertex in vertices)
    shares = []
    for vertex in vertices:
        read = [
            task["metrics"]["read-bytes"] for task in cluster.ask(f"jobs/{job}/vertices/{vertex['id']}")["subtasks"]
        ]
        if len(read) > 1 and sum(read) > total / 100:
            shares.append((max(read) / sum(read) * len(read), sum(read), vertex["name"]))
    return total, len(vertices), sorted(shares, reverse=True)


def make_source(size, base, *, vectors):
    """Make up posts or vectors, unless they are there; returns the flags that name them."""
    path = base / (f"vectors-{size}.parquet" if vectors else f"posts-{size}")
    if not path.exists():
        (write_vectors if vectors else write_corpus)(path, size)
    return ["--vectors" if vectors else "--input", str(path)]


def run(count, folder, job_server, flags):
    """Report by so many task managers; returns a column of the table, the largest elements and the skewed steps."""
    folder.mkdir()
    sizes = folder / "elements"
    (folder / "cluster").mkdir()
    sizes.mkdir()
    with running(Cluster(folder / "cluster", job_server)) as cluster:
        cluster.start("jm", *(f"tm{number + 1}" for number in range(count)))
        more = cluster.flags(SLOTS * count, **{FOLDER: str(sizes)})
        command = [sys.executable, "-m", "jobs", "report", "--quiet", "--timeout", TIMEOUT, *flags, *more]
        start = time.monotonic()
        with watching(cluster) as watch:
            process = subprocess.Popen([*command, "--output", str(folder / "output")], env=environment())
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"the run ended with {process.returncode}; see {folder}")
        total, steps, skewed = shuffled(cluster)
    costs = watch.costs() | {"launch": (usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6)}
    made = json.loads((folder / "output/run.json").read_text())
    parsed = made["counts"]["parsed"]
    cpu = sum(of for of, _ in costs.values())
    column = {
        "posts": f"{parsed:,}",
        "task managers": str(count),
        "wall time, s": f"{seconds:.0f}",
        "CPU, s": f"{cpu:.0f}",
        "CPU a post, ms": f"{1e3 * cpu / parsed:.2f}",
        "between steps, MB": f"{total / 1e6:,.0f}",
        "between steps, a post, KB": f"{total / 1e3 / parsed:.1f}",
        "tasks of Flink": str(steps),
        "digest": made["digest"][:12],
    }
    for kind in ("jm", "tm1", "tm2", "worker of tm1", "worker of tm2", "launch"):
        of = costs.get(kind)
        column[f"{kind}: CPU s, peak MB"] = f"{of[0]:.0f}, {of[1]:,.0f}" if of else "–"
    return column, gathered(sizes), skewed


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("posts", type=int, nargs="*", default=SIZES, help="how many to make up")
    parser.add_argument("--task-managers", type=int, nargs="+", default=TASK_MANAGERS)
    parser.add_argument("--given-vectors", action="store_true", help="make vectors up instead of posts")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="a folder for posts, logs and reports, which stay there"
    )
    given, flags = parser.parse_known_args(argv)
    if reason := why_not():
        parser.exit(2, f"{reason}\n")
    job_server = find_job_server()
    with tempfile.TemporaryDirectory() as folder:
        base = given.keep or Path(folder)
        columns = []
        for size in given.posts:
            source = make_source(size, base, vectors=given.given_vectors)
            for count in given.task_managers:
                column, elements, skewed = run(count, base / f"{size}-{count}", job_server, [*source, *flags])
                columns.append(column)
                name = f"{size:,} posts, {count} task managers"
                print_table(
                    name,
                    ["largest", "step", "pieces", "MB", "largest, KB"],
                    [
                        (way, step, f"{number:,}", f"{total / 1e6:.1f}", f"{most / 1e3:,.0f}")
                        for way, step, number, total, most in elements[:LARGEST]
                    ],
                )
                print_table(
                    name,
                    ["times its fair share", "MB", "step"],
                    [(f"{skew:.2f}", f"{read / 1e6:.1f}", step[:120]) for skew, read, step in skewed[:LARGEST]],
                )
                rows = [(key, *(column[key] for column in columns)) for key in columns[0]]
                print_table("growth", rows[0], rows[1:])


def print_table(title, heads, rows):
    sys.stdout.write(f"\n{title}\n\n" + markdown_table(heads, rows, ["---"] + ["--:"] * (len(heads) - 1)))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
