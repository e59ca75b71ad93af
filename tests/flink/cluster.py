"""A Flink cluster on this machine: a job manager and task managers, each a process that a test may end."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

from jobs.flink.launch_jar import write_launch_jar
from tests.distributed.servers import end_group, environment, free_port, wait_until

LIB, JOB_SERVER = "POSTKIN_FLINK_LIB", "POSTKIN_FLINK_JOB_SERVER"
"""Variables that name the folder of Flink's jars and the jar of Beam's job server, where they are not the usual."""
SLOTS = 2
HEAP, DIRECT = {"jm": 700, "tm": 528}, {"jm": 128, "tm": 1664}
"""MiB of each Java process."""
SECONDS = 120
LIMIT = 900
"""Seconds after which no run on the cluster is waited for: a machine that does other things too takes minutes."""
OPENED = (
    *("java.io", "java.lang", "java.lang.invoke", "java.lang.reflect", "java.net", "java.nio", "java.text"),
    *("java.time", "java.util", "java.util.concurrent", "java.util.concurrent.atomic"),
    *("java.util.concurrent.locks", "sun.nio.ch"),
)
"""Packages that Flink needs opened on Java 17."""
MAIN = {
    "jm": "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
    "tm": "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
}
CONFIG = {
    "jobmanager.rpc.address": "localhost",
    "jobmanager.bind-host": "localhost",
    "rest.address": "localhost",
    "rest.bind-address": "localhost",
    "taskmanager.host": "localhost",
    "taskmanager.bind-host": "localhost",
    "taskmanager.numberOfTaskSlots": SLOTS,
    "taskmanager.load-balance.mode": "SLOTS",
    "taskmanager.cpu.cores": "1.0",
    "taskmanager.memory.framework.heap.size": "128m",
    "taskmanager.memory.framework.off-heap.size": "128m",
    "taskmanager.memory.task.heap.size": "400m",
    "taskmanager.memory.task.off-heap.size": "1g",
    "taskmanager.memory.network.min": "512m",
    "taskmanager.memory.network.max": "512m",
    "taskmanager.memory.managed.size": "4g",
    "taskmanager.memory.jvm-metaspace.size": "512m",
    "taskmanager.memory.jvm-overhead.min": "192m",
    "taskmanager.memory.jvm-overhead.max": "192m",
    "taskmanager.network.sort-shuffle.min-buffers": 64,
    "taskmanager.runtime.large-record-handler": "true",
    "cluster.uncaught-exception-handling": "FAIL",
    "restart-strategy.type": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": 5,
    "restart-strategy.fixed-delay.delay": "10 s",
    "heartbeat.interval": 2000,
    "heartbeat.timeout": 20000,
}
WORKER_PATHS = {"PYTHONPATH": environment()["PYTHONPATH"]}
"""The checkout, and the shim that a test can ask for faults, in the environment of Python workers."""
BUCKET_VARIABLES = ("STORAGE_EMULATOR_HOST", "GOOGLE_APPLICATION_CREDENTIALS")
"""What leads Python workers to the bucket of a test."""
LOGGING = """
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} %m%n
"""


def why_not():
    """Say what is missing for a cluster, None when nothing is."""
    if shutil.which("java") is None:
        return "Flink needs Java, which is not here"
    if not list(flink_jars()):
        return f"Flink's jars are missing: pip install apache-flink-libraries, or name their folder in {LIB}"
    return None


def flink_jars():
    """Find the jars of Flink itself and of its logging."""
    package = importlib.util.find_spec("pyflink")
    folder = os.environ.get(LIB) or (Path(package.submodule_search_locations[0]) / "lib" if package else None)
    return (
        [jar for kind in ("flink-dist", "log4j") for jar in sorted(Path(folder).glob(f"{kind}*.jar"))] if folder else []
    )


def flink_version():
    """The version of Flink, its first two numbers."""
    return ".".join(flink_jars()[0].stem.rpartition("-")[2].split(".")[:2])


def find_job_server():
    """Find the jar of Beam's job server, which Beam downloads once; raises what a download does."""
    from apache_beam.utils.subprocess_server import JavaJarServer

    given = os.environ.get(JOB_SERVER)
    url = given or JavaJarServer.path_to_beam_jar(f":runners:flink:{flink_version()}:job-server:shadowJar")
    return JavaJarServer.local_jar(url)


class Cluster:
    """A session cluster of one job manager and as many task managers as are started."""

    def __init__(self, folder, job_server):
        self.folder, self.job_server = folder, job_server
        self.started = {}
        self.config = {**CONFIG, "jobmanager.rpc.port": free_port(), "rest.port": free_port()}
        self.config |= {"io.tmp.dirs": folder / "tmp", "web.upload.dir": folder / "upload"}
        for name in ("conf", "tmp", "upload"):
            (folder / name).mkdir()
        self.launch_jar = folder / "launch.jar"
        write_launch_jar(Path(job_server), self.launch_jar)
        self.worker = folder / "worker"
        self.worker.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.flink.worker "$@"\n')
        self.worker.chmod(0o755)
        lines = [f"{key}: {value}\n" for key, value in self.config.items()]
        (folder / "conf" / "config.yaml").write_text("".join(lines))
        (folder / "conf" / "log4j.properties").write_text(LOGGING)

    @property
    def address(self):
        return f"localhost:{self.config['rest.port']}"

    def start(self, *names):
        """Start processes, `jm` or names that begin with `tm`, and wait until the job manager knows of them all."""
        for name in names:
            with (self.folder / f"{name}.log").open("a") as log:
                self.started[name] = subprocess.Popen(
                    self.command(name[:2]),
                    cwd=self.folder,
                    env=environment(),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        wait_until(self.is_whole, SECONDS, "the cluster")

    def command(self, kind):
        """The command of a Java process that compiles quickly rather than well."""
        opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
        memory = [f"-Xmx{HEAP[kind]}m", f"-XX:MaxDirectMemorySize={DIRECT[kind]}m", "-XX:+UseSerialGC"]
        logging = f"-Dlog4j.configurationFile=file:{self.folder}/conf/log4j.properties"
        jars = os.pathsep.join(map(str, [*flink_jars(), self.job_server]))
        return [
            *("java", *opened, *memory, "-XX:TieredStopAtLevel=1", logging, "-cp", jars),
            *(MAIN[kind], "--configDir", str(self.folder / "conf")),
        ]

    def owner(self, pid):
        """Find the task manager that has started a Python worker."""
        return next(name for name, process in self.started.items() if process.pid == os.getpgid(pid))

    def kill(self, name):
        """Kill a process of the cluster, and those that it has started, as a machine that is lost would."""
        process = self.started.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def is_whole(self):
        """Tell whether the job manager answers and has the slots of all task managers; fails when a process ended."""
        for name, process in self.started.items():
            assert process.poll() is None, (self.folder / f"{name}.log").read_text()[-2000:]
        slots = SLOTS * sum(name.startswith("tm") for name in self.started)
        try:
            return self.ask("overview")["slots-total"] == slots
        except OSError:
            return False

    def ask(self, path, method="GET"):
        """Ask the job manager's REST interface."""
        request = urllib.request.Request(f"http://{self.address}/v1/{path}", method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def jobs(self):
        """The states of all jobs, by id."""
        return {job["id"]: job["status"] for job in self.ask("jobs")["jobs"]}

    def cancel_all(self):
        """Cancel what still runs, and wait until it is over."""
        over = ("FINISHED", "FAILED", "CANCELED")
        for job, status in self.jobs().items():
            if status not in over:
                self.ask(f"jobs/{job}?mode=cancel", "PATCH")
        wait_until(lambda: all(status in over for status in self.jobs().values()), SECONDS, "jobs to end")

    def flags(self, parallelism=2, **more):
        """Flags of a run on this cluster; each task manager starts a Python worker with more in its environment."""
        here = {name: os.environ[name] for name in BUCKET_VARIABLES if name in os.environ}
        worker = {"command": str(self.worker), "env": {**WORKER_PATHS, **here, **more}}
        return [
            *("--runner", "FlinkRunner", "--flink_master", self.address, "--parallelism", str(parallelism)),
            *("--flink_submit_uber_jar", "--flink_job_server_jar", str(self.launch_jar)),
            *("--environment_type", "PROCESS", "--environment_config", json.dumps(worker)),
        ]


@contextmanager
def running(cluster):
    """End all processes of a cluster at the end."""
    with ExitStack() as stack:
        stack.callback(lambda: [end_group(process) for process in cluster.started.values()])
        yield cluster
